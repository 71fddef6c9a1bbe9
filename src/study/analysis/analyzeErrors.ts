import type { Dataset, LabelledExample, LabelSet, Prediction } from '../../base/core/types.ts';
import { sampleRows } from '../../base/data/sampleRows.ts';
import { expectedCalibrationError, reliabilityBins } from '../../base/eval/reliability.ts';
import type { TypePair } from '../../inference/predict/answer.ts';
import { type AnalyzedRow, analyzedRows, byConfidence, guidsOf, shownRow } from './analyzedRow.ts';
import { findDisagreements, LEAST_CONFIDENCE, labelThresholds, reliabilityFrom } from './confidentLearning.ts';
import { confusionPatterns } from './confusions.ts';
import { findContradictions } from './contradictions.ts';
import { ERROR_CLASSES, type ErrorClass } from './kinds.ts';
import { errorNeighbours } from './neighbours.ts';
import { rareRelations } from './rareRelations.ts';
import type { AnalysisCase, ErrorAnalysis } from './schema.ts';
import { REDUCTIONS, type Reduction, reduced, shortcutFigures } from './shortcuts.ts';
import { figuresOf, sliceFigures } from './sliceFigures.ts';
import { slicesOf } from './slices.ts';
import { errorClassOf } from './taxonomy.ts';
import { RARE_BELOW, type TrainingFacts, trainingFacts } from './trainingFacts.ts';

/** The model under analysis: its answers to rows, and the states that its classifier reads. */
export interface AnalyzedModel {
  predict(rows: readonly LabelledExample[], title: string): Promise<readonly Prediction[]>;
  states(rows: readonly LabelledExample[], title: string): Promise<readonly Float32Array[]>;
}

export interface AnalysisInput {
  /** Name of the run or model. */
  readonly run: string;
  readonly dataset: Pick<Dataset, 'name' | 'digest'>;
  readonly labelSet: LabelSet;
  readonly test: readonly LabelledExample[];
  /** `predictions[i]` answers `test[i]`, with probabilities. */
  readonly predictions: readonly Prediction[];
  /** Rows that the model was trained on; empty where they are not at hand. `asTrained`: they are known to be those. */
  readonly train: readonly LabelledExample[];
  readonly asTrained: boolean;
  /** Of the calibration; 1 without one. */
  readonly temperature: number;
  /** Relations by type pair from the calibration, used where there are no training rows. */
  readonly typePairs: readonly TypePair[] | null;
  readonly seed: number;
  /** Null where its files are gone: what needs a model is left out. */
  readonly model: AnalyzedModel | null;
}

/** Bounds on the rows that a model reads, so that time and memory do not grow with the data. */
const MOST = { reducedRows: 4000, trainingStates: 5000, errorStates: 500 } as const;
const CONFIDENT_FROM = 0.9;
const CASES_PER_CLASS = 4;
const CASES_PER_LIST = 10;

/**
 * Why answers are wrong: taxonomy, confusions, slices, shortcuts, confidence, strong disagreements, neighbours, rare relations.
 *
 * The same input gives the same result. Errors: `failed` for predictions without probabilities; those of the model.
 */
export async function analyzeErrors(input: AnalysisInput): Promise<ErrorAnalysis> {
  const { labelSet, test, predictions, train, temperature, seed, model } = input;
  const { noRelation } = labelSet;
  const rows = analyzedRows(test, predictions, labelSet, temperature);
  const raw = temperature === 1 ? rows : analyzedRows(test, predictions, labelSet, 1);
  const bins = reliabilityBins(rows);
  const errors = byConfidence(rows.filter(({ isRight }) => !isRight));
  const training = trainingFacts(train);
  const isKnown = knownRelations(training, input.typePairs);
  const disagreements = findDisagreements(rows, labelSet, isKnown);
  const disputed = new Set(disagreements.map(({ row }) => row));
  const { isContradicted, ...contradictions } = findContradictions(train, test);
  const contradicted = errors.filter(isContradicted);
  const classOf = new Map(
    errors.map((row) => [
      row,
      errorClassOf(row, {
        noRelation,
        isDisputed: (error) => disputed.has(error) || isContradicted(error),
        isKnown,
        isRare: (label) => training !== null && training.shareOf(label) < RARE_BELOW,
      }),
    ]),
  );
  const taxonomy = taxonomyOf(errors, classOf);
  const confusions = confusionPatterns(rows, noRelation);
  const confident = rows.filter(({ confidence }) => confidence >= CONFIDENT_FROM);
  const overconfident = errors.filter(({ confidence }) => confidence >= CONFIDENT_FROM);
  const shortcuts = model && shortcutFigures(await answersToReduced(rows, model, seed), labelSet, training);
  const shown = new Set([...taxonomy, ...confusions.pairs.slice(0, 5)].flatMap(({ cases }) => cases.slice(0, 2)));
  const neighbours = model && training && (await neighboursOf(errors, train, shown, model, seed));

  const analysis: Omit<ErrorAnalysis, 'cases'> = {
    version: 2,
    run: input.run,
    dataset: { name: input.dataset.name, digest: input.dataset.digest, test_rows: test.length },
    training: training && { rows: training.rows, as_trained: input.asTrained },
    no_relation: noRelation,
    seed,
    left_out: leftOut(model !== null, training, input.typePairs !== null),
    metrics: figuresOf(rows, labelSet),
    errors: errors.length,
    calibration: {
      temperature,
      ece_before: expectedCalibrationError(reliabilityBins(raw)),
      ece: expectedCalibrationError(bins),
      bins,
    },
    taxonomy,
    confusions,
    slices: sliceFigures(slicesOf(rows, noRelation, training), rows, labelSet, seed),
    shortcuts,
    overconfident: {
      from: CONFIDENT_FROM,
      count: overconfident.length,
      share_of_errors: shareOf(overconfident.length, errors.length),
      share_of_confident: shareOf(overconfident.length, confident.length),
      cases: guidsOf(overconfident, CASES_PER_LIST),
    },
    disagreements: {
      count: disagreements.length,
      reliability: reliabilityFrom(rows, LEAST_CONFIDENCE),
      share_of_errors: shareOf(disagreements.length, errors.length),
      thresholds: labelThresholds(rows, labelSet),
      rows: disagreements.map(({ row, suggested }) => ({
        guid: row.example.guid,
        gold: row.example.label,
        suggested,
        confidence: row.confidence,
      })),
      cases: guidsOf(
        disagreements.map(({ row }) => row),
        CASES_PER_LIST,
      ),
    },
    contradictions: {
      train_groups: contradictions.trainGroups,
      test_groups: contradictions.testGroups,
      mixed_groups: contradictions.mixedGroups,
      test_rows: rows.filter(isContradicted).length,
      errors: contradicted.length,
      cases: guidsOf(contradicted, CASES_PER_LIST),
    },
    neighbours,
    rare: training && rareRelations(rows, labelSet, training),
    error_list: errors.map((row) => ({
      guid: row.example.guid,
      gold: row.example.label,
      predicted: row.predicted,
      confidence: row.confidence,
      class: classOf.get(row)!,
    })),
  };
  return { ...analysis, cases: shownCases(analysis, errors, classOf) };
}

const shareOf = (count: number, all: number): number => (all === 0 ? 0 : count / all);

/** Whether training knew the relation between such types, from its rows or from what the calibration kept of them. */
function knownRelations(
  training: TrainingFacts | null,
  pairs: readonly TypePair[] | null,
): (row: AnalyzedRow, label: string) => boolean {
  if (training !== null) return ({ example }, label) => training.knowsRelation(example, label);
  const known = new Map(pairs?.map(({ subject, object, relations }) => [JSON.stringify([subject, object]), relations]));
  return ({ example: { subject, object } }, label) =>
    known.get(JSON.stringify([subject.type, object.type]))?.includes(label) ?? true;
}

function taxonomyOf(
  errors: readonly AnalyzedRow[],
  classOf: ReadonlyMap<AnalyzedRow, ErrorClass>,
): ErrorAnalysis['taxonomy'] {
  return ERROR_CLASSES.map((name) => {
    const own = errors.filter((row) => classOf.get(row) === name);
    return {
      class: name,
      count: own.length,
      share: shareOf(own.length, errors.length),
      cases: guidsOf(own, CASES_PER_CLASS),
    };
  });
}

/** What the model answers to the rows, or to a sample of them, with the sentence or the names taken away. */
async function answersToReduced(rows: readonly AnalyzedRow[], model: AnalyzedModel, seed: number) {
  const sample = new Set(
    sampleRows(
      rows.map(({ example }) => example),
      MOST.reducedRows,
      seed,
    ),
  );
  const reducedRows = rows.filter(({ example }) => sample.has(example));
  const answers: Partial<Record<Reduction, readonly Prediction[]>> = {};
  for (const reduction of Object.keys(REDUCTIONS) as Reduction[])
    answers[reduction] = await model.predict(
      reducedRows.map(({ example }) => reduced(example, reduction)),
      TITLES[reduction],
    );
  return {
    rows: reducedRows,
    sampled: reducedRows.length < rows.length,
    answers: answers as Record<Reduction, readonly Prediction[]>,
  };
}

const TITLES = {
  entities_only: 'entities alone',
  masked: 'entities hidden',
  training: 'states of training rows',
  errors: 'states of errors',
} as const;

/** The training rows nearest to the errors by the model's states. */
async function neighboursOf(
  errors: readonly AnalyzedRow[],
  train: readonly LabelledExample[],
  shown: ReadonlySet<string>,
  model: AnalyzedModel,
  seed: number,
) {
  const candidates = sampleRows(train, MOST.trainingStates, seed);
  // Those that are shown come first, so that a bound never leaves one of them out.
  const isShown = ({ example }: AnalyzedRow) => shown.has(example.guid);
  const chosen = [...errors.filter(isShown), ...errors.filter((row) => !isShown(row))].slice(0, MOST.errorStates);
  const examples = chosen.map(({ example }) => example);
  return errorNeighbours(
    { rows: chosen, states: await model.states(examples, TITLES.errors) },
    {
      rows: candidates,
      states: await model.states(candidates, TITLES.training),
      sampled: candidates.length < train.length,
    },
    shown,
  );
}

function leftOut(hasModel: boolean, training: TrainingFacts | null, hasTypePairs: boolean): ErrorAnalysis['left_out'] {
  const withoutModel = hasModel ? [] : (['shortcuts', 'neighbours'] as const);
  const withoutRows = training
    ? []
    : ([...(hasModel ? (['neighbours'] as const) : []), 'novelty', 'frequency', 'rare'] as const);
  const types = training
    ? training.hasTypes
      ? []
      : [{ part: 'types' as const, reason: 'no_types' as const }]
    : hasTypePairs
      ? []
      : [{ part: 'types' as const, reason: 'no_training_rows' as const }];
  return [
    ...withoutModel.map((part) => ({ part, reason: 'no_model' as const })),
    ...withoutRows.map((part) => ({ part, reason: 'no_training_rows' as const })),
    ...types,
  ];
}

/** The rows that lists name, the most confident first. */
function shownCases(
  { taxonomy, confusions, shortcuts, overconfident, disagreements, contradictions }: Omit<ErrorAnalysis, 'cases'>,
  errors: readonly AnalyzedRow[],
  classOf: ReadonlyMap<AnalyzedRow, ErrorClass>,
): AnalysisCase[] {
  const lists = [
    ...[...taxonomy, ...confusions.pairs, ...confusions.missed_labels, ...confusions.invented_labels],
    ...[overconfident, disagreements, contradictions, ...(shortcuts === null ? [] : [shortcuts])],
  ];
  const named = new Set(lists.flatMap(({ cases }) => cases));
  return errors
    .filter(({ example }) => named.has(example.guid))
    .map((row) => ({
      ...shownRow(row.example),
      gold: row.example.label,
      predicted: row.predicted,
      confidence: row.confidence,
      gold_probability: row.goldProbability,
      class: classOf.get(row)!,
    }));
}
