import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { failure } from '../../../base/core/errors.ts';
import type { BenchContext } from '../context.ts';

export interface ServerProcess {
  readonly url: string;
  /** Seconds from its start until it took requests. */
  readonly readySeconds: number;
  close(): Promise<void>;
}

const LAST_LINES = 12;

/**
 * `korex serve` in a process of its own, as users run it: with a free port and everything else by default.
 *
 * Errors: `failed`, with its last lines, where it ends before it takes requests.
 */
export async function openServer(
  { self: [program, ...first], signal }: Pick<BenchContext, 'self' | 'signal'>,
  args: readonly string[],
): Promise<ServerProcess> {
  const began = performance.now();
  const child = spawn(program, [...first, 'serve', '--port', '0', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  // An aborted child says so by this event; whoever waits for the measurement hears it from the signal.
  child.on('error', () => {});
  const closed = once(child, 'close');
  const last: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      const found = /"url":"([^"]+)".*"msg":"listening"/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    closed.then(() => reject(failure(`\`korex serve\` ended before it took requests:\n${last.join('\n')}`)));
  });
  return {
    url,
    readySeconds: (performance.now() - began) / 1000,
    async close() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
