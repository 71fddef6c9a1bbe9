import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readEncoderConfig } from '../../../engine/nn/encoderConfig.ts';
import { CANDIDATES } from './candidates.ts';
import { type Architecture, multiplyAdds, parameterCount, trainingBytes, weightBytes } from './costModel.ts';

const COUNTED: Record<string, number> = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/parameter_counts.json', import.meta.url), 'utf8'),
);

const ENCODER: Architecture = {
  kind: 'encoder',
  hidden: 2,
  layers: 3,
  heads: 1,
  feedForward: 5,
  vocabulary: 7,
  positions: 4,
  segments: 1,
  pooler: false,
};
const DECODER: Architecture = {
  kind: 'decoder',
  hidden: 4,
  layers: 2,
  heads: 2,
  keyValueHeads: 1,
  headSize: 3,
  feedForward: 5,
  vocabulary: 7,
  outputMatrix: false,
};

test.each(CANDIDATES.filter(({ id }) => id in COUNTED))(
  '$id has as many weights as transformers builds',
  (candidate) => {
    expect(parameterCount(candidate.architecture)).toBe(COUNTED[candidate.id]);
  },
);

test.each(CANDIDATES.filter(({ publishedParameters }) => publishedParameters))(
  '$id has the published number of weights, within 1 %',
  ({ architecture, publishedParameters }) => {
    expect(Math.abs(parameterCount(architecture) / publishedParameters!.value - 1)).toBeLessThan(0.01);
  },
);

test('multiply-adds of a small encoder, counted by hand', () => {
  // Per layer and 10 tokens: 4 products of 2 × 2, two of 2 × 5, and two of 10 × 10 × 2 for attention.
  expect(multiplyAdds(ENCODER, 10)).toBe(3 * (10 * (4 * 4 + 2 * 10) + 2 * 100 * 2));
});

test('multiply-adds of a small decoder, counted by hand', () => {
  // Per token: query and output 4 × 6, key and value 4 × 3, three of 4 × 5; attention over 2 heads of 3.
  expect(multiplyAdds(DECODER, 10)).toBe(2 * (10 * (2 * 24 + 2 * 12 + 3 * 20) + 2 * 100 * 6));
});

test('an output matrix adds a vocabulary, a pooler a dense layer', () => {
  expect(parameterCount({ ...DECODER, outputMatrix: true }) - parameterCount(DECODER)).toBe(7 * 4);
  expect(parameterCount({ ...ENCODER, pooler: true }) - parameterCount(ENCODER)).toBe(2 * 2 + 2);
});

test('training takes sixteen bytes a weight and grows with the batch by what layers keep', () => {
  const perRow = 3 * (10 * (4 * (8 * 2 + 2 * 5) + 2 * 2) + 9 * 10 * 10);
  expect(trainingBytes(ENCODER, 10, 0)).toBe(4 * weightBytes(ENCODER));
  expect(trainingBytes(ENCODER, 10, 8) - trainingBytes(ENCODER, 10, 0)).toBe(8 * perRow);
});

test('the candidate called bundled is the encoder that is shipped', async () => {
  const config = await readEncoderConfig(
    fileURLToPath(new URL('../../../../models/encoder-ko/config.json', import.meta.url)),
  );
  const { architecture } = CANDIDATES.find(({ id }) => id === 'bundled')!;
  expect([architecture.layers, architecture.hidden, architecture.vocabulary]).toEqual([
    config.num_hidden_layers,
    config.hidden_size,
    config.vocab_size,
  ]);
});
