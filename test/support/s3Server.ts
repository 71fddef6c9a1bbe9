import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server of S3 of the test's own. */
export interface S3Server {
  readonly port: number;
  stop(): Promise<void>;
}

/** moto, with a bucket `korex`. */
export async function startS3(): Promise<S3Server> {
  const child = spawn('python3', [fileURLToPath(new URL('s3_server.py', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const port = Number(line);
  await fetch(`http://127.0.0.1:${port}/korex`, { method: 'PUT' });
  return {
    port,
    stop: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** What becomes of a request; null: it goes through. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  /** The connection breaks when so many bytes of the request have arrived. */
  | { readonly kind: 'cutRequest'; readonly bytes: number }
  /** The server does what it is asked, and the connection breaks after so many bytes of its answer. */
  | { readonly kind: 'cutAnswer'; readonly bytes: number }
  | null;

export interface Asked {
  readonly method: string;
  readonly url: string;
  /** Counted from 1. */
  readonly number: number;
}

export interface FaultyProxy {
  readonly port: number;
  readonly asked: readonly Asked[];
  faults: (asked: Asked) => Fault;
  /** What the other server is asked instead. */
  rewrite: (url: string) => string;
  stop(): Promise<void>;
}

/** A server between korex and another one that answers in its place or cuts connections, as `faults` says. */
export async function faultyProxy(target: number): Promise<FaultyProxy> {
  const asked: Asked[] = [];
  const handle = (incoming: IncomingMessage, answer: ServerResponse) => {
    const one = { method: incoming.method ?? '', url: incoming.url ?? '', number: asked.length + 1 };
    asked.push(one);
    const fault = proxy.faults(one);
    if (fault?.kind === 'status') {
      incoming.resume();
      incoming.on('end', () => {
        answer.writeHead(fault.status, { 'content-type': 'application/xml', connection: 'close' });
        answer.end(`<Error><Code>${fault.code}</Code><Message>${fault.code}</Message></Error>`);
      });
      return;
    }
    if (fault?.kind === 'cutRequest') {
      let bytes = 0;
      incoming.on('data', (piece: Buffer) => {
        bytes += piece.length;
        if (bytes >= fault.bytes) incoming.socket.destroy();
      });
      incoming.on('end', () => incoming.socket.destroy());
      return;
    }
    const forward = request(
      { host: '127.0.0.1', port: target, method: one.method, path: proxy.rewrite(one.url), headers: incoming.headers },
      async (response) => {
        if (fault?.kind !== 'cutAnswer') {
          answer.writeHead(response.statusCode ?? 500, response.headers);
          response.pipe(answer);
          return;
        }
        let left = fault.bytes;
        if (left > 0) answer.writeHead(response.statusCode ?? 500, response.headers);
        for await (const piece of response as AsyncIterable<Buffer>) {
          if (left > 0) await new Promise((resolve) => answer.write(piece.subarray(0, left), resolve));
          left -= piece.length;
        }
        incoming.socket.destroy();
      },
    );
    incoming.pipe(forward);
    forward.on('error', () => answer.destroy());
  };
  const server: Server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultyProxy = {
    port: (server.address() as AddressInfo).port,
    asked,
    faults: () => null,
    rewrite: (url) => url,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
