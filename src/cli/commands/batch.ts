import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { openFileOutput } from '../../batch/fileOutput.ts';
import { inputIdentity, modelIdentity } from '../../batch/identity.ts';
import { lineFormatOf } from '../../batch/lines.ts';
import type { Output } from '../../batch/output.ts';
import { outputPaths } from '../../batch/outputState.ts';
import { pipeOutput } from '../../batch/pipeOutput.ts';
import { type BatchOutcome, runBatch } from '../../batch/runBatch.ts';
import { usageError } from '../../core/errors.ts';
import { grouped } from '../../core/format.ts';
import { flagOf } from '../../core/settings.ts';
import { VERSION } from '../../core/version.ts';
import { badRowsText, type RejectedRow } from '../../data/badRows.ts';
import { isPipe, openRows } from '../../data/openRows.ts';
import { findModel } from '../../predict/findModel.ts';
import { RelationExtractor } from '../../predict/relationExtractor.ts';
import { TRAINING_FOLDER } from '../../predict/trainingFolder.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { duration } from '../progressText.ts';

export const batchCommand: Command = {
  name: 'batch',
  summary: 'the relations of a file of any size',
  description:
    'Answers every row of a file, in its order and with little of it in memory at a time: JSON (KLUE’s list), JSONL, CSV, TSV or Parquet, with or ' +
    'without labels; JSONL and JSON rows may also be requests as the REST API takes them, with an id. Answers are the API’s, with the guid before ' +
    'them: JSONL, or CSV where OUT ends in .csv; `korex score` reads both. Interrupted or killed, the same command goes on where it stopped; no row is ' +
    'lost or answered twice. Rows that cannot be answered are listed in a file of their own, with reasons. - is standard input or output, in JSONL.',
  settings: ['out', 'marker', 'device', 'threads', 'evalBatchSize', 'precision', 'force', 'json'],
  options: [
    {
      name: 'model',
      value: 'MODEL',
      help: 'a checkpoint folder, a run folder or a run’s name below --out; the newest run there without it',
      required: false,
    },
    { name: 'topK', value: 'N', help: 'how many relations to list of each row [1 … 1000; default 3]', required: false },
    {
      name: 'threshold',
      value: 'P',
      help: 'confidence below which a decision is uncertain [0 … 1; default the model’s own]',
      required: false,
    },
    {
      name: 'probabilities',
      value: 'WHICH',
      help: 'all writes the probability of every label too, by which `korex score` finds the AUPRC [top | all; default top]',
      required: false,
    },
    {
      name: 'onBadRow',
      value: 'WHAT',
      help: 'list rows that cannot be answered in OUT.rejects.jsonl, or stop at them [skip | error; default skip]',
      required: false,
    },
  ],
  arguments: [
    { name: 'input', value: 'IN', help: 'the file to read, or -', required: true },
    { name: 'output', value: 'OUT', help: 'the file to write: .jsonl or .csv, or -', required: true },
  ],
  writes: [
    ['OUT', 'an answer a row, in the order of the input'],
    ['OUT.rejects.jsonl', 'rows that could not be answered: number, reasons, content'],
    ['OUT.partial, OUT.partial.json', 'what an interrupted run has done; gone when it is complete'],
  ],
  examples: [
    ['korex batch --model baseline sentences.jsonl relations.jsonl', 'a run of the last `korex run` on a file'],
    ['korex batch dev.json dev.csv --probabilities all', 'the newest run; `korex score` then gives all four figures'],
    ['korex batch --model baseline - - --threshold 0.8', 'from a pipe into a pipe, sure answers only as relations'],
  ],
  run: batch,
};

const optionsSchema = z.object({
  model: z.string().optional(),
  topK: z.coerce.number().int().min(1).max(1000).optional(),
  threshold: z.coerce.number().min(0).max(1).optional(),
  probabilities: z.enum(['top', 'all']).default('top'),
  onBadRow: z.enum(['skip', 'error']).default('skip'),
  input: z.string(),
  output: z.string(),
});
type Options = z.output<typeof optionsSchema>;

async function batch({ settings, options: given, reporter, signal }: Call): Promise<CommandResult> {
  const options = checkOptions(given);
  const { input, output: out } = options;
  const format = lineFormatOf(out);
  if (out === '-' && settings.json)
    throw usageError('--json needs standard output, which OUT is here.', 'Name a file to write, or leave --json out.');
  await checkApart(input, out);
  const seekable = input !== '-' && !(await isPipe(input));
  const rows = await openRows(input, signal);
  let output: Output | null = null;
  try {
    const { folder, name } = await findModel(options.model ?? null, join(settings.out, TRAINING_FOLDER));
    const marker = settings.marker === 'auto' ? null : settings.marker;
    const { precision, device, threads } = settings;
    output =
      out === '-'
        ? pipeOutput(process.stdout, warnOf(reporter.warn), signal)
        : await openFileOutput(out, {
            identity: seekable
              ? {
                  input: await inputIdentity(input),
                  model: await modelIdentity(folder, name),
                  settings: { korex: VERSION, precision, marker, ...asked(options) },
                }
              : null,
            header: format.header(options.probabilities === 'all'),
            force: settings.force,
          });
    if (output.rows > 0) reporter.info(`going on behind ${grouped(output.rows)} rows`);
    const model = await RelationExtractor.load(folder, { device, threads, precision, marker });
    for (const note of model.notes) reporter.info(note);
    try {
      const outcome = await runBatch({
        ...{ rows, output, format, model, reporter, signal },
        answers: {
          ...(options.topK !== undefined && { top_k: options.topK }),
          ...(options.threshold !== undefined && { threshold: options.threshold }),
        },
        probabilities: options.probabilities === 'all',
        onBadRow: options.onBadRow,
        batchSize: settings.evalBatchSize,
      });
      return resultOf(outcome, name, options);
    } finally {
      await model.release();
    }
  } finally {
    await output?.close();
    await rows.close();
  }
}

function checkOptions(given: Call['options']): Options {
  const parsed = optionsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [name] = parsed.error.issues[0]!.path as [keyof Options];
  const { help } = batchCommand.options!.find((option) => option.name === name)!;
  throw usageError(`${flagOf(name)} is "${given[name]}"; expected ${/\[(.*)\]/.exec(help)![1]}.`);
}

/** What an answer's bytes follow from, beside model and precision. */
const asked = ({ topK, threshold, probabilities }: Options) => ({
  top_k: topK ?? null,
  threshold: threshold ?? null,
  probabilities,
});

/** Errors: `usage` where writing would destroy what is read. */
async function checkApart(input: string, out: string): Promise<void> {
  if (input === '-' || out === '-') return;
  const real = (path: string) => realpath(path).catch(() => resolve(path));
  const read = await real(input);
  for (const path of Object.values(outputPaths(out)))
    if ((await real(path)) === read)
      throw usageError(`${path} is the file to read: writing would destroy it.`, 'Name another file to write.');
}

/** A line of the rejects file as a warning. */
const warnOf = (warn: (message: string) => void) => (line: string) => {
  const reject = JSON.parse(line) as RejectedRow;
  warn(`${reject.file}: rejected\n${badRowsText([reject])}`);
};

function resultOf(outcome: BatchOutcome, model: string, { input, output: out }: Options): CommandResult {
  const rejects = out === '-' || outcome.rejected === 0 ? null : outputPaths(out).rejects;
  return {
    text: out === '-' ? null : summary(outcome, out, rejects),
    json: { model, in: input, out, rejects, ...outcome },
  };
}

function summary(
  { rows, rejected, resumed_from, seconds, rows_per_second }: BatchOutcome,
  out: string,
  rejects: string | null,
) {
  const rate = rows_per_second < 10 ? rows_per_second.toFixed(1) : grouped(Math.round(rows_per_second));
  const parts = [
    `${grouped(rows - rejected)} of ${grouped(rows)} rows answered`,
    ...(resumed_from > 0 ? [`${grouped(resumed_from)} of them before`] : []),
    `${duration(seconds)}, ${rate} rows/s`,
  ];
  const lines = [parts.join('; '), '', `Answers: ${out}`];
  if (rejects !== null) lines.push(`Rejected: ${rejects} (${grouped(rejected)} rows with reasons)`);
  return lines.join('\n');
}
