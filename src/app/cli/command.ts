import type { Reporter } from '../../base/core/reporter.ts';
import type { SettingName, Settings } from '../../base/core/settings.ts';
import type { Localized } from '../../base/core/types.ts';

/** A row of the table of commands: what `korex --help` prints, and where the rest is. */
export interface CommandRow {
  /** One word, or a group of `COMMAND_GROUPS` and a word: `models pull`. */
  readonly name: string;
  /** One line for the list in `korex --help`. */
  readonly summary: Localized;
  /** Imports the command only when it is called: most load the runtime or the charts, which takes most of a second. */
  readonly load: () => Promise<Command>;
}

/** A command of `korex` as data: its options, its help and its work. */
export interface Command {
  /** What it is for and how it goes about it. */
  readonly description: Localized;
  /** The settings that it takes as options, beside `EVERYWHERE`. */
  readonly settings: readonly SettingName[];
  /** Options of this command alone. */
  readonly options?: readonly CommandOption[];
  /** Words that stand after its name, in this order. */
  readonly arguments?: readonly CommandArgument[];
  /** What it leaves behind, as path and meaning. */
  readonly writes: Explained;
  /** Typical commands, each with what it does. */
  readonly examples: Explained;
  run(call: Call): Promise<CommandResult>;
}

/** Paths or command lines, each with what it is. */
export type Explained = readonly (readonly [string, Localized])[];

/** Settings that every command takes. */
export const EVERYWHERE = ['lang', 'json'] as const satisfies readonly SettingName[];

/** An option that is no setting, such as an input file. */
export interface CommandOption {
  readonly name: string;
  /** What its value is called in the help; a switch has none. */
  readonly value?: string;
  readonly help: Localized;
  readonly required: boolean;
  /** May be given several times. */
  readonly repeatable?: boolean;
}

/** An option of one command, not required unless `more` says so. */
export const option = (
  name: string,
  value: string | undefined,
  help: Localized,
  more: Partial<CommandOption> = {},
): CommandOption => ({ name, ...(value !== undefined && { value }), help, required: false, ...more });

/** A word after the command's name, such as what to download. */
export interface CommandArgument {
  readonly name: string;
  readonly value: string;
  readonly help: Localized;
  readonly required: boolean;
  /** Several words; only the last argument may be. */
  readonly repeatable?: boolean;
}

/** Words that commands share as their first, each with its line in `korex --help`. */
export const COMMAND_GROUPS = {
  data: { en: 'official data: pull', ko: '공식 데이터: pull' },
  work: {
    en: 'a queue’s works: status, pause, resume, cancel, priority',
    ko: '대기열의 작업: status, pause, resume, cancel, priority',
  },
  models: { en: 'encoders of the Hugging Face Hub: list, pull', ko: 'Hugging Face Hub의 인코더: list, pull' },
} as const satisfies Record<string, Localized>;
export type CommandGroup = keyof typeof COMMAND_GROUPS;

export interface Call {
  readonly settings: Settings;
  /** Options and arguments of this command alone, by name. */
  readonly options: Readonly<Record<string, string | undefined>>;
  /** Its options and arguments that may be given several times, by name, each in the order given. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** Its switches that were given. */
  readonly switches?: ReadonlySet<string>;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** What a command says at its end: to people, or with `--json` to programs. */
export interface CommandResult {
  /** Null where standard output is the result already. */
  readonly text: string | null;
  readonly json: Readonly<Record<string, unknown>>;
}
