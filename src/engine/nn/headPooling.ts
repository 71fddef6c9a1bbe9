import type { HeadName } from '../../base/core/settings.ts';
import type { Encoded } from '../../base/text/inputEncoder.ts';
import type { TokenSpan } from '../../base/text/window.ts';

/** The heads of all tasks: those of relations, which `--head` chooses from, and that of entities, which answers every token. */
export type ModelHead = HeadName | 'tokens';

/** A row of which the encoder's input is all that a batch needs. */
export interface TokenRow {
  readonly ids: readonly number[];
}

/** The part of an encoded row that a batch needs. */
export type BatchRow = Pick<Encoded, 'ids' | 'subjectStart' | 'objectStart' | 'subjectWord' | 'objectWord'>;

/** What a head needs to know of a row: all but its tokens. */
export type PooledRow = Omit<BatchRow, 'ids'>;

const token = (index: number): TokenSpan => ({ start: index, end: index + 1 });

/** The positions of a row that a head can pool: the mean state of a span of tokens, often of one alone. */
const PARTS = {
  first: () => token(0),
  'subject-start': (row) => token(row.subjectStart),
  'object-start': (row) => token(row.objectStart),
  'subject-word': (row) => row.subjectWord,
  'object-word': (row) => row.objectWord,
} satisfies Record<string, (row: PooledRow) => TokenSpan>;

export type Part = keyof typeof PARTS;

/** The positions that each head pools, in the order of the classifier's input. */
const POOLED_PARTS: Record<HeadName, readonly Part[]> = {
  cls: ['first'],
  'entity-start': ['subject-start', 'object-start'],
  'span-mean': ['subject-word', 'object-word'],
  'start-cls': ['first', 'subject-start', 'object-start'],
  'start-mean': ['subject-start', 'object-start', 'subject-word', 'object-word'],
};

/** The positions that a head pools. */
export const partsOf = (head: HeadName): readonly Part[] => POOLED_PARTS[head];

/** The number of pooled states per answer: of a row, or of a token where the head answers each. */
export const statesPerAnswer = (head: ModelHead): number => (head === 'tokens' ? 1 : POOLED_PARTS[head].length);

/** Whether a head pools means of several tokens. */
export const poolsWords = (head: ModelHead): boolean =>
  head !== 'tokens' && POOLED_PARTS[head].some((part) => part.endsWith('-word'));

/** The spans of a row's tokens that a head pools. */
export const poolingSpans = (head: HeadName, row: PooledRow): TokenSpan[] =>
  POOLED_PARTS[head].map((part) => PARTS[part](row));
