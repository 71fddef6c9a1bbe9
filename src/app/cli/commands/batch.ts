import { asGiven, inBoth, usageError } from '../../../base/core/errors.ts';
import { duration, grouped, percent } from '../../../base/core/format.ts';
import { checkApart } from '../../../base/core/outputs.ts';
import type { Language, Localized } from '../../../base/core/types.ts';
import { annotationFiles } from '../../../base/data/annotationFolder.ts';
import { badRowsText, type WrittenRow } from '../../../base/data/badRows.ts';
import { problemAt } from '../../../base/data/checkRow.ts';
import { columnMapping } from '../../../base/data/formats/columns.ts';
import { lossNotes } from '../../../base/data/formats/losses.ts';
import { NO_RELATION } from '../../../base/data/labelSet.ts';
import { isPipe, openRows } from '../../../base/data/openRows.ts';
import { everyPair } from '../../../base/data/pairRows.ts';
import { openFileOutput } from '../../../inference/batch/fileOutput.ts';
import { type Identity, inputIdentity, modelIdentity } from '../../../inference/batch/identity.ts';
import { inputColumns } from '../../../inference/batch/inputCells.ts';
import { lineFormatOf } from '../../../inference/batch/lines.ts';
import type { Output } from '../../../inference/batch/output.ts';
import { pipeOutput } from '../../../inference/batch/output.ts';
import { outputPaths } from '../../../inference/batch/outputState.ts';
import { type BatchOutcome, rowsKept, runBatch } from '../../../inference/batch/runBatch.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import type { RelationExtractor } from '../../../inference/predict/relationExtractor.ts';
import { batchSettings, onBadRowOf } from '../answerSettings.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { ANSWER_OPTIONS, answerOptions, openExtractor, resolveModel } from '../modelOptions.ts';
import { HAND_OUT_OPTIONS } from '../queueOptions.ts';
import { BATCH_SHARD_OPTIONS, shareOf } from '../shards/shardOptions.ts';

export const batchCommand: Command = {
  description: {
    en:
      'Answers every row of a file, in its order and with little of it in memory at a time, in any format that `--data` takes, with or ' +
      'without labels; JSONL and JSON rows may also be requests as the REST API takes them, with an id. Answers are the API’s, with the guid before ' +
      'them: JSONL, or CSV where OUT ends in .csv; `korex score` reads both. Interrupted or killed, the same command goes on where it stopped; no row is ' +
      'lost or answered twice. Rows that cannot be answered are listed in a file of their own, with reasons. - is standard input or output, in JSONL.',
    ko: '파일의 모든 행에 순서대로, 메모리에 조금씩만 올리며 답한다: `--data`가 받는 어느 형식이든; 라벨은 있어도 없어도 된다. JSONL과 JSON의 행은 id가 있는 REST API 요청이어도 된다. 답은 API의 답 앞에 guid를 붙인 것이다: JSONL, OUT이 .csv로 끝나면 CSV. `korex score`가 둘 다 읽는다. 중단되거나 강제로 끝나도 같은 명령이 멈춘 곳에서 이어 가며, 어느 행도 빠지거나 두 번 답하지 않는다. 답할 수 없는 행은 이유와 함께 따로 적는다. -는 표준 입력이나 표준 출력이고 JSONL이다.',
  },
  settings: [
    'out',
    'columns',
    'allowUnknownTokens',
    'marker',
    'device',
    'threads',
    'evalBatchSize',
    'precision',
    'force',
  ],
  options: [
    ...ANSWER_OPTIONS,
    ...BATCH_SHARD_OPTIONS,
    ...HAND_OUT_OPTIONS,
    {
      name: 'probabilities',
      help: {
        en: 'write the probability of every label, too, from which `korex score` finds the AUPRC',
        ko: '모든 라벨의 확률도 쓴다. `korex score`가 여기서 AUPRC를 구한다',
      },
      required: false,
    },
    {
      name: 'onBadRow',
      value: 'WHAT',
      help: {
        en: 'list rows that cannot be answered in OUT.rejects.jsonl, or stop at them [skip | error; default skip]',
        ko: '답할 수 없는 행을 OUT.rejects.jsonl에 적거나, 거기서 멈춘다 [skip | error; 기본값 skip]',
      },
      required: false,
    },
  ],
  arguments: [
    {
      name: 'input',
      value: 'IN',
      help: {
        en: 'the file to read, or -; with --shard also a folder, a pattern in quotes or s3://BUCKET/PREFIX',
        ko: '읽을 파일, 또는 -; --shard에서는 폴더, 따옴표로 묶은 패턴, s3://버킷/경로도',
      },
      required: true,
    },
    {
      name: 'output',
      value: 'OUT',
      help: {
        en: 'the file to write: .jsonl or .csv, or -; with --shard a folder or s3://BUCKET/PREFIX',
        ko: '쓸 파일: .jsonl이나 .csv, 또는 -; --shard에서는 폴더나 s3://버킷/경로',
      },
      required: true,
    },
  ],
  writes: [
    ['OUT', { en: 'an answer a row, in the order of the input', ko: '행마다 답 하나, 입력의 순서대로' }],
    [
      'OUT.rejects.jsonl',
      { en: 'rows that could not be answered: number, reasons, content', ko: '답할 수 없는 행: 번호, 이유, 내용' },
    ],
    [
      'OUT.partial, OUT.partial.json',
      {
        en: 'what an interrupted run has done; gone when it is complete',
        ko: '중단된 실행이 해 둔 것. 끝나면 사라진다',
      },
    ],
  ],
  examples: [
    [
      'korex batch --model baseline sentences.jsonl relations.jsonl',
      { en: 'a run of the last `korex run` on a file', ko: '마지막 `korex run`의 학습으로 파일에 답한다' },
    ],
    [
      'korex batch dev.json dev.csv --probabilities',
      {
        en: 'the model in the box; `korex score` then gives all four figures',
        ko: '함께 들어 있는 모델. `korex score`가 네 지표를 모두 구한다',
      },
    ],
    [
      'korex batch --model baseline - - --threshold 0.8',
      { en: 'from a pipe into a pipe, sure answers only as relations', ko: '파이프에서 파이프로, 확실한 답만 관계로' },
    ],
    [
      "korex batch 'corpus/*.jsonl' answers --shard 3/100",
      {
        en: 'the third of a hundred tasks; `korex shards merge answers all.jsonl` puts theirs together',
        ko: '백 개의 작업 가운데 세 번째. `korex shards merge answers all.jsonl`이 모두 합친다',
      },
    ],
  ],
  run: batch,
};

async function batch(call: Call): Promise<CommandResult> {
  const share = shareOf(call);
  if (share) return (await import('../shards/runShare.ts')).runShare('batch', call, share);
  if (call.options.queue !== undefined) return (await import('../shards/runOnQueue.ts')).runOnQueue('batch', call);
  const { settings, options, reporter, signal } = call;
  const { input = '-', output: out = '-' } = options;
  const format = lineFormatOf(out);
  const probabilities = call.switches?.has('probabilities') ?? false;
  const onBadRow = onBadRowOf(options.onBadRow);
  const answers = answerOptions(options);
  if (out === '-' && settings.json)
    throw usageError(
      {
        en: '--json needs standard output, which OUT is here.',
        ko: '--json은 표준 출력을 쓰는데, OUT도 표준 출력이다.',
      },
      { en: 'Name a file to write, or leave --json out.', ko: '쓸 파일의 이름을 주거나 --json을 뺀다.' },
    );
  if (input !== '-' && out !== '-') await checkApart(input, Object.values(outputPaths(out)));
  const opened = await openRows(input, { signal, columns: columnMapping(settings.columns) });
  for (const note of [...opened.notes, ...lossNotes(opened)]) reporter.info(note);
  // A text with all its entities is asked about every pair of them.
  const asked = { ...opened, rows: everyPair(opened.rows, opened.name, NO_RELATION) };
  let output: Output | null = null;
  let model: RelationExtractor | null = null;
  try {
    // JSONL keeps labels alone, and a pipe's first answer should not wait for a hundred rows.
    const { columns, rows } = format.isTable ? await inputColumns(asked) : { columns: undefined, rows: asked.rows };
    const found = await resolveModel(call);
    const identity = async () =>
      input === '-' || ((await annotationFiles(input)) === null && (await isPipe(input)))
        ? null
        : identityOf(call, found, input);
    output =
      out === '-'
        ? pipeOutput(process.stdout, warnOf(reporter.warn), signal)
        : await openFileOutput(out, {
            identity: await identity(),
            header: format.header(probabilities, columns),
            force: settings.force,
          });
    const kept = grouped(rowsKept(output));
    if (rowsKept(output) > 0)
      reporter.info({ en: `continuing after ${kept} rows`, ko: `앞서 쓴 ${kept}행 뒤부터 잇는다` });
    // Row by row, so that one that cannot be read is one bad row.
    model = await openExtractor(call, found, { allowUnknownTokens: true });
    for (const note of model.notes) reporter.info(note);
    const outcome = await runBatch({
      ...{
        rows: { ...asked, rows },
        output,
        format,
        columns,
        model,
        onBadRow,
        allowUnknownTokens: settings.allowUnknownTokens,
        labels: model.labels.labels.map(({ relation }) => relation),
        reporter,
        signal,
        answers: { ...answers, probabilities },
      },
      batchSize: settings.evalBatchSize,
    });
    return resultOf(outcome, model.info.id, input, out, settings.lang);
  } finally {
    await output?.close();
    await opened.close();
    await model?.release();
  }
}

/** All that the output's bytes follow from. */
const identityOf = async (call: Call, { folder, name }: FoundModel, input: string): Promise<Identity> => ({
  input: await inputIdentity(input),
  model: await modelIdentity(folder, name),
  settings: await batchSettings(call),
});

/** A line of the rejects file as a warning. */
const warnOf = (warn: (message: Localized) => void) => (line: string) => {
  const { file, row, problems } = JSON.parse(line) as WrittenRow;
  const said = problems.map(({ field, found, expected }) => problemAt(field, found, asGiven(expected)));
  const rows = [{ row, problems: said }];
  warn({
    en: `${file}: rejected\n${badRowsText(rows, 'en')}`,
    ko: `${file}: 답하지 못했다\n${badRowsText(rows, 'ko')}`,
  });
};

function resultOf(outcome: BatchOutcome, model: string, input: string, out: string, lang: Language): CommandResult {
  const rejects = out === '-' || outcome.rejected === 0 ? null : outputPaths(out).rejects;
  return {
    text: out === '-' ? null : summary(outcome, out, rejects)[lang],
    json: { model, in: input, out, rejects, ...outcome },
  };
}

function summary(
  { rows, rejected, resumed_from, labelled, accuracy, seconds, rows_per_second }: BatchOutcome,
  out: string,
  rejects: string | null,
) {
  const rate = rows_per_second < 10 ? rows_per_second.toFixed(1) : grouped(Math.round(rows_per_second));
  const [answered, before, took] = [grouped(rows - rejected), grouped(resumed_from), duration(seconds)];
  const lines: (Localized | null)[] = [
    {
      en: [
        `${answered} of ${grouped(rows)} rows answered`,
        ...(resumed_from > 0 ? [`${before} of them before`] : []),
        `${took}, ${rate} rows/s`,
      ].join('; '),
      ko: [
        `${grouped(rows)}행 가운데 ${answered}행에 답했다`,
        ...(resumed_from > 0 ? [`${before}행은 앞서 답한 것이다`] : []),
        `${took}, 초당 ${rate}행`,
      ].join('; '),
    },
    accuracy === null
      ? null
      : {
          en: `Accuracy: ${percent(accuracy)} of ${grouped(labelled)} rows with a label`,
          ko: `정확도: 라벨이 있는 ${grouped(labelled)}행의 ${percent(accuracy)}`,
        },
    { en: `\nAnswers: ${out}`, ko: `\n답: ${out}` },
    rejects === null
      ? null
      : {
          en: `Rejected: ${rejects} (${grouped(rejected)} rows with reasons)`,
          ko: `답하지 못한 행: ${rejects} (${grouped(rejected)}행과 까닭)`,
        },
  ];
  return inBoth((lang) => lines.flatMap((line) => line?.[lang] ?? []).join('\n'));
}
