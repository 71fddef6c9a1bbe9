import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import type { SeedFigures } from '../../../base/eval/overSeeds.ts';
import { gigabytes } from '../../../engine/train/memoryEstimate.ts';
import type { PipelineJob } from '../../../study/pipeline/runner.ts';
import { runStageSeeds, seedsOf } from '../../../study/pipeline/seedRuns.ts';
import type { StageContext } from '../../../study/stages/stage.ts';
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
  const runs = await runStageSeeds({ ...source, ...call, requested: ['train'] });
  return seedsResult(call, runs, (figures) => figures);
}

/** Runs under several seeds with their mean. @param columns what a row shows of its figures */
export function seedsResult(
  { settings }: Call,
  { file, ...result }: Awaited<ReturnType<typeof runStageSeeds>>,
  columns: (figures: SeedFigures) => Readonly<Record<string, number | null>>,
): CommandResult {
  const cells = ({ accuracy, macro_f1, micro_f1, auprc }: SeedFigures) =>
    Object.entries(columns({ accuracy, macro_f1, micro_f1, auprc }));
  const rows = [
    ...result.runs.map((run) => ({ run: run.run, ...Object.fromEntries(cells(run)) })),
    { run: 'mean', ...Object.fromEntries(cells(result.mean)) },
    { run: 'standard deviation', ...Object.fromEntries(cells(result.deviation)) },
  ];
  return { text: `${textTable(rows)}\nFile: ${file}`, json: { out: settings.out, file, ...result } };
}

/** Batches and rows of each that `--dry-run` prints; `--json` has all rows of these batches. */
export const SHOWN_BATCHES = 3;
const SHOWN_ROWS = 4;

/** `korex train --dry-run`: the plan and the first batches as the model would see them; nothing is written. */
export const trainDryRun = (source: Source, call: Call): Promise<CommandResult> =>
  dryRunResult(call, async (context) => {
    const dataset = await source.loadDataset({ ...context.settings, out: context.out }, context.reporter);
    return dryRun({ ...context, dataset }, SHOWN_BATCHES);
  });

/** What trainings would do, in a folder that what reading rows may leave behind goes with, such as a list of rejected ones. */
export async function dryRunResult(
  call: Call,
  look: (context: Omit<StageContext, 'dataset'>) => Promise<Readonly<Record<string, DryRun>>>,
): Promise<CommandResult> {
  const { reporter, signal } = call;
  const seed = call.settings.seeds === null ? {} : { trainingSeed: seedsOf(call.settings)[0]! };
  const out = await mkdtemp(join(tmpdir(), 'korex-dry-run-'));
  try {
    const runs = await look({ settings: { ...call.settings, ...seed }, out, reporter, signal });
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
  const answer = label === null ? '' : `${styleText('cyan', label)} (${labelId})  `;
  const shown = tokens.slice(0, length).map(tokenText).join(' ');
  const tail = padding > 0 ? ` ${styleText('dim', `${tokens.at(-1)!.text} × ${padding}`)}` : '';
  const how = augmentation === null ? '' : `  ${styleText('magenta', `augmented: ${augmentation}`)}`;
  return `  ${guid}  ${answer}${length} tokens${how}\n    ${shown}${tail}`;
}

const COLOURS = {
  'subject-marker': ['bold', 'yellow'],
  subject: ['yellow'],
  'object-marker': ['bold', 'green'],
  object: ['green'],
} as const;

/** Markers and entities in colour on a terminal; elsewhere the markers stand in brackets. Tags stand behind their tokens. */
function tokenText({ text, part, tag }: ShownToken): string {
  if (tag === null) return `${text}/?`;
  if (tag !== undefined && tag !== 'O')
    return styleText(tag.startsWith('B') ? ['bold', 'yellow'] : ['yellow'], `${text}/${tag}`);
  if (part === null) return text;
  if (isColoured()) return styleText([...COLOURS[part]], text);
  return part.endsWith('marker') ? `⟦${text}⟧` : text;
}

const isColoured = (): boolean => styleText('bold', 'x') !== 'x';
