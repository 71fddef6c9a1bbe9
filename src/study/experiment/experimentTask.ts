import type { Settings } from '../../base/core/settings.ts';
import type { AblationResults, FinishedRun } from '../../base/eval/ablation/results.ts';
import type { TrainingPlan } from '../../engine/runs/plan.ts';
import type { StageContext } from '../stages/stage.ts';
import type { RowCounts } from './rows.ts';

/** What a run is trained in. */
export type RunContext = Pick<StageContext, 'settings' | 'out' | 'reporter' | 'signal'>;

/** Where an experiment's rows come from. */
export type ExperimentSource = Pick<Settings, 'data' | 'columns' | 'onBadRow' | 'out'>;

/** A run to train. */
export interface RunJob {
  readonly name: string;
  /** Of checkpoints, the best model and the log. */
  readonly folder: string;
  /** Does the training and tells how long it took, over all sittings. */
  timed<T>(training: () => Promise<T>): Promise<{ readonly value: T; readonly minutes: number }>;
}

/** Figures of a run's answers, and the answers themselves as short as they go. */
export type AnswerFacts = Pick<FinishedRun, 'metrics' | 'auprc_interval' | 'predicted'>;

export interface TrainedAnswers {
  readonly minutes: number;
  readonly facts: AnswerFacts & Pick<FinishedRun, 'best_epoch' | 'steps' | 'validation'>;
  /** Writes the answers to the judged rows, for people and programs. */
  writeAnswers(folder: string): Promise<void>;
}

/** The test rows, and how a model answers them. */
export interface TestRows {
  readonly test: NonNullable<AblationResults['final']>['test'];
  readonly gold: string;
  /** What the model of a folder answers. */
  answer(folder: string, run: string, context: RunContext): Promise<AnswerFacts>;
}

/** The rows of an experiment, and what is done with them. */
export interface ExperimentRows {
  readonly facts: Pick<AblationResults, 'data' | 'labels' | 'no_relation' | 'gold'>;
  /** Of all these rows, for the digests of runs. */
  readonly digest: string;
  /** The plan of a run, every setting of it checked against encoder and rows. Errors: `usage`. */
  plan(context: RunContext): Promise<TrainingPlan>;
  /** Trains a run, or continues it, and lets its best model answer the judged rows. */
  train(context: RunContext, job: RunJob): Promise<TrainedAnswers>;
  /** Reads the test rows: at the very end alone. Errors: `usage` where there are none. */
  test(context: Pick<RunContext, 'reporter'>): Promise<TestRows>;
}

/** What experiments ask of a task: a row of `EXPERIMENT_TASKS`. */
export interface ExperimentTask {
  /**
   * Reads training rows, and draws those that judge and those to train on.
   *
   * @param origin how an error names where the counts came from
   */
  open(
    source: ExperimentSource,
    counts: RowCounts,
    origin: string,
    context: Pick<RunContext, 'reporter'>,
  ): Promise<ExperimentRows>;
}
