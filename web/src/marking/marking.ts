import { nextPlace, type Stretch, trimmed } from './words.ts';

/** An entity that is marked, in UTF-16 units, end exclusive. */
export interface Mark extends Stretch {
  readonly type: string | null;
  /** Who chose the type, and as a model the place, where it was not the visitor; a guess of null is still to be made. */
  readonly by?: 'guess' | 'model';
}

/** A sentence with entities. `subject` and `object` are indices of `marks`, different where there are two of them. */
export interface Marking {
  readonly sentence: string;
  /** In the order of the sentence; they never overlap. */
  readonly marks: readonly Mark[];
  readonly subject: number;
  readonly object: number;
}

export const EMPTY_MARKING: Marking = { sentence: '', marks: [], subject: 0, object: 1 };

export const wordOf = ({ sentence }: Pick<Marking, 'sentence'>, { start, end }: Stretch): string =>
  sentence.slice(start, end);

export const markAt = ({ marks }: Marking, at: number): number =>
  marks.findIndex(({ start, end }) => start <= at && at < end);

const overlaps = (a: Stretch, b: Stretch): boolean => a.start < b.end && b.start < a.end;

/** Adds an entity; those that it overlaps go. Subject and object stay with the entities that had these roles. */
export function addMark(marking: Marking, mark: Mark): Marking {
  const stretch = trimmed(marking.sentence, mark);
  if (stretch === null) return marking;
  const added = { ...mark, ...stretch };
  const kept = marking.marks.filter((other) => !overlaps(other, added));
  return withMarks(marking, [...kept, added]);
}

export const removeMark = (marking: Marking, index: number): Marking =>
  withMarks(
    marking,
    marking.marks.filter((_, i) => i !== index),
  );

export const setType = (marking: Marking, index: number, type: string | null): Marking => ({
  ...marking,
  marks: marking.marks.map((mark, i) => (i === index ? { start: mark.start, end: mark.end, type } : mark)),
});

export const swapRoles = (marking: Marking): Marking => ({
  ...marking,
  subject: marking.object,
  object: marking.subject,
});

/** Gives an entity a role; whoever had it takes the other one's place. */
export function setRole(marking: Marking, index: number, role: 'subject' | 'object'): Marking {
  const other = role === 'subject' ? 'object' : 'subject';
  if (marking[role] === index) return marking;
  return marking[other] === index ? swapRoles(marking) : { ...marking, [role]: index };
}

/** Moves one edge of an entity by a character, not over its other edge, into another entity or out of the sentence. */
export function moveEdge(marking: Marking, index: number, edge: 'start' | 'end', direction: 1 | -1): Marking {
  const mark = marking.marks[index]!;
  const moved = { ...mark, [edge]: nextPlace(marking.sentence, mark[edge], direction) };
  const isFree = marking.marks.every((other, i) => i === index || !overlaps(other, moved));
  if (moved.start >= moved.end || !isFree) return marking;
  return { ...marking, marks: marking.marks.map((other, i) => (i === index ? moved : other)) };
}

/**
 * Another sentence in place of the old one. Entities before and behind what changed stay where they are in the text;
 * those that the change touches go.
 */
export function replaceSentence(marking: Marking, sentence: string): Marking {
  const old = marking.sentence;
  const shortest = Math.min(old.length, sentence.length);
  let before = 0;
  while (before < shortest && old[before] === sentence[before]) before++;
  let behind = 0;
  while (behind < shortest - before && old.at(-1 - behind) === sentence.at(-1 - behind)) behind++;
  const shift = sentence.length - old.length;
  const kept = marking.marks.flatMap((mark): Mark[] => {
    if (mark.end <= before) return [mark];
    if (mark.start >= old.length - behind) return [{ ...mark, start: mark.start + shift, end: mark.end + shift }];
    return [];
  });
  const identity = new Map(kept.map((mark) => [mark, mark] as const));
  const roleOf = (index: number): Mark | undefined => {
    const mark = marking.marks[index];
    if (mark === undefined) return undefined;
    return (
      identity.get(mark) ?? kept.find(({ start, end }) => start === mark.start + shift && end === mark.end + shift)
    );
  };
  const [subject, object] = [roleOf(marking.subject), roleOf(marking.object)];
  return withRoles({ ...marking, sentence, marks: sorted(kept) }, subject, object);
}

/**
 * Where the entities of an older marking are in a newer one: the same word, of several the one at the same turn. An answer
 * stays in sight, dimmed, until the next is there, and its arcs must not lead to other words.
 */
export function entitiesIn(newer: Marking, older: Marking): (index: number) => number | undefined {
  const placesOf = ({ sentence, marks }: Marking) => {
    const places = new Map<string, number[]>();
    for (const [index, { start, end }] of marks.entries()) {
      const word = sentence.slice(start, end);
      places.set(word, [...(places.get(word) ?? []), index]);
    }
    return places;
  };
  const [then, now] = [placesOf(older), placesOf(newer)];
  return (index) => {
    const { start, end } = older.marks[index]!;
    const word = wordOf(older, { start, end });
    return now.get(word)?.[then.get(word)!.indexOf(index)];
  };
}

/** The same sentence with other entities; roles stay with those that still exist, and free roles go to the first others. */
function withMarks(marking: Marking, marks: readonly Mark[]): Marking {
  return withRoles({ ...marking, marks: sorted(marks) }, marking.marks[marking.subject], marking.marks[marking.object]);
}

function withRoles(marking: Marking, subject: Mark | undefined, object: Mark | undefined): Marking {
  let s = subject === undefined ? -1 : marking.marks.indexOf(subject);
  let o = object === undefined ? -1 : marking.marks.indexOf(object);
  const free = (taken: number) => marking.marks.findIndex((_, i) => i !== taken);
  if (s < 0) s = free(o);
  if (o < 0) o = free(s);
  // With fewer than two entities the roles are those that the first two will get.
  return { ...marking, subject: Math.max(0, s), object: o < 0 ? (s === 1 ? 0 : 1) : o };
}

const sorted = (marks: readonly Mark[]): Mark[] => [...marks].sort((a, b) => a.start - b.start);
