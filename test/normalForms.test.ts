import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as prometheus from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../src/app/serve/app.ts';
import { SERVER_LIMITS } from '../src/app/serve/context.ts';
import { createMetrics } from '../src/app/serve/metrics.ts';
import { createQueue, systemClock } from '../src/app/serve/queue.ts';
import { queuedDocuments } from '../src/app/serve/queuedDocuments.ts';
import { MARKER_NAMES } from '../src/base/core/settings.ts';
import type { Entity } from '../src/base/core/types.ts';
import { createInputEncoder } from '../src/base/text/inputEncoder.ts';
import { openTokenizer } from '../src/base/text/loadTokenizer.ts';
import { createRelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { DocumentExtractor } from '../src/inference/extract/documentExtractor.ts';
import type { Prepared } from '../src/inference/predict/relationExtractor.ts';
import { RelationExtractor } from '../src/inference/predict/relationExtractor.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';
import { silentLog } from './support/tinyServer.ts';
import { ENTITY_TYPES, TOKENIZER_NAMES, TOKENIZERS } from './support/tokenizers.ts';

/** A sentence in another normal form, with characters that nobody sees or with other spaces, is read as its plain twin. */

interface Parts {
  readonly texts: readonly [before: string, first: string, between: string, second: string, after: string];
  readonly subjectFirst: boolean;
}

const FORMS: Readonly<Record<string, (text: string) => string>> = {
  NFD: (text) => text.normalize('NFD'),
  ZWSP: (text) => [...text].join('\u200b'),
  ZWNJ: (text) => [...text].join('\u200c'),
  'a byte order mark within': (text) => text.replace(/(?<=^.)(?=.)/u, '\ufeff'),
  'soft hyphens': (text) => [...text].join('\u00ad'),
  'no-break spaces': (text) => text.replaceAll(' ', '\u00a0'),
  'ideographic spaces': (text) => text.replaceAll(' ', '\u3000'),
  'NFD with all of these': (text) => [...text.normalize('NFD')].join('\u2060').replaceAll(' ', '\u202f'),
};

/** A row, and what is between its parts in the sentence. */
function rowOf({ texts, subjectFirst }: Parts, form = (text: string) => text) {
  const [before, first, between, second, after] = texts.map(form) as [string, string, string, string, string];
  const entity = (text: string, word: string, type: string): Entity => {
    const start = [...text].length;
    return { word, start, end: start + [...word].length - 1, type };
  };
  const entities = [entity(before, first, 'PER'), entity(before + first + between, second, 'ORG')] as const;
  const [subject, object] = subjectFirst ? entities : [entities[1], entities[0]];
  return { sentence: before + first + between + second + after, subject, object };
}

const word = fc.string({ unit: fc.constantFrom(...'가나다람빛전자힣각닭ABC12'), minLength: 1, maxLength: 5 });
const text = fc.string({ unit: fc.constantFrom(...'은의에서 는했다. '), maxLength: 10 });
const parts: fc.Arbitrary<Parts> = fc.record({
  texts: fc.tuple(
    text,
    word,
    text.map((filler) => ` ${filler}`),
    word,
    text,
  ),
  subjectFirst: fc.boolean(),
});

test.each(TOKENIZER_NAMES)('%s: the same tokens, positions and window', async (name) => {
  const tokenizer = await openTokenizer(TOKENIZERS[name]);
  const options = { tokenizer, entityTypes: ENTITY_TYPES, maxLength: 40 };
  const encoders = MARKER_NAMES.map((marker) => createInputEncoder({ ...options, marker }));
  fc.assert(
    fc.property(parts, fc.constantFrom(...encoders), (row, encoder) => {
      const read = (form?: (text: string) => string) => {
        const { ids, subjectStart, objectStart, fit, counts } = encoder.encode(rowOf(row, form));
        return { ids, subjectStart, objectStart, fit, counts };
      };
      const plain = read();
      for (const [what, form] of Object.entries(FORMS)) expect(read(form), what).toEqual(plain);
    }),
    { numRuns: 60 },
  );
});

const folder = mkdtempSync(join(tmpdir(), 'korex-forms-'));
const [encoder, model] = [join(folder, 'encoder'), join(folder, 'tiny')];
const labels = ['no_relation', 'per:title', 'org:members'];
let extractor: RelationExtractor;
beforeAll(async () => {
  await writeTinyEncoder(encoder);
  const task = { marker: 'typed-punct', head: 'entity-start', maxLength: 64, entityTypes: ENTITY_TYPES } as const;
  const labelSet = { labels, noRelation: 'no_relation' };
  await saveRelationModel(model, await createRelationModel(encoder, { ...task, labelSet }, { layers: null, seed: 5 }));
  extractor = await RelationExtractor.load(model, { threads: 1 });
}, 60_000);
afterAll(async () => {
  await extractor.release();
  rmSync(folder, { recursive: true });
});

const ROWS: readonly Parts[] = [
  { texts: ['어제 ', '한빛전자', '는 ', '서지우', '가 세운 회사다.'], subjectFirst: true },
  { texts: ['', '나루', ' 시에서 태어난 ', '닭각', '을 모두 안다.'], subjectFirst: false },
];
const forms = Object.entries(FORMS);

/** What an answer says, places left out. */
const told = ({ relation, confidence, top }: { relation: string; confidence: number; top: unknown }) => ({
  relation,
  confidence,
  top,
});

/** Holds answers to those of the plain rows, and their places to the sentences as given. */
function expectSame(answers: readonly Parameters<typeof told>[0][], rows: readonly ReturnType<typeof rowOf>[]) {
  const plain = answers.slice(0, ROWS.length).map(told);
  for (const [i, answer] of answers.entries()) {
    expect(told(answer)).toEqual(plain[i % ROWS.length]);
    const { subject, object } = answer as unknown as { subject: Entity; object: Entity };
    expect({ subject, object }).toMatchObject({ subject: rows[i]!.subject, object: rows[i]!.object });
  }
}

const all = [...ROWS.map((row) => rowOf(row)), ...forms.flatMap(([, form]) => ROWS.map((row) => rowOf(row, form)))];
/** The same, with the words as people type them and without places. */
const typed = all.map(({ sentence, subject, object }, i) => {
  const { texts, subjectFirst } = ROWS[i % ROWS.length]!;
  const [first, second] = subjectFirst ? [texts[1], texts[3]] : [texts[3], texts[1]];
  return { sentence, subject: { word: first, type: subject.type }, object: { word: second, type: object.type } };
});

test('predict: by word and by places', async () => {
  const offsets = 'codepoint' as const;
  const placed = all.map(({ sentence, subject, object }) => ({
    sentence,
    subject: { ...subject, type: subject.type!, offsets },
    object: { ...object, type: object.type!, offsets },
  }));
  expectSame(await extractor.predict(placed), all);
  expectSame(
    await extractor.predict(
      typed.map((row) => ({
        ...row,
        subject: { ...row.subject, type: row.subject.type! },
        object: { ...row.object, type: row.object.type! },
      })),
    ),
    all,
  );
});

test('serve', async () => {
  const queue = createQueue({
    answer: (rows: readonly Prepared[]) => extractor.answer(rows),
    ...{ maxBatch: 16, parallel: 1, maxWaitMs: 1, maxQueue: 1_000, clock: systemClock },
  });
  const app = createApp({
    documents: queuedDocuments(new DocumentExtractor(extractor, null)),
    ...{ extractor, queue, limits: SERVER_LIMITS, maxBatch: 16, threshold: null, log: silentLog },
    metrics: createMetrics(prometheus, extractor.info, () => 0, false),
    state: { draining: false, running: 0 },
    ...{ apiKey: null, origins: [], loopbackOnly: true, page: null },
  });
  const response = await app.request('/v1/predict', {
    method: 'POST',
    body: JSON.stringify({ requests: typed }),
    headers: { 'Content-Type': 'application/json' },
  });
  const { results } = (await response.json()) as { results: Parameters<typeof told>[0][] };
  expectSame(results, all);
});

test('batch, and evaluate', async () => {
  const data = join(folder, 'dev.jsonl');
  const klue = ({ word, start, end, type }: Entity) => ({ word, start_idx: start, end_idx: end, type });
  const rows = all.map(({ sentence, subject, object }, guid) => ({
    ...{ guid, sentence, label: labels[guid % 2] },
    ...{ subject_entity: klue(subject), object_entity: klue(object) },
  }));
  writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const out = join(folder, 'answers.jsonl');
  expect((await runKorex(['batch', '--model', model, data, out])).code).toBe(0);
  const lines = (path: string) =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  expectSame(lines(out), all);
  const { code, out: printed } = await runKorex([
    'evaluate',
    '--model',
    model,
    '--data',
    data,
    '--out',
    folder,
    '--json',
  ]);
  expect(code).toBe(0);
  const predicted = lines(join(JSON.parse(printed).folder, 'predictions.jsonl'));
  for (const [i, { label, probabilities }] of predicted.entries())
    expect({ label, probabilities }).toEqual({
      label: predicted[i % ROWS.length].label,
      probabilities: predicted[i % ROWS.length].probabilities,
    });
});
