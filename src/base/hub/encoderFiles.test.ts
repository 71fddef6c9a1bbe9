import { expect, test } from 'vitest';
import { encoderFiles } from './encoderFiles.ts';

const BASE = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
const { choose } = encoderFiles({ type: 'model', id: 'a/b', revision: 'main' });
const weightsOf = (...others: string[]) => {
  const choice = choose([...BASE, ...others]);
  return 'paths' in choice ? choice.paths.slice(BASE.length) : choice.missing;
};

test('safetensors before pickles, whole before shards, never both', () => {
  const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const pickles = ['pytorch_model-00001-of-00001.bin', 'pytorch_model.bin.index.json'];
  const index = 'model.safetensors.index.json';
  expect(weightsOf('pytorch_model.bin', 'model.safetensors', index, ...shards)).toEqual(['model.safetensors']);
  expect(weightsOf('pytorch_model.bin', index, ...shards)).toEqual([index, ...shards]);
  expect(weightsOf('pytorch_model.bin', index, shards[0]!)).toEqual(['pytorch_model.bin']);
  expect(weightsOf(...pickles)).toEqual([...pickles].reverse());
  expect(weightsOf('tf_model.h5', 'x/model.safetensors', 'model.fp16.safetensors')).toMatch(
    /^weights that korex reads/,
  );
});

test('tokenizer.json, else vocab.txt', () => {
  expect(choose([...BASE, 'vocab.txt', 'model.safetensors'])).toEqual({ paths: [...BASE, 'model.safetensors'] });
  expect(choose(['config.json', 'vocab.txt', 'model.safetensors'])).toEqual({
    paths: ['config.json', 'vocab.txt', 'model.safetensors'],
  });
  expect(choose(['config.json', 'spiece.model', 'model.safetensors'])).toMatchObject({
    missing: 'a tokenizer that korex reads: tokenizer.json or vocab.txt',
  });
  expect(choose([])).toEqual({ missing: 'config.json' });
});
