import { inBoth } from '../../../base/core/errors.ts';
import { duration, grouped } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import type { Fault, WorkerSummary, WorkSummary } from '../../../base/queue/shapes.ts';
import {
  orderWork,
  prioritize,
  type QueueState,
  queueState,
  STATE_WORDS,
  type WorkOrder,
} from '../../../base/queue/works.ts';
import type { Command, CommandArgument } from '../command.ts';
import { priorityOf, QUEUE_OPTIONS, withQueue } from '../queueOptions.ts';
import { textTable } from '../tables.ts';

// `korex work …`: what a queue is doing, and what it should do.

const WORK: CommandArgument = {
  name: 'work',
  value: 'WORK',
  help: { en: 'the work’s name, or the beginning of it', ko: '작업의 이름, 또는 그 앞부분' },
  required: true,
};
const REDIS = 'redis://127.0.0.1:6379';

export const workStatusCommand: Command = {
  description: {
    en:
      'Lists the works of a queue with how far they have come, its workers, and what went wrong on the way. A work is stopped while its coordinator, ' +
      'the command that began it, is away: the same command goes on with it.',
    ko: '대기열의 작업이 어디까지 왔는지, 워커와 그동안 있었던 일을 보여 준다. 작업을 시작한 명령(코디네이터)이 없으면 중단된 상태이며, 같은 명령이 이어 간다.',
  },
  settings: [],
  options: [...QUEUE_OPTIONS],
  writes: [],
  examples: [[`korex work status --queue ${REDIS}`, { en: 'what is going on', ko: '지금 상황' }]],
  run: (call) =>
    withQueue(call, async (queue) => {
      const state = await queueState(queue);
      return { text: statusText(state, call.settings.lang), json: { ...state } };
    }),
};

const orderCommand = (
  order: WorkOrder,
  description: Command['description'],
  shown: Command['description'],
): Command => ({
  description,
  settings: [],
  arguments: [WORK],
  options: [...QUEUE_OPTIONS],
  writes: [],
  examples: [[`korex work ${order} 3f2a --queue ${REDIS}`, shown]],
  run: (call) =>
    withQueue(call, async (queue) => {
      const work = await orderWork(queue, call.options.work!, order);
      return {
        text: inBoth((lang) => `${work.id} ${work.title}: ${stateText(work, lang)}`)[call.settings.lang],
        json: { ...work },
      };
    }),
});

export const workPauseCommand = orderCommand(
  'pause',
  {
    en: 'Takes back the shards of a work that no worker has begun; those at work are finished. Other works go on.',
    ko: '작업의 샤드 가운데 아직 시작하지 않은 것을 거두어들인다. 처리 중인 것은 마친다. 다른 작업은 계속한다.',
  },
  { en: 'let the workers do something else', ko: '워커가 다른 일을 하게 한다' },
);
export const workResumeCommand = orderCommand(
  'resume',
  { en: 'Goes on with a work that was paused.', ko: '멈춘 작업을 이어 간다.' },
  { en: 'go on', ko: '이어 간다' },
);
export const workCancelCommand = orderCommand(
  'cancel',
  {
    en: 'Gives a work up: its coordinator ends, shards at work are left. What is done stays where it is, and the same command goes on from there.',
    ko: '작업을 취소한다. 코디네이터가 끝나고 처리 중인 샤드를 그만둔다. 끝난 것은 그대로 있고, 같은 명령이 거기서 이어 간다.',
  },
  { en: 'give it up', ko: '그만둔다' },
);

export const workPriorityCommand: Command = {
  description: {
    en: 'Lets a work go before others or after them, from the next shards that it hands out.',
    ko: '작업의 우선순위를 바꾼다. 다음에 나누어 주는 샤드부터 그렇다.',
  },
  settings: [],
  arguments: [
    WORK,
    {
      name: 'priority',
      value: 'N',
      help: { en: 'from 1 (first) to 100 (last)', ko: '1(맨 먼저)부터 100(맨 나중)까지' },
      required: true,
    },
  ],
  options: [...QUEUE_OPTIONS],
  writes: [],
  examples: [
    [`korex work priority 3f2a 1 --queue ${REDIS}`, { en: 'before all others', ko: '다른 모든 작업보다 먼저' }],
  ],
  run: (call) =>
    withQueue(call, async (queue) => {
      const work = await prioritize(queue, call.options.work!, priorityOf(call.options.priority));
      return { text: `${work.id} ${work.title}: ${work.priority}`, json: { ...work } };
    }),
};

const stateText = ({ state }: WorkSummary, lang: Language): string => (lang === 'ko' ? STATE_WORDS[state] : state);

function statusText({ works, workers }: QueueState, lang: Language): string {
  const ko = lang === 'ko';
  const parts = [
    works.length === 0 ? (ko ? '작업이 없다.' : 'No works.') : textTable(works.map((work) => workRow(work, lang))),
    workers.length === 0
      ? ko
        ? '워커가 없다.'
        : 'No workers.'
      : textTable(workers.map((worker) => workerRow(worker, lang))),
    ...works
      .filter(({ faults }) => faults.length > 0)
      .map(({ id, faults }) => `${id}:\n${faults.map((fault) => faultText(fault, lang)).join('\n')}`),
  ];
  return parts.join('\n\n');
}

function workRow(work: WorkSummary, lang: Language): Record<string, string> {
  const { id, title, priority, progress } = work;
  const left = progress?.time_left ?? null;
  const done =
    progress === null ? '–' : `${grouped(progress.done)}/${progress.total === null ? '?' : grouped(progress.total)}`;
  const cells = [
    [lang === 'ko' ? '작업' : 'work', id],
    [lang === 'ko' ? '상태' : 'state', stateText(work, lang)],
    [lang === 'ko' ? '우선순위' : 'priority', String(priority)],
    [lang === 'ko' ? '샤드' : 'shards', done],
    [lang === 'ko' ? '행' : 'rows', progress === null ? '–' : grouped(progress.rows)],
    [lang === 'ko' ? '제외' : 'rejected', progress === null ? '–' : grouped(progress.rejected)],
    [lang === 'ko' ? '행/초' : 'rows/s', progress === null ? '–' : progress.rows_per_second.toFixed(1)],
    [lang === 'ko' ? '남은 시간' : 'left', left === null ? '–' : duration(left)],
    ['', title],
  ] as const;
  return Object.fromEntries(cells);
}

function workerRow(worker: WorkerSummary, lang: Language): Record<string, string> {
  const { id, slots, busy, shards, rows, rows_per_second, memory } = worker;
  const cells = [
    [lang === 'ko' ? '워커' : 'worker', id],
    [lang === 'ko' ? '처리 중' : 'busy', `${busy}/${slots}`],
    [lang === 'ko' ? '샤드' : 'shards', grouped(shards)],
    [lang === 'ko' ? '행' : 'rows', grouped(rows)],
    [lang === 'ko' ? '행/초' : 'rows/s', rows_per_second.toFixed(1)],
    ['MB', grouped(Math.round(memory / 1e6))],
  ] as const;
  return Object.fromEntries(cells);
}

const faultText = ({ at, worker, message }: Fault, lang: Language): string =>
  `  ${new Date(at).toISOString().slice(0, 19)}Z ${worker}: ${message[lang]}`;
