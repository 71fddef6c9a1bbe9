#!/usr/bin/env node
import type { Localized } from '../../base/core/types.ts';
import { runCli } from './cli.ts';
import { COMMANDS } from './commands.ts';
import { typedLanguage } from './program.ts';
import { createReporter } from './reporter.ts';

/** One Ctrl-C can arrive twice, from the terminal and passed on by npm; only a later one means "now". */
const SECOND_INTERRUPT_MS = 1_000;

const STOPPING: Localized = {
  en: 'Stopping; Ctrl-C once more to stop at once.',
  ko: '멈추는 중이다. Ctrl-C를 한 번 더 누르면 바로 멈춘다.',
};
const lang = typedLanguage(process.argv.slice(2)) ?? 'ko';

const interrupts = new AbortController();
let interruptedAt: number | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (interruptedAt === null) {
      interruptedAt = performance.now();
      process.stderr.write(`\n${STOPPING[lang]}\n`);
      interrupts.abort();
    } else if (performance.now() - interruptedAt > SECOND_INTERRUPT_MS) process.exit(130);
  });

// Whoever reads our output may stop reading, as `korex config | head` does.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });

const code = await runCli(COMMANDS, process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  helpWidth: Math.min(process.stdout.columns ?? 100, 120),
  lang: 'ko',
  reporter: createReporter(process.stderr, lang),
  signal: interrupts.signal,
  debug: Boolean(process.env.KOREX_DEBUG),
});
// Not before what was written has left: a pipe takes it in pieces.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
