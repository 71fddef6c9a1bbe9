import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { failure } from '../../base/core/errors.ts';
import type { BenchContext } from './context.ts';
import { measuredSchema } from './result.ts';

const LAST_LINES = 12;
const OUTPUT_BYTES = 2 ** 26;

/**
 * Runs a korex command in a process of its own and returns what it printed.
 *
 * Errors: `failed`, with the process's last lines; whatever the signal was aborted with.
 */
export async function runKorex(
  { self: [program, ...first], signal }: Pick<BenchContext, 'self' | 'signal'>,
  args: readonly string[],
): Promise<string> {
  try {
    const options = { signal, maxBuffer: OUTPUT_BYTES };
    return (await promisify(execFile)(program, [...first, ...args], options)).stdout;
  } catch (error) {
    signal.throwIfAborted();
    const { stderr } = error as { stderr?: string };
    const lines = (stderr || String(error)).trimEnd().split('\n').slice(-LAST_LINES).join('\n');
    throw failure(
      {
        en: `\`korex ${args[0]}\` in a process of its own failed. Its last lines:\n${lines}`,
        ko: `따로 띄운 프로세스의 \`korex ${args[0]}\` 명령이 실패했다. 마지막 출력:\n${lines}`,
      },
      undefined,
      error,
    );
  }
}

const processSchema = measuredSchema.shape.process.unwrap();
const outputSchema = z.object({ results: z.array(z.object({ process: processSchema })).length(1) });

/** Trains a model folder for some rounds of two steps in a new process, and returns what can only be known of a whole one. */
export async function stepInFreshProcess(
  context: BenchContext,
  encoder: string,
  rounds: number,
): Promise<z.output<typeof processSchema>> {
  const { settings, options, batchSize, threads, scratch } = context;
  const given = {
    '--only': 'step',
    '--encoder': encoder,
    '--batch-size': batchSize,
    '--length': options.length,
    '--warmup': 0,
    '--repeat': rounds,
    '--threads': threads,
    '--device': settings.device,
    '--seed': settings.seed,
    '--out': join(scratch, 'fresh'),
  };
  const words = Object.entries(given).flatMap(([flag, value]) => [flag, String(value)]);
  const output = await runKorex(context, ['bench', ...words, '--json']);
  return outputSchema.parse(JSON.parse(output)).results[0]!.process;
}
