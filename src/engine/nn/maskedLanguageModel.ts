import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import type { Localized } from '../../base/core/types.ts';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import type { Tokenizer } from '../../base/text/tokenizer.ts';
import { writeTokenizerFiles } from '../../base/text/tokenizerFiles.ts';
import { type EncoderConfig, readEncoderConfig } from './encoderConfig.ts';
import { maskedArchitecture, maskedParameters } from './maskedHead.ts';
import { writeTensors } from './modelFolder.ts';
import { type ParameterSpec, poolerParameters, type Weights } from './parameters.ts';
import { loadWeights } from './weights/loadWeights.ts';

/** An encoder with its head for masked tokens and its tokenizer. */
export interface MaskedLanguageModel {
  readonly config: EncoderConfig;
  readonly tokenizer: Tokenizer;
  /** What its folder holds: `maskedParameters`, and BERT's pooler where there is one. */
  readonly parameters: readonly ParameterSpec[];
  /** By parameter name; training changes the arrays in place. */
  readonly weights: Weights;
  /** Remarks for the user on how its files were read, each a line. */
  readonly notes: readonly Localized[];
}

/**
 * A pretrained encoder with its head, as the folder has it; otherwise, and for the rows of added tokens, drawn with the seed.
 *
 * @param layers how many of the encoder's layers to use; all when null
 * @param tokens special tokens that the vocabulary is to have
 * Errors: `usage` for folders that are no encoder, or more layers than there are.
 */
export async function loadMaskedLanguageModel(
  folder: string,
  {
    layers,
    tokens,
    seed,
  }: { readonly layers: number | null; readonly tokens: readonly string[]; readonly seed: number },
): Promise<MaskedLanguageModel> {
  const base = await readEncoderConfig(join(folder, 'config.json'));
  if (layers !== null && layers > base.num_hidden_layers)
    throw usageError({
      en: `The encoder has ${base.num_hidden_layers} layers; --encoder-layers is ${layers}.`,
      ko: `인코더는 ${base.num_hidden_layers}층인데 --encoder-layers가 ${layers}이다.`,
    });
  const tokenizer = (await loadTokenizer(folder)).withSpecialTokens(tokens);
  const config: EncoderConfig = {
    ...base,
    num_hidden_layers: layers ?? base.num_hidden_layers,
    vocab_size: Math.max(base.vocab_size, tokenizer.size),
  };
  const pooler = config.model_type === 'bert' ? poolerParameters(config) : [];
  const loaded = await loadWeights(folder, config, [...maskedParameters(config), ...pooler], seed, base);
  const parameters = [...maskedParameters(config), ...pooler.filter(({ name }) => !loaded.drawn.has(name))];
  return { config, tokenizer, parameters, weights: loaded.weights, notes: loaded.notes };
}

/** Keys of a classifier's configuration that describe its classes. */
const CLASSIFIER_KEYS = ['id2label', 'label2id', 'num_labels', 'problem_type', 'korex'];

/**
 * Writes a model as a Hugging Face folder: an encoder for `--encoder`, which transformers opens as `AutoModelForMaskedLM`.
 */
export async function saveMaskedLanguageModel(
  folder: string,
  { config, tokenizer, parameters, weights }: MaskedLanguageModel,
): Promise<void> {
  const own = Object.entries(config).filter(([name]) => !CLASSIFIER_KEYS.includes(name));
  await writeJson(join(folder, 'config.json'), {
    ...Object.fromEntries(own),
    dtype: 'float32',
    torch_dtype: undefined,
    architectures: [maskedArchitecture(config)],
  });
  await writeTokenizerFiles(folder, tokenizer.files);
  await writeTensors(
    join(folder, 'model.safetensors'),
    parameters.map(({ name, shape }) => ({ name, shape, data: weights.get(name)! })),
  );
}
