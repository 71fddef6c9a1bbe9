import { runCli } from '../../src/app/cli/cli.ts';
import type { CommandRow } from '../../src/app/cli/command.ts';
import { COMMANDS } from '../../src/app/cli/commands.ts';
import { type Reporter, silentReporter } from '../../src/base/core/reporter.ts';
import type { Language } from '../../src/base/core/types.ts';

/** Runs a command line in this process, and gives back its exit code and what it printed; its errors are English unless asked otherwise. */
export async function runKorex(
  args: readonly string[],
  {
    commands = COMMANDS,
    signal = new AbortController().signal,
    lang = 'en',
    reporter = silentReporter,
  }: { commands?: readonly CommandRow[]; signal?: AbortSignal; lang?: Language; reporter?: Reporter } = {},
): Promise<{ code: number; out: string; err: string }> {
  const printed = { out: '', err: '' };
  const code = await runCli(commands, args, {
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    helpWidth: 100,
    lang,
    reporter,
    signal,
    debug: false,
  });
  return { code, ...printed };
}
