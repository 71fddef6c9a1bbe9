import { AsyncLocalStorage } from 'node:async_hooks';
import { asGiven, KorexError, usageError } from '../core/errors.ts';
import { lineIn, type ReportLine, silentReporter } from '../core/reporter.ts';
import { withStorages } from '../storage/storageOf.ts';
import type { FromChild } from './childMessages.ts';
import { toChildSchema } from './childMessages.ts';
import { LeaseLost, type OpenedWork, type WorkHandlers } from './runner.ts';
import type { WorkKind } from './shapes.ts';

/** One run at a time: the process belongs to one slot. */
interface Running {
  readonly id: number;
  readonly stop: AbortController;
  fenced: ((held: boolean) => void) | null;
}

/**
 * Computes shards that the parent process sends, one after the other, until it goes: then this process ends too, whatever it
 * does, so that a killed worker leaves nobody behind.
 */
export function serveShards(handlers: WorkHandlers): void {
  let opened: { readonly key: string; readonly work: OpenedWork } | null = null;
  let running: Running | null = null;
  // All shards of the process share its connections to object storage.
  const inside = withStorages({ reporter: FAULTS }, () => AsyncLocalStorage.snapshot());
  const say = (message: FromChild) => process.send?.(message);
  const open = async (kind: WorkKind, task: unknown): Promise<OpenedWork> => {
    const key = JSON.stringify([kind, task]);
    if (opened?.key !== key) {
      const before = opened;
      opened = null;
      await before?.work.close();
      const handler = handlers[kind];
      if (handler === undefined) throw unknownKind(kind);
      opened = { key, work: await handler(task) };
    }
    return opened.work;
  };
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C on the terminal reaches the whole group: the parent says what to do.
  process.on('SIGINT', () => {});
  process.on('message', async (given) => {
    const message = toChildSchema.parse(given);
    if (message.type !== 'run') {
      if (running?.id !== message.id) return;
      if (message.type === 'stop') running.stop.abort();
      else running.fenced?.(message.held);
      return;
    }
    const { id, kind, task, item, worker, suspect } = message;
    const stop = new AbortController();
    const now: Running = { id, stop, fenced: null };
    running = now;
    const fence = () =>
      new Promise<void>((resolve, reject) => {
        now.fenced = (held) => (held ? resolve() : reject(new LeaseLost()));
        say({ type: 'fence', id });
      });
    try {
      const progress = (from: number, to: number) => say({ type: 'progress', id, from, to });
      const done = await inside(async () => {
        const work = await open(kind, task);
        return work.run(item, { worker, suspect, fence, progress, signal: stop.signal });
      });
      say({ type: 'done', id, done, memory: process.memoryUsage().rss });
    } catch (error) {
      say({ id, memory: process.memoryUsage().rss, ...failureOf(error) });
    }
  });
}

/** Faults of storages, in the worker's log. */
const toLog = (line: ReportLine) => void process.stderr.write(`${lineIn(line, 'en')}\n`);
const FAULTS = { ...silentReporter, info: toLog, warn: toLog };

const unknownKind = (kind: WorkKind) =>
  usageError(
    { en: `This worker does not know works of ${kind}.`, ko: `이 워커는 ${kind} 작업을 모른다.` },
    { en: 'Use one version of korex on all machines.', ko: '모든 컴퓨터에서 같은 판의 korex를 쓴다.' },
  );

function failureOf(error: unknown): Omit<Extract<FromChild, { type: 'failed' }>, 'id' | 'memory'> {
  if (error instanceof KorexError)
    return { type: 'failed', kind: error.kind, message: error.words.message, hint: error.words.hint ?? null };
  const message = asGiven(error instanceof Error ? error.message : String(error));
  return { type: 'failed', kind: error instanceof LeaseLost ? 'lease' : 'failed', message, hint: null };
}
