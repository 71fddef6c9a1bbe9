import type { Entity, LabelledExample, LabelSet, Prediction } from '../../base/core/types.ts';
import { groupBy } from '../../base/data/grouping.ts';
import { codePointsBefore } from '../../base/data/span.ts';
import { utf16Index } from '../../base/text/codePoints.ts';
import { type Explained, entitiesOnly, masked } from '../../inference/predict/explain.ts';
import { type AnalyzedRow, byConfidence, guidsOf } from './analyzedRow.ts';
import type { ErrorAnalysis } from './schema.ts';
import { figuresOf } from './sliceFigures.ts';
import type { TrainingFacts } from './trainingFacts.ts';

/** Ways to take away what a model should go by (Peng et al., 2020, arXiv:2010.01923), as the page's Explain view has them. */
export const REDUCTIONS = { entities_only: entitiesOnly, masked } as const;
export type Reduction = keyof typeof REDUCTIONS;

/** The row with its sentence reduced; guid and label stay. */
export function reduced(example: LabelledExample, reduction: Reduction): LabelledExample {
  const { sentence } = example;
  const inUnits = ({ start, end, type }: Entity) => ({
    start: utf16Index(sentence, start),
    end: utf16Index(sentence, end + 1),
    type,
  });
  const change: (original: Explained) => Explained = REDUCTIONS[reduction];
  const result = change({ sentence, subject: inUnits(example.subject), object: inUnits(example.object) });
  const inCodePoints = ({ start, end, type }: Explained['subject']): Entity => ({
    word: result.sentence.slice(start, end),
    start: codePointsBefore(result.sentence, start),
    end: codePointsBefore(result.sentence, end) - 1,
    type,
  });
  return {
    ...example,
    sentence: result.sentence,
    subject: inCodePoints(result.subject),
    object: inCodePoints(result.object),
  };
}

/** What the model answered to reduced rows, `answers[reduction][i]` to `rows[i]`. */
export interface ReducedAnswers {
  readonly rows: readonly AnalyzedRow[];
  readonly sampled: boolean;
  readonly answers: Readonly<Record<Reduction, readonly Prediction[]>>;
}

const SHOWN_CASES = 5;

/** How much of what the model gets right it would get right without the sentence, and without the names. */
export function shortcutFigures(
  { rows, sampled, answers }: ReducedAnswers,
  labelSet: LabelSet,
  training: TrainingFacts | null,
): NonNullable<ErrorAnalysis['shortcuts']> {
  const answered = (predicted: (row: AnalyzedRow, i: number) => string): AnalyzedRow[] =>
    rows.map((row, i) => {
      const label = predicted(row, i);
      return { ...row, predicted: label, isRight: label === row.example.label };
    });
  const [alone, hidden] = (['entities_only', 'masked'] as const).map((reduction) =>
    answered((_, i) => answers[reduction][i]!.predicted),
  ) as [AnalyzedRow[], AnalyzedRow[]];
  const pairs = rows.map((row, i) => ({ row, alone: alone[i]!, hidden: hidden[i]! }));
  const right = pairs.filter(({ row }) => row.isRight);
  const wrong = pairs.filter(({ row }) => !row.isRight);
  const stuck = wrong.filter((pair) => pair.alone.predicted === pair.row.predicted);
  return {
    rows: rows.length,
    sampled,
    full: figuresOf(rows, labelSet),
    entities_only: figuresOf(alone, labelSet),
    masked: figuresOf(hidden, labelSet),
    type_rule: training?.hasTypes
      ? figuresOf(
          answered(({ example }) => training.usualLabel(example)),
          labelSet,
        )
      : null,
    right: right.length,
    right_with_entities_only: right.filter((pair) => pair.alone.isRight).length,
    right_with_masked: right.filter((pair) => pair.hidden.isRight).length,
    wrong: wrong.length,
    wrong_same_with_entities_only: stuck.length,
    labels: [...groupBy(right, ({ row }) => row.example.label)]
      .map(([label, group]) => ({
        label,
        right: group.length,
        kept: group.filter((pair) => pair.alone.isRight).length,
      }))
      .sort((a, b) => b.right - a.right),
    cases: guidsOf(byConfidence(stuck.map(({ row }) => row)), SHOWN_CASES),
  };
}
