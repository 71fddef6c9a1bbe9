import pino, { type Logger } from 'pino';

/** Structured logs on stderr, without the text of any request: lines to read on a terminal, else a line of JSON each. */
export function createLog(level: string, onTerminal = process.stderr.isTTY === true): Logger {
  const stderr = pino.destination({ fd: 2, sync: true });
  return pino(
    { name: 'korex', level },
    onTerminal ? { write: (line: string) => void stderr.write(`${readableLine(line)}\n`) } : stderr,
  );
}

/** A line of the log as people read it: `12:34:56 request · route /v1/relation · status 200 · ms 12.5`. */
export function readableLine(line: string): string {
  const { level, time, msg, err, pid: _, hostname: __, name: ___, ...fields } = JSON.parse(line);
  const severity = level >= 50 ? 'error: ' : level >= 40 ? 'warning: ' : '';
  const clock = new Date(time).toTimeString().slice(0, 8);
  const facts = Object.entries(fields).map(([key, value]) => `${key} ${String(value)}`);
  const stack = err === undefined ? '' : `\n${err.stack ?? err.message}`;
  return `${clock} ${severity}${[msg, ...facts].join(' · ')}${stack}`;
}
