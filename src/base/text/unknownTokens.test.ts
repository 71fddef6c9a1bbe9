import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openInputEncoder, TOKENIZERS } from '../../../test/support/tokenizers.ts';
import { lineIn, type ReportLine } from '../core/reporter.ts';
import { loadTokenizer } from './loadTokenizer.ts';
import {
  checkUnknownTokens,
  isUnreadable,
  sumCounts,
  unknownShare,
  unknownVerdict,
  watchTokens,
} from './unknownTokens.ts';
import { fromVocabTxt } from './vocabTxt.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-tokenizer-'));
});
afterEach(() => rm(folder, { recursive: true }));

const row = {
  sentence: '한빛전자의 대표는 김서연이다.',
  subject: { word: '한빛전자', start: 0, end: 3, type: 'ORG' },
  object: { word: '김서연', start: 10, end: 12, type: 'PER' },
};

test('an encoded row tells its tokens without markers and the unknown ones', async () => {
  for (const marker of ['entity', 'typed-punct'] as const) {
    const { counts } = (await openInputEncoder('bundled', marker)).encode(row);
    const { ids } = (await loadTokenizer(TOKENIZERS.bundled)).tokenize(row.sentence);
    expect(counts.unknown).toBe(0);
    // Markers cut words: the sentence has a few tokens more than without them, never the markers' own.
    expect(counts.tokens).toBeGreaterThanOrEqual(ids.length);
    expect(counts.tokens).toBeLessThan(ids.length + 8);
  }
  const strange = { ...row, sentence: row.sentence.replace('대표는', '𐎀𐎁 𐎂𐎃 는') };
  const object = { ...row.object, start: row.object.start + 4, end: row.object.end + 4 };
  expect((await openInputEncoder('bundled', 'entity')).encode({ ...strange, object }).counts.unknown).toBeGreaterThan(
    0,
  );
});

test('shares decide: nothing up to 2 %, a warning above it, an error above 30 % unless allowed', () => {
  const warnings: string[] = [];
  const reporter = { warn: (message: ReportLine) => void warnings.push(lineIn(message, 'en')) };
  const where = { en: 'the training rows', ko: '학습 행' };
  const check = (unknown: number, isAllowed = false) =>
    checkUnknownTokens({ tokens: 1000, unknown }, { where, isAllowed, reporter });
  check(20);
  expect(warnings).toEqual([]);
  check(21);
  check(300);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain('2.1% of the tokens of the training rows are unknown');
  expect(() => check(301)).toThrow(expect.objectContaining({ kind: 'usage' }));
  check(301, true);
  expect(warnings).toHaveLength(3);
});

test('one sentence is read all the same with rare names and emoji in it, not in another script', async () => {
  const inputs = await openInputEncoder('bundled', 'entity');
  const counts = (sentence: string) => {
    const entity = (start: number) => ({ word: [...sentence][start]!, start, end: start, type: null });
    const object = entity([...sentence].length - 1);
    return inputs.encode({ sentence, subject: entity(0), object }).counts;
  };
  for (const sentence of [
    '李喆이 金彧을 낳았다.',
    '뷁뷁이가 쀍쀍을 좋아한다',
    'ㅋㅋ 😀😀 민수는 영희의 남편 😀',
    '😀 남편 😀',
  ])
    expect(isUnreadable(counts(sentence)), sentence).toBe(false);
  for (const sentence of ['สมชาย รัก สมหญิง มาก มาก', '𐎀𐎁𐎂 𐎃𐎄 𐎅𐎆𐎇 𐎈𐎉'])
    expect(isUnreadable(counts(sentence)), sentence).toBe(true);
});

test('counts add up, and no tokens are no unknown ones', () => {
  expect(
    sumCounts([
      { tokens: 3, unknown: 1 },
      { tokens: 5, unknown: 0 },
    ]),
  ).toEqual({ tokens: 8, unknown: 1 });
  expect(unknownShare({ tokens: 0, unknown: 0 })).toBe(0);
  expect(unknownVerdict({ tokens: 0, unknown: 0 })).toBe('fine');
});

const bertVocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '한국', '사람', '이', '그', '수', '있다', '.'];
const writeVocabulary = (pieces: readonly string[], config: object) =>
  Promise.all([
    writeFile(join(folder, 'vocab.txt'), `${pieces.join('\n')}\n`),
    writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config)),
  ]);

test('a vocab.txt of SentencePiece pieces is refused, and so are classes that cut words by other means', async () => {
  await writeVocabulary(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '▁한국', '▁사람', '이다'], {});
  await expect(loadTokenizer(folder)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('holds pieces of SentencePiece (▁…)'),
    hint: expect.stringContaining('save_pretrained'),
  });
  const json = fromVocabTxt(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '▁한국', '▁사람'].join('\n'), {});
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(json));
  await expect(loadTokenizer(folder)).rejects.toMatchObject({
    message: expect.stringMatching(/tokenizer\.json holds pieces of SentencePiece/),
  });
  await rm(join(folder, 'tokenizer.json'));
  for (const tokenizer_class of ['KoBertTokenizer', 'BertJapaneseTokenizer', 'MecabBertTokenizer']) {
    await writeVocabulary(bertVocabulary, { tokenizer_class });
    await expect(loadTokenizer(folder)).rejects.toMatchObject({ message: expect.stringContaining(tokenizer_class) });
  }
  await writeVocabulary(bertVocabulary, { tokenizer_class: 'BertTokenizer', do_lower_case: false });
  expect((await loadTokenizer(folder)).tokenize('한국 사람').pieces).toEqual(['한국', '사람']);
});

test('a watch stops at rows that cannot be read while they come, and warns of doubtful ones at the end', () => {
  const told: ReportLine[] = [];
  const check = {
    where: { en: 'x', ko: 'x' },
    isAllowed: false,
    reporter: { warn: (line: ReportLine) => told.push(line) },
  };
  const watch = watchTokens(check);
  watch.onEncoded({ tokens: 900, unknown: 10 });
  watch.onEncoded({ tokens: 100, unknown: 20 });
  expect(told).toEqual([]);
  expect(watch.finish()).toEqual({ tokens: 1000, unknown: 30 });
  expect(told).toHaveLength(1);
  expect(() => watch.onEncoded({ tokens: 1000, unknown: 900 })).toThrow('unknown to the tokenizer');
});

test('lower-casing that takes Hangul apart is refused where the vocabulary has syllables alone', async () => {
  await writeVocabulary(bertVocabulary, {});
  await expect(loadTokenizer(folder)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('takes Hangul syllables apart'),
    hint: expect.stringContaining('"do_lower_case": false'),
  });
  // A vocabulary of letters (multilingual uncased BERT) reads them.
  const letters = [...new Set([...'한국사람이그수있다'.normalize('NFD')])];
  await writeVocabulary([...bertVocabulary.slice(0, 5), ...letters, ...letters.map((letter) => `##${letter}`)], {});
  expect((await loadTokenizer(folder)).tokenize('한국').ids).toHaveLength(6);
});

test('a folder with a SentencePiece model alone is named for what it is', async () => {
  await mkdir(join(folder, 'bare'));
  await cp(join(TOKENIZERS.bundled, 'config.json'), join(folder, 'bare', 'config.json'));
  await expect(loadTokenizer(join(folder, 'bare'))).rejects.toMatchObject({
    message: expect.stringContaining('neither tokenizer.json nor vocab.txt'),
  });
  await writeFile(join(folder, 'bare', 'sentencepiece.bpe.model'), await readFile('package.json'));
  await expect(loadTokenizer(join(folder, 'bare'))).rejects.toMatchObject({
    message: expect.stringContaining('only a SentencePiece model (sentencepiece.bpe.model)'),
  });
});
