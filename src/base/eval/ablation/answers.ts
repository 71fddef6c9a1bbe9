import { failure } from '../../core/errors.ts';
import type { TaskName } from '../../core/settings.ts';
import type { LabelSet, Localized } from '../../core/types.ts';
import type { BootstrapOptions } from '../bootstrap.ts';
import type { CodedRows } from '../codedRows.ts';
import { codedEntities, entityMetrics } from '../entityCounts.ts';
import { type ResampledRun, resampleRuns, resampleScores } from '../pairedSeeds.ts';
import { labelIds } from './labelText.ts';
import type { FinishedRun } from './results.ts';

/** What runs of an experiment are judged by. */
export interface Judged {
  /** Relations, or with the task of entities their types. */
  readonly labelSet: LabelSet;
  /** What is right, as the task writes it. */
  readonly gold: string;
}

/** How the runs of a task are judged: which figure leads, what figures are called, and how answers are scored again. */
export interface AnswerKind {
  /** The figure that decides verdicts, and the one beside it. */
  readonly leading: 'macro_f1' | 'micro_f1';
  readonly other: 'macro_f1' | 'micro_f1';
  /** Names of figures within a sentence. */
  readonly titles: Readonly<Record<'macro_f1' | 'micro_f1', Localized>>;
  /** Whether answers have probabilities, and so an area under the curve. */
  readonly hasArea: boolean;
  /** Errors: `failed` for answers that do not belong to what they are judged by. */
  resample(runs: readonly FinishedRun[], judged: Judged, options: BootstrapOptions): ResampledRun[];
}

export const ANSWER_KINDS: Readonly<Record<TaskName, AnswerKind>> = {
  relation: {
    leading: 'macro_f1',
    other: 'micro_f1',
    titles: { macro_f1: { ko: 'macro-F1', en: 'macro-F1' }, micro_f1: { ko: 'micro-F1', en: 'micro-F1' } },
    hasArea: true,
    resample: (runs, judged, options) =>
      resampleRuns(
        runs.map((run) => codedRun(run, judged)),
        options,
      ),
  },
  entities: {
    leading: 'micro_f1',
    other: 'macro_f1',
    titles: {
      macro_f1: { ko: '유형별 F1의 평균', en: 'mean of the types' },
      micro_f1: { ko: '엔티티 F1', en: 'entity F1' },
    },
    hasArea: false,
    resample(runs, judged, options) {
      const types = judged.labelSet.labels.length;
      const scorers = runs.map((run) => {
        const counts = codedEntities(judged.gold, run.predicted, types);
        if (counts === null) throw foreignAnswers(run, judged);
        return (weights: Uint32Array) => entityMetrics(counts, types, weights);
      });
      return resampleScores(scorers, judged.gold.length / types, options);
    },
  },
};

function codedRun(run: FinishedRun, judged: Judged): CodedRows {
  const { labelSet } = judged;
  const [gold, predicted] = [judged.gold, run.predicted].map((text) => labelIds(text, labelSet.labels.length));
  if (!gold || !predicted || predicted.length !== gold.length) throw foreignAnswers(run, judged);
  return { labelSet, gold, predicted, rankings: null };
}

const foreignAnswers = ({ technique, seed }: FinishedRun, { gold, labelSet: { labels } }: Judged) =>
  failure(
    {
      en: `The answers of ${technique}, seed ${seed}, do not belong to the ${gold.length} judged rows and ${labels.length} labels of this experiment.`,
      ko: `${technique}, 시드 ${seed}: 답이 이 실험의 평가 행 ${gold.length}개와 라벨 ${labels.length}개의 것이 아니다.`,
    },
    { en: 'Remove this run to have it trained again.', ko: '이 학습을 지우면 다시 학습한다.' },
  );
