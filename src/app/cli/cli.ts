import { KorexError } from '../../base/core/errors.ts';
import { toJson } from '../../base/core/files.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import type { CommandRow } from './command.ts';
import { ownOptions, resolveSettings } from './options.ts';
import { parseArguments } from './program.ts';

/** Where a command line meets the world; tests pass their own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly helpWidth: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Show stack traces. */
  readonly debug: boolean;
}

export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Runs one command line and returns its exit code; results go to stdout, all else to stderr.
 * With `--json` stdout gets exactly one object, also on failure: `{"error": {"kind", "message", "hint"}}`.
 */
export async function runCli(
  commands: readonly CommandRow[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  let json = argv.includes('--json');
  try {
    const typed = await parseArguments(commands, argv, { writeOut: terminal.out, helpWidth: terminal.helpWidth });
    if (typed === null) return EXIT.done;
    const { command, given } = typed;
    const settings = await resolveSettings(command, given);
    json = settings.json;
    const { reporter, signal } = terminal;
    const result = await command.run({ settings, ...ownOptions(command, given), reporter, signal });
    if (json) terminal.out(toJson(result.json));
    else if (result.text !== null) terminal.out(`${result.text}\n`);
    return EXIT.done;
  } catch (error) {
    const problem = describe(error, terminal.signal.aborted);
    terminal.err(`${problem.message}\n${problem.hint ? `${problem.hint}\n` : ''}`);
    if (terminal.debug && error instanceof Error) terminal.err(`${stackOf(error)}\n`);
    if (json) {
      const { kind, message, hint, field } = problem;
      terminal.out(toJson({ error: { kind, message, hint, ...(field !== undefined && { field }) } }));
    }
    return problem.exit;
  }
}

interface Problem {
  readonly kind: 'usage' | 'failed' | 'interrupted' | 'unexpected';
  readonly message: string;
  readonly hint: string | null;
  /** Which field of a request is meant, where one is. */
  readonly field?: string | undefined;
  readonly exit: number;
}

function describe(error: unknown, aborted: boolean): Problem {
  // A stage that saved something on Ctrl-C says itself how to go on.
  const known = error instanceof KorexError ? error : null;
  if (aborted)
    return {
      kind: 'interrupted',
      message: known?.message ?? 'Interrupted.',
      hint: known?.hint ?? 'What was finished is kept: the same command goes on from there.',
      exit: EXIT.interrupted,
    };
  if (known) {
    const { kind, message, hint = null, field } = known;
    return { kind, message, hint, field, exit: EXIT[kind] };
  }
  return {
    kind: 'unexpected',
    message: `Sorry, korex stumbled over something it did not foresee: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'KOREX_DEBUG=1 before the command shows where; please report it with that output.',
    exit: EXIT.failed,
  };
}

/** The stack of an error and of what caused it. */
function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
