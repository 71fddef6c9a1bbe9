import { temporary } from '../../base/core/errors.ts';
import type { Localized } from '../../base/core/types.ts';
import { ProcessLost } from '../../base/queue/runner.ts';
import type { Poison, ShardAnswers } from './record.ts';
import type { Shard } from './shard.ts';
import type { AnswerShardOptions, Spool } from './work.ts';

/** A process that answers shards, started again by itself after it ended. Errors: `ProcessLost` where it ends over a shard. */
export type AnswerInProcess = (shard: Shard, spool: Spool, options: AnswerShardOptions) => Promise<ShardAnswers>;

export interface SuperviseOptions {
  readonly answer: AnswerInProcess;
  /** Seconds without a sign of life after which a row counts as one that never ends. */
  readonly rowSeconds: number;
  /** Says what went wrong, and what is done about it. */
  readonly say: (message: Localized) => void;
  readonly signal: AbortSignal;
}

/** What a shard came to, and what it took. */
export interface Supervised {
  readonly answers: ShardAnswers;
  readonly poison: readonly Poison[];
  /** Processes that ended over it, and the last one, which did not. */
  readonly attempts: number;
}

/** Ends of processes over the same rows after which these are looked through; the first may have come from outside. */
const TRIES = 2;
/** Ends over one shard, without a row that is at fault, after which it is left to another machine. */
const MOST_TRIES = 6;
/** A process may take so long before its first sign of life: it loads its models. */
export const OPENING_SECONDS = 600;

/** An end of a process, over these places. */
class Ended extends Error {
  readonly from: number;
  readonly to: number;
  readonly reason: Poison['reason'];

  constructor(from: number, to: number, reason: Poison['reason'], cause: Error) {
    super(cause.message, { cause });
    [this.from, this.to, this.reason] = [from, to, reason];
  }
}

/**
 * Answers a shard in processes that may end over it. Where one does so twice over the same rows, these are tried in halves,
 * and the halves in halves, until the rows are found that no process gets over, or that take longer than their time: they
 * are rejected, and the shard is answered without them, in the batches it would have had if they had not been there.
 *
 * Errors: what the shard itself fails with; `temporary` where processes end without a row that is at fault.
 */
export async function superviseShard(shard: Shard, spool: Spool, options: SuperviseOptions): Promise<Supervised> {
  const { say, signal } = options;
  const poison: Poison[] = [];
  let [attempts, fruitless, careful] = [1, 0, false];
  for (;;)
    try {
      const answers = await watched(shard, spool, { poison, careful, signal }, options);
      return { answers, poison, attempts };
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      attempts++;
      fruitless++;
      say(endedWords(shard, error));
      if (fruitless < TRIES) continue;
      const { from, to } = error;
      const found = to > from ? await search(shard, spool, { from, to, poison }, options) : [];
      for (const row of found) say(poisonWords(shard, row));
      if (found.length > 0) {
        poison.push(...found);
        poison.sort((a, b) => a.place - b.place);
        fruitless = 0;
        continue;
      }
      // Each half can be answered: together they are too much.
      careful = true;
      if (fruitless >= MOST_TRIES) throw tooOften(shard, error);
    }
}

interface Suspects {
  readonly from: number;
  readonly to: number;
  readonly poison: readonly Poison[];
}

/** The rows among some that end a process by themselves. */
async function search(shard: Shard, spool: Spool, suspects: Suspects, options: SuperviseOptions): Promise<Poison[]> {
  const { from, to, poison } = suspects;
  if (to - from === 1) {
    const reason = await endOver(shard, spool, suspects, options);
    return reason === null ? [] : [{ place: from, reason }];
  }
  const middle = from + Math.floor((to - from) / 2);
  const found: Poison[] = [];
  for (const half of [
    { from, to: middle },
    { from: middle, to },
  ]) {
    const within = { ...half, poison: [...poison, ...found] };
    // A single row is tried right away; of several it is seen first whether they are worth halving.
    if (half.to - half.from === 1 || (await endOver(shard, spool, within, options)) !== null)
      found.push(...(await search(shard, spool, within, options)));
  }
  return found;
}

/** How a process ends over rows that are answered alone; null where it does not. */
async function endOver(
  shard: Shard,
  spool: Spool,
  { from, to, poison }: Suspects,
  options: SuperviseOptions,
): Promise<Poison['reason'] | null> {
  try {
    await watched(shard, spool, { poison, only: [from, to], signal: options.signal }, options);
    return null;
  } catch (error) {
    if (error instanceof Ended) return error.reason;
    throw error;
  }
}

/** Answers in a process, and ends it where it gives no sign of life any more. Errors: `Ended`, with the rows at work. */
async function watched(
  shard: Shard,
  spool: Spool,
  asked: AnswerShardOptions,
  { answer, rowSeconds }: SuperviseOptions,
): Promise<ShardAnswers> {
  const stall = new AbortController();
  let [from, to] = asked.only ?? [0, 0];
  let timer = setTimeout(() => stall.abort(), OPENING_SECONDS * 1000);
  const alive = (first: number, behind: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(), rowSeconds * 1000);
    [from, to] = [first, behind];
  };
  const signal = AbortSignal.any([asked.signal, stall.signal]);
  try {
    return await answer(shard, spool, { ...asked, onProgress: alive, signal });
  } catch (error) {
    asked.signal.throwIfAborted();
    if (stall.signal.aborted) throw new Ended(from, to, 'timeout', error as Error);
    if (error instanceof ProcessLost) throw new Ended(from, to, 'killed', error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const endedWords = ({ index, name }: Shard, { from, to, reason, message }: Ended): Localized =>
  reason === 'timeout'
    ? {
        en: `shard ${index} (${name}): rows ${from + 1} to ${to} of it took longer than the time limit; they are tried again.`,
        ko: `샤드 ${index}(${name}): ${from + 1}–${to}번째 행이 시간제한을 넘겼다. 다시 한다.`,
      }
    : {
        en: `shard ${index} (${name}): the process ended (${message}) over rows ${from + 1} to ${to} of it; they are tried again.`,
        ko: `샤드 ${index}(${name}): ${from + 1}–${to}번째 행에서 프로세스가 끝났다(${message}). 다시 한다.`,
      };

/** Says which row was rejected, and why. */
export const poisonWords = ({ index, name }: Shard, { place, reason }: Poison): Localized =>
  reason === 'timeout'
    ? {
        en: `shard ${index} (${name}): row ${place + 1} of it takes longer than the time limit, alone too; it is rejected.`,
        ko: `샤드 ${index}(${name}): ${place + 1}번째 행은 혼자서도 시간제한을 넘긴다. 답하지 않고 제쳐 둔다.`,
      }
    : {
        en: `shard ${index} (${name}): row ${place + 1} of it ends the process, alone too; it is rejected.`,
        ko: `샤드 ${index}(${name}): ${place + 1}번째 행은 혼자서도 프로세스를 끝낸다. 답하지 않고 제쳐 둔다.`,
      };

const tooOften = ({ index, name }: Shard, cause: Error) =>
  temporary(
    {
      en: `Shard ${index} (${name}): its process ended ${MOST_TRIES} times, and no row of it is at fault.`,
      ko: `샤드 ${index}(${name}): 프로세스가 ${MOST_TRIES}번 끝났는데, 탓할 행이 없다.`,
    },
    {
      en: 'The machine may lack memory, or somebody ends its processes. The same command goes on with this shard.',
      ko: '메모리가 모자라거나 누가 프로세스를 끝내고 있을 수 있다. 같은 명령이 이 샤드부터 이어 간다.',
    },
    cause,
  );
