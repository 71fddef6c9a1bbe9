import { basename, join } from 'node:path';
import { toJsonLines, writeFileAtomic } from '../../../base/core/files.ts';
import { type AugmentationName, DEFAULT_SETTINGS, type Settings } from '../../../base/core/settings.ts';
import type { AnnotatedDocument, Entity, LabelledExample } from '../../../base/core/types.ts';
import { tally } from '../../../base/data/grouping.ts';
import { splitValidation } from '../../../base/data/split.ts';
import { sumCounts, type TokenCounts, unknownShare } from '../../../base/text/unknownTokens.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import { shareSentences } from '../../../engine/nn/sharedRows.ts';
import { digestOf } from '../../../engine/runs/plan.ts';
import { RUN_FILES } from '../../../engine/runs/runFolder.ts';
import type { RunFacts } from '../../../engine/runs/summary.ts';
import { augment } from '../../../engine/train/augment/augment.ts';
import { augmentationOf, augmentationsOf } from '../../../engine/train/augment/rows.ts';
import { softened } from '../../../engine/train/distillation.ts';
import type { TrainingRow, TrainingRows } from '../../../engine/train/trainingState.ts';
import type { Teacher } from '../../../inference/predict/findModel.ts';
import { meanProbabilities } from '../../../inference/predict/meanProbabilities.ts';
import type { StageContext } from '../stage.ts';
import { splitTexts, textRows } from './textRows.ts';

/** Rows of stage 06: training and validation as the model reads them, and a digest that a checkpoint remembers. */
export interface PreparedRows extends TrainingRows {
  /** How many of the training rows, the first ones, were given; behind them stand those of documents, and those made. */
  readonly given: number;
  /** How many of the training rows are pairs of documents. */
  readonly texts: number;
  /** Documents that are not trained on. */
  readonly heldTexts: readonly AnnotatedDocument[];
  readonly digest: string;
  /** Digest of the given rows in two: runs that share it were validated on the same rows, and trained on the same others. */
  readonly split: string;
  /** Of all these rows: their tokens, and those that the vocabulary lacks. */
  readonly counts: TokenCounts;
}

/** The training rows in two, and the digest of both. */
export function splitRows({ dataset, settings }: Pick<StageContext, 'dataset' | 'settings'>) {
  const { train, validation } = splitValidation(dataset.train, settings.validation, settings.seed);
  return { train, validation, split: digestOf([train, validation]) };
}

/** Splits the training rows, augments those to train on where the settings ask for it, and encodes all. */
export function prepareRows(
  context: Pick<StageContext, 'dataset' | 'settings'>,
  { inputs }: Pick<RelationModel, 'inputs'>,
): PreparedRows {
  const { settings } = context;
  const { train, validation, split } = splitRows(context);
  const documents = splitTexts(context, { train, validation });
  const texts = textRows(documents.train, context);
  const made = augment(train, {
    techniques: augmentationsOf(settings.augment),
    share: settings.augment === null ? 0 : settings.augmentShare,
    seed: settings.trainingSeed ?? settings.seed,
    apart: new Set([...validation.map(({ sentence }) => sentence), ...documents.held.map(({ text }) => text)]),
    noRelation: context.dataset.labelSet.noRelation,
    beside: texts,
  });
  // Nothing but what a batch needs: each step's gradients make the garbage collector go through all that is kept, and with
  // texts and tokens of all rows that took a seventh of a training's time.
  const counts: TokenCounts[] = [];
  const encode = (rows: readonly LabelledExample[], kind: Pick<TrainingRow, 'weight' | 'isText'> = {}): TrainingRow[] =>
    rows.map((example) => {
      const { ids, subjectStart, objectStart, subjectWord, objectWord, counts: own } = inputs.encode(example);
      counts.push(own);
      return { example, encoded: { ids, subjectStart, objectStart, subjectWord, objectWord }, ...kind };
    });
  const share = settings.pairEncoding !== 'inline';
  return {
    train: [
      ...encode(train),
      ...encode(texts, { weight: settings.textWeight, isText: true }),
      ...encode(made, { weight: settings.augmentWeight }),
    ],
    given: train.length,
    texts: texts.length,
    heldTexts: documents.held,
    validation: encode(validation),
    counts: sumCounts(counts),
    ...(share && {
      shared: {
        train: shareSentences([...train, ...texts, ...made], inputs),
        validation: shareSentences(validation, inputs),
      },
    }),
    digest:
      texts.length + made.length > 0
        ? digestOf([train, validation, made, ...(texts.length > 0 ? [texts] : [])])
        : split,
    split,
  };
}

/** The training rows that were made from others. */
export const madeRows = ({ train, given, texts }: Pick<PreparedRows, 'train' | 'given' | 'texts'>): LabelledExample[] =>
  train.slice(given + texts).map(({ example }) => example);

/** How many rows each technique made. */
export const madeCounts = (rows: readonly LabelledExample[]): Partial<Record<AugmentationName, number>> =>
  Object.fromEntries(tally(rows.flatMap((row) => augmentationOf(row) ?? [])));

/** The rows that a run trained on, for its summary. */
export function rowFacts(rows: PreparedRows) {
  const made = madeRows(rows);
  return {
    trained_rows: rows.given,
    unknown_tokens: unknownShare(rows.counts),
    ...(rows.texts > 0 && { text_rows: rows.texts }),
    ...(made.length > 0 && { augmented_rows: madeCounts(made) }),
  };
}

/** How the settings choose rows where not by the defaults, for a run's summary and the command on its card. */
export function rowSettings({
  trainRows,
  textData,
  textPairs,
  textNegatives,
}: Settings): Pick<RunFacts, 'row_settings'> {
  const names = textData?.split(',').map((file) => basename(file));
  const chosen = {
    ...(trainRows !== null && { trainRows }),
    ...(names && { textData: names.join(',') }),
    ...(names && textPairs !== DEFAULT_SETTINGS.textPairs && { textPairs }),
    ...(names && textNegatives !== DEFAULT_SETTINGS.textNegatives && { textNegatives }),
  };
  return Object.keys(chosen).length === 0 ? {} : { row_settings: chosen };
}

/**
 * The rows with the distillation targets of those to train on: the teachers' mean probabilities, softened. As they are
 * without teachers. Errors: those of `meanProbabilities`.
 */
export async function withDistillationTargets(
  { settings, dataset, reporter, signal }: StageContext,
  { rows, teachers }: { readonly rows: PreparedRows; readonly teachers: readonly Teacher[] },
): Promise<PreparedRows> {
  if (teachers.length === 0) return rows;
  const { evalBatchSize: batchSize, distillTemperature } = settings;
  const examples = rows.train.map(({ example }) => example);
  const options = { ...settings, role: 'teacher' as const, batchSize, reporter, signal };
  const means = await meanProbabilities(teachers, examples, dataset.labelSet, options);
  const train = rows.train.map((row, i) => ({ ...row, soft: softened(means[i]!, distillTemperature) }));
  return { ...rows, train };
}

/** Writes the rows that a run made from its training rows into its folder, in KLUE's layout. */
export const writeAugmentedRows = (run: string, rows: PreparedRows): Promise<void> =>
  writeFileAtomic(join(run, RUN_FILES.augmentedRows), toJsonLines(madeRows(rows).map(klueRow)));

const klueRow = ({ guid, sentence, subject, object, label, source }: LabelledExample) => ({
  guid,
  sentence,
  subject_entity: klueEntity(subject),
  object_entity: klueEntity(object),
  label,
  source,
});

const klueEntity = ({ word, start, end, type }: Entity) => ({ word, start_idx: start, end_idx: end, type });
