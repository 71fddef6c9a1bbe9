import { readFileSync } from 'node:fs';
import type { MarkerName } from '../../src/base/core/settings.ts';
import type { Example } from '../../src/base/core/types.ts';
import { createInputEncoder, type InputEncoder } from '../../src/base/text/inputEncoder.ts';
import { openTokenizer } from '../../src/base/text/loadTokenizer.ts';

/** Folders of the tokenizers that `tools/fixtures/tokenizer.py` asked Python about. */
export const TOKENIZERS = {
  bundled: 'models/encoder-ko',
  wordpiece: 'test/fixtures/tokenizer/wordpiece',
  uncased: 'test/fixtures/tokenizer/uncased',
  unigram: 'test/fixtures/tokenizer/unigram',
} as const;
export type TokenizerName = keyof typeof TOKENIZERS;
export const TOKENIZER_NAMES = Object.keys(TOKENIZERS) as TokenizerName[];

export const ENTITY_TYPES = ['PER', 'ORG', 'LOC', 'DAT', 'NOH', 'POH'];

export type Row = Pick<Example, 'sentence' | 'subject' | 'object'>;

/** `positions`: tokens of the first and last character of the opening and the closing marker, subject first. */
interface Expected {
  readonly ids: number[];
  readonly positions: number[];
}
export interface FixtureRow {
  readonly row: Row;
  readonly expected: Record<MarkerName, { readonly text: string } & Record<TokenizerName, Expected>>;
}
export interface RandomRow {
  readonly row: Row;
  readonly marker: MarkerName;
  readonly digests: Record<TokenizerName, string>;
}

const read = (name: string) => JSON.parse(readFileSync(`test/fixtures/tokenizer/${name}.json`, 'utf8'));
export const fixtureRows: readonly FixtureRow[] = read('rows');
export const randomRows: readonly RandomRow[] = read('random');

/** An input encoder of one of the tokenizers; without a limit, nothing is shortened. */
export async function openInputEncoder(
  name: TokenizerName,
  marker: MarkerName,
  maxLength = Number.POSITIVE_INFINITY,
): Promise<InputEncoder> {
  const tokenizer = await openTokenizer(TOKENIZERS[name]);
  return createInputEncoder({ tokenizer, marker, entityTypes: ENTITY_TYPES, maxLength, asGiven: true });
}
