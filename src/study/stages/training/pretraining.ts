import { join } from 'node:path';
import type { Settings } from '../../../base/core/settings.ts';
import type { Dataset } from '../../../base/core/types.ts';
import { normalText } from '../../../base/data/normalForm.ts';
import type { InputEncoder } from '../../../base/text/inputEncoder.ts';
import { markerTokens } from '../../../base/text/markers.ts';
import { resolveEncoder } from '../../../engine/nn/encoderFolder.ts';
import { loadMaskedLanguageModel } from '../../../engine/nn/maskedLanguageModel.ts';
import type { TaskSpec } from '../../../engine/nn/modelTask.ts';
import { modelFilesDigest } from '../../../engine/nn/weights/weightFiles.ts';
import { digestOf } from '../../../engine/runs/plan.ts';
import { maskTokensOf } from '../../../engine/train/masking.ts';
import type { PretrainSentence, PretrainSentences } from '../../../engine/train/pretrainLoop.ts';
import { PRETRAIN_DEFAULTS, type PretrainPlan, planKey } from '../../../engine/train/pretrainPlan.ts';
import { type PretrainResult, pretrainRun } from '../../../engine/train/pretrainRun.ts';
import type { TrainingRow } from '../../../engine/train/trainingState.ts';
import type { StageContext } from '../stage.ts';

/** Below `--out`: a folder for each pretrained encoder, named for its plan. */
export const PRETRAINED_FOLDER = 'pretrained';

/** A pretraining, settled and checked before any weight is read. */
export interface Pretraining {
  readonly plan: PretrainPlan;
  readonly sentences: PretrainSentences;
  /** Tokens of the longest input. */
  readonly longest: number;
}

/** What a pretraining starts from. */
export interface PretrainingSource {
  readonly settings: Pick<Settings, 'encoder'>;
  readonly task: TaskSpec;
  readonly inputs: InputEncoder;
  readonly rows: Readonly<Record<'train' | 'validation', readonly Pick<TrainingRow, 'example' | 'encoded'>[]>>;
  /** Rows whose sentences are never trained on, beside the validation rows. */
  readonly test: Dataset['test'];
}

/** How long and how fast: what is not among `PRETRAIN_DEFAULTS`, and what is to differ from them. */
export type PretrainChoice = Pick<PretrainPlan, 'layers' | 'epochs' | 'lr' | 'dropout' | 'seed'> &
  Partial<Pick<PretrainPlan, 'batchSize' | 'weightDecay' | 'clip'>>;

/** Sentences that the loss is measured on, at most: its error is small by then, and measuring costs time. */
const HELD_OUT = 1000;

/** Errors: `usage` for an encoder whose tokenizer has no mask token. */
export async function preparePretraining(source: PretrainingSource, choice: PretrainChoice): Promise<Pretraining> {
  const { settings, task, inputs } = source;
  maskTokensOf(inputs.tokenizer);
  const sentences = sentencesOf(source);
  const { version, ...defaults } = PRETRAIN_DEFAULTS;
  const plan: PretrainPlan = {
    version,
    encoder: await modelFilesDigest(await resolveEncoder(settings.encoder)),
    tokens: [...markerTokens(task.marker, task.entityTypes)],
    ...defaults,
    ...choice,
    sentences: digestOf(sentences),
  };
  const lengths = sentences.train.flatMap(({ plain, marked }) => [plain.length, ...marked.map(({ length }) => length)]);
  return { plan, sentences, longest: lengths.reduce((a, b) => Math.max(a, b), 0) };
}

/**
 * The distinct sentences of the training rows, none of which is among the validation or test rows, and distinct validation
 * sentences to measure on. Long ones are cut at the longest input, marked ones as the model cuts them.
 */
function sentencesOf({ task, inputs: { tokenizer }, rows, test }: PretrainingSource): PretrainSentences {
  const { prefix, suffix } = tokenizer;
  const limit = task.maxLength - prefix.length - suffix.length;
  const plain = (sentence: string) => [
    ...prefix,
    ...tokenizer.tokenize(normalText(sentence)).ids.slice(0, limit),
    ...suffix,
  ];
  const heldOut = [...new Set(rows.validation.map(({ example }) => example.sentence))];
  const elsewhere = new Set([...heldOut, ...test.map(({ sentence }) => sentence)]);
  const bySentence = new Map<string, PretrainSentence & { readonly marked: (readonly number[])[] }>();
  for (const { example, encoded } of rows.train) {
    const { sentence } = example;
    if (elsewhere.has(sentence)) continue;
    const known = bySentence.get(sentence);
    if (known) known.marked.push(encoded.ids);
    else bySentence.set(sentence, { plain: plain(sentence), marked: [encoded.ids] });
  }
  return { train: [...bySentence.values()], heldOut: heldOut.slice(0, HELD_OUT).map(plain) };
}

/** Pretrains, or finds what was pretrained so before; writes the encoder's folder. Errors: those of `pretrainRun`. */
export async function runPretraining(
  folder: string,
  { plan, sentences }: Pretraining,
  { settings, reporter, signal }: Pick<StageContext, 'settings' | 'reporter' | 'signal'>,
  force = false,
): Promise<PretrainResult> {
  const start = async () => {
    const source = await resolveEncoder(settings.encoder);
    return loadMaskedLanguageModel(source, { layers: plan.layers, tokens: plan.tokens, seed: plan.seed });
  };
  return pretrainRun({ folder, plan, sentences, options: settings, start, force, reporter, signal });
}

/** Where the encoder of a plan is kept for other runs. */
export const pretrainedFolder = (out: string, plan: PretrainPlan): string =>
  join(out, PRETRAINED_FOLDER, planKey(plan));
