import type { RandomStream } from '../../../base/core/random.ts';
import type { Entity, LabelledExample } from '../../../base/core/types.ts';
import { codePointLength, overlap, type Span } from '../../../base/data/span.ts';
import { placed, type Variant } from './rows.ts';

/** Share of the words that are changed: α of EDA, which recommends 0.1 for all but very small data. */
const SHARE = 0.1;

/** Words between white space (어절), each with the white space before it; code points, both ends inclusive. */
interface Word extends Span {
  readonly before: string;
  readonly text: string;
  /** Not part of an entity and not glued to one. */
  readonly free: boolean;
}

/**
 * The row without some of the words that neither are nor touch an entity: each goes with a probability of 0.1, at least one
 * goes and one stays. Random deletion of EDA (Wei and Zou, 2019, arXiv:1901.11196), on 어절, which carry their particles.
 * Null for a row with fewer than two such words.
 */
export function deleteWords(row: LabelledExample, draws: RandomStream): Variant | null {
  const words = wordsOf(row);
  const free = freeIndices(words);
  if (free.length < 2) return null;
  const [certain, kept] = twoOf(free, draws, 0);
  const gone = new Set(free.filter((index) => index !== kept && draws.uniform(2 + index) < SHARE)).add(certain);
  return rebuilt(
    row,
    words,
    words.map(({ text }, index) => (gone.has(index) ? null : text)),
  );
}

/**
 * The row with pairs of words swapped that neither are nor touch an entity, one pair for every ten of them, at least one.
 * Random swap of EDA (Wei and Zou, 2019, arXiv:1901.11196). Null where that leaves the sentence as it was.
 */
export function swapWords(row: LabelledExample, draws: RandomStream): Variant | null {
  const words = wordsOf(row);
  const free = freeIndices(words);
  if (free.length < 2) return null;
  const texts = words.map(({ text }) => text);
  for (let swap = 0; swap < Math.max(1, Math.round(SHARE * free.length)); swap++) {
    const [a, b] = twoOf(free, draws, 2 * swap);
    [texts[a], texts[b]] = [texts[b]!, texts[a]!];
  }
  const variant = rebuilt(row, words, texts);
  return variant?.sentence === row.sentence ? null : variant;
}

const freeIndices = (words: readonly Word[]): number[] => words.flatMap(({ free }, index) => (free ? [index] : []));

/** Two different indices by draws number `at` and `at + 1`. */
function twoOf(indices: readonly number[], draws: RandomStream, at: number): [number, number] {
  const first = Math.floor(draws.uniform(at) * indices.length);
  const step = 1 + Math.floor(draws.uniform(at + 1) * (indices.length - 1));
  return [indices[first]!, indices[(first + step) % indices.length]!];
}

function wordsOf({ sentence, subject, object }: LabelledExample): Word[] {
  const words: Word[] = [];
  let next = 0;
  for (const [, before = '', text = ''] of sentence.matchAll(/(\s*)(\S+)/gu)) {
    const start = next + codePointLength(before);
    next = start + codePointLength(text);
    const span = { start, end: next - 1 };
    words.push({ ...span, before, text, free: !overlap(span, subject) && !overlap(span, object) });
  }
  return words;
}

/**
 * The sentence of other words in the places of its words, null for none there, and its entities where they are now. Null
 * where an entity begins or ends with white space, whose place depends on words that may be deleted.
 */
function rebuilt(row: LabelledExample, words: readonly Word[], texts: readonly (string | null)[]): Variant | null {
  if ([row.subject, row.object].some(({ word }) => word.trim() !== word)) return null;
  const starts: number[] = [];
  let [sentence, length] = ['', 0];
  for (const [index, text] of texts.entries()) {
    const before = text === null ? '' : words[sentence === '' ? 0 : index]!.before;
    starts.push(length + codePointLength(before));
    sentence += before + (text ?? '');
    length += codePointLength(before) + codePointLength(text ?? '');
  }
  sentence += row.sentence.slice(row.sentence.trimEnd().length);
  const moved = (entity: Entity): Entity => {
    const index = words.findIndex(({ start, end }) => entity.start >= start && entity.start <= end);
    return placed(entity, entity.word, starts[index]! + entity.start - words[index]!.start);
  };
  return { sentence, subject: moved(row.subject), object: moved(row.object), label: row.label };
}
