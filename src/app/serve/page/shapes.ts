import type { Localized, Metrics } from '../../../base/core/types.ts';
import type { Intervals } from '../../../base/eval/bootstrap.ts';
import type { ClassMetrics } from '../../../base/eval/perClass.ts';
import type { Calibration } from '../../../engine/runs/calibration.ts';
import type { TrainingPlan } from '../../../engine/runs/plan.ts';
import type { LogEntry } from '../../../engine/runs/trainingLog.ts';

/** What the page's read-only API answers; the page imports these types. Names as in the files that korex writes. */

/** A data set that the page can show, with the names of its files. */
export interface DataSetEntry {
  readonly id: string;
  readonly name: string;
  readonly train: string | null;
  readonly test: string | null;
}

/** All rows of a data set by column, training rows first; offsets in code points, `end` inclusive. */
export interface RowColumns {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  readonly labels: readonly string[];
  readonly no_relation: string | null;
  /** Entity types that occur; the columns hold indices into it, -1 where an entity has none. */
  readonly types: readonly string[];
  /** Sources that occur; -1 where a row has none. */
  readonly sources: readonly string[];
  readonly train_rows: number;
  readonly rejected: number;
  readonly guid: readonly string[];
  readonly sentence: readonly string[];
  readonly label: readonly number[];
  readonly source: readonly number[];
  readonly subject_start: readonly number[];
  readonly subject_end: readonly number[];
  readonly subject_type: readonly number[];
  readonly object_start: readonly number[];
  readonly object_end: readonly number[];
  readonly object_type: readonly number[];
}

/** Stage 01's figures of a data set. */
export interface DataFacts {
  readonly labels: {
    readonly largest: string;
    readonly smallest: string;
    readonly imbalance: number;
    readonly labels_for_80_percent: number;
    readonly effective_labels: number;
    readonly prior_shift: number;
    readonly majority: { readonly accuracy: number; readonly macro_f1: number };
  } | null;
  readonly repetition: {
    readonly duplicates: Sides<{ readonly groups: number; readonly rows: number }>;
    readonly conflicts: Sides<{ readonly groups: number; readonly rows: number }>;
    readonly shared: { readonly sentences: number; readonly rows: number; readonly row_share: number };
  };
  /** Stage 01's sentences, where it ran on these rows below `--out`. */
  readonly interpretations: Readonly<Record<string, Localized>> | null;
}

export interface Sides<T> {
  readonly train: T;
  readonly test: T;
}

/** What the server can do beside answering. */
export interface PageFeatures {
  /** Whether it shows a queue. */
  readonly work: boolean;
  /** Whether it serves a label project. */
  readonly labels: boolean;
}

/** `training`: a process is training it; `interrupted`: begun, and no process continues it. */
export type RunStatus = 'finished' | 'training' | 'interrupted';

/** A run of stage 06 in the list. */
export interface RunEntry {
  readonly name: string;
  readonly title: Localized;
  readonly status: RunStatus;
  /** When its newest file was written, as an ISO 8601 time. */
  readonly changed: string;
  readonly dataset: string | null;
  readonly trained_rows: number | null;
  /** Whether there is a training log: neither untrained nor frozen. */
  readonly fine_tuned: boolean;
  /** Steps done, and of the whole training; null where unknown. */
  readonly step: number | null;
  readonly steps: number | null;
  readonly plan: TrainingPlan | null;
  readonly best_step: number | null;
  readonly stopped_early: boolean;
  readonly metrics: Metrics | null;
  readonly intervals: Intervals | null;
  readonly validation: Metrics | null;
}

/** New lines of a run's log. */
export interface RunLog {
  readonly status: RunStatus;
  readonly steps: number | null;
  readonly steps_per_epoch: number | null;
  /** The last step in the log; a client that has seen more starts over, since the run did too. */
  readonly last_step: number;
  readonly log: readonly LogEntry[];
}

/** A finished run in full. */
export interface RunDetail {
  readonly name: string;
  readonly labels: readonly string[];
  /** Rows of gold label g predicted as p. */
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly ClassMetrics[];
  readonly calibration: Calibration | null;
}

/** What a run answered to a row; probabilities as its calibration has them, null where it kept none. */
export interface RunAnswer {
  readonly predicted: string;
  readonly confidence: number | null;
  readonly gold_probability: number | null;
  readonly runner_up: string | null;
  readonly runner_up_probability: number | null;
}

/** A test row with the answers of the runs asked, in their order. Sentence and entities are null where the rows are not at hand. */
export interface AnswerRow {
  readonly guid: string;
  readonly gold: string;
  readonly answers: readonly RunAnswer[];
  readonly sentence: string | null;
  readonly subject: AnswerEntity | null;
  readonly object: AnswerEntity | null;
}

export interface AnswerEntity {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly type: string | null;
}

export interface AnswerPage {
  /** Rows that fit. */
  readonly total: number;
  /** Rows that all of the runs answered, and those that only some of them did. */
  readonly joint: number;
  readonly apart: number;
  /** Of the rows that fit but for their outcome: how many have which, a digit a run, 1 where it is right; most first. */
  readonly outcomes: readonly { readonly outcome: string; readonly rows: number }[];
  /** McNemar's p of two runs over all rows that both answered; null for one run, or more than two. */
  readonly p: number | null;
  /** Id of the data set whose test rows these are; null where none of those known has them. */
  readonly data: string | null;
  readonly rows: readonly AnswerRow[];
}
