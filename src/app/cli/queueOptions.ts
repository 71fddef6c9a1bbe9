import { usageError } from '../../base/core/errors.ts';
import { DEFAULT_PREFIX, type QueueAddress, queueAddress } from '../../base/queue/address.ts';
import { type OpenQueue, openQueue } from '../../base/queue/openQueue.ts';
import { PRIORITIES } from '../../base/queue/works.ts';
import { type Call, option } from './command.ts';

/** Options of commands that know a queue, and what follows from them. */

const PREFIX_OPTION = option('queuePrefix', 'NAME', {
  en: `what all keys of the queue begin with; ${DEFAULT_PREFIX} without it`,
  ko: `대기열의 모든 키가 시작하는 말; 없으면 ${DEFAULT_PREFIX}`,
});
const INSECURE_OPTION = option('insecureQueue', undefined, {
  en: 'allow redis:// without TLS to another machine',
  ko: '다른 컴퓨터에도 TLS 없는 redis://를 쓴다',
});

/** For commands whose work a queue may hand out. */
export const HAND_OUT_OPTIONS = [
  option('queue', 'URL', {
    en: 'leave the work to the `korex worker`s at this Redis: redis://HOST:PORT, rediss:// for TLS; KOREX_QUEUE_PASSWORD is its password',
    ko: '이 Redis에 연결된 `korex worker`들에게 일을 맡긴다: redis://HOST:PORT, TLS는 rediss://; KOREX_QUEUE_PASSWORD가 비밀번호이다',
  }),
  option('priority', 'N', {
    en: `before other works or after them: ${PRIORITIES.first} goes first, ${PRIORITIES.last} last; ${PRIORITIES.usual} without it`,
    ko: `다른 작업보다 먼저나 나중에: ${PRIORITIES.first}이 맨 먼저, ${PRIORITIES.last}이 맨 나중; 없으면 ${PRIORITIES.usual}`,
  }),
  PREFIX_OPTION,
  INSECURE_OPTION,
] as const;

/** For the server, which shows a queue. */
export const WATCH_OPTIONS = [
  option('queue', 'URL', {
    en: 'show the works of the queue at this Redis in the view Work and among the metrics, and steer them there',
    ko: '이 Redis의 대기열에 있는 작업을 보기 "작업"과 지표에 보이고, 거기서 다스린다',
  }),
  PREFIX_OPTION,
  INSECURE_OPTION,
] as const;

/** For commands about a queue itself. */
export const QUEUE_OPTIONS = [
  option(
    'queue',
    'URL',
    {
      en: 'the Redis of the queue: redis://HOST:PORT, rediss:// for TLS; KOREX_QUEUE_PASSWORD is its password',
      ko: '대기열의 Redis: redis://HOST:PORT, TLS는 rediss://; KOREX_QUEUE_PASSWORD가 비밀번호이다',
    },
    { required: true },
  ),
  PREFIX_OPTION,
  INSECURE_OPTION,
] as const;

/** Errors: `usage` for an address that is none, or another machine's without TLS. */
export const addressOf = (url: string, { options, switches }: Pick<Call, 'options' | 'switches'>): QueueAddress =>
  queueAddress(url, {
    insecure: switches?.has('insecureQueue') ?? false,
    prefix: options.queuePrefix ?? DEFAULT_PREFIX,
    password: process.env.KOREX_QUEUE_PASSWORD,
  });

/** Does something with the queue that `--queue` names, and leaves it. */
export async function withQueue<T>(call: Call, work: (queue: OpenQueue) => Promise<T>): Promise<T> {
  const queue = await openQueue(addressOf(call.options.queue!, call), call.reporter);
  try {
    return await work(queue);
  } finally {
    await queue.close();
  }
}

/** What `--priority` asks for. Errors: `usage` for anything that it is not. */
export function priorityOf(text: string | undefined): number {
  if (text === undefined) return PRIORITIES.usual;
  const value = Number(text);
  if (Number.isInteger(value) && value >= PRIORITIES.first && value <= PRIORITIES.last) return value;
  throw usageError(
    { en: `--priority is "${text}".`, ko: `--priority의 값이 "${text}"이다.` },
    {
      en: `Give a whole number from ${PRIORITIES.first} (first) to ${PRIORITIES.last} (last).`,
      ko: `${PRIORITIES.first}(맨 먼저)부터 ${PRIORITIES.last}(맨 나중)까지의 정수로 쓴다.`,
    },
  );
}
