import { usageError } from '../../../base/core/errors.ts';
import { SHARD_BYTES } from '../../../inference/shards/shard.ts';
import { type Call, type CommandOption, option } from '../command.ts';

/** Options of commands whose input can be cut into shards, and what follows from them. */

export const SHARD_SIZE_OPTION = option('shardSize', 'BYTES', {
  en: 'about how much of a file a shard has, e.g. 8MiB; 8 MiB without it, less where there would be fewer shards than tasks',
  ko: '샤드 하나의 대략적인 크기, 예: 8MiB; 없으면 8MiB, 작업보다 샤드가 적어지면 더 작게',
});

export const ROW_TIMEOUT_OPTION = option('rowTimeout', 'SECONDS', {
  en: 'of shards: how long a row may take before it is rejected; 60 without it',
  ko: '샤드에서: 한 행에 쓸 수 있는 시간. 넘으면 답하지 않는다; 없으면 60',
});

/** For commands that answer the shards of one task of an array job. */
export const SHARD_OPTIONS: readonly CommandOption[] = [
  option('shard', 'I/N', {
    en: 'cut IN and answer the I-th of N shares of it into the folder OUT; auto takes both from Kubernetes, AWS Batch or Slurm',
    ko: 'IN을 나누어 N몫 가운데 I번째에 답하고 폴더 OUT에 쓴다. auto는 Kubernetes, AWS Batch, Slurm에서 둘을 읽는다',
  }),
  option('shards', 'N', {
    en: 'of --shard auto: how many tasks there are, where the scheduler does not say it; KOREX_SHARDS without it',
    ko: '--shard auto에서 스케줄러가 알려 주지 않는 작업 수; 없으면 KOREX_SHARDS',
  }),
  SHARD_SIZE_OPTION,
  ROW_TIMEOUT_OPTION,
];

/** The same of `korex batch`. */
export const BATCH_SHARD_OPTIONS: readonly CommandOption[] = [
  ...SHARD_OPTIONS,
  option('format', 'jsonl|csv', {
    en: 'of shards: what they are written in; jsonl without it',
    ko: '샤드를 쓸 형식; 없으면 jsonl',
  }),
];

/** Which share of the shards a task has: those whose place, divided by `of`, leaves `task`. */
export interface Share {
  /** From 0. */
  readonly task: number;
  readonly of: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What says in the environment which task this is: the variable of its number, of the first number, and of how many there are. */
const SCHEDULERS: readonly {
  readonly name: string;
  readonly index: string;
  readonly first?: string;
  readonly count?: string;
}[] = [
  { name: 'Kubernetes', index: 'JOB_COMPLETION_INDEX' },
  { name: 'AWS Batch', index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
  { name: 'Slurm', index: 'SLURM_ARRAY_TASK_ID', first: 'SLURM_ARRAY_TASK_MIN', count: 'SLURM_ARRAY_TASK_COUNT' },
];

/**
 * The share that `--shard` asks for, or a scheduler's environment where KOREX_SHARDS is set; null where nothing does.
 *
 * Errors: `usage` for what is no share, and for `auto` outside of array jobs.
 */
export function shareOf({ options }: Pick<Call, 'options'>, environment: Environment = process.env): Share | null {
  const { shard, shards } = options;
  const count = shards ?? environment.KOREX_SHARDS;
  if (shard === 'auto') return fromEnvironment(environment, count);
  if (shard === undefined) {
    if (shards !== undefined) throw onlyWithAuto();
    return environment.KOREX_SHARDS !== undefined && schedulerOf(environment)
      ? fromEnvironment(environment, count)
      : null;
  }
  if (shards !== undefined) throw onlyWithAuto();
  const [, task, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(shard) ?? [];
  if (task === undefined || Number(task) < 1 || Number(task) > Number(of))
    throw usageError(
      { en: `--shard is "${shard}".`, ko: `--shard의 값이 "${shard}"이다.` },
      {
        en: 'Write which share of how many, from 1/N to N/N, or auto in an array job.',
        ko: '몇 몫 가운데 몇 번째인지 1/N부터 N/N까지로 쓴다. 배열 작업에서는 auto로 쓴다.',
      },
    );
  return { task: Number(task) - 1, of: Number(of) };
}

const schedulerOf = (environment: Environment) => SCHEDULERS.find(({ index }) => environment[index] !== undefined);

function fromEnvironment(environment: Environment, given: string | undefined): Share {
  const scheduler = schedulerOf(environment);
  if (!scheduler)
    throw usageError(
      {
        en: '--shard auto, and no scheduler says which task this is.',
        ko: '--shard auto인데, 어느 작업인지 알려 주는 스케줄러가 없다.',
      },
      {
        en: `One of these is expected in the environment: ${SCHEDULERS.map(({ index }) => index).join(', ')}. Elsewhere write --shard I/N.`,
        ko: `환경 변수 가운데 하나가 있어야 한다: ${SCHEDULERS.map(({ index }) => index).join(', ')}. 다른 곳에서는 --shard I/N으로 쓴다.`,
      },
    );
  const { name, index, first, count } = scheduler;
  const of = wholeNumber(given ?? (count && environment[count]));
  const from = first === undefined ? 0 : wholeNumber(environment[first] ?? '0');
  const at = wholeNumber(environment[index]);
  if (of === null)
    throw usageError(
      { en: `${name} does not say how many tasks there are.`, ko: `${name}이(가) 작업 수를 알려 주지 않는다.` },
      { en: 'Say it with --shards N or KOREX_SHARDS.', ko: '--shards N이나 KOREX_SHARDS로 알려 준다.' },
    );
  const task = at === null || from === null ? -1 : at - from;
  if (task >= 0 && task < of) return { task, of };
  throw usageError(
    {
      en: `${name} says task ${environment[index]}${from ? `, from ${from} on,` : ''} of ${of}.`,
      ko: `${name}의 작업 번호가 ${environment[index]}이다(${from ? `${from}부터, ` : ''}모두 ${of}개).`,
    },
    {
      en: 'Number the tasks one by one without gaps, and give as many as there are.',
      ko: '작업 번호를 빈틈없이 하나씩 매기고, 작업 수를 맞게 준다.',
    },
  );
}

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;

const onlyWithAuto = () =>
  usageError(
    { en: '--shards is for --shard auto.', ko: '--shards는 --shard auto와 함께 쓴다.' },
    { en: '--shard I/N says how many there are itself.', ko: '--shard I/N에는 이미 몫의 수가 있다.' },
  );

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  ...{ b: 1, k: 1e3, kb: 1e3, kib: 2 ** 10, m: 1e6, mb: 1e6, mib: 2 ** 20, g: 1e9, gb: 1e9, gib: 2 ** 30 },
};

/** What `--shard-size` asks for in bytes; null without it. Errors: `usage` for anything that it is not. */
export function shardBytesOf({ shardSize }: Call['options']): number | null {
  if (shardSize === undefined) return null;
  const [, number = '', unit = ''] = /^([\d.]+)\s*([a-z]*)$/i.exec(shardSize.trim()) ?? [];
  const bytes = Math.floor(Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (number !== '' && bytes >= 1 && Number.isSafeInteger(bytes)) return bytes;
  throw usageError(
    { en: `--shard-size is "${shardSize}".`, ko: `--shard-size의 값이 "${shardSize}"이다.` },
    {
      en: `Give a number of bytes, as ${SHARD_BYTES}, 500kB, 8MiB or 1GiB.`,
      ko: `바이트 수로 쓴다. 예: ${SHARD_BYTES}, 500kB, 8MiB, 1GiB.`,
    },
  );
}

/** What `--row-timeout` asks for in seconds. Errors: `usage` for anything that it is not. */
export function rowSecondsOf({ rowTimeout }: Call['options']): number {
  const value = Number(rowTimeout ?? 60);
  if (rowTimeout?.trim() !== '' && value > 0 && value <= 86_400) return value;
  throw usageError(
    { en: `--row-timeout is "${rowTimeout}".`, ko: `--row-timeout의 값이 "${rowTimeout}"이다.` },
    { en: 'Give seconds: above 0, at most 86400.', ko: '초로 쓴다. 0보다 크고 86400 이하.' },
  );
}
