import type { Language, Localized } from './types.ts';

/** A line for people; in both languages where it has been translated. */
export type ReportLine = string | Localized;

/** Progress of long work, for people; the command line draws it, tests pass `silentReporter`. */
export interface Reporter {
  /** A line of information. */
  info(message: ReportLine): void;
  /** A problem that does not stop the work. */
  warn(message: ReportLine): void;
  /** Starts a progress bar (a terminal) or occasional lines (elsewhere), with rate and time left. */
  progress(title: string, total: number, unit: string): Progress;
}

/** How far a piece of long work has come. */
export interface Progress {
  /** `done` of `total` units; `fields` are shown beside the bar, e.g. `{loss: '1.23'}`. */
  update(done: number, fields?: Readonly<Record<string, string>>): void;
  /** Ends the bar; safe to call twice. */
  end(): void;
}

export const lineIn = (line: ReportLine, lang: Language): string => (typeof line === 'string' ? line : line[lang]);

/** A reporter that shows nothing. */
export const silentReporter: Reporter = {
  info: () => {},
  warn: () => {},
  progress: () => ({ update: () => {}, end: () => {} }),
};
