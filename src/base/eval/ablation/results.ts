import { z } from 'zod';
import { TASK_NAMES } from '../../core/settings.ts';
import { localizedSchema } from '../../core/validate.ts';
import { eachMetric, metricsSchema } from '../metrics.ts';

/** The results of an experiment below its folder; committed as `NAME.results.json` beside its configuration. */
export const RESULTS_FILE = 'results.json';
/** Below `--out`: a folder an experiment. */
export const EXPERIMENTS_FOLDER = 'experiments';
/** What every technique is compared with: the experiment's base settings alone. */
export const BASELINE = 'baseline';
/** How a technique came out, by the figure that leads: macro-F1 of relations, the F1 of all entities. */
export const VERDICTS = ['gain', 'no difference', 'loss'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Names of experiments and techniques, which folders and files are called by. */
export const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

const integer = z.number().int();
const settings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const interval = z.tuple([z.number(), z.number()]).readonly().nullable();
const figures = z.object(eachMetric(() => z.number().nullable()));

/** What is known of any run that was begun: which it is, and what it cost. */
const begun = {
  technique: z.string(),
  seed: integer,
  /** The settings given: those of the base, over them those of the technique. */
  settings,
  /** Of everything that decides what the run ends in. */
  digest: z.string(),
  /** Version and digest of the code that trained it. */
  korex: z.string(),
  /** Of training, over all sittings. */
  minutes: z.number(),
};
const finishedSchema = z.object({
  ...begun,
  status: z.literal('finished'),
  best_epoch: integer,
  steps: integer,
  validation: metricsSchema,
  /** On the rows that it is judged by. */
  metrics: metricsSchema,
  auprc_interval: interval,
  /** The answers: `labelText` of relations, `entityAnswerText` of entities. */
  predicted: z.string(),
});
const failedSchema = z.object({ ...begun, status: z.literal('failed'), reason: z.string() });

/** `run.json` of a run, and a run in `results.json`. */
export const runSchema = z.discriminatedUnion('status', [finishedSchema, failedSchema]);
export type FinishedRun = z.output<typeof finishedSchema>;
export type AblationRun = z.output<typeof runSchema>;

export const differenceSchema = z.object({ difference: z.number(), low: z.number(), high: z.number(), p: z.number() });

/** A technique over its seeds, against the baseline. */
export const summarySchema = z.object({
  technique: z.string(),
  description: localizedSchema.nullable(),
  settings,
  /** Seeds by how their runs stand. */
  finished: z.array(integer),
  failed: z.array(z.object({ seed: integer, reason: z.string() })),
  missing: z.array(integer),
  /** Over the finished seeds; deviations are null for one seed. */
  mean: figures,
  deviation: figures,
  /** Technique minus baseline, over the seeds that both have finished; null for the baseline and where there are none. */
  against: z
    .object({
      accuracy: differenceSchema,
      macro_f1: differenceSchema,
      micro_f1: differenceSchema,
      auprc: z.number().nullable(),
    })
    .nullable(),
  /** p of the figure that leads after Holm's correction over all techniques; null where a seed is missing. */
  corrected_p: z.number().nullable(),
  minutes: z.number().nullable(),
  /** Minutes by those of the baseline under the same seeds. */
  cost: z.number().nullable(),
  verdict: z.enum(VERDICTS).nullable(),
});
export type TechniqueSummary = z.output<typeof summarySchema>;

const rowsSchema = z.object({
  file: z.object({ path: z.string(), rows: integer, sha256: z.string() }),
  rows: integer,
  digest: z.string(),
});

/** `results.json`: no text of a row and no guid is in it. */
export const resultsSchema = z.object({
  experiment: z.object({
    name: z.string().regex(NAME),
    // Files written before there was a second task lack it.
    task: z.enum(TASK_NAMES).default('relation'),
    description: localizedSchema.nullable(),
    seeds: z.array(integer),
  }),
  data: z.object({
    name: z.string(),
    /** Of the sample and of the validation split. */
    seed: integer,
    training: rowsSchema,
    judged: rowsSchema,
  }),
  /** Relations, or types of entities. */
  labels: z.array(z.string()),
  no_relation: z.string().nullable(),
  /** What is right of the judged rows: `labelText` of their labels, `entityGoldText` of entities. */
  gold: z.string(),
  bootstrap: z.object({ resamples: integer, level: z.number(), seed: integer }),
  baseline: summarySchema,
  /** In the configuration's order. */
  techniques: z.array(summarySchema),
  runs: z.array(runSchema),
  /** The baseline and the best technique on the test rows, once asked for. */
  final: z
    .object({
      test: rowsSchema,
      gold: z.string(),
      runs: z.array(finishedSchema),
      baseline: summarySchema,
      techniques: z.array(summarySchema),
    })
    .nullable(),
});
export type AblationResults = z.output<typeof resultsSchema>;
