import type { AnnotatedDocument } from '../core/types.ts';
import { groupBy, tally } from './grouping.ts';

/** What a relation joins: what rules about several pairs of a sentence are made of. */
export interface RelationTraits {
  /** Types of subject and object between which it holds, as `SUBJECT>OBJECT`; null where nothing is known of types. */
  readonly types: readonly string[] | null;
  /** The relation that the object has to the subject: its own name where it is symmetric, null where there is none. */
  readonly inverse: string | null;
  /** Whether most of KLUE-RE's rows with subject and object swapped are labelled with the inverse. */
  readonly inverseInRows: boolean;
  /** How many objects one subject has at most in a sentence, other names of the same object aside; null without a limit. */
  readonly maxObjects: number | null;
}

export type RelationTable = Readonly<Record<string, RelationTraits>>;

const between = (subject: string, objects: string): string[] =>
  objects.split(' ').map((object) => `${subject}>${object}`);

const row = (
  subject: string,
  objects: string,
  { inverse = null, inverseInRows = inverse !== null, maxObjects = null }: Partial<RelationTraits> = {},
): RelationTraits => ({ types: between(subject, objects), inverse, inverseInRows, maxObjects });

/**
 * KLUE's relations.
 *
 * Types: those of at least 2 % of a relation's rows in KLUE-RE's official training rows.
 *
 * Inverse: by definition; the label set has none for relations to a date, place, title or number, `org:founded_by`,
 * `org:product` and `per:product`. Behind each: how many of KLUE-RE's official training rows have a partner with the same
 * sentence and subject and object swapped, and how many of the partners are labelled with the inverse
 * (`tools/augmentation/swappedPairs.mjs` counts them). Where fewer than 60 % are, rows are not inverted: nearly half of the
 * partners of `per:colleagues` and `per:other_family` are labelled otherwise, mostly `no_relation`.
 *
 * Objects: of the relations whose meaning allows one alone, those of which at least 95 % of the subjects in annotated
 * sentences (`data/text-relations`) have one.
 */
const KLUE_TRAITS: RelationTable = {
  'org:dissolved': row('ORG', 'DAT', { maxObjects: 1 }),
  'org:founded': row('ORG', 'DAT', { maxObjects: 1 }),
  'org:place_of_headquarters': row('ORG', 'LOC ORG POH'),
  'org:alternate_names': row('ORG', 'ORG POH LOC', { inverse: 'org:alternate_names' }), // 48 of 53
  'org:member_of': row('ORG', 'ORG POH LOC', { inverse: 'org:members' }), // 25 of 36
  'org:members': row('ORG', 'ORG LOC POH', { inverse: 'org:member_of' }), // 25 of 39
  'org:political/religious_affiliation': row('ORG', 'ORG POH LOC', { maxObjects: 1 }),
  'org:product': row('ORG', 'POH ORG LOC'),
  'org:founded_by': row('ORG', 'PER ORG POH'),
  // By definition an organisation's leading people; employees as well, as KLUE's annotators used it.
  'org:top_members/employees': row('ORG', 'PER', { inverse: 'per:employee_of' }), // 167 of 190
  'org:number_of_employees/members': row('ORG', 'NOH', { maxObjects: 1 }),
  'per:date_of_birth': row('PER', 'DAT', { maxObjects: 1 }),
  'per:date_of_death': row('PER', 'DAT', { maxObjects: 1 }),
  'per:place_of_birth': row('PER', 'LOC', { maxObjects: 1 }),
  'per:place_of_death': row('PER', 'LOC POH', { maxObjects: 1 }),
  'per:place_of_residence': row('PER', 'LOC ORG POH'),
  'per:origin': row('PER', 'LOC ORG DAT POH PER'),
  'per:employee_of': row('PER', 'ORG PER LOC POH', { inverse: 'org:top_members/employees' }), // 167 of 220
  'per:schools_attended': row('PER', 'ORG LOC'),
  'per:alternate_names': row('PER', 'PER POH ORG', { inverse: 'per:alternate_names' }), // 22 of 24
  'per:parents': row('PER', 'PER POH', { inverse: 'per:children' }), // 76 of 87
  'per:children': row('PER', 'PER POH', { inverse: 'per:parents' }), // 76 of 85
  'per:siblings': row('PER', 'PER POH', { inverse: 'per:siblings' }), // 24 of 27
  'per:spouse': row('PER', 'PER POH', { inverse: 'per:spouse', maxObjects: 1 }), // 206 of 211
  'per:other_family': row('PER', 'PER POH LOC', { inverse: 'per:other_family', inverseInRows: false }), // 34 of 58
  'per:colleagues': row('PER', 'PER', { inverse: 'per:colleagues', inverseInRows: false }), // 30 of 57
  'per:product': row('PER', 'POH ORG PER'),
  'per:religion': row('PER', 'ORG POH LOC', { maxObjects: 1 }),
  'per:title': row('PER', 'POH ORG LOC'),
};

/** What is known of a relation; nothing of one that is not KLUE's. */
export const traitsOf = (relation: string, table: RelationTable = KLUE_TRAITS): RelationTraits | null =>
  Object.hasOwn(table, relation) ? table[relation]! : null;

const OF_ITSELF: ReadonlySet<string> = new Set(['org:alternate_names', 'per:alternate_names']);

/** Whether a relation may hold between two names of one entity; one that is not KLUE's may. */
export const canBeReflexive = (relation: string): boolean => OF_ITSELF.has(relation) || traitsOf(relation) === null;

/** The label of a row whose subject and object change places; null where rows tell nothing certain of that direction. */
export function inverseOf(label: string): string | null {
  const traits = traitsOf(label);
  return traits?.inverseInRows ? traits.inverse : null;
}

/** Share of a relation's pairs that must have the same relation the other way round for it to be the inverse. */
const INVERSE_SHARE = 0.9;
/** Share of a relation's subjects that must have one object for that to be the most. */
const SINGLE_SHARE = 0.95;
/** Fewer pairs or subjects than this say nothing. */
const LEAST_SUPPORT = 10;

/**
 * What annotated documents show of relations: types between which they stand, inverses, and whether a subject has one object
 * alone. Relations without support have no traits.
 */
export function learnedTraits(documents: readonly AnnotatedDocument[]): RelationTable {
  const uses = documents.flatMap(({ entities, relations }, document) => {
    const labelOf = new Map(relations?.map((row) => [`${row.subject} ${row.object}`, row.relation]));
    return (relations ?? []).map(({ subject, relation, object }) => ({
      relation,
      subject: `${document} ${subject}`,
      types: [entities[subject]!.type, entities[object]!.type],
      back: labelOf.get(`${object} ${subject}`) ?? null,
    }));
  });
  const traits = [...groupBy(uses, ({ relation }) => relation)].flatMap(([relation, rows]) => {
    if (rows.length < LEAST_SUPPORT) return [];
    const [[inverse, often] = [null, 0]] = [...tally(rows.map(({ back }) => back))].sort((a, b) => b[1] - a[1]);
    const subjects = [...tally(rows.map(({ subject }) => subject)).values()];
    const single = subjects.filter((count) => count === 1).length;
    const isTyped = rows.every(({ types }) => types.every((type) => type !== null));
    return [
      [
        relation,
        {
          types: isTyped ? [...new Set(rows.map(({ types }) => types.join('>')))] : null,
          inverse: often >= INVERSE_SHARE * rows.length ? inverse : null,
          inverseInRows: false,
          maxObjects: subjects.length >= LEAST_SUPPORT && single >= SINGLE_SHARE * subjects.length ? 1 : null,
        },
      ] as const,
    ];
  });
  return Object.fromEntries(traits);
}
