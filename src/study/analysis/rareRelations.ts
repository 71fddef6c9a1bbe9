import type { LabelSet } from '../../base/core/types.ts';
import { tally } from '../../base/data/grouping.ts';
import { inverseOf } from '../../base/data/relationTraits.ts';
import { f1 } from '../../base/eval/metrics.ts';
import type { AnalyzedRow } from './analyzedRow.ts';
import type { Remedy } from './kinds.ts';
import type { ErrorAnalysis } from './schema.ts';
import { areSiblings } from './taxonomy.ts';
import { RARE_BELOW, type TrainingFacts } from './trainingFacts.ts';

type RareRelation = NonNullable<ErrorAnalysis['rare']>['relations'][number];

/** What is known of a rare relation when its remedies are chosen. */
interface Measured {
  readonly label: string;
  readonly trainRows: number;
  readonly support: number;
  readonly f1: number;
  /** Gold rows that were answered otherwise, and rows of other labels that were answered with it. */
  readonly missed: readonly AnalyzedRow[];
  readonly wronglyFound: readonly AnalyzedRow[];
  readonly takenFor: { readonly label: string; readonly count: number } | null;
}

interface Context {
  readonly labels: readonly string[];
  readonly noRelation: string | null;
  readonly training: TrainingFacts;
  /** Training rows of the relations that are learned: the median of those with an F1 of 0.5 or more. */
  readonly enoughRows: number;
}

type Advice = { readonly rows: number | null; readonly label: string | null };

const LEARNED = 0.5;
const GOOD = 0.7;
/** A pattern counts when it makes up this share of the rows it is measured on, and two rows at least. */
const NOTABLE = 1 / 4;
const MOSTLY = 1 / 2;
const isPattern = (count: number, of: number, share: number): boolean => count >= 2 && count >= share * of;

/**
 * When each remedy is advised; null where it is not. What is measured decides, and several may hold. A pattern of fewer than
 * two rows is none.
 *
 * - `unknown`: no test rows, so nothing was measured.
 * - `nothing`: F1 of 0.7 or more.
 * - `more_rows`: fewer training rows than the median of the relations with an F1 of 0.5 or more; with how many are missing.
 * - `inverse_augmentation`: the scheme has its inverse (or it holds both ways), whose training rows, with the entities
 *   exchanged, are rows of this one; with how many.
 * - `type_mask`: a quarter or more of its errors, missed or wrongly found, have an answer that no training row has between
 *   such types.
 * - `sharper_definition`: a quarter or more of its rows are taken for one relation of the same family: distinguish the two in
 *   the guideline, or merge them.
 * - `threshold`: half or more of its missed rows were answered with no relation while it was the runner-up: a lower bar
 *   (logit adjustment, a threshold of its own) would find them.
 */
const RULES: Readonly<Record<Remedy, (relation: Measured, context: Context) => Advice | null>> = {
  more_rows: ({ trainRows, support, f1: score }, { enoughRows }) =>
    support > 0 && score < GOOD && trainRows < enoughRows ? { rows: enoughRows - trainRows, label: null } : null,
  inverse_augmentation: ({ label, f1: score }, { training }) => {
    const inverse = inverseOf(label);
    const rows = inverse === null ? 0 : training.rowsOf(inverse);
    return score < GOOD && rows > 0 ? { rows, label: inverse } : null;
  },
  type_mask: ({ missed, wronglyFound }, { training, noRelation }) => {
    const errors = [...missed, ...wronglyFound];
    const ruledOut = errors.filter(
      ({ example, predicted }) => predicted !== noRelation && !training.knowsRelation(example, predicted),
    ).length;
    return isPattern(ruledOut, errors.length, NOTABLE) ? { rows: ruledOut, label: null } : null;
  },
  sharper_definition: ({ label, support, takenFor }) =>
    takenFor !== null && areSiblings(label, takenFor.label) && isPattern(takenFor.count, support, NOTABLE)
      ? { rows: takenFor.count, label: takenFor.label }
      : null,
  threshold: ({ label, missed }, { labels, noRelation }) => {
    const near = missed.filter((row) => row.predicted === noRelation && runnerUp(row, labels) === label).length;
    return isPattern(near, missed.length, MOSTLY) ? { rows: near, label: null } : null;
  },
  nothing: ({ support, f1: score }) => (support > 0 && score >= GOOD ? { rows: null, label: null } : null),
  unknown: ({ support }) => (support === 0 ? { rows: null, label: null } : null),
};

/** The relations that have less than a hundredth of the training rows, fewest first, and what might help each. */
export function rareRelations(
  rows: readonly AnalyzedRow[],
  { labels, noRelation }: LabelSet,
  training: TrainingFacts,
): NonNullable<ErrorAnalysis['rare']> {
  const measured = labels.map((label) => measure(label, rows, training));
  const learned = measured
    .filter(({ label, f1: score }) => label !== noRelation && score >= LEARNED)
    .map(({ trainRows }) => trainRows)
    .sort((a, b) => a - b);
  const context: Context = { labels, noRelation, training, enoughRows: learned[Math.floor(learned.length / 2)] ?? 0 };
  const relations = measured
    .filter(({ label }) => label !== noRelation && training.shareOf(label) < RARE_BELOW)
    .sort((a, b) => a.trainRows - b.trainRows)
    .map((relation): RareRelation => {
      const { label, trainRows, support, missed, wronglyFound, takenFor } = relation;
      const right = support - missed.length;
      const found = right + wronglyFound.length;
      return {
        label,
        train_rows: trainRows,
        train_share: training.shareOf(label),
        support,
        precision: found === 0 ? 0 : right / found,
        recall: support === 0 ? 0 : right / support,
        f1: relation.f1,
        taken_for: takenFor,
        remedies: (Object.keys(RULES) as Remedy[]).flatMap((remedy) => {
          const advice = RULES[remedy](relation, context);
          return advice === null ? [] : { remedy, ...advice };
        }),
      };
    });
  return { below: RARE_BELOW, relations };
}

function measure(label: string, rows: readonly AnalyzedRow[], training: TrainingFacts): Measured {
  const own = rows.filter(({ example }) => example.label === label);
  const missed = own.filter(({ isRight }) => !isRight);
  const wronglyFound = rows.filter((row) => row.predicted === label && !row.isRight);
  const right = own.length - missed.length;
  const most = [...tally(missed.map(({ predicted }) => predicted))].sort(([, a], [, b]) => b - a)[0];
  return {
    label,
    trainRows: training.rowsOf(label),
    support: own.length,
    f1: f1(right, own.length, right + wronglyFound.length),
    missed,
    wronglyFound,
    takenFor: most === undefined ? null : { label: most[0], count: most[1] },
  };
}

/** The most probable label but the predicted one. */
function runnerUp({ probabilities, predicted }: AnalyzedRow, labels: readonly string[]): string {
  const others = [...labels.keys()].filter((id) => labels[id] !== predicted);
  return labels[others.reduce((best, id) => (probabilities[id]! > probabilities[best]! ? id : best))]!;
}
