import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoModelForTokenClassification, env, pipeline, Tensor } from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256, writeJson } from '../src/base/core/files.ts';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS, type Settings } from '../src/base/core/settings.ts';
import type { EntitySentence } from '../src/base/data/entities/entitySentence.ts';
import { tagNames } from '../src/base/text/bio.ts';
import { type EntityModel, loadEntityModel } from '../src/engine/nn/entityModel.ts';
import { readSummary } from '../src/engine/runs/summary.ts';
import { exportModel } from '../src/inference/export/exportModel.ts';
import { openTagger, openTokenRecognizer } from '../src/inference/extract/tokenRecognizer.ts';
import { trainEntities } from '../src/study/stages/training/entityRun.ts';
import { lacksPython } from './support/needs.ts';
import { runPython } from './support/python.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

env.allowRemoteModels = false;
env.localModelPath = '/';

const PEOPLE = ['이도현', '서지우', '김하늘', '박소라', '최유진', '한서준'];
const FIRMS = ['한빛전자', '가온물산', '누리통신', '서린제약'];
const PATTERNS = ['{P}은 {F}에서 일한다.', '{F}를 세운 {P}가 말했다.', '어제 {F}의 {P}를 만났다.'];

/** Invented sentences of people at firms. */
const SENTENCES: EntitySentence[] = PATTERNS.flatMap((pattern, p) =>
  PEOPLE.flatMap((person, i) =>
    FIRMS.map((firm, j) => {
      const sentence = pattern.replace('{P}', person).replace('{F}', firm);
      const entities = [
        { word: person, type: 'PER' },
        { word: firm, type: 'ORG' },
      ]
        .map(({ word, type }) => {
          const start = sentence.indexOf(word);
          return { word, start, end: start + word.length - 1, type };
        })
        .sort((a, b) => a.start - b.start);
      return { id: `${p}-${i}-${j}`, sentence, entities, partial: false, weight: 1 };
    }),
  ),
);
const TEST = SENTENCES.filter((_, i) => i % 6 === 5);
const TRAIN = SENTENCES.filter((_, i) => i % 6 !== 5);
const data = { name: 'invented', train: TRAIN, test: TEST };

let root: string;
let base: Settings;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-entities-'));
  const encoder = join(root, 'encoder');
  await writeTinyEncoder(encoder);
  base = { ...DEFAULT_SETTINGS, encoder, name: 'e', epochs: 10, batchSize: 8, lr: 0.02, threads: 1, maxLength: 64 };
});
afterAll(() => rm(root, { recursive: true }));

const neverAborted = () => new AbortController().signal;
const train = (out: string, changes: Partial<Settings> = {}, signal = neverAborted(), sentences = data) =>
  trainEntities({ settings: { ...base, ...changes, out }, out, reporter: silentReporter, signal }, sentences);

const runOf = (out: string, name = 'e') => join(out, '06_klue_re_training', name);

/** Digests of what a run leaves. */
async function outcome(out: string): Promise<Record<string, string>> {
  const files = (await readdir(runOf(out), { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  const paths = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.endsWith('timings.json'));
  return Object.fromEntries(
    await Promise.all(
      paths.sort().map(async (path) => [path.slice(runOf(out).length), sha256(await readFile(path))] as const),
    ),
  );
}

describe('a model that finds entities', () => {
  let out: string;
  beforeAll(async () => {
    out = join(root, 'whole');
    await train(out);
  }, 120_000);

  test('learns, is evaluated, and its summary is one that all runs have', async () => {
    const summary = await readSummary(out, 'e');
    expect(summary.entities!.sentences).toBe(TEST.length);
    expect(summary.entities!.all.f1).toBeGreaterThan(0.9);
    expect(Object.keys(summary.entities!.types)).toEqual(['PER', 'ORG']);
    expect(summary.metrics.micro_f1).toBe(summary.entities!.all.f1);
    expect(summary.plan).toMatchObject({ task: 'entities', head: 'tokens', marker: null, bestMetric: 'micro_f1' });
  });

  test('interrupted at any step and resumed, it ends in the same bytes', async () => {
    const expected = await outcome(out);
    const again = join(root, 'again');
    for (const stop of [3, 11]) {
      const controller = new AbortController();
      const reporter = {
        ...silentReporter,
        progress: () => ({
          update: (step: number) => {
            if (step === stop) controller.abort();
          },
          end: () => {},
        }),
      };
      const context = { settings: base, out: again, reporter, signal: controller.signal };
      await expect(trainEntities(context, data)).rejects.toThrow('Interrupted after step');
    }
    await train(again);
    expect(await outcome(again)).toEqual(expected);
  }, 120_000);

  test('finds entities in sentences as given: NFD, emoji, long ones; none overlap', async () => {
    const model = await loadEntityModel(join(runOf(out), 'best'));
    const recognizer = await openTokenRecognizer('e', model, { device: 'cpu', threads: 1, precision: 'fp32' });
    const { sentence } = TEST[0]!;
    const repeated = `${sentence} `.repeat(30);
    const [plain, decomposed, behind, long, none] = await recognizer.recognize([
      sentence,
      sentence.normalize('NFD'),
      `🙂 ${sentence}`,
      repeated,
      '',
    ]);
    const words = (found: typeof plain) => found!.map(({ word, type }) => `${word.normalize('NFC')}/${type}`);
    expect(words(plain)).toEqual(TEST[0]!.entities.map(({ word, type }) => `${word}/${type}`));
    expect(words(decomposed)).toEqual(words(plain));
    for (const { word, start, end } of decomposed!)
      expect([...sentence.normalize('NFD')].slice(start, end + 1).join('')).toBe(word);
    // Of the emoji the model knows nothing; behind it, places are those of code points.
    const offsets = behind!.map(({ start }) => start - 2).filter((start) => start >= 0);
    expect(offsets).toEqual(plain!.map(({ start }) => start));
    expect(long!.length).toBeGreaterThan(50);
    let last = -1;
    for (const { word, start, end, score } of long!) {
      expect(repeated.slice(start, end + 1)).toBe(word);
      expect(start).toBeGreaterThan(last);
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
      last = end;
    }
    expect(none).toEqual([]);
    await recognizer.release();
  });

  describe('exported', () => {
    let model: EntityModel;
    let folder: string;
    let rows: { ids: readonly number[]; logits: Float32Array }[];
    beforeAll(async () => {
      const best = join(runOf(out), 'best');
      model = await loadEntityModel(best);
      folder = join(root, 'exported');
      await exportModel({ folder: best, name: 'e' }, folder, { force: false, licences: new Map() });
      const tagger = await openTagger(model, { device: 'cpu', threads: 1, precision: 'fp32' });
      const sentences = TEST.slice(0, 4).map(({ sentence }) => sentence);
      const tagged = await tagger.tag(sentences);
      await tagger.release();
      rows = sentences.map((sentence, i) => ({
        ids: model.inputs.encode(sentence)[0]!.ids,
        logits: tagged[i]!.logits,
      }));
    });

    /** Every unit of these sentences is one token, so that units and tokens but the special ones are the same. */
    const expectSame = (answers: readonly (readonly (readonly number[])[])[]) => {
      for (const [i, { logits }] of rows.entries()) {
        const own = answers[i]!.slice(1, -1).flat();
        expect(own.length).toBe(logits.length);
        for (const [at, value] of own.entries()) expect(Math.abs(value - logits[at]!)).toBeLessThan(1e-4);
      }
    };

    test('transformers.js gives the same logits, with its own pipeline too', async () => {
      const opened = await AutoModelForTokenClassification.from_pretrained(folder, { dtype: 'fp32', device: 'cpu' });
      const answers: number[][][] = [];
      for (const { ids } of rows) {
        const tensor = (values: readonly number[]) =>
          new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
        const inputs = { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) };
        const { logits } = (await opened(inputs)) as { logits: { tolist(): number[][][] } };
        answers.push(logits.tolist()[0]!);
      }
      await opened.dispose();
      expectSame(answers);
      const find = await pipeline('token-classification', folder, { dtype: 'q8', device: 'cpu' });
      const found = (await find(TEST[0]!.sentence)) as { entity: string }[];
      expect(found.length).toBeGreaterThan(0);
      for (const { entity } of found) expect(tagNames(model.task.types)).toContain(entity);
    });

    test('a small export answers nearly the same, and has no positions beyond its longest input', async () => {
      const small = join(root, 'small');
      await exportModel({ folder: join(runOf(out), 'best'), name: 'e' }, small, {
        ...{ force: false, small: true, licences: new Map<string, string>() },
      });
      const config = JSON.parse(await readFile(join(small, 'config.json'), 'utf8')) as {
        max_position_embeddings: number;
      };
      expect(config.max_position_embeddings).toBe(64);
      const recognizer = await openTokenRecognizer('e', await loadEntityModel(small), { device: 'cpu', threads: 1 });
      const found = await recognizer.recognize(TEST.map(({ sentence }) => sentence));
      await recognizer.release();
      const right = found.filter((entities, i) => {
        const own = entities.map(({ start, end, type }) => `${start} ${end} ${type}`);
        return own.join() === TEST[i]!.entities.map(({ start, end, type }) => `${start} ${end} ${type}`).join();
      });
      expect(right.length / TEST.length).toBeGreaterThan(0.85);
      expect(await readFile(join(small, 'README.md'), 'utf8')).toContain('pipeline_tag: token-classification');
    });

    test.skipIf(lacksPython('torch', 'transformers'))(
      'opens in Python as AutoModelForTokenClassification (needs python3 with torch and transformers)',
      async () => {
        const ids = join(root, 'ids.json');
        await writeJson(
          ids,
          rows.map((row) => row.ids),
        );
        const [answer] = JSON.parse(runPython('test/support/tag.py', ids, folder)) as {
          labels: string[];
          logits: number[][][];
          problems: Record<string, string[]>;
        }[];
        expect(answer!.problems).toEqual({});
        expect(answer!.labels).toEqual(tagNames(model.task.types));
        expectSame(answer!.logits);
      },
      120_000,
    );
  });

  test('korex evaluate prints the figures by type, the task read from the model', async () => {
    const file = join(root, 'test.jsonl');
    await writeFile(
      file,
      TEST.map(({ id, sentence, entities }) => JSON.stringify({ id, sentence, entities })).join('\n'),
    );
    const args = ['evaluate', '--model', join(runOf(out), 'best'), '--data', file, '--out', root, '--json'];
    const { code, out: printed } = await runKorex(args);
    expect(code).toBe(0);
    const report = JSON.parse(printed) as { all: { f1: number }; types: Record<string, unknown>; reachable: object };
    expect(report.reachable).toEqual({ entities: 2 * TEST.length, reached: 2 * TEST.length, missed: [] });
    expect(report.all.f1).toBeGreaterThan(0.9);
    expect(Object.keys(report.types)).toEqual(['PER', 'ORG']);
  });
});

test('a teacher tags what is not annotated, and its student learns from that alone', async () => {
  const out = join(root, 'whole');
  const untagged = TRAIN.map((row, i) => (i % 8 === 0 ? row : { ...row, entities: [], partial: true }));
  const changes = { name: 'student', teacher: 'e', distillTemperature: 1, validation: 0.3 };
  const { report } = await train(out, changes, neverAborted(), { ...data, train: untagged });
  expect(report!.all.f1).toBeGreaterThan(0.9);
  const alone = await train(out, { ...changes, name: 'alone', teacher: null }, neverAborted(), {
    ...data,
    train: untagged,
  });
  expect(alone.report!.all.f1).toBeLessThan(report!.all.f1);
}, 120_000);

test('what does not go with the task is refused', async () => {
  await expect(train(join(root, 'refused'), { marker: 'entity' })).rejects.toThrow(
    '--marker does not go with entities',
  );
  await expect(train(join(root, 'refused'), { teacher: 'nobody' })).rejects.toThrow('--teacher nobody');
  const bare = { ...data, train: TRAIN.map((row) => ({ ...row, entities: [] })) };
  await expect(train(join(root, 'refused'), {}, neverAborted(), bare)).rejects.toThrow('No training sentence');
});
