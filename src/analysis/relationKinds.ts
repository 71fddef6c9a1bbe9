/** What relations have to do with one another, as far as confusing them is concerned. */

/** KLUE's relations that say the same from the other entity's side. */
const INVERSES: readonly (readonly [string, string])[] = [
  ['org:members', 'org:member_of'],
  ['org:top_members/employees', 'per:employee_of'],
  ['per:parents', 'per:children'],
];

/** KLUE's relations that hold both ways. */
const SYMMETRIC = [
  'org:alternate_names',
  'per:alternate_names',
  'per:colleagues',
  'per:other_family',
  'per:siblings',
  'per:spouse',
];

/** The relation that the same sentence states of the entities exchanged; null where the scheme has none. */
export function inverseOf(label: string): string | null {
  if (SYMMETRIC.includes(label)) return label;
  const pair = INVERSES.find((labels) => labels.includes(label));
  return pair?.find((other) => other !== label) ?? null;
}

/** Says one relation what the other says with the entities exchanged? */
export const isOpposite = (a: string, b: string): boolean => a !== b && inverseOf(a) === b;

/** `per:title` and `per:origin` are siblings: both tell of a subject of the same kind. */
export const areSiblings = (a: string, b: string): boolean => familyOf(a) !== null && familyOf(a) === familyOf(b);

const familyOf = (label: string): string | null => /^([^:]+):/.exec(label)?.[1] ?? null;
