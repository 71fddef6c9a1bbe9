import { type ErrorKind, KorexError } from '../../base/core/errors.ts';
import { toJson } from '../../base/core/files.ts';
import { lineIn, type Reporter, type ReportLine } from '../../base/core/reporter.ts';
import type { Language } from '../../base/core/types.ts';
import { settleParticles } from '../../base/text/particles.ts';
import type { CommandRow } from './command.ts';
import { parseArguments, typedLanguage } from './program.ts';

/** Where a command line meets the world; tests pass their own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly helpWidth: number;
  /** Of help and errors where `--lang` names none. */
  readonly lang: Language;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Show stack traces. */
  readonly debug: boolean;
}

/** A reporter that is handed its lines in one language, particles settled. */
function speaking(reporter: Reporter, lang: Language): Reporter {
  const say = (line: ReportLine) => (lang === 'ko' ? settleParticles(lineIn(line, lang)) : lineIn(line, lang));
  return {
    info: (line) => reporter.info(say(line)),
    warn: (line) => reporter.warn(say(line)),
    progress: (title, total, unit) => reporter.progress(title, total, unit),
  };
}

export const EXIT = { done: 0, failed: 1, usage: 2, temporary: 75, interrupted: 130 } as const;

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
  let lang = typedLanguage(argv) ?? terminal.lang;
  try {
    const { out: writeOut, helpWidth } = terminal;
    const typed = await parseArguments(commands, argv, { writeOut, helpWidth, lang });
    if (typed === null) return EXIT.done;
    const { command, given } = typed;
    const { ownOptions, resolveSettings } = await import('./options.ts');
    const { withStorages } = await import('../../base/storage/storageOf.ts');
    const settings = await resolveSettings(command, given);
    json = settings.json;
    if (typeof given.config === 'string') lang = settings.lang;
    const { signal } = terminal;
    const reporter = speaking(terminal.reporter, lang);
    const call = { settings, ...ownOptions(command, given), reporter, signal };
    const result = await withStorages({ reporter, signal }, () => command.run(call));
    if (json) terminal.out(toJson(result.json));
    else if (result.text !== null) terminal.out(`${result.text}\n`);
    return EXIT.done;
  } catch (error) {
    const problem = describe(error, terminal.signal.aborted, lang);
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
  readonly kind: ErrorKind | 'interrupted' | 'unexpected';
  readonly message: string;
  readonly hint: string | null;
  /** Which field of a request is meant, where one is. */
  readonly field?: string | undefined;
  readonly exit: number;
}

function describe(error: unknown, aborted: boolean, lang: Language): Problem {
  const words = WORDS[lang];
  const known = error instanceof KorexError ? error : null;
  const said = known?.in(lang);
  const message = said ? settleParticles(said.message) : null;
  const hint = said?.hint === undefined ? null : settleParticles(said.hint);
  // A stage that saved something on Ctrl-C says itself how to go on. A scheduler that stopped a task is to try it again.
  if (aborted && known?.kind !== 'temporary')
    return {
      kind: 'interrupted',
      message: message ?? words.interrupted,
      hint: hint ?? words.kept,
      exit: EXIT.interrupted,
    };
  if (known && message !== null) return { kind: known.kind, message, hint, field: known.field, exit: EXIT[known.kind] };
  return {
    kind: 'unexpected',
    message: `${words.unexpected}: ${error instanceof Error ? error.message : String(error)}`,
    hint: words.debug,
    exit: EXIT.failed,
  };
}

const WORDS = {
  en: {
    interrupted: 'Interrupted.',
    kept: 'What was finished is kept: the same command goes on from there.',
    unexpected: 'Unexpected error',
    debug: 'Run it again with KOREX_DEBUG=1 to see where, and please report it with that output.',
  },
  ko: {
    interrupted: '중단했다.',
    kept: '끝난 것은 남아 있다. 같은 명령이 거기서 이어 간다.',
    unexpected: '예상하지 못한 오류',
    debug: 'KOREX_DEBUG=1로 다시 실행하면 어디인지 보인다. 그 출력과 함께 알려 주기 바란다.',
  },
} as const;

/** The stack of an error and of what caused it. */
function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
