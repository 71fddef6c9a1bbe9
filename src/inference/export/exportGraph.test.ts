import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import { HEAD_NAMES, type HeadName, MARKER_NAMES, type MarkerName } from '../../base/core/settings.ts';
import { readEncoderConfig } from '../../engine/nn/encoderConfig.ts';
import { parameterSpecs } from '../../engine/nn/parameters.ts';
import { createRelationModel, type RelationModel } from '../../engine/nn/relationModel.ts';
import { loadWeights } from '../../engine/nn/weights/loadWeights.ts';
import { openForwardPass } from '../../engine/runtime/forwardPass.ts';
import { openSession } from '../../engine/runtime/session.ts';
import { buildExport } from './exportGraph.ts';

const device = { device: 'cpu', threads: 1 } as const;
const labelSet = { labels: ['no_relation', 'a', 'b'], noRelation: 'no_relation' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-export-graph-'));
  await writeTinyEncoder(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const modelWith = (marker: MarkerName, head: HeadName): Promise<RelationModel> =>
  createRelationModel(
    folder,
    { marker, head, maxLength: 64, labelSet, entityTypes: ['PER', 'ORG', 'DAT'] },
    { layers: null, seed: 3 },
  );

/** Runs a graph as transformers.js does: ids padded on the right, and the mask. */
async function answer(graph: Uint8Array, rows: readonly (readonly number[])[], padding: number) {
  const session = await openSession(graph, device);
  const width = Math.max(...rows.map((ids) => ids.length));
  const padded = (value: (row: readonly number[], column: number) => number) => ({
    data: BigInt64Array.from(
      rows.flatMap((row) => Array.from({ length: width }, (_, column) => BigInt(value(row, column)))),
    ),
    dims: [rows.length, width],
  });
  const { logits } = await session.run(
    {
      input_ids: padded((row, column) => row[column] ?? padding),
      attention_mask: padded((row, column) => (column < row.length ? 1 : 0)),
    },
    ['logits'],
  );
  await session.release();
  return logits!;
}

const sentence = '가온전자의 서린은 2004년에 누리에서 나루를 만났다고 한다';
const entity = (word: string, type: string) => {
  const start = sentence.indexOf(word);
  return { word, start, end: start + word.length - 1, type };
};
const rowsOf = ({ inputs }: RelationModel) => [
  inputs.encode({ sentence, subject: entity('가온전자', 'ORG'), object: entity('서린', 'PER') }),
  inputs.encode({ sentence, subject: entity('나루', 'PER'), object: entity('2004년', 'DAT') }),
  inputs.encode({
    sentence: '나루와 누리',
    subject: { word: '나루', start: 0, end: 1, type: 'PER' },
    object: { word: '누리', start: 4, end: 5, type: 'PER' },
  }),
];

describe.each(MARKER_NAMES.flatMap((marker) => HEAD_NAMES.map((head) => ({ marker, head }))))(
  '$marker, $head',
  (task) => {
    test('an exported graph finds the markers and gives the model’s own logits', async () => {
      const model = await modelWith(task.marker, task.head);
      const rows = rowsOf(model);
      const forward = await openForwardPass(model.spec, model.weights, 'fixed', device);
      const { logits } = await forward.run(rows, { batchSize: 8 });
      await forward.release();
      const exported = await answer(
        buildExport(model, 'fp32'),
        rows.map(({ ids }) => ids),
        model.spec.config.pad_token_id,
      );
      for (const [i, value] of logits.flatMap((row) => [...row]).entries()) expect(exported[i]).toBeCloseTo(value, 5);
    });
  },
);

test('8-bit weights answer nearly the same, in a smaller file', async () => {
  const model = await modelWith('entity', 'entity-start');
  const ids = rowsOf(model).map((row) => row.ids);
  const [full, small] = [buildExport(model, 'fp32'), buildExport(model, 'int8')];
  expect(small.length).toBeLessThan(full.length / 2);
  const [expected, quantized] = [await answer(full, ids, 1), await answer(small, ids, 1)];
  for (const [i, value] of quantized.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(0.05);
});

test.each(
  MARKER_NAMES.flatMap((marker) => (['entity-start', 'start-mean'] as const).map((head) => ({ marker, head }))),
)(
  '$marker, $head: no answer where the markers are missing or ambiguous, the other rows as they are',
  async ({ marker, head }) => {
    const model = await modelWith(marker, head);
    const [row] = rowsOf(model);
    const { tokenizer } = model.inputs;
    const plain = [...tokenizer.prefix, ...tokenizer.tokenize(sentence).ids, ...tokenizer.suffix];
    const twice = [...row!.ids.slice(0, -1), ...row!.ids.slice(1)];
    const logits = await answer(buildExport(model, 'fp32'), [plain, row!.ids, twice], 1);
    const isNumber = [...logits].map((value) => !Number.isNaN(value));
    expect(isNumber).toEqual([0, 1, 2].flatMap((i) => labelSet.labels.map(() => i === 1)));
  },
);

// Made with transformers by tools/fixtures/models.py; its logits are in steps.json.
describe.each(['bert-cls', 'roberta-cls', 'electra-cls'])('%s', (name) => {
  test('gives the logits of transformers', async () => {
    const path = fileURLToPath(new URL(`../../../test/fixtures/models/${name}`, import.meta.url));
    const config = await readEncoderConfig(join(path, 'config.json'));
    const spec = { config, head: 'cls', labels: 5 } as const;
    const { weights } = await loadWeights(path, config, parameterSpecs(config, 'cls', 5), 0);
    const fixture = JSON.parse(await readFile(join(path, 'steps.json'), 'utf8')) as {
      steps: { rows: { ids: number[] }[]; logits: number[] }[];
    };
    const { rows, logits } = fixture.steps[0]!;
    const model = { ...(await modelWith('entity', 'cls')), spec, weights };
    const ours = await answer(
      buildExport(model, 'fp32'),
      rows.map(({ ids }) => ids),
      config.pad_token_id,
    );
    for (const [i, value] of logits.entries()) expect(Math.abs(ours[i]! - value)).toBeLessThan(1e-4);
  });
});

test('a model that no ONNX file can hold is refused before anything is written', async () => {
  const model = await modelWith('entity', 'cls');
  const config = { ...model.spec.config, vocab_size: 40_000_000 };
  expect(() => buildExport({ ...model, spec: { ...model.spec, config } }, 'fp32')).toThrow('2 GiB');
});
