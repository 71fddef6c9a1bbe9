import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import type { Settings } from '../../base/core/settings.ts';
import type { Dataset } from '../../base/core/types.ts';
import { VERSION } from '../../base/core/version.ts';
import { loadDataset } from '../../base/data/loadDataset.ts';
import { KLUE_ENTITY_TYPES, KLUE_LABELS } from '../../base/data/relations.ts';
import type { TaskSpec } from '../../engine/nn/relationModel.ts';
import { runtimeVersion } from '../../engine/runtime/device.ts';
import { checkDevice } from '../../engine/runtime/session.ts';
import type { BenchContext } from './context.ts';
import type { BenchOptions } from './options.ts';
import { PARTS } from './parts.ts';
import { openPeer, type Peer } from './peers/peer.ts';
import { openScript, toolPath } from './peers/python.ts';
import { type BenchResult, type Machine, resultName } from './result.ts';
import { openShape } from './shapes.ts';

export interface BenchCall {
  readonly settings: Settings;
  readonly options: BenchOptions;
  /** What was typed after `korex`, to be recorded with the results. */
  readonly typed: readonly string[];
  /** How to start korex itself in a process of its own, without arguments. */
  readonly self: readonly [string, ...string[]];
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

const FOLDER = 'bench';
const BATCH_SIZE = 32;
const MAX_LENGTH = 256;

/** Where results are, below `--out`. */
export const benchFolder = (out: string): string => join(out, FOLDER);

/**
 * Measures the parts asked for on each shape and writes `bench/PART-SHAPE.json` as each is done.
 *
 * Errors: `usage` where a part cannot be measured against what was asked for, or another system is not installed.
 */
export async function runBench(call: BenchCall): Promise<BenchResult[]> {
  const { settings, options, typed } = call;
  checkRivals(options);
  await checkDevice(settings.device);
  warnOfLoad(call.reporter);
  const shapes = options.shapes.length > 0 ? options.shapes : [settings.encoder];
  const results: BenchResult[] = [];
  let rows: Promise<Dataset> | null = null;
  const dataset = () => (rows ??= loadDataset(settings, call.reporter));
  for (const shape of shapes)
    for (const part of options.only) {
      const measured = await inContext(call, shape, dataset, PARTS[part].measure);
      const about = { command: commandOf(typed), date: new Date().toISOString().slice(0, 10), machine: thisMachine() };
      const result = { part, shape: basename(shape), ...about, ...measured };
      await writeJson(join(benchFolder(settings.out), `${resultName(result)}.json`), result);
      results.push(result);
    }
  return results;
}

const thisMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory_gib: Math.round((totalmem() / 2 ** 30) * 10) / 10,
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  onnxruntime: runtimeVersion(),
  korex: VERSION,
});

const QUIET_LOAD = 0.5;

/** Work beside the measurement disturbs every figure, and systems with other threading by other amounts. */
function warnOfLoad(reporter: Reporter): void {
  const load = loadavg()[0]!;
  if (load > QUIET_LOAD)
    reporter.warn(`other work is running (load average ${load.toFixed(1)}): figures of a busy machine mean little.`);
}

/** Another system that no part asked for is measured against would be left out silently. */
function checkRivals({ only, against }: BenchOptions): void {
  for (const rival of against)
    if (!only.some((part) => PARTS[part].rivals.includes(rival))) {
      const takers = Object.entries(PARTS).filter(([, { rivals }]) => rivals.includes(rival));
      throw usageError(
        {
          en: `--against ${rival}: nothing of ${only.join(', ')} is measured against it.`,
          ko: `--against ${rival}: 이것과 견줄 수 있는 것이 ${only.join(', ')} 가운데 없다.`,
        },
        {
          en: `Measure --only ${takers.map(([part]) => part).join(',')} against it.`,
          ko: `견줄 수 있는 것을 잰다: --only ${takers.map(([part]) => part).join(',')}`,
        },
      );
    }
}

/** Gives a part its folder for files between processes, and ends the processes that it leaves. */
async function inContext<T>(
  { settings, options, self, reporter, signal }: BenchCall,
  shape: string,
  dataset: () => Promise<Dataset>,
  measure: (context: BenchContext) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'korex-bench-'));
  const peers: Peer[] = [];
  const task: TaskSpec = {
    marker: 'entity',
    head: 'cls',
    maxLength: settings.maxLength === 'auto' ? MAX_LENGTH : settings.maxLength,
    labelSet: { labels: KLUE_LABELS, noRelation: KLUE_LABELS[0]! },
    entityTypes: KLUE_ENTITY_TYPES,
  };
  const layers = settings.encoderLayers === 'auto' ? null : settings.encoderLayers;
  const keep = (peer: Peer): Peer => {
    peers.push(peer);
    return peer;
  };
  try {
    return await measure({
      settings,
      options,
      shape,
      self,
      scratch,
      reporter,
      signal,
      dataset,
      batchSize: settings.batchSize === 'auto' ? BATCH_SIZE : settings.batchSize,
      threads: settings.threads ?? availableParallelism(),
      openModel: (changes) => openShape(shape, { ...task, ...changes }, settings.seed, layers),
      openScript: async (script) => keep(await openScript(options.python, script, signal)),
      openNodeProgram: (name) => keep(openPeer(name, process.execPath, [toolPath(name)], signal)),
    });
  } finally {
    await Promise.all(peers.map((peer) => peer.close()));
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * How to measure again, from what was typed: without where the results went, and with files by their name alone, since
 * others have them elsewhere.
 */
export function commandOf(typed: readonly string[]): string {
  const kept = typed.filter((word, index) => word !== '--json' && word !== '--out' && typed[index - 1] !== '--out');
  return ['korex', ...kept.map((word) => (word.includes('/') && existsSync(word) ? basename(word) : word))].join(' ');
}
