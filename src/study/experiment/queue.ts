import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KorexError, usageError } from '../../base/core/errors.ts';
import { sha256, sha256File } from '../../base/core/files.ts';
import type { Settings } from '../../base/core/settings.ts';
import type { AblationRun } from '../../base/eval/ablation/results.ts';
import type { Technique } from '../../base/eval/ablation/summarize.ts';
import { meanOf } from '../../base/eval/overSeeds.ts';
import { resolveEncoder } from '../../engine/nn/encoderFolder.ts';
import { type TrainingPlan, trainingPlanSchema } from '../../engine/runs/plan.ts';
import { type Experiment, settingsOf, VARIED_SETTINGS } from './config.ts';
import type { ExperimentRows, RunContext } from './experimentTask.ts';

/** A technique under a seed. */
export interface QueuedRun {
  readonly technique: string;
  readonly seed: number;
  /** Of its folder. */
  readonly name: string;
  /** As given. */
  readonly given: Technique['settings'];
  /** Of everything that decides what it ends in. */
  readonly digest: string;
}

/** What the runs of an experiment have in common. */
export interface Grid {
  readonly experiment: Experiment;
  readonly rows: ExperimentRows;
  readonly running: Pick<Settings, 'out' | 'device' | 'threads' | 'evalBatchSize'>;
  /** The experiment's folder. */
  readonly folder: string;
}

/** What a run is trained in. */
export function contextOf(
  { experiment, running, folder }: Grid,
  { name, seed, given }: Pick<QueuedRun, 'name' | 'seed' | 'given'>,
  { reporter, signal }: Pick<RunContext, 'reporter' | 'signal'>,
): RunContext {
  const decided = { name, seed: experiment.rows.seed, trainingSeed: seed };
  const settings = { ...settingsOf(given), ...running, ...decided };
  return { settings, out: folder, reporter, signal };
}

/**
 * All runs of a grid: the baseline's first, then technique by technique, each under all seeds, so that a verdict is
 * complete before the next technique begins. Every technique is held against encoder and rows before any is trained.
 *
 * Errors: `usage`, with the technique, for settings that cannot go together.
 */
export async function queueOf(grid: Grid, work: Pick<RunContext, 'reporter' | 'signal'>): Promise<QueuedRun[]> {
  const { experiment } = grid;
  const encoders = new Map<string, string>();
  const runs: QueuedRun[] = [];
  for (const { technique, settings: given } of [experiment.baseline, ...experiment.techniques]) {
    const seeds = experiment.seeds.map((seed) => ({ name: `${technique}-seed-${seed}`, seed }));
    const context = contextOf(grid, { ...seeds[0]!, given }, work);
    // The notes of the preparation are shown when the run begins.
    const plan = await planOf(grid.rows, { ...context, reporter: { ...work.reporter, info: () => {} } }, technique);
    const { encoder } = context.settings;
    if (!encoders.has(encoder)) encoders.set(encoder, await encoderContent(encoder));
    for (const { name, seed } of seeds) {
      const digest = runDigest(
        { ...plan, seed },
        { rows: grid.rows.digest, encoder: encoders.get(encoder)! },
        context.settings,
      );
      runs.push({ technique, seed, name, given, digest });
    }
    work.signal.throwIfAborted();
  }
  checkDistinct(runs);
  return runs;
}

function checkDistinct(runs: readonly QueuedRun[]): void {
  const seen = new Map<string, string>();
  for (const { digest, technique } of runs) {
    const other = seen.get(digest);
    if (other !== undefined)
      throw usageError(
        {
          en: `Techniques "${other}" and "${technique}" train the same: their settings differ in nothing that decides a training.`,
          ko: `기법 "${other}"과(와) "${technique}"의 학습이 같다. 학습을 정하는 설정이 하나도 다르지 않다.`,
        },
        { en: 'Leave one of them out, or change its settings.', ko: '둘 가운데 하나를 빼거나 설정을 바꾼다.' },
      );
    seen.set(digest, technique);
  }
}

async function planOf(rows: ExperimentRows, context: RunContext, technique: string): Promise<TrainingPlan> {
  try {
    return await rows.plan(context);
  } catch (error) {
    if (!(error instanceof KorexError)) throw error;
    throw new KorexError(
      error.kind,
      { en: `Technique "${technique}": ${error.message}`, ko: `기법 "${technique}": ${error.words.message.ko}` },
      error.words.hint,
      error,
    );
  }
}

/**
 * Digest of plan, rows, split and encoder. What has a default that came into the plan later is left out, so that a
 * korex with more settings recognises its older runs. The plan's own digest of rows is left out too: it follows from the
 * others, and may depend on the seed.
 */
function runDigest(
  plan: TrainingPlan,
  { rows, encoder }: { readonly rows: string; readonly encoder: string },
  settings: Settings,
): string {
  const decided = Object.entries(plan).filter(([name, value]) => name !== 'data' && !isDefault(name, value));
  const others = VARIED_SETTINGS.filter((name) => !Object.hasOwn(plan, name)).flatMap((name) => {
    const value = settings[name];
    return value === settingsOf({})[name] ? [] : [[name, value] as const];
  });
  const facts = { rows, split: settings.seed, encoder };
  return sha256(JSON.stringify([facts, [...decided, ...others].sort(([a], [b]) => (a < b ? -1 : 1))]));
}

function isDefault(name: string, value: unknown): boolean {
  const parsed = trainingPlanSchema.shape[name as keyof TrainingPlan].safeParse(undefined);
  return parsed.success && parsed.data === value;
}

/**
 * Digest of what an encoder's files hold, wherever they lie: unlike `encoderDigest` of the stages it is the same on another
 * machine, so that committed results are recognised there.
 */
async function encoderContent(encoder: string): Promise<string> {
  const folder = await resolveEncoder(encoder);
  const entries = await readdir(folder, { withFileTypes: true });
  // Files of the Hub's cache are links.
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name])).sort();
  const digests: string[][] = [];
  for (const name of names) digests.push([name, await sha256File(join(folder, name))]);
  return sha256(JSON.stringify(digests));
}

/**
 * Minutes that the rest of a queue will take, by the minutes of what is finished: of the same technique where there are
 * some, else of all. Null before anything is finished.
 */
export function timeLeft(
  queue: readonly Pick<QueuedRun, 'technique' | 'digest'>[],
  records: ReadonlyMap<string, Pick<AblationRun, 'technique' | 'status' | 'minutes'>>,
): number | null {
  const finished = [...records.values()].filter(({ status }) => status === 'finished');
  const usual = meanOf(finished.map(({ minutes }) => minutes));
  if (usual === null) return null;
  return queue
    .filter(({ digest }) => !records.has(digest))
    .reduce((sum, { technique }) => {
      const own = meanOf(finished.filter((run) => run.technique === technique).map(({ minutes }) => minutes));
      return sum + (own ?? usual);
    }, 0);
}
