import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import type { Entity, Example, LabelledExample } from '../../base/core/types.ts';
import type { TaskSpec } from '../../engine/nn/modelTask.ts';
import { createRelationModel, type RelationModel } from '../../engine/nn/relationModel.ts';
import { checkRowsKnown, openClassifier } from './classifier.ts';

const device = { device: 'cpu', threads: 1 } as const;
const labelSet = { labels: ['no_relation', 'a', 'b', 'c'], noRelation: 'no_relation' };
const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: ['PER', 'ORG'] } as const;

/** Sentences of many lengths. */
const examples = Array.from({ length: 23 }, (_, row): Example => {
  const filler = '아주 '.repeat((row * 7) % 20);
  const sentence = `가온은 ${filler}나루에서 일했다`;
  const start = sentence.indexOf('나루');
  return {
    guid: `row-${row}`,
    sentence,
    subject: { word: '가온', start: 0, end: 1, type: 'PER' },
    object: { word: '나루', start, end: start + 1, type: 'ORG' },
    label: null,
    source: null,
  };
});

let folder: string;
let model: RelationModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-classifier-'));
  await writeTinyEncoder(folder);
  model = await createRelationModel(folder, task, { layers: null, seed: 5 });
});
afterAll(() => rm(folder, { recursive: true }));

test('answers come in the order of the rows, whatever the batches, streamed or not', async () => {
  const classifier = await openClassifier(model, device);
  const done: number[] = [];
  const answers = await classifier.predict(examples, { batchSize: 4, onProgress: (rows) => done.push(rows) });
  expect(answers.map(({ guid }) => guid)).toEqual(examples.map(({ guid }) => guid));
  expect(done.at(-1)).toBe(examples.length);

  const alone = await Promise.all(examples.slice(0, 5).map((example) => classifier.predict([example])));
  for (const [row, [answer]] of alone.entries())
    for (const [id, probability] of answer!.probabilities!.entries())
      expect(probability).toBeCloseTo(answers[row]!.probabilities![id]!, 5);

  async function* read() {
    yield* examples;
  }
  const streamed = [];
  for await (const answer of classifier.stream(read(), { batchSize: 4 })) streamed.push(answer);
  expect(streamed).toEqual(answers);
  await classifier.release();
});

test('8-bit weights answer the same for a row, whatever the rows beside it', async () => {
  const classifier = await openClassifier(model, device, 'int8');
  const encoded = examples.map((example) => model.inputs.encode(example));
  const together = await classifier.logits(encoded);
  for (const batchSize of [1, 3]) {
    const apart = await classifier.logits(encoded.toReversed(), { batchSize });
    for (const [row, values] of apart.toReversed().entries())
      for (const [id, value] of values.entries()) expect(Math.abs(value - together[row]![id]!)).toBeLessThan(1e-5);
  }
  await classifier.release();
});

test('8-bit weights answer nearly the same', async () => {
  const [exact, quantized] = await Promise.all([openClassifier(model, device), openClassifier(model, device, 'int8')]);
  const encoded = examples.map((example) => model.inputs.encode(example));
  const [expected, logits] = [await exact.logits(encoded), await quantized.logits(encoded)];
  const differences = logits.flatMap((row, i) => [...row].map((value, id) => Math.abs(value - expected[i]![id]!)));
  expect(Math.max(...differences)).toBeGreaterThan(0);
  expect(Math.max(...differences)).toBeLessThan(0.05);
  await exact.release();
  await quantized.release();
});

const typedTask: TaskSpec = {
  ...{ marker: 'typed-punct', head: 'cls', maxLength: 64, entityTypes: ['PER', 'ORG'] },
  labelSet: { labels: ['no_relation', 'per:title'], noRelation: 'no_relation' },
};

function labelled(guid: string, changes: Partial<LabelledExample> = {}, type: string | null = 'PER'): LabelledExample {
  const subject: Entity = { word: '가람', start: 0, end: 1, type };
  const object: Entity = { word: '나래', start: 3, end: 4, type: 'ORG' };
  return { guid, sentence: '가람 나래', subject, object, label: 'per:title', source: null, ...changes };
}

const messageOf = (test: readonly LabelledExample[], marker = typedTask.marker): string | null => {
  try {
    checkRowsKnown({ name: 'dev.json', test }, { ...typedTask, marker }, 'tiny');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

test('rows that a model can be evaluated on, and what keeps it from others, by row and value', () => {
  expect(messageOf([labelled('a'), labelled('b', { label: 'no_relation' })])).toBeNull();
  expect(messageOf([])).toBe('dev.json has no test rows.');
  expect(messageOf([labelled('a'), labelled('b', { label: 'x' })])).toBe(
    'dev.json has labels that the model tiny does not know: x.',
  );
  expect(messageOf([labelled('a', { label: 'per:title\u200b' })])).toContain(
    '"per:title\u200b" (U+200B) ≠ "per:title"',
  );
  expect(messageOf([labelled('a'), labelled('b', {}, 'PS')])).toBe(
    'dev.json has entity types that the model tiny does not know: PS (first in row b).',
  );
});

test('rows without types for a marker that shows them are named, with the entity', () => {
  const untyped = [labelled('a'), labelled('b', {}, null), labelled('c', {}, null)];
  expect(messageOf(untyped)).toBe(
    '2 of 3 rows have an entity without a type, which the marker "typed-punct" shows: b (subject "가람"), c.',
  );
  expect(messageOf(untyped, 'entity')).toBeNull();
});
