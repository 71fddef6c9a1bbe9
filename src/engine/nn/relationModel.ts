import { usageError } from '../../base/core/errors.ts';
import type { MarkerName } from '../../base/core/settings.ts';
import type { Localized } from '../../base/core/types.ts';
import { VERSION } from '../../base/core/version.ts';
import { createInputEncoder, type InputEncoder } from '../../base/text/inputEncoder.ts';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import type { TokenizerFiles } from '../../base/text/tokenizerFiles.ts';
import type { EncoderConfig } from './encoderConfig.ts';
import type { RelationSpec } from './model.ts';
import {
  encoderPart,
  savedConfig,
  savedWeights,
  startingWeights,
  withVocabulary,
  writeModelFolder,
} from './modelFolder.ts';
import { readTask, type TaskSpec } from './modelTask.ts';
import { sharesPass } from './packedBatch.ts';
import type { Weights } from './parameters.ts';

export type { TaskSpec };

/** An encoder with a classification head, its tokenizer and its task: what a model folder holds. */
export interface RelationModel {
  readonly task: TaskSpec;
  readonly spec: RelationSpec;
  readonly inputs: InputEncoder;
  /** By parameter name; training changes the arrays in place. */
  readonly weights: Weights;
  /** Remarks for the user on how its files were read, each a line. */
  readonly notes?: readonly Localized[];
}

/** A model that can read many pairs in one pass has the graph that takes packed rows, single ones too. */
const specOf = (config: EncoderConfig, task: TaskSpec): RelationSpec => ({
  ...{ config, head: task.head, labels: task.labelSet.labels.length },
  packed: sharesPass(task),
});

/** What becomes of sentences beyond the longest input. */
const LONGER = {
  en: 'longer sentences get a window around both entities.',
  ko: '더 긴 문장은 두 엔티티 둘레만 읽는다.',
};

/**
 * A pretrained encoder with a new head: head weights and the rows of added marker tokens are drawn with the seed.
 *
 * @param layers how many of the encoder's layers to use; all when null
 * Errors: `usage` for folders that are no encoder, more layers than there are, or a length beyond the encoder's positions.
 */
export async function createRelationModel(
  folder: string,
  task: TaskSpec,
  { layers, seed }: { readonly layers: number | null; readonly seed: number },
): Promise<RelationModel> {
  const part = await encoderPart(folder, { layers, maxLength: task.maxLength, longer: LONGER });
  const inputs = createInputEncoder({ tokenizer: part.tokenizer, ...task });
  const spec = specOf(withVocabulary(part.config, inputs.tokenizer), task);
  return { task, spec, inputs, ...(await startingWeights(part, spec, seed)) };
}

/** korex gives both texts of a pair token type 0, tokenizers often give the second 1: so transformers must not ask for types. */
const tokenizerFilesOf = ({ question }: TaskSpec, files: TokenizerFiles): TokenizerFiles =>
  question ? { ...files, config: { ...files.config, model_input_names: ['input_ids', 'attention_mask'] } } : files;

/** The name in transformers of a model with the head `cls`, by `model_type`. */
const ARCHITECTURES: Record<EncoderConfig['model_type'], string> = {
  bert: 'BertForSequenceClassification',
  roberta: 'RobertaForSequenceClassification',
  'xlm-roberta': 'XLMRobertaForSequenceClassification',
  electra: 'ElectraForSequenceClassification',
};

/** Writes a model as a Hugging Face folder; with the head `cls`, transformers opens it as `AutoModelForSequenceClassification`. */
export function saveRelationModel(
  folder: string,
  { task, spec, inputs, weights }: RelationModel,
  options: Parameters<typeof writeModelFolder>[2] = {},
): Promise<void> {
  const { labels, noRelation } = task.labelSet;
  const model = {
    spec,
    architecture: spec.head === 'cls' ? ARCHITECTURES[spec.config.model_type] : 'KorexRelationModel',
    names: labels,
    keys: {
      problem_type: 'single_label_classification',
      korex: {
        version: VERSION,
        marker: task.marker,
        head: task.head,
        question: task.question ?? false,
        pair_encoding: task.pairEncoding ?? 'inline',
        max_length: task.maxLength,
        entity_types: task.entityTypes,
        no_relation: noRelation,
      },
    },
    ...{ tokenizer: tokenizerFilesOf(task, inputs.tokenizer.files), weights },
  };
  return writeModelFolder(folder, model, options);
}

/**
 * Opens a model folder: one that `saveRelationModel` wrote, or a classifier fine-tuned with transformers'
 * `AutoModelForSequenceClassification`.
 *
 * @param marker how a classifier made elsewhere marks entities, where its tokenizer does not show it
 * Errors: `usage`, naming the file and the key or tensor, for any other folder.
 */
export async function loadRelationModel(folder: string, marker: MarkerName | null = null): Promise<RelationModel> {
  const config = await savedConfig(folder, 'korex train');
  const tokenizer = await loadTokenizer(folder);
  const { task, notes } = await readTask(folder, config, tokenizer, marker);
  const inputs = createInputEncoder({ tokenizer, ...task });
  if (inputs.tokenizer.size > config.vocab_size)
    throw usageError(
      {
        en: `The tokenizer in ${folder} has ids up to ${inputs.tokenizer.size - 1}, the model only ${config.vocab_size} words.`,
        ko: `${folder}의 토크나이저는 번호가 ${inputs.tokenizer.size - 1}까지인데, 모델의 단어는 ${config.vocab_size}개뿐이다.`,
      },
      { en: 'Take the tokenizer that was saved with the model.', ko: '모델과 함께 저장된 토크나이저를 쓴다.' },
    );
  const spec = specOf(config, task);
  const loaded = await savedWeights(folder, spec);
  return { task, spec, inputs, weights: loaded.weights, notes: [...notes, ...loaded.notes] };
}
