import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTITY_TYPES, fixtureRows, TOKENIZER_NAMES, TOKENIZERS } from '../../../test/support/tokenizers.ts';
import { KorexError } from '../core/errors.ts';
import { loadTokenizer, openTokenizer } from './loadTokenizer.ts';
import { markerTokens } from './markers.ts';
import { writeTokenizerFiles } from './tokenizerFiles.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'korex-tokenizer-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('ids of the special tokens, and those around a text', async () => {
  const bundled = await openTokenizer(TOKENIZERS.bundled);
  expect(bundled).toMatchObject({ size: 20094, clsId: 0, padId: 1, sepId: 2, unkId: 3, prefix: [0], suffix: [2] });
  const uncased = await openTokenizer(TOKENIZERS.uncased);
  expect(uncased).toMatchObject({ clsId: 0, padId: 1, sepId: 2, unkId: 3, prefix: [0], suffix: [2] });
  expect(uncased.tokenize('').ids).toEqual([]);
});

test('pieces are the text behind the ids', async () => {
  const bundled = await openTokenizer(TOKENIZERS.bundled);
  expect(bundled.tokenize('비틀즈의 노래').pieces).toEqual(['▁비', '틀', '즈', '의', '▁노래']);
  const wordpiece = await openTokenizer(TOKENIZERS.wordpiece);
  const { ids, pieces } = wordpiece.tokenize('나해솔이 ## 쓴');
  expect(pieces.join('')).toBe('나해솔이##[UNK]');
  expect(ids.map(wordpiece.token).slice(0, 2)).toEqual(['나해솔', '##이']);
});

test('added tokens have consecutive ids behind the vocabulary, known ones keep theirs', async () => {
  const base = await openTokenizer(TOKENIZERS.bundled);
  const tokenizer = base.withSpecialTokens(['[E1]', '</s>', '@', '[E2]', '[E1]']);
  expect([tokenizer.id('[E1]'), tokenizer.id('[E2]'), tokenizer.size]).toEqual([20094, 20095, 20096]);
  expect([tokenizer.id('</s>'), tokenizer.id('@')]).toEqual([2, base.id('@')]);
  expect(base.id('[E1]')).toBeUndefined();
  expect(() => tokenizer.token(20096)).toThrow('no token 20096');
});

test.each(TOKENIZER_NAMES)('%s: saved and opened again, the same ids', async (name) => {
  const tokens = markerTokens('typed-entity', ENTITY_TYPES);
  const tokenizer = (await openTokenizer(TOKENIZERS[name])).withSpecialTokens(tokens);
  const out = join(folder, name);
  await writeTokenizerFiles(out, tokenizer.files);
  const again = (await openTokenizer(out)).withSpecialTokens(tokens);
  expect(again).toMatchObject({ size: tokenizer.size, padId: tokenizer.padId, unkId: tokenizer.unkId });
  for (const { expected } of fixtureRows) {
    const { text } = expected['typed-entity'];
    expect(again.tokenize(text)).toEqual(tokenizer.tokenize(text));
  }
  const config = JSON.parse(await readFile(join(out, 'tokenizer_config.json'), 'utf8'));
  expect(config).toMatchObject({ tokenizer_class: 'PreTrainedTokenizerFast', additional_special_tokens: tokens });
  expect(config).toMatchObject({
    pad_token: tokenizer.token(tokenizer.padId),
    unk_token: tokenizer.token(tokenizer.unkId),
  });
  await writeTokenizerFiles(join(folder, 'again'), again.files);
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    expect(await readFile(join(folder, 'again', file), 'utf8')).toBe(await readFile(join(out, file), 'utf8'));
});

test.each([
  ['nothing there', {}, 'has no tokenizer'],
  ['no JSON', { 'tokenizer.json': '{"model":' }, 'is not valid JSON'],
  ['another file', { 'tokenizer.json': '{"vocab":{}}' }, 'is no tokenizer’s file: added_tokens'],
  ['no vocabulary', { 'tokenizer.json': tokenizerJson({ vocab: {} }) }, 'model.vocab: expected pieces'],
  [
    'a kind unknown',
    { 'tokenizer.json': tokenizerJson({ normalizer: { type: 'Magic' } }) },
    'cannot be used: Unknown Normalizer type',
  ],
  ['a vocabulary without [PAD]', { 'vocab.txt': '[CLS]\n[SEP]\n[UNK]\na\n' }, 'it has no pad token'],
  ['a broken configuration', { 'vocab.txt': '[PAD]\n', 'tokenizer_config.json': '[]' }, 'tokenizer_config.json'],
])('%s: an error that names the place', async (name, files, message) => {
  const broken = join(folder, name);
  cpSync(TOKENIZERS.uncased, broken, { recursive: true, filter: (path) => !path.includes('.') });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(broken, file), content);
  const error = await loadTokenizer(broken).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(KorexError);
  expect((error as KorexError).kind).toBe('usage');
  expect((error as KorexError).message).toContain(message);
  expect((error as KorexError).message).toContain(broken);
});

function tokenizerJson({
  vocab = { a: 0 },
  normalizer = null,
}: {
  vocab?: object;
  normalizer?: object | null;
}): string {
  const model = { type: 'WordPiece', vocab };
  return JSON.stringify({
    added_tokens: [],
    normalizer,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model,
  });
}
