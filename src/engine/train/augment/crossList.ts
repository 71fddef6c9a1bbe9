import type { RandomStream } from '../../../base/core/random.ts';
import type { Entity, LabelledExample } from '../../../base/core/types.ts';
import { codePointLength } from '../../../base/data/span.ts';
import { utf16Index } from '../../../base/text/codePoints.ts';
import { composed, filled } from './compose.ts';
import type { Variant } from './rows.ts';

/** Lists of three, each item with what belongs to it in parentheses. */
const TEMPLATES = [
  '{a}({x}), {b}({y}), {c:이/가}({z}) 명단에 올랐다.',
  '참석자는 {a}({x})·{b}({y})·{c}({z}) 등이다.',
  '이번에는 {a}({x}), {b}({y}), {c}({z}) 순으로 이름을 올렸다.',
  '{a}({x}), {b}({y}), {c}({z})에 대한 평가는 엇갈렸다.',
] as const;
/** Share of the rows of a list that keep their own pair. */
const KEPT_SHARE = 1 / 3;
const TRIES = 8;

/** Rows that can stand in a list together: of one label and one pair of types. */
export const listKey = ({ label, subject, object }: LabelledExample): string =>
  JSON.stringify([label, subject.type, object.type]);

/**
 * A crossed pair of a list "A(X), B(Y), C(Z)": A has X, so Y has no relation to it that the list tells of. Where the row's own
 * sentence has such a list, its pair with another item of it; else the row and two of its kind in a list, a third of the time
 * with the row's own pair. Null where neither can be made, and where the data have no label for "no relation".
 */
export function crossList(
  row: LabelledExample,
  alike: readonly LabelledExample[],
  noRelation: string | null,
  draws: RandomStream,
): Variant | null {
  if (noRelation === null || row.label === noRelation) return null;
  return crossedInSentence(row, noRelation, draws) ?? composedList(row, alike, noRelation, draws);
}

const ITEM = /([\p{L}\p{N}][\p{L}\p{N} ·]{0,18}?)\(([^()]{1,20})\)/gu;

function crossedInSentence(row: LabelledExample, noRelation: string, draws: RandomStream): Variant | null {
  const { sentence, subject, object } = row;
  const [before, inside] = subject.start < object.start ? [subject, object] : [object, subject];
  const glue = sentence.slice(utf16Index(sentence, before.end + 1), utf16Index(sentence, inside.start));
  if (glue !== '(' || sentence[utf16Index(sentence, inside.end + 1)] !== ')') return null;
  const others = [...sentence.matchAll(ITEM)].filter(({ 1: name, 2: extra, index }) => {
    const start = codePointLength(sentence.slice(0, index));
    return start > inside.end + 1 && name !== before.word && extra !== inside.word && !/[,·]/.test(extra!);
  });
  const other = others[Math.floor(draws.uniform(2) * others.length)];
  if (other === undefined) return null;
  const [, name, extra] = other;
  const start = codePointLength(sentence.slice(0, other.index + name!.length + 1));
  const crossed: Entity = { word: extra!, start, end: start + codePointLength(extra!) - 1, type: inside.type };
  return before === subject
    ? { sentence, subject, object: crossed, label: noRelation }
    : { sentence, subject: crossed, object, label: noRelation };
}

function composedList(
  row: LabelledExample,
  alike: readonly LabelledExample[],
  noRelation: string,
  draws: RandomStream,
): Variant | null {
  const chosen = [row];
  for (let attempt = 0; attempt < TRIES && chosen.length < 3; attempt++) {
    const next = alike[Math.floor(draws.uniform(3 + attempt) * alike.length)]!;
    const words = chosen.flatMap(({ subject, object }) => [subject.word, object.word]);
    if (![next.subject.word, next.object.word].some((word) => words.includes(word))) chosen.push(next);
  }
  if (chosen.length < 3) return null;
  const place = draws.uint32(0) % 3;
  const order = [chosen[(3 - place) % 3]!, chosen[(4 - place) % 3]!, chosen[(5 - place) % 3]!];
  const partner = draws.uniform(1) < KEPT_SHARE ? place : (place + 1 + (draws.uint32(1) % 2)) % 3;
  const template = TEMPLATES[draws.uint32(2) % TEMPLATES.length]!;
  const slots = Object.fromEntries(
    order.flatMap(({ subject, object }, i) => [
      ['abc'[i]!, { entity: subject, role: i === place ? ('subject' as const) : null }],
      ['xyz'[i]!, { entity: object, role: i === partner ? ('object' as const) : null }],
    ]),
  );
  return composed(filled(template, slots), partner === place ? row.label : noRelation);
}
