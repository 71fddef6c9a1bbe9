import { inverseOf } from '../../base/data/inverseRelations.ts';

/** Says one relation what the other says with the entities exchanged? */
export const isOpposite = (a: string, b: string): boolean => a !== b && inverseOf(a) === b;

/** `per:title` and `per:origin` are siblings: both tell of a subject of the same kind. */
export const areSiblings = (a: string, b: string): boolean => familyOf(a) !== null && familyOf(a) === familyOf(b);

const familyOf = (label: string): string | null => /^([^:]+):/.exec(label)?.[1] ?? null;
