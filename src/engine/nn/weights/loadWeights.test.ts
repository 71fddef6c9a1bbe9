import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Localized } from '../../../base/core/types.ts';
import type { EncoderConfig } from '../encoderConfig.ts';
import { parameterSpecs } from '../parameters.ts';
import { initialWeight, loadWeights } from './loadWeights.ts';
import { encodeSafetensors, type NamedFloats } from './safetensors.ts';
import { partOfModel } from './weightFiles.ts';

const english = (notes: readonly Localized[]) => notes.map(({ en }) => en);

const config: EncoderConfig = {
  model_type: 'bert',
  vocab_size: 10,
  hidden_size: 4,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 6,
  max_position_embeddings: 8,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  initializer_range: 0.02,
  pad_token_id: 0,
};
const parameters = parameterSpecs(config, 'cls', 3);
const WORDS = 'bert.embeddings.word_embeddings.weight';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-weights-'));
});
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'model-'));
});
afterAll(() => rm(root, { recursive: true }));

const tensorsOf = (seed: number, pick = (_: string): boolean => true): NamedFloats[] =>
  parameters.filter(({ name }) => pick(name)).map((each) => ({ ...each, data: initialWeight(each, config, seed) }));
const encoder = (name: string) => !name.includes('classifier') && !name.includes('pooler');
const write = (name: string, tensors: readonly NamedFloats[]) =>
  writeFile(join(folder, name), Buffer.concat(encodeSafetensors(tensors)));
const save = (tensors: readonly NamedFloats[]) => write('model.safetensors', tensors);
const load = (seed = 1) => loadWeights(folder, config, parameters, seed);
const drawn = (name: string, seed: number) =>
  initialWeight(parameters.find((each) => each.name === name)!, config, seed);

describe('names', () => {
  test.each<[string, (name: string) => string]>([
    ['as transformers writes them', (name) => name],
    ['without the architecture', (name) => name.replace('bert.', '')],
    [
      'gamma and beta',
      (name) => name.replace(/(LayerNorm)\.weight/, '$1.gamma').replace(/(LayerNorm)\.bias/, '$1.beta'),
    ],
  ])('%s', async (_, rename) => {
    await save(tensorsOf(5).map((tensor) => ({ ...tensor, name: rename(tensor.name) })));
    const { weights, notes } = await load();
    for (const { name, data } of tensorsOf(5)) expect(weights.get(name), name).toEqual(data);
    expect(notes).toEqual([]);
  });

  test.each(['module.', 'model.', 'module.model.', '_orig_mod.', 'net.encoder.'])(
    'with "%s" before them, as of a model within another, which is said',
    async (wrapper) => {
      await save(tensorsOf(5).map((tensor) => ({ ...tensor, name: wrapper + tensor.name })));
      const { weights, notes } = await load();
      for (const { name, data } of tensorsOf(5)) expect(weights.get(name), name).toEqual(data);
      expect(english(notes)).toEqual([expect.stringContaining(`names are read without "${wrapper}" before them`)]);
    },
  );

  test('an encoder as a field of a model of one’s own, bare and with its name', async () => {
    for (const rename of [
      (name: string) => `encoder.${name.replace('bert.', '')}`,
      (name: string) => `self.plm.${name}`,
    ]) {
      const own = { name: 'fc.weight', shape: [3, 4], data: new Float32Array(12) };
      await save([...tensorsOf(5, encoder).map((tensor) => ({ ...tensor, name: rename(tensor.name) })), own]);
      const { weights, notes } = await load();
      expect(weights.get(WORDS)).toEqual(drawn(WORDS, 5));
      expect(english(notes).join()).toContain('has no place for 1 of its tensors: fc.weight');
    }
  });

  test('nothing is stripped where all weights fit as they are, or still do not', async () => {
    await save([
      ...tensorsOf(5),
      { name: 'teacher.bert.embeddings.word_embeddings.weight', shape: [1], data: new Float32Array(1) },
    ]);
    expect(english((await load()).notes).join()).not.toContain('names are read without');
    await save(
      tensorsOf(5, (name) => encoder(name) && !name.includes('layer.1.')).map((t) => ({
        ...t,
        name: `module.${t.name}`,
      })),
    );
    await expect(load()).rejects.toThrow('16 of 41 weights are missing');
  });

  test('one parameter under two names is refused', async () => {
    const [words] = tensorsOf(5);
    await save([...tensorsOf(5), { ...words!, name: 'embeddings.word_embeddings.weight' }]);
    await expect(load()).rejects.toThrow(`${WORDS} and embeddings.word_embeddings.weight are the same parameter`);
  });
});

describe('a pretrained encoder', () => {
  test('gets a head drawn with the seed', async () => {
    await save(tensorsOf(5, encoder));
    const { weights, notes } = await load(7);
    expect(weights.get('classifier.weight')).toEqual(drawn('classifier.weight', 7));
    expect(weights.get(WORDS)).toEqual(drawn(WORDS, 5));
    expect(notes).toEqual([]);
  });

  test('keeps its pooler', async () => {
    await save(tensorsOf(5, (name) => !name.includes('classifier')));
    expect((await load(7)).weights.get('bert.pooler.dense.weight')).toEqual(drawn('bert.pooler.dense.weight', 5));
  });

  test('with a classifier of other labels loses all of it, and says so', async () => {
    const classifier = parameterSpecs(config, 'cls', 5)
      .filter(({ name }) => name.startsWith('classifier.'))
      .map((each) => ({ ...each, data: initialWeight(each, config, 5) }));
    await save([...tensorsOf(5, encoder), ...classifier]);
    const { weights, notes } = await load(7);
    expect(weights.get('classifier.weight')).toEqual(drawn('classifier.weight', 7));
    expect(english(notes)).toEqual([
      expect.stringContaining('draws again 2 of its tensors: classifier.weight, classifier.bias.'),
    ]);
  });

  test('may have other heads, of which some are named', async () => {
    const extra = Array.from({ length: 6 }, (_, i) => ({
      name: `cls.predictions.${i}`,
      shape: [1],
      data: new Float32Array(1),
    }));
    await save([...tensorsOf(5, encoder), ...extra]);
    expect(english((await load()).notes)).toEqual([
      `${join(folder, 'model.safetensors')}: the model has no place for 6 of its tensors: cls.predictions.0, cls.predictions.1, cls.predictions.2, cls.predictions.3 and 2 more.`,
    ]);
  });

  test('may be used without its last layers and with words more', async () => {
    await save(tensorsOf(5, encoder));
    const changed = { ...config, num_hidden_layers: 1, vocab_size: 12 };
    const { weights, notes } = await loadWeights(folder, changed, parameterSpecs(changed, 'cls', 3), 7, config);
    expect(weights.get(WORDS)).toHaveLength(12 * 4);
    expect(weights.get(WORDS)!.slice(0, 40)).toEqual(drawn(WORDS, 5));
    expect(notes).toEqual([]);
  });
});

describe('what does not fit is refused with names and shapes', () => {
  test('missing weights: the first few and a count', async () => {
    await save(tensorsOf(5, (name) => encoder(name) && !name.includes('layer.1.')));
    await expect(load()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(
        /16 of 41 weights are missing: bert\.encoder\.layer\.1\.attention\.self\.query\.weight, .* and 10 more\.$/,
      ),
    });
  });

  test('other shapes', async () => {
    const wide = { name: 'bert.encoder.layer.0.output.dense.weight', shape: [4, 7], data: new Float32Array(28) };
    await save([...tensorsOf(5, (name) => encoder(name) && name !== wide.name), wide]);
    await expect(load()).rejects.toThrow(`${wide.name} has shape [4,7], expected [4,6]`);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('the value %s', async (value) => {
    const tensors = tensorsOf(5);
    tensors[0]!.data[3] = value;
    await save(tensors);
    await expect(load()).rejects.toThrow(`${WORDS} holds ${value} at element 3`);
  });

  test.each<[what: string, rename: (name: string) => string, message: string]>([
    [
      'a LoRA adapter',
      (name) => name.replace(/query\.weight$/, 'query.lora_A.default.weight'),
      'it holds a LoRA adapter that was not merged',
    ],
    [
      'another architecture',
      (name) => name.replace('bert.', 'roberta.'),
      'its tensors are those of roberta, config.json describes bert',
    ],
  ])('%s is named', async (_, rename, message) => {
    await save(tensorsOf(5).map((tensor) => ({ ...tensor, name: rename(tensor.name) })));
    await expect(load()).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining(message) });
  });

  test('several encoders in one file are named', async () => {
    const under = (wrapper: string) => tensorsOf(5).map((tensor) => ({ ...tensor, name: wrapper + tensor.name }));
    await save([...under('teacher.'), ...under('student.')]);
    await expect(load()).rejects.toThrow('it holds several encoders, below teacher. and student.');
  });

  test('parts of a model are named: an adapter, weights without their configuration, checkpoints', async () => {
    expect(await partOfModel(join(folder, 'nowhere'))).toBeNull();
    await writeFile(join(folder, 'last.ckpt'), '');
    expect((await partOfModel(folder))?.message).toContain('holds weights (last.ckpt) without the config.json');
    expect((await partOfModel(join(folder, 'last.ckpt')))?.message).toContain('is a file of weights alone');
    await writeFile(join(folder, 'first.ckpt'), '');
    await expect(load()).rejects.toThrow('holds several checkpoints: first.ckpt, last.ckpt');
    await writeFile(join(folder, 'adapter_config.json'), '{}');
    expect((await partOfModel(folder))?.message).toContain('holds a LoRA adapter (PEFT)');
    await expect(load()).rejects.toThrow('holds a LoRA adapter (PEFT)');
    await writeFile(join(folder, 'config.json'), '{}');
    expect(await partOfModel(folder)).toBeNull();
  });

  test('a folder without weights', async () => {
    await expect(load()).rejects.toThrow('holds no weights');
  });
});

describe('weights over several files', () => {
  const index = (weightMap: unknown) =>
    writeFile(
      join(folder, 'model.safetensors.index.json'),
      typeof weightMap === 'string' ? weightMap : JSON.stringify({ weight_map: weightMap }),
    );
  const halves = async () => {
    const all = tensorsOf(5);
    await write('a.safetensors', all.slice(0, 20));
    await write('b.safetensors', all.slice(20));
    return Object.fromEntries(all.map(({ name }, at) => [name, at < 20 ? 'a.safetensors' : 'b.safetensors']));
  };

  test('are one', async () => {
    await index(await halves());
    const { weights } = await load();
    for (const { name, data } of tensorsOf(5)) expect(weights.get(name), name).toEqual(data);
  });

  test('a missing file is named', async () => {
    await index(await halves());
    await rm(join(folder, 'b.safetensors'));
    await expect(load()).rejects.toThrow(`Cannot read ${join(folder, 'b.safetensors')}: no such file or folder`);
  });

  test('a tensor that is not where the index says is named', async () => {
    await index({ ...(await halves()), [WORDS]: 'b.safetensors' });
    await expect(load()).rejects.toThrow(`it says that ${WORDS} is in b.safetensors, which does not have it`);
  });

  test.each([
    ['a path out of the folder', '{"weight_map": {"w": "../a.safetensors"}}', 'weight_map.w: expected a file name'],
    ['an absolute path', '{"weight_map": {"w": "/etc/passwd"}}', 'expected a file name'],
    ['the folder itself', '{"weight_map": {"w": ".."}}', 'expected a file name'],
    ['a key twice', '{"weight_map": {"w": "a", "w": "b"}}', 'it has "w" twice'],
    ['no map', '{}', 'weight_map'],
    ['no JSON', '{', 'it is not valid JSON'],
  ])('an index with %s is refused', async (_, text, message) => {
    await index(text);
    await expect(load()).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining(message) });
  });
});
