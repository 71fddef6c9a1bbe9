import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateCommand } from '../src/app/cli/commands/evaluate.ts';
import { lineIn, silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS, type MarkerName } from '../src/base/core/settings.ts';
import { loadRelationModel, type RelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { openClassifier } from '../src/inference/predict/classifier.ts';
import { lacksPython } from './support/needs.ts';
import { runPython } from './support/python.ts';

// Made with PyTorch and transformers by tools/fixtures/classifiers.py.
const FIXTURES = 'test/fixtures/classifiers';
const TOKENIZER = 'test/fixtures/tokenizer/wordpiece';
const CASES = readdirSync(FIXTURES);
const LABELS = ['no_relation', 'org:members', 'per:title'];
const device = { device: 'cpu', threads: 1 } as const;

interface Expected {
  readonly rows: number[][];
  readonly logits: number[][];
}

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-classifiers-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A fixture beside its tokenizer, as a user has it; `change` edits its `config.json`. */
async function folderOf(name: string, change: Record<string, unknown> = {}, from = FIXTURES): Promise<string> {
  const folder = await mkdtemp(join(root, 'model-'));
  await cp(join(from, name), folder, { recursive: true });
  await cp(TOKENIZER, folder, { recursive: true });
  const path = join(folder, 'config.json');
  const config = { ...(JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>), ...change };
  await writeFile(path, JSON.stringify(config));
  return folder;
}

/** Adds tokens to the tokenizer and rows for them to the word table, as Python does before training. */
async function withTokens(folder: string, tokens: readonly string[]): Promise<void> {
  const path = join(folder, 'tokenizer.json');
  const json = JSON.parse(await readFile(path, 'utf8')) as {
    added_tokens: unknown[];
    model: { vocab: Record<string, number> };
  };
  // In place of the last pieces, so that the word table stays as large as it is.
  const vocab = Object.entries(json.model.vocab).sort(([, a], [, b]) => a - b);
  for (const [at, content] of tokens.entries()) {
    const id = vocab.length - tokens.length + at;
    delete json.model.vocab[vocab[id]![0]];
    json.model.vocab[content] = id;
    json.added_tokens.push({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    });
  }
  await writeFile(path, JSON.stringify(json));
}

const FIRST = { start: 0, end: 1 };

async function expectLogits(model: RelationModel, { rows, logits }: Expected): Promise<void> {
  const classifier = await openClassifier(model, device);
  const found = await classifier.logits(
    rows.map((ids) => ({ ids, subjectStart: 0, objectStart: 0, subjectWord: FIRST, objectWord: FIRST })),
  );
  for (const [row, expected] of logits.entries())
    for (const [label, logit] of expected.entries()) expect(found[row]![label]).toBeCloseTo(logit, 5);
  await classifier.release();
}

const expectedOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;

describe.each(CASES)('%s', (name) => {
  test('gives the logits that transformers gives, also saved anew', async () => {
    const folder = await folderOf(name);
    const model = await loadRelationModel(folder, 'entity-punct');
    expect(model.task).toMatchObject({ head: 'cls', marker: 'entity-punct' });
    await expectLogits(model, expectedOf(folder));
    const saved = await mkdtemp(join(root, 'saved-'));
    await saveRelationModel(saved, model);
    await expectLogits(await loadRelationModel(saved), expectedOf(folder));
    expect(JSON.parse(await readFile(join(saved, 'config.json'), 'utf8'))).toMatchObject({ dtype: 'float32' });
  });
});

test.skipIf(lacksPython('torch', 'transformers', 'safetensors'))(
  'so do classifiers that Python makes at this moment (needs python3 with torch and transformers)',
  async () => {
    const made = join(root, 'made');
    runPython('tools/fixtures/classifiers.py', made, '29');
    for (const name of CASES) {
      const folder = await folderOf(name, {}, made);
      await expectLogits(await loadRelationModel(folder, 'entity-punct'), expectedOf(folder));
    }
  },
);

describe('what config.json and the tokenizer leave open', () => {
  test('labels come from id2label in id order, or are numbered', async () => {
    const named = await loadRelationModel(await folderOf('klue-roberta-fp16-bin'), 'entity-punct');
    expect(named.task.labelSet).toEqual({ labels: LABELS, noRelation: 'no_relation' });
    const numbered = await loadRelationModel(await folderOf('bert-old-names'), 'entity-punct');
    expect(numbered.task.labelSet).toEqual({ labels: ['LABEL_0', 'LABEL_1', 'LABEL_2'], noRelation: null });
  });

  test('the longest input is the tokenizer’s, at most the encoder’s positions', async () => {
    const folder = await folderOf('klue-roberta-fp16-bin');
    expect((await loadRelationModel(folder)).task.maxLength).toBe(38);
    const path = join(folder, 'tokenizer_config.json');
    const config = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...config, model_max_length: 30 }));
    expect((await loadRelationModel(folder)).task.maxLength).toBe(30);
    await writeFile(path, JSON.stringify({ ...config, model_max_length: 1e30 }));
    expect((await loadRelationModel(folder)).task.maxLength).toBe(38);
  });

  test('tensors that the model has no place for are told, buffers are not', async () => {
    const { notes } = await loadRelationModel(await folderOf('bert-old-names'), 'entity-punct');
    expect(notes?.map(({ en }) => en)).toEqual([
      expect.stringMatching(/no place for 1 of its tensors: cls\.predictions\.decoder\.weight\.$/),
    ]);
  });

  test.each<[MarkerName, string[]]>([
    ['entity', ['[E1]', '[/E1]', '[E2]', '[/E2]']],
    ['typed-entity', ['[S:PER]', '[/S:PER]', '[O:PER]', '[/O:PER]']],
  ])('the tokens of the marker %s in the tokenizer tell that it is the one', async (marker, tokens) => {
    const folder = await folderOf('bert-safetensors');
    await withTokens(folder, tokens);
    const { task, notes } = await loadRelationModel(folder);
    expect(task.marker).toBe(marker);
    if (marker === 'typed-entity') expect(task.entityTypes).toEqual(['PER']);
    expect(notes).toEqual([]);
  });

  test('without such tokens punctuation is taken, and said so; other special markers are refused', async () => {
    const folder = await folderOf('bert-safetensors');
    const { task, notes } = await loadRelationModel(folder);
    expect(task.marker).toBe('entity-punct');
    expect(notes?.map(({ en }) => en)).toEqual([
      expect.stringContaining('does not say how it marks entities: taking entity-punct'),
    ]);
    for (const marker of ['entity', 'typed-entity'] as const)
      await expect(loadRelationModel(folder, marker)).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringContaining(`no tokens for the marker ${marker}`),
      });
  });

  test('a model of korex’s own keeps its marker', async () => {
    const saved = await mkdtemp(join(root, 'own-'));
    await saveRelationModel(saved, await loadRelationModel(await folderOf('bert-safetensors'), 'typed-punct'));
    expect((await loadRelationModel(saved, 'typed-punct')).task.marker).toBe('typed-punct');
    await expect(loadRelationModel(saved, 'entity-punct')).rejects.toThrow('was trained with the marker typed-punct');
  });
});

describe('a model of korex’s own is held to its own words', () => {
  const edited = async (change: Record<string, unknown>) => {
    const saved = await mkdtemp(join(root, 'edited-'));
    await saveRelationModel(saved, await loadRelationModel(await folderOf('bert-safetensors'), 'entity-punct'));
    const path = join(saved, 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8')) as { korex: object };
    await writeFile(path, JSON.stringify({ ...config, korex: { ...config.korex, ...change } }));
    return saved;
  };
  test.each<[Record<string, unknown>, string]>([
    [{ max_length: 41 }, "korex.max_length 41 is more than the encoder's 40 positions"],
    [{ no_relation: 'none' }, 'korex.no_relation is "none", which is not among the labels'],
    [{ marker: 'stars' }, 'korex.marker: Invalid option'],
  ])('%o', async (change, message) => {
    await expect(loadRelationModel(await edited(change))).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(message),
    });
  });
});

describe('korex evaluate takes such a folder', () => {
  const row = (label: string) => ({
    sentence: '김철수는 서울에서 일한다',
    subject_entity: { word: '김철수', start_idx: 0, end_idx: 2, type: 'PER' },
    object_entity: { word: '서울', start_idx: 5, end_idx: 6, type: 'LOC' },
    label,
  });
  const evaluate = async (folder: string, labels: readonly string[]) => {
    const data = join(root, 'rows.jsonl');
    await writeFile(data, labels.map((label) => `${JSON.stringify(row(label))}\n`).join(''));
    const told: string[] = [];
    const result = await evaluateCommand.run({
      settings: { ...DEFAULT_SETTINGS, data, out: join(root, 'out'), threads: 1 },
      options: { model: folder },
      reporter: { ...silentReporter, info: (message) => told.push(lineIn(message, 'en')) },
      signal: new AbortController().signal,
    });
    return { result, told };
  };

  test('and says what it took for granted', async () => {
    const { result, told } = await evaluate(await folderOf('klue-roberta-fp16-bin'), LABELS);
    expect(result.json).toMatchObject({ metrics: { n: 3 } });
    expect(told).toEqual([expect.stringContaining('taking entity-punct')]);
  });

  test('labels of the rows that the model does not know are named', async () => {
    await expect(evaluate(await folderOf('klue-roberta-fp16-bin'), ['per:spouse'])).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/does not know: per:spouse\.$/),
    });
    await expect(evaluate(await folderOf('bert-old-names'), LABELS)).rejects.toMatchObject({
      hint: expect.stringContaining('write them there as id2label'),
    });
  });
});

describe('what cannot be a model is refused before any weights are read', () => {
  const cases: Record<string, [change: Record<string, unknown>, message: string]> = {
    DistilBERT: [
      { model_type: 'distilbert' },
      'model_type: Invalid option: expected one of "bert"|"roberta"|"xlm-roberta"|"electra" (found distilbert)',
    ],
    'GPT-2': [{ model_type: 'gpt2', n_embd: 8 }, '(found gpt2)'],
    'no type': [{ model_type: undefined }, 'model_type'],
    'relative positions': [{ position_embedding_type: 'relative_key' }, 'position_embedding_type'],
    'a decoder': [{ is_decoder: true }, 'is_decoder'],
    'another activation': [
      { hidden_act: 'silu' },
      'hidden_act: Invalid option: expected one of "gelu"|"relu" (found silu)',
    ],
    'heads that do not divide the width': [
      { num_attention_heads: 3 },
      'hidden_size 8 is not a multiple of num_attention_heads 3',
    ],
    'negative layers': [{ num_hidden_layers: -1 }, 'num_hidden_layers'],
    'a billion layers': [{ num_hidden_layers: 1e9 }, 'num_hidden_layers'],
    'a billion words': [{ vocab_size: 1e9 }, 'vocab_size'],
    'no positions': [{ max_position_embeddings: 0 }, 'max_position_embeddings'],
    'a text for a number': [
      { hidden_size: '8' },
      'hidden_size: Invalid input: expected number, received string (found 8)',
    ],
    'padding beyond the words': [{ pad_token_id: 424 }, 'pad_token_id 424 is not below vocab_size 424'],
    'a gap in the labels': [{ id2label: { 0: 'a', 2: 'b' } }, 'id2label has 2 labels but none with the id 1'],
    'a label twice': [{ id2label: { 0: 'a', 1: 'b', 2: 'a' } }, 'the label "a" twice'],
    'a label that is no text': [{ id2label: { 0: 'a', 1: 7 } }, 'id2label.1: Invalid input'],
    'labels by name': [{ id2label: { a: 'a', b: 'b' } }, 'none with the id 0'],
    'two counts of labels': [{ num_labels: 5 }, 'id2label has 3 labels, num_labels is 5'],
    'one label': [{ id2label: { 0: 'a' } }, 'one label'],
    'several labels a row': [
      { problem_type: 'multi_label_classification' },
      'problem_type is multi_label_classification',
    ],
    'an encoder alone': [{ architectures: ['BertModel'] }, 'its architecture is BertModel'],
    'fewer labels than the classifier': [
      { id2label: { 0: 'a', 1: 'b' } },
      'classifier.weight has shape [3,8], expected [2,8]',
    ],
    'more layers than the file': [
      { num_hidden_layers: 3 },
      '32 of 57 weights are missing: bert.encoder.layer.1.attention.self.query.weight',
    ],
    'another width': [{ hidden_size: 16 }, 'has shape [424,8], expected [424,16]'],
    'more words than the file': [{ vocab_size: 500 }, 'has shape [424,8], expected [500,8]'],
    'fewer words than the tokenizer': [{ vocab_size: 400 }, 'has ids up to 423, the model only 400 words'],
  };
  test.each(Object.entries(cases))('%s', async (_, [change, message]) => {
    const folder = await folderOf('bert-safetensors', change);
    await expect(loadRelationModel(folder, 'entity-punct')).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(message),
    });
  });

  test('only what has another shape is named', async () => {
    const folder = await folderOf('klue-roberta-fp16-bin', { id2label: { 0: 'a', 1: 'b' } });
    await expect(loadRelationModel(folder)).rejects.toThrow(
      'config.json: classifier.out_proj.weight has shape [3,8], expected [2,8], classifier.out_proj.bias has shape [3], expected [2].',
    );
  });

  test('RoBERTa needs positions after the padding’s', async () => {
    const folder = await folderOf('klue-roberta-fp16-bin', { max_position_embeddings: 2 });
    await expect(loadRelationModel(folder)).rejects.toThrow(
      'max_position_embeddings 2 leaves no positions after the 2',
    );
  });

  test('a folder with weights of other frameworks', async () => {
    const folder = await folderOf('bert-safetensors');
    await rm(join(folder, 'model.safetensors'));
    await expect(loadRelationModel(folder)).rejects.toThrow('holds no weights');
    await writeFile(join(folder, 'tf_model.h5'), '');
    await expect(loadRelationModel(folder)).rejects.toThrow('only for other frameworks: tf_model.h5');
  });
});
