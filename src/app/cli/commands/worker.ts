import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { usageError } from '../../../base/core/errors.ts';
import { duration, grouped } from '../../../base/core/format.ts';
import { memoryLimit } from '../../../base/core/memory.ts';
import { childRunner } from '../../../base/queue/childRunner.ts';
import { runWorker } from '../../../base/queue/worker.ts';
import { type Call, type Command, type CommandResult, option } from '../command.ts';
import { QUEUE_OPTIONS, withQueue } from '../queueOptions.ts';
import type { MachineSettings } from '../queueProcess.ts';
import { watchedRunner } from '../shards/watchedRunner.ts';

export const workerCommand: Command = {
  description: {
    en:
      'Works on what `korex batch`, `extract`, `evaluate` and `experiment` leave to a queue with --queue, on this machine, until it is stopped. Each of ' +
      'its --workers is a process of its own that loads a model once. Start as many as there are machines, at any time; one that is killed loses ' +
      'nothing, its shards are begun anew by others. Ctrl-C and SIGTERM give the shards at work back.',
    ko: '`korex batch`, `extract`, `evaluate`, `experiment`가 --queue로 대기열에 맡긴 일을 멈출 때까지 이 컴퓨터에서 처리한다. --workers마다 프로세스 하나가 모델을 한 번만 올린다. 언제든 컴퓨터마다 띄울 수 있다. 강제로 끝나도 잃는 것이 없고, 하던 샤드는 다른 워커가 새로 시작한다. Ctrl-C와 SIGTERM은 하던 샤드를 대기열에 돌려준다.',
  },
  settings: ['out', 'device', 'threads'],
  options: [
    ...QUEUE_OPTIONS,
    option('workers', 'N', {
      en: 'shards at once; as many as cores and memory allow without it, each with one thread unless --threads says more',
      ko: '한꺼번에 처리할 샤드 수; 없으면 코어와 메모리가 허락하는 만큼, --threads가 없으면 스레드 하나씩',
    }),
    option('lease', 'SECONDS', {
      en: 'how long nothing is heard of this worker until others take its shards over, 1 to 3600; 30 without it',
      ko: '이 워커의 소식이 이만큼 끊기면 다른 워커가 샤드를 넘겨받는다, 1부터 3600까지; 없으면 30',
    }),
  ],
  writes: [],
  examples: [
    [
      'korex worker --queue redis://127.0.0.1:6379',
      { en: 'on the machine of the queue', ko: '대기열이 있는 컴퓨터에서' },
    ],
    [
      'korex worker --queue rediss://queue.example:6380 --workers 4 --threads 2',
      { en: 'on any other, four shards at once', ko: '다른 컴퓨터에서, 샤드 네 개씩' },
    ],
  ],
  run: worker,
};

/** The program of a worker's processes, beside the commands. */
const PROCESS = fileURLToPath(new URL('../queueProcess.js', import.meta.url));
/** What a process with a model of the box takes, and a larger one's with its batches. */
const PROCESS_BYTES = 1.5 * 2 ** 30;

async function worker(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const threads = settings.threads ?? 1;
  const workers = numberOf('workers', options.workers, 1024, () => usualWorkers(threads));
  const leaseMs = 1000 * numberOf('lease', options.lease, 3600, () => 30);
  const machine: MachineSettings = { out: settings.out, device: settings.device, threads };
  const outcome = await withQueue(call, (queue) => {
    reporter.info({
      en: `${queue.address.shown}: ${workers} at once, ${threads} ${threads === 1 ? 'thread' : 'threads'} each.`,
      ko: `${queue.address.shown}: ${workers}개씩, 스레드 ${threads}개로 처리한다.`,
    });
    const runner = watchedRunner(childRunner(PROCESS, workers, [JSON.stringify(machine)]));
    return runWorker(queue, { runner, leaseMs, reporter, signal });
  });
  const { shards, rows, seconds } = outcome;
  const text = {
    en: `${grouped(shards)} shards, ${grouped(rows)} rows in ${duration(seconds)}.`,
    ko: `${duration(seconds)} 동안 샤드 ${grouped(shards)}개, ${grouped(rows)}행.`,
  };
  return { text: text[settings.lang], json: { ...outcome } };
}

const usualWorkers = (threads: number): number =>
  Math.max(1, Math.min(Math.floor(availableParallelism() / threads), Math.floor(memoryLimit() / PROCESS_BYTES)));

/** Errors: `usage` for no whole number from 1 up to `most`. */
function numberOf(name: 'workers' | 'lease', text: string | undefined, most: number, usual: () => number): number {
  if (text === undefined) return usual();
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw usageError(
    { en: `--${name} is "${text}".`, ko: `--${name}의 값이 "${text}"이다.` },
    { en: `Give a whole number from 1 to ${most}.`, ko: `1부터 ${most}까지의 정수로 쓴다.` },
  );
}
