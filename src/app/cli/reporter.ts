import { createRequire } from 'node:module';
import type { MultiBar } from 'cli-progress';
import { duration, grouped } from '../../base/core/format.ts';
import { lineIn, type Progress, type Reporter } from '../../base/core/reporter.ts';
import type { Language, Localized } from '../../base/core/types.ts';

export interface ReporterStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Draws to stderr: bars on a terminal, elsewhere plain lines that a log file can hold. */
export const createReporter = (stream: NodeJS.WriteStream, lang: Language): Reporter =>
  stream.isTTY ? barReporter(stream, lang) : lineReporter(stream, () => performance.now(), lang);

const WARNING: Localized = { en: 'warning: ', ko: '주의: ' };

const LINE_SHARE = 0.1;
const LINE_LEAST_MS = 2_000;
const LINE_MOST_MS = 15_000;

/** A line whenever another 10 % are done (but not more often than every 2 s), and at least every 15 s. */
export function lineReporter(stream: ReporterStream, now: () => number, lang: Language): Reporter {
  const print = (line: string) => void stream.write(`${line}\n`);
  return {
    info: (message) => print(lineIn(message, lang)),
    warn: (message) => print(WARNING[lang] + lineIn(message, lang)),
    progress: (title, total, unit) => {
      const standing = watch(title, total, unit, now);
      const begun = now();
      let printedAt = begun;
      let printedDone = 0;
      let ended = false;
      return {
        update: (done, fields = {}) => {
          const state = standing(done, fields);
          const waited = now() - printedAt;
          const gained = (done - printedDone) / total;
          if (waited < LINE_MOST_MS && (gained < LINE_SHARE || waited < LINE_LEAST_MS)) return;
          print(`${title}: ${Math.floor((done / total) * 100)} % · ${progressText(state)}`);
          [printedAt, printedDone] = [now(), done];
        },
        end: () => {
          if (ended) return;
          ended = true;
          const taken = now() - begun;
          if (taken >= LINE_LEAST_MS)
            print(`${title}: ${grouped(standing().done)} ${unit} in ${duration(taken / 1000)}`);
        },
      };
    },
  };
}

/** Bars of cli-progress; several may run at once, and messages appear above them. */
function barReporter(stream: NodeJS.WriteStream, lang: Language): Reporter {
  let bars: MultiBar | null = null;
  let running = 0;
  const print = (line: string) => void (bars ? bars.log(`${line}\n`) : stream.write(`${line}\n`));
  const close = () => {
    // Draws the messages that wait for the next redraw: `stop` alone would drop them.
    bars?.update();
    bars?.stop();
    bars = null;
  };
  // A process that is stopped halfway still gives the terminal its cursor back.
  process.once('exit', close);
  return {
    info: (message) => print(lineIn(message, lang)),
    warn: (message) => print(WARNING[lang] + lineIn(message, lang)),
    progress: (title, total, unit): Progress => {
      const standing = watch(title, total, unit, () => performance.now());
      bars ??= startBars(stream);
      running++;
      const bar = bars.create(total, 0, standing());
      let ended = false;
      return {
        update: (done, fields = {}) => bar.update(done, standing(done, fields)),
        end: () => {
          if (ended) return;
          ended = true;
          bar.stop();
          if (--running > 0) return;
          close();
        },
      };
    },
  };
}

const require = createRequire(import.meta.url);

/** Loads cli-progress when the first bar is drawn: most command lines draw none. */
function startBars(stream: NodeJS.WriteStream): MultiBar {
  const { Format, MultiBar } = require('cli-progress') as typeof import('cli-progress');
  const format = (options: Parameters<typeof Format.BarFormat>[1], params: { progress: number }, state: Standing) =>
    `${state.title} ${Format.BarFormat(params.progress, options)} ${progressText(state)}`;
  return new MultiBar(
    { stream, format, barsize: 24, hideCursor: true, gracefulExit: false, emptyOnZero: true },
    PRESET,
  );
}

const PRESET = { format: '', barCompleteChar: '█', barIncompleteChar: '░' };

/**
 * Keeps a progress's latest standing; called without arguments it only brings the time up to date. The rate counts
 * from the first update on, because resumed work starts there with what was done before.
 */
function watch(title: string, total: number, unit: string, now: () => number) {
  let first: { done: number; time: number } | null = null;
  let latest = { done: 0, fields: {} as Readonly<Record<string, string>> };
  return (done = latest.done, fields = latest.fields): Standing => {
    latest = { done, fields };
    if (done > 0) first ??= { done, time: now() };
    return { title, unit, total, done, base: first?.done ?? 0, elapsed: first ? now() - first.time : 0, fields };
  };
}

/** Where work stands: numbers for the line that people read. Times in milliseconds. */
interface Standing {
  readonly title: string;
  readonly unit: string;
  readonly total: number;
  readonly done: number;
  /** `done` at the first update, and the time since. */
  readonly base: number;
  readonly elapsed: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** `400/1,000 rows · 123 rows/s · 5 s left · loss 1.23` */
function progressText({ unit, total, done, base, elapsed, fields }: Standing): string {
  const rate = elapsed > 0 ? ((done - base) / elapsed) * 1000 : 0;
  const parts = [`${grouped(done)}/${grouped(total)} ${unit}`];
  if (rate > 0) {
    parts.push(`${rateText(rate)} ${unit}/s`);
    if (done < total) parts.push(`${duration((total - done) / rate)} left`);
  }
  for (const [name, value] of Object.entries(fields)) parts.push(`${name} ${value}`);
  return parts.join(' · ');
}

const rateText = (rate: number): string => (rate < 10 ? rate.toFixed(2) : grouped(rate));
