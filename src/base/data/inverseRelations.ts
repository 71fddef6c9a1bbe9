/**
 * The relation that the object has to the subject, for relations whose definition says so: symmetric ones are their own.
 *
 * Behind each: how many of KLUE-RE's official training rows have a partner with the same sentence and subject and object
 * swapped, and how many of the partners are labelled with the inverse (`tools/augmentation/swappedPairs.mjs` counts them).
 * A relation is in the table where at least 60 % are. Left out for that:
 * - `per:colleagues` 30 of 57 and `per:other_family` 34 of 58: symmetric, but nearly half of their partners are labelled
 *   otherwise, mostly `no_relation`;
 * - `no_relation` 374 of 507: it is no relation that could have an inverse, and the others of its partners hold one;
 * - `org:founded_by`, `org:product`, `per:product` and all with a date, place, title or number as object: the label set
 *   has no relation for the other direction.
 */
const INVERSES: Readonly<Record<string, string>> = {
  'per:spouse': 'per:spouse', // 206 of 211
  'per:siblings': 'per:siblings', // 24 of 27
  'per:alternate_names': 'per:alternate_names', // 22 of 24
  'org:alternate_names': 'org:alternate_names', // 48 of 53
  'per:parents': 'per:children', // 76 of 87
  'per:children': 'per:parents', // 76 of 85
  // By definition an organisation's leading people; employees as well, as KLUE's annotators used it.
  'per:employee_of': 'org:top_members/employees', // 167 of 220
  'org:top_members/employees': 'per:employee_of', // 167 of 190
  'org:members': 'org:member_of', // 25 of 39
  'org:member_of': 'org:members', // 25 of 36
};

/** The label of a row whose subject and object change places; null where nothing is known of that direction. */
export const inverseOf = (label: string): string | null => (Object.hasOwn(INVERSES, label) ? INVERSES[label]! : null);
