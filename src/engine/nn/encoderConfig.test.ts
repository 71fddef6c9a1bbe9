import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KorexError } from '../../base/core/errors.ts';
import { maxPositions, readEncoderConfig } from './encoderConfig.ts';
import { positionOffset } from './positions.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (content: unknown) => {
  const path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify(content));
  return readEncoderConfig(path);
};
const sizes = {
  vocab_size: 100,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 32,
  max_position_embeddings: 64,
};

describe('what a config.json leaves out is what transformers takes', () => {
  test('BERT', async () => {
    expect(await read({ model_type: 'bert', ...sizes })).toMatchObject({
      pad_token_id: 0,
      type_vocab_size: 2,
      layer_norm_eps: 1e-12,
      hidden_act: 'gelu',
      hidden_dropout_prob: 0.1,
    });
  });

  test.each(['roberta', 'xlm-roberta'])('%s pads with 1 and counts positions from 2 on', async (model_type) => {
    const config = await read({ model_type, ...sizes, pad_token_id: null });
    expect([config.pad_token_id, positionOffset(config), maxPositions(config)]).toEqual([1, 2, 62]);
  });

  test('ELECTRA has embeddings of 128; others have no width of their own', async () => {
    expect((await read({ model_type: 'electra', ...sizes })).embedding_size).toBe(128);
    expect((await read({ model_type: 'electra', ...sizes, embedding_size: 8 })).embedding_size).toBe(8);
    expect((await read({ model_type: 'bert', ...sizes, embedding_size: 8 })).embedding_size).toBeUndefined();
  });

  test('other keys stay', async () => {
    expect(await read({ model_type: 'bert', ...sizes, architectures: ['BertModel'] })).toMatchObject({
      architectures: ['BertModel'],
    });
  });
});

test('any content is read or refused with the path', async () => {
  const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 4, 16, 1e9, -1));
  const damaged = fc.record(
    Object.fromEntries(Object.keys(sizes).map((key) => [key, fc.oneof(number, fc.jsonValue())])),
    { requiredKeys: [] },
  );
  const type = fc.constantFrom('bert', 'roberta', 'electra', 'gpt2', null, '__proto__');
  const content = fc.oneof(
    fc.jsonValue(),
    fc.tuple(type, damaged).map(([model_type, changes]) => ({ model_type, ...sizes, ...changes })),
  );
  await fc.assert(
    fc.asyncProperty(content, async (value) => {
      try {
        const config = await read(value);
        expect(maxPositions(config)).toBeGreaterThan(0);
        expect(config.hidden_size % config.num_attention_heads).toBe(0);
      } catch (error) {
        if (!(error instanceof KorexError)) throw error;
        expect(error.message).toContain(join(folder, 'config.json'));
      }
    }),
    { numRuns: 200 },
  );
});
