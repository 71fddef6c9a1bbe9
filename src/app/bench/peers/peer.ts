import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { failure, usageError } from '../../../base/core/errors.ts';
import { replaceFolder } from '../../../base/core/folders.ts';
import { type RelationModel, saveRelationModel } from '../../../engine/nn/relationModel.ts';

/** Another system in a process of its own, asked one thing at a time: a line of JSON in, a line of JSON out. */
export interface Peer {
  /**
   * Errors: `failed` with the process's last lines where it stops, answers `{"error": …}` or something that is not of the
   * schema; whatever the signal was aborted with.
   */
  ask<T>(request: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<T>;
  /** Ends its input, which ends it. */
  close(): Promise<void>;
}

const LAST_LINES = 12;
const PATIENCE_MS = 5_000;

/** @param name what errors call it */
export function openPeer(name: string, command: string, args: readonly string[], signal: AbortSignal): Peer {
  const child = spawn(command, args, { stdio: 'pipe' });
  const last: string[] = [];
  let waiting: { resolve: (line: string) => void; reject: (error: unknown) => void } | null = null;
  let stopped: unknown = null;

  const stop = (error: unknown) => {
    stopped ??= error;
    waiting?.reject(stopped);
    waiting = null;
  };
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      stop(
        usageError(
          {
            en: `Cannot start ${command} for ${name}: ${error.message}.`,
            ko: `${name}: ${command}을(를) 시작할 수 없다: ${error.message}.`,
          },
          { en: 'Check the path of the program.', ko: '프로그램의 경로를 확인한다.' },
          error,
        ),
      );
      resolve();
    });
    child.once('close', (code, killedBy) => {
      stop(
        failure({
          en: `${name} stopped (${killedBy ?? `exit code ${code}`}).${tail(last)}`,
          ko: `${name}: 중단되었다(${killedBy ?? `종료 코드 ${code}`}).${tail(last)}`,
        }),
      );
      resolve();
    });
  });
  createInterface(child.stderr).on('line', (line) => {
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  });
  createInterface(child.stdout).on('line', (line) => {
    waiting?.resolve(line);
    waiting = null;
  });
  // A process that has gone cannot be written to; its end is reported by `close`.
  child.stdin.on('error', () => {});
  const onAbort = () => {
    stop(signal.reason);
    child.kill();
  };
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    async ask(request, schema) {
      signal.throwIfAborted();
      if (stopped !== null) throw stopped;
      const line = await new Promise<string>((resolve, reject) => {
        waiting = { resolve, reject };
        child.stdin.write(`${JSON.stringify(request)}\n`);
      });
      return answerOf(name, line, schema, last);
    },
    async close() {
      signal.removeEventListener('abort', onAbort);
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function answerOf<T>(name: string, line: string, schema: z.ZodType<T>, last: readonly string[]): T {
  const answer = parseJson(line);
  const error = z.object({ error: z.string() }).safeParse(answer);
  if (error.success)
    throw failure({
      en: `${name}: ${error.data.error}.${tail(last)}`,
      ko: `${name}: ${error.data.error}.${tail(last)}`,
    });
  const parsed = schema.safeParse(answer);
  if (!parsed.success)
    throw failure({
      en: `${name} answered ${JSON.stringify(line.slice(0, 200))}: ${z.prettifyError(parsed.error)}`,
      ko: `${name}의 답을 읽을 수 없다: ${JSON.stringify(line.slice(0, 200))} (${z.prettifyError(parsed.error)})`,
    });
  return parsed.data;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const tail = (lines: readonly string[]): string => (lines.length > 0 ? ` Its last lines:\n${lines.join('\n')}` : '');

/** Writes a model where other systems can load it: the same weights, tokenizer and labels. */
export async function saveForPeers(scratch: string, model: RelationModel): Promise<string> {
  const folder = join(scratch, 'model');
  await replaceFolder(folder, (fresh) => saveRelationModel(fresh, model));
  return folder;
}

/** Hands rows to another process, as a file of JSON. */
export async function saveRows(scratch: string, name: string, rows: unknown): Promise<string> {
  const path = join(scratch, `${name}.json`);
  await writeFile(path, JSON.stringify(rows));
  return path;
}
