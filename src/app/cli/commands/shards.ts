import { inBoth, usageError } from '../../../base/core/errors.ts';
import { counted, grouped } from '../../../base/core/format.ts';
import { columnMapping } from '../../../base/data/formats/columns.ts';
import { storageOf } from '../../../base/storage/storageOf.ts';
import { type CutInput, cutShards, planCut } from '../../../inference/shards/cut.ts';
import type { Shard } from '../../../inference/shards/shard.ts';
import { readShardFolder, recordsOf, settleCut } from '../../../inference/shards/shardFolder.ts';
import { type Call, type Command, type CommandResult, option } from '../command.ts';
import { mergeTo } from '../shards/mergeTo.ts';
import { SHARD_SIZE_OPTION, shardBytesOf } from '../shards/shardOptions.ts';
import { textTable } from '../tables.ts';

export const shardsCommand: Command = {
  description: {
    en:
      'Shows how an input is cut for many machines: files, folders, patterns in quotes and s3:// addresses; JSONL and CSV by ranges of their lines, Parquet by its ' +
      'row groups, all else file by file. With OUT the cut is left there for the tasks, with how many of its shards are finished. `korex shards merge OUT FILE` puts ' +
      'the results of all shards together, as one run over the whole input writes them, and refuses where some are missing.',
    ko:
      '입력을 여러 컴퓨터의 몫으로 어떻게 나누는지 보여 준다: 파일, 폴더, 따옴표로 묶은 패턴, s3:// 주소. JSONL과 CSV는 줄 범위로, Parquet은 row group으로, 나머지는 파일마다 나눈다. OUT을 주면 나눈 것을 ' +
      '작업들이 쓰도록 거기에 두고, 끝난 샤드의 수도 보인다. `korex shards merge OUT FILE`은 모든 샤드의 결과를 전체를 한 번에 실행했을 때와 똑같이 합치며, 빠진 샤드가 있으면 쓰지 않는다.',
  },
  settings: ['columns', 'force'],
  options: [
    SHARD_SIZE_OPTION,
    option('parts', 'N', {
      en: 'so many shards at least, where the input is large enough, as --shard I/N cuts it',
      ko: '입력이 충분히 크면 적어도 이만큼의 샤드로, --shard I/N처럼 나눈다',
    }),
    option('texts', undefined, {
      en: 'cut for `korex extract`: text files are read, and each is one shard',
      ko: '`korex extract`의 입력으로 나눈다: 글 파일도 읽으며, 하나가 샤드 하나이다',
    }),
  ],
  arguments: [
    {
      name: 'input',
      value: 'IN|merge',
      help: { en: 'what is cut; or the word merge', ko: '나눌 입력; 또는 merge라는 말' },
      required: true,
    },
    {
      name: 'output',
      value: 'OUT',
      help: { en: 'the folder of the shards, or s3://BUCKET/PREFIX', ko: '샤드의 폴더, 또는 s3://버킷/경로' },
      required: false,
    },
    {
      name: 'file',
      value: 'FILE',
      help: { en: 'of merge: the file to write', ko: 'merge에서: 쓸 파일' },
      required: false,
    },
  ],
  writes: [
    ['OUT/cut.json', { en: 'how the input is cut', ko: '입력을 나눈 방식' }],
    [
      'FILE, FILE.rejects.jsonl',
      { en: 'of merge: all answers, and all rejects', ko: 'merge에서: 모든 답과 답하지 못한 행' },
    ],
    ['OUT/manifest.jsonl', { en: 'of merge: a line a shard, in order', ko: 'merge에서: 샤드마다 한 줄, 순서대로' }],
  ],
  examples: [
    ["korex shards 'corpus/*.jsonl'", { en: 'how a corpus would be cut', ko: '말뭉치가 어떻게 나뉘는지' }],
    [
      'korex shards corpus.parquet answers --shard-size 64MiB',
      { en: 'leave a cut for the tasks of an array job', ko: '배열 작업이 쓰도록 나누어 둔다' },
    ],
    ['korex shards merge answers all.jsonl', { en: 'once all tasks are done', ko: '모든 작업이 끝난 뒤에' }],
  ],
  run: (call) => (call.options.input === 'merge' ? merge(call) : show(call)),
};

/** Shards that are listed; the others are counted. */
const SHOWN = 20;

async function show(call: Call): Promise<CommandResult> {
  const { settings, options, switches } = call;
  if (options.file !== undefined) throw usage(options.file);
  const input: CutInput = {
    inputs: [options.input!],
    kind: switches?.has('texts') ? 'texts' : 'rows',
    columns: columnMapping(settings.columns),
  };
  const parts = partsOf(options.parts);
  const plan = (bytes: number | null) => planCut(input, bytes, parts);
  const shardBytes = shardBytesOf(options);
  const { output: out } = options;
  const cut = out ? await settleCut(out, plan, { shardBytes, replace: settings.force }) : await plan(shardBytes);
  const shown: Shard[] = [];
  for await (const shard of cutShards(input, cut)) {
    if (shown.length === SHOWN) break;
    shown.push(shard);
  }
  let finished = 0;
  if (out) for await (const _ of recordsOf({ out, storage: await storageOf(out) })) finished++;
  const table = textTable(
    shown.map(({ index, name, unit, start, end }) => ({ shard: index, file: name, unit, start, end })),
  );
  const text = inBoth((lang) => {
    const more = cut.shards > shown.length ? `\n… ${grouped(cut.shards - shown.length)}` : '';
    const done = out ? (lang === 'ko' ? `, 끝난 것 ${grouped(finished)}개` : `, ${grouped(finished)} finished`) : '';
    return lang === 'ko'
      ? `파일 ${grouped(cut.files)}개, ${grouped(cut.size)}바이트 → 샤드 ${grouped(cut.shards)}개(하나가 약 ${grouped(cut.shard_size)}바이트)${done}\n\n${table}${more}`
      : `${counted(cut.files, 'file')}, ${grouped(cut.size)} bytes → ${counted(cut.shards, 'shard')} of about ${grouped(cut.shard_size)} bytes${done}\n\n${table}${more}`;
  });
  return {
    text: text[settings.lang],
    json: { in: options.input, out: out ?? null, ...cut, ...(out && { finished }), first: shown },
  };
}

async function merge(call: Call): Promise<CommandResult> {
  const { output: from, file } = call.options;
  if (from === undefined || file === undefined) throw usage(undefined);
  const folder = await readShardFolder(from);
  if (folder.work.command === 'evaluate')
    return (await import('../shards/mergeEvaluation.ts')).mergeEvaluation(call, folder, file);
  const merged = await mergeTo(call, folder, file);
  const { shards, rows, rejected, rejects } = merged;
  const text = inBoth((lang) =>
    lang === 'ko'
      ? `샤드 ${grouped(shards)}개, ${grouped(rows)}행 가운데 ${grouped(rows - rejected)}행에 답했다.\n\n답: ${file}${rejects ? `\n답하지 못한 행: ${rejects} (${grouped(rejected)}행과 까닭)` : ''}`
      : `${counted(shards, 'shard')}: ${grouped(rows - rejected)} of ${counted(rows, 'row')} answered.\n\nAnswers: ${file}${rejects ? `\nRejected: ${rejects} (${counted(rejected, 'row')} with reasons)` : ''}`,
  );
  return { text: text[call.settings.lang], json: { from, ...merged } };
}

function partsOf(text: string | undefined): number {
  if (text === undefined) return 1;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError(
    { en: `--parts is "${text}".`, ko: `--parts의 값이 "${text}"이다.` },
    { en: 'Give a whole number from 1 on.', ko: '1 이상의 정수로 쓴다.' },
  );
}

const usage = (word: string | undefined) =>
  usageError(
    word === undefined
      ? {
          en: 'merge needs a folder of shards and a file to write.',
          ko: 'merge에는 샤드의 폴더와 쓸 파일이 있어야 한다.',
        }
      : { en: `${word} is one word too many.`, ko: `${word}: 말이 하나 더 있다.` },
    {
      en: 'Write `korex shards IN [OUT]` or `korex shards merge OUT FILE`.',
      ko: '`korex shards IN [OUT]`이나 `korex shards merge OUT FILE`로 쓴다.',
    },
  );
