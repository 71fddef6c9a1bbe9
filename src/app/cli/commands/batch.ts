import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { sha256 } from '../../../base/core/files.ts';
import { duration, grouped } from '../../../base/core/format.ts';
import { VERSION } from '../../../base/core/version.ts';
import { badRowsText, type RejectedRow } from '../../../base/data/badRows.ts';
import { isPipe, openRows } from '../../../base/data/openRows.ts';
import { openFileOutput } from '../../../inference/batch/fileOutput.ts';
import { type Identity, inputIdentity, modelIdentity } from '../../../inference/batch/identity.ts';
import { lineFormatOf } from '../../../inference/batch/lines.ts';
import type { Output } from '../../../inference/batch/output.ts';
import { pipeOutput } from '../../../inference/batch/output.ts';
import { outputPaths } from '../../../inference/batch/outputState.ts';
import { type BatchOutcome, runBatch } from '../../../inference/batch/runBatch.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import { readPriors } from '../../../inference/predict/priors.ts';
import type { AnswerOptions, RelationExtractor } from '../../../inference/predict/relationExtractor.ts';
import { calledModel } from '../calledModel.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { ANSWER_OPTIONS, answerOptions, openExtractor } from './predict.ts';

export const batchCommand: Command = {
  description:
    'Answers every row of a file, in its order and with little of it in memory at a time: JSON (KLUE’s list), JSONL, CSV, TSV or Parquet, with or ' +
    'without labels; JSONL and JSON rows may also be requests as the REST API takes them, with an id. Answers are the API’s, with the guid before ' +
    'them: JSONL, or CSV where OUT ends in .csv; `korex score` reads both. Interrupted or killed, the same command goes on where it stopped; no row is ' +
    'lost or answered twice. Rows that cannot be answered are listed in a file of their own, with reasons. - is standard input or output, in JSONL.',
  settings: ['out', 'marker', 'device', 'threads', 'evalBatchSize', 'precision', 'force', 'json'],
  options: [
    ...ANSWER_OPTIONS,
    {
      name: 'probabilities',
      help: 'write the probability of every label, too, from which `korex score` finds the AUPRC',
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
    ['korex batch dev.json dev.csv --probabilities', 'the model in the box; `korex score` then gives all four figures'],
    ['korex batch --model baseline - - --threshold 0.8', 'from a pipe into a pipe, sure answers only as relations'],
  ],
  run: batch,
};

async function batch(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const { input = '-', output: out = '-' } = options;
  const format = lineFormatOf(out);
  const probabilities = call.switches?.has('probabilities') ?? false;
  const onBadRow = onBadRowOf(options.onBadRow);
  const answers = answerOptions(options);
  if (out === '-' && settings.json)
    throw usageError('--json needs standard output, which OUT is here.', 'Name a file to write, or leave --json out.');
  await checkApart(input, out);
  const rows = await openRows(input, signal);
  let output: Output | null = null;
  let model: RelationExtractor | null = null;
  try {
    const found = await calledModel(call);
    const identity = async () =>
      input === '-' || (await isPipe(input)) ? null : identityOf(call, found, input, answers);
    output =
      out === '-'
        ? pipeOutput(process.stdout, warnOf(reporter.warn), signal)
        : await openFileOutput(out, {
            identity: await identity(),
            header: format.header(probabilities),
            force: settings.force,
          });
    if (output.rows > 0) reporter.info(`continuing after ${grouped(output.rows)} rows`);
    model = await openExtractor(call, found);
    for (const note of model.notes) reporter.info(note);
    const outcome = await runBatch({
      ...{ rows, output, format, model, onBadRow, reporter, signal, answers: { ...answers, probabilities } },
      batchSize: settings.evalBatchSize,
    });
    return resultOf(outcome, model.info.id, input, out);
  } finally {
    await output?.close();
    await rows.close();
    await model?.release();
  }
}

function onBadRowOf(text: string | undefined): 'skip' | 'error' {
  if (text === undefined || text === 'skip' || text === 'error') return text ?? 'skip';
  throw usageError(`--on-bad-row is "${text}".`, 'Write skip or error.');
}

/** All that an answer's bytes follow from. */
async function identityOf(
  { settings, options, switches }: Call,
  { folder, name }: FoundModel,
  input: string,
  answers: AnswerOptions,
): Promise<Identity> {
  const { marker, precision } = settings;
  return {
    input: await inputIdentity(input),
    model: await modelIdentity(folder, name),
    settings: {
      ...{ korex: VERSION, marker, precision, top_k: answers.top_k ?? null, threshold: answers.threshold ?? null },
      probabilities: switches?.has('probabilities') ?? false,
      priors: options.priors === undefined ? null : sha256(JSON.stringify(await readPriors(options.priors))),
      type_mask: options.typeMask ?? null,
    },
  };
}

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

function resultOf(outcome: BatchOutcome, model: string, input: string, out: string): CommandResult {
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
