import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { failure } from '../../base/core/errors.ts';
import type { BenchContext } from './context.ts';

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
    closed.then(() =>
      reject(
        failure({
          en: `\`korex serve\` ended before it took requests:\n${last.join('\n')}`,
          ko: `\`korex serve\`가 요청을 받기 전에 끝났다:\n${last.join('\n')}`,
        }),
      ),
    );
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

export interface Load {
  /** Seconds until the last answer. */
  readonly seconds: number;
  /** Of each request, in milliseconds. */
  readonly latencies: readonly number[];
}

/**
 * Sends bodies to an address from so many clients, each with a connection of its own that sends its next request when it has
 * its answer (a closed loop).
 *
 * Errors: `failed` for any answer but 200.
 */
export async function sendLoad(url: string, bodies: readonly string[], clients: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const latencies: number[] = [];
  const queue = bodies.values();
  const client = async () => {
    for (const body of queue) {
      const began = performance.now();
      await post(url, body, agent);
      latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  try {
    await Promise.all(Array.from({ length: clients }, client));
    return { seconds: (performance.now() - began) / 1000, latencies };
  } finally {
    agent.destroy();
  }
}

async function post(url: string, body: string, agent: Agent): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const outgoing = request(url, { method: 'POST', agent, headers });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 200) throw refused(url, response);
}

/** Sends lines as one stream and reads the answers meanwhile; returns the seconds. Errors: as `sendLoad`, or a line too few. */
export async function sendStream(url: string, lines: readonly string[]): Promise<number> {
  const began = performance.now();
  const outgoing = request(url, { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' } });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  const written = (async () => {
    for (const line of lines) if (!outgoing.write(`${line}\n`)) await once(outgoing, 'drain');
    outgoing.end();
  })();
  const [response] = await answered;
  if (response.statusCode !== 200) throw refused(url, response);
  let count = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) for (const byte of chunk) if (byte === NEWLINE) count++;
  await written;
  if (count !== lines.length)
    throw failure({
      en: `${url} gave ${count} lines for ${lines.length}.`,
      ko: `${url}: ${lines.length}줄을 보냈는데 ${count}줄이 왔다.`,
    });
  return (performance.now() - began) / 1000;
}

const NEWLINE = 0x0a;

const refused = (url: string, { statusCode }: IncomingMessage) =>
  failure(
    { en: `${url} answered with status ${statusCode}.`, ko: `${url}: 상태 코드 ${statusCode}로 답했다.` },
    {
      en: 'The server under load should answer everything it is sent.',
      ko: '부하를 받는 서버는 보낸 것 모두에 답해야 한다.',
    },
  );

/** The smallest value that at least this share of the values does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
