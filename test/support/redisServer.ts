import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lacks } from './needs.ts';

export const lacksRedis = (): boolean => lacks('redis-server', spawnSync('redis-server', ['--version']).status === 0);

/** A Redis of a test's own: on a free port, with its files in a temporary folder. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  /** Ends it as the system does when memory is short. */
  kill(): Promise<void>;
  /** Starts it again, with what its log of writes holds. */
  start(): Promise<void>;
  /** Makes it deaf, as a network does that is cut, and lets it hear again. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  stop(): Promise<void>;
}

/** @param settings of redis-server, such as `--requirepass` and its value */
export async function startRedis(
  settings: readonly string[] = [],
  scheme: 'redis' | 'rediss' = 'redis',
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'korex-redis-'));
  const port = await freePort();
  const listening = scheme === 'redis' ? ['--port', String(port)] : ['--port', '0', '--tls-port', String(port)];
  let running: ChildProcess | null = null;
  const start = async () => {
    const always = [
      '--appendonly',
      'yes',
      '--appendfsync',
      'everysec',
      '--save',
      '',
      '--dir',
      folder,
      '--loglevel',
      'warning',
    ];
    const started = spawn('redis-server', [...listening, '--bind', '127.0.0.1', ...always, ...settings], {
      stdio: 'ignore',
    });
    running = started;
    while (!(await isOpen(port))) {
      if (started.exitCode !== null) throw new Error('redis-server ended at once.');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    if (running === null || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.kill(signal);
    await gone;
    running = null;
  };
  await start();
  return {
    ...{ port, folder, url: `${scheme}://127.0.0.1:${port}`, start },
    kill: () => end('SIGKILL'),
    signal: (signal) => {
      running?.kill(signal);
    },
    async stop() {
      running?.kill('SIGCONT');
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
