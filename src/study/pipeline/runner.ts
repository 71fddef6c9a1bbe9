import { inBoth } from '../../base/core/errors.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import type { Settings } from '../../base/core/settings.ts';
import type { Dataset, Language, Localized } from '../../base/core/types.ts';
import { checkDevice } from '../../engine/runtime/session.ts';
import type { Stage, StageName } from '../stages/stage.ts';
import { codeVersion } from './codeVersion.ts';
import { withLock } from './lock.ts';
import {
  encoderDigest,
  readRecord,
  removeRecord,
  resultDigest,
  resultFolder,
  type StageInputs,
  type StageRecord,
  teacherDigest,
  whyStale,
  writeRecord,
} from './record.ts';

export type StageTable = Readonly<Record<StageName, Stage>>;

export interface PipelineJob {
  readonly stages: StageTable;
  /** The stages asked for; those they need are run first where they are missing or stale. */
  readonly requested: readonly StageName[];
  readonly settings: Settings;
  readonly loadDataset: (settings: Settings, reporter: Reporter) => Promise<Dataset>;
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C: the stage that is running stops, finished ones stay. */
  readonly signal: AbortSignal;
}

/** Of the code that is loaded: what happens to the files later does not change this process. */
export const CODE_VERSION = codeVersion();

/** How one stage came out: run now, or reused from an earlier run. `result` is what the stage returned. */
export interface StageOutcome {
  readonly name: StageName;
  readonly status: 'done' | 'reused';
  readonly folder: string;
  readonly result: Readonly<Record<string, unknown>>;
}

/**
 * Runs stages in order, each only if its inputs or outputs changed since its `stage.json` was written;
 * `--force` redoes the requested ones. One process at a time works in an `--out` folder.
 *
 * Errors: those of the device, the data and the stages; `failed` where another process holds the folder; the signal's reason
 * when it was aborted.
 */
export function runPipeline(job: PipelineJob): Promise<StageOutcome[]> {
  return withLock(job.settings.out, async () => {
    await checkDevice(job.settings.device);
    const dataset = await job.loadDataset(job.settings, job.reporter);
    const records = new Map<StageName, StageRecord>();
    const outcomes: StageOutcome[] = [];
    for (const name of withNeeds(job.stages, job.requested)) {
      job.signal.throwIfAborted();
      const { record, outcome } = await runStage(job, job.stages[name], dataset, records);
      records.set(name, record);
      outcomes.push(outcome);
    }
    return outcomes;
  });
}

/** The requested stages and all that they need, in the order in which they run. */
export function withNeeds(stages: StageTable, requested: readonly StageName[]): StageName[] {
  const ordered = new Set<StageName>();
  const visit = (name: StageName) => {
    if (ordered.has(name)) return;
    stages[name].needs.forEach(visit);
    ordered.add(name);
  };
  requested.forEach(visit);
  return [...ordered];
}

async function runStage(
  job: PipelineJob,
  stage: Stage,
  dataset: Dataset,
  needed: ReadonlyMap<StageName, StageRecord>,
): Promise<{ record: StageRecord; outcome: StageOutcome }> {
  const { settings, reporter, signal } = job;
  const isRequested = job.requested.includes(stage.name);
  const folder = resultFolder(stage, settings);
  const title = `${stage.number} ${stage.title[settings.lang]}`.trim();
  const inputs = await inputsOf(job, stage, dataset, needed);

  const old = await readRecord(folder);
  const reason = old && (await whyStale(folder, old, inputs));
  if (old && reason === null && !(settings.force && isRequested)) {
    reporter.info({ en: `✓ ${title}: reused, nothing changed`, ko: `✓ ${title}: 바뀐 것이 없어 다시 쓴다` });
    return { record: old, outcome: { name: stage.name, status: 'reused', folder, result: old.result } };
  }

  reporter.info(inBoth((lang) => `▸ ${title}${startNote(isRequested, reason, lang)}`));
  await removeRecord(folder);
  const result = await stage.run({ settings, dataset, out: settings.out, reporter, signal });
  signal.throwIfAborted();
  const record = await writeRecord(stage, settings, inputs, result);
  return { record, outcome: { name: stage.name, status: 'done', folder, result } };
}

function startNote(isRequested: boolean, reason: Localized | null, lang: Language): string {
  const notes = [
    isRequested ? null : { en: 'needed first', ko: '먼저 필요함' }[lang],
    reason && `${{ en: 'redone', ko: '다시 함' }[lang]}: ${reason[lang]}`,
  ].filter((note) => note !== null);
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`;
}

async function inputsOf(
  { stages, settings, reporter, signal }: PipelineJob,
  stage: Stage,
  dataset: Dataset,
  needed: ReadonlyMap<StageName, StageRecord>,
): Promise<StageInputs> {
  const needs: Record<string, string> = {};
  for (const name of stage.needs)
    needs[name] = await resultDigest(resultFolder(stages[name], settings), needed.get(name)!);
  return {
    korex: CODE_VERSION,
    settings: Object.fromEntries([...stage.settings].sort().map((name) => [name, settings[name]])),
    dataset: dataset.digest,
    encoder: stage.settings.includes('encoder') ? await encoderDigest(settings.encoder, { reporter, signal }) : null,
    teacher: stage.settings.includes('teacher') ? await teacherDigest(settings, { reporter, signal }) : null,
    needs,
    files: (await stage.reads?.(settings)) ?? {},
  };
}
