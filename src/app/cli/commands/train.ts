import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { METRIC_NAMES } from '../../../base/eval/metrics.ts';
import { gigabytes } from '../../../engine/train/memoryEstimate.ts';
import type { PipelineJob } from '../../../study/pipeline/runner.ts';
import { runSeeds, seedsOf } from '../../../study/pipeline/seedRuns.ts';
import {
  type DryRun,
  dryRun,
  type ShownBatch,
  type ShownRow,
  type ShownToken,
} from '../../../study/stages/training/dryRun.ts';
import type { Call, CommandResult } from '../command.ts';
import { textTable } from '../tables.ts';

type Source = Pick<PipelineJob, 'stages' | 'loadDataset'>;

/** `korex train --seeds 1,2,3`: a run per seed, then their mean and standard deviation. */
export async function trainSeeds(source: Source, call: Call): Promise<CommandResult> {
  const { file, ...result } = await runSeeds({ ...source, ...call, requested: ['train'] });
  const cells = (row: (typeof result)['mean']) => METRIC_NAMES.map((metric) => [metric, row[metric]]);
  const rows = [
    ...result.runs.map((run) => ({ run: run.run, ...Object.fromEntries(cells(run)) })),
    { run: 'mean', ...Object.fromEntries(cells(result.mean)) },
    { run: 'standard deviation', ...Object.fromEntries(cells(result.deviation)) },
  ];
  return { text: `${textTable(rows)}\nFile: ${file}`, json: { out: call.settings.out, file, ...result } };
}

/** Batches and rows of each that `--dry-run` prints; `--json` has all rows of these batches. */
const SHOWN_BATCHES = 3;
const SHOWN_ROWS = 4;

/** `korex train --dry-run`: the plan and the first batches as the model would see them; nothing is written. */
export async function trainDryRun(source: Source, call: Call): Promise<CommandResult> {
  const { reporter, signal } = call;
  const settings =
    call.settings.seeds === null ? call.settings : { ...call.settings, trainingSeed: seedsOf(call.settings)[0]! };
  // What reading rows may leave behind, such as a list of rejected ones, goes with this folder.
  const out = await mkdtemp(join(tmpdir(), 'korex-dry-run-'));
  try {
    const dataset = await source.loadDataset({ ...settings, out }, reporter);
    const runs = await dryRun({ settings, dataset, out, reporter, signal }, SHOWN_BATCHES);
    const text = Object.entries(runs).map(([name, run]) => runText(name, run));
    return { text: `${text.join('\n\n')}\n\nNothing was trained or written.`, json: { runs } };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function runText(name: string, run: DryRun): string {
  const {
    plan,
    trainRows,
    textRows,
    augmentedRows,
    validationRows,
    epochRows,
    stepsPerEpoch,
    steps,
    paddingShare,
    memory,
  } = run;
  const made = Object.entries(augmentedRows).map(([technique, count]) => `${technique} ${count}`);
  const parts = [
    ...(textRows > 0 ? [`of documents ${textRows}`] : []),
    ...(made.length > 0 ? [`made from others: ${made.join(', ')}`] : []),
  ];
  const ofThese = parts.length > 0 ? ` (of these ${parts.join('; ')})` : '';
  const drawn = plan.sampling === 'none' ? '' : `${epochRows} rows and `;
  const settings = Object.entries(plan).map(([key, value]) => `${key} ${value ?? '–'}`);
  return [
    styleText('bold', `run ${name}`),
    `${trainRows} training rows${ofThese}, ${validationRows} validation rows; ${drawn}${stepsPerEpoch} steps an epoch, ${steps} in all; ${(100 * paddingShare).toFixed(1)} % of the tokens are padding; about ${gigabytes(memory)} of memory`,
    ...pretrainingText(run.pretraining),
    ...(run.teachers.length > 0 ? [`teachers: ${run.teachers.join(', ')}`] : []),
    settings.join(', '),
    ...run.batches.map(batchText),
  ].join('\n');
}

function pretrainingText(pretraining: DryRun['pretraining']): string[] {
  if (pretraining === null) return [];
  const { plan, sentences, heldOut, steps, isThere } = pretraining;
  const what = `masked-language-model pretraining first: ${sentences} sentences, ${plan.epochs} epochs of ${plan.batchSize} sentences a step, ${steps} steps, learning rate ${plan.lr}; the loss is measured on ${heldOut} validation sentences`;
  return [isThere ? `${what} (done already)` : what];
}

function batchText({ step, lr, width, rows }: ShownBatch, index: number): string {
  const more = rows.length - SHOWN_ROWS;
  const rest = more > 0 ? [`  … and ${more} more rows of ${rows.map(({ length }) => length).join(', ')} tokens`] : [];
  const title = `batch ${index + 1} of step ${step}: ${rows.length} rows × ${width} tokens, learning rate ${lr.toExponential(2)}`;
  return ['', styleText('bold', title), ...rows.slice(0, SHOWN_ROWS).map(rowText), ...rest].join('\n');
}

function rowText({ guid, augmentation, label, labelId, length, padding, tokens }: ShownRow): string {
  const shown = tokens.slice(0, length).map(tokenText).join(' ');
  const tail = padding > 0 ? ` ${styleText('dim', `${tokens.at(-1)!.text} × ${padding}`)}` : '';
  const how = augmentation === null ? '' : `  ${styleText('magenta', `augmented: ${augmentation}`)}`;
  return `  ${guid}  ${styleText('cyan', label)} (${labelId})  ${length} tokens${how}\n    ${shown}${tail}`;
}

const COLOURS = {
  'subject-marker': ['bold', 'yellow'],
  subject: ['yellow'],
  'object-marker': ['bold', 'green'],
  object: ['green'],
} as const;

/** Markers and entities in colour on a terminal; elsewhere the markers stand in brackets. */
function tokenText({ text, part }: ShownToken): string {
  if (part === null) return text;
  if (isColoured()) return styleText([...COLOURS[part]], text);
  return part.endsWith('marker') ? `⟦${text}⟧` : text;
}

const isColoured = (): boolean => styleText('bold', 'x') !== 'x';
