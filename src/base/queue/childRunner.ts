import { type ChildProcess, fork } from 'node:child_process';
import { KorexError } from '../core/errors.ts';
import { fromChildSchema, type ToChild } from './childMessages.ts';
import { LeaseLost, ProcessLost, type Runner, type RunnerShard, type ShardContext } from './runner.ts';
import type { ShardDone } from './shapes.ts';

/** How long a process may take to stop on its own. */
const GRACE_MS = 10_000;

interface Child {
  readonly process: ChildProcess;
  busy: boolean;
  memory: number;
}

/**
 * Computes shards in processes of their own, one a slot, each started when it is first needed and again when it ends.
 *
 * @param entry the program, which calls `serveShards`
 */
export function childRunner(entry: string, slots: number, args: readonly string[] = []): Runner {
  const children = new Set<Child>();
  let ids = 0;
  const start = (): Child => {
    const child: Child = {
      process: fork(entry, [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
      ...{ busy: false, memory: 0 },
    };
    children.add(child);
    child.process.once('exit', () => children.delete(child));
    return child;
  };
  return {
    slots,
    async run(shard, context) {
      const child = [...children].find(({ busy }) => !busy) ?? start();
      child.busy = true;
      try {
        return await runIn(child, ++ids, shard, context);
      } finally {
        child.busy = false;
      }
    },
    memory: () => [...children].reduce((sum, { memory }) => sum + memory, 0),
    async close() {
      await Promise.all(
        [...children].map(({ process }) => {
          const gone = new Promise((resolve) => process.once('exit', resolve));
          process.disconnect();
          return gone;
        }),
      );
    },
  };
}

function runIn(child: Child, id: number, shard: RunnerShard, context: ShardContext): Promise<ShardDone> {
  const { process: running } = child;
  const { kind, task, item } = shard;
  const { worker, suspect, signal } = context;
  return new Promise<ShardDone>((resolve, reject) => {
    let killer: NodeJS.Timeout | undefined;
    // The process may be gone: its end is what counts then.
    const say = (message: ToChild) => running.connected && running.send(message, () => {});
    const stop = () => {
      // A training writes into a folder that somebody else has now.
      if (kind === 'experiment' && isLeaseLost(signal)) running.kill('SIGKILL');
      else say({ type: 'stop', id });
      killer = setTimeout(() => running.kill('SIGKILL'), GRACE_MS);
    };
    const settle = (finish: () => void) => {
      clearTimeout(killer);
      signal.removeEventListener('abort', stop);
      running.off('message', receive);
      running.off('exit', lost);
      finish();
    };
    const lost = (code: number | null, by: NodeJS.Signals | null) =>
      settle(() => reject(new ProcessLost(by ?? `exit code ${code}`)));
    const receive = (given: unknown) => {
      const message = fromChildSchema.parse(given);
      if (message.id !== id) return;
      if (message.type === 'fence') {
        context.fence().then(
          () => say({ type: 'fenced', id, held: true }),
          () => say({ type: 'fenced', id, held: false }),
        );
        return;
      }
      if (message.type === 'progress') {
        context.progress?.(message.from, message.to);
        return;
      }
      child.memory = message.memory;
      if (message.type === 'done') settle(() => resolve(message.done));
      else if (message.kind === 'lease') settle(() => reject(new LeaseLost()));
      else {
        const { kind: sort, message: words, hint } = message;
        settle(() => reject(new KorexError(sort, words, hint ?? undefined)));
      }
    };
    running.on('message', receive);
    running.once('exit', lost);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    else say({ type: 'run', id, kind, task, item, worker, suspect });
  });
}

const isLeaseLost = ({ reason }: AbortSignal): boolean => reason === new LeaseLost().name;
