/** How long work tells people where it stands; `cli/` draws it, tests pass `silentReporter`. */
export interface Reporter {
  /** A line of information. */
  info(message: string): void;
  /** Something the user should know of, though the work goes on. */
  warn(message: string): void;
  /** Starts a progress bar (a terminal) or occasional lines (elsewhere), with rate and time left. */
  progress(title: string, total: number, unit: string): Progress;
}

export interface Progress {
  /** `done` of `total` units; `fields` stand beside the bar, e.g. `{loss: '1.23'}`. */
  update(done: number, fields?: Readonly<Record<string, string>>): void;
  /** Ends the bar; safe to call twice. */
  end(): void;
}

export const silentReporter: Reporter = {
  info: () => {},
  warn: () => {},
  progress: () => ({ update: () => {}, end: () => {} }),
};
