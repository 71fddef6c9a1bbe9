import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { failure } from '../core/errors.ts';
import type { BenchContext } from './context.ts';

const factsSchema = z.object({
  results: z
    .array(z.object({ facts: z.object({ peak_memory_bytes: z.number(), seconds_until_first_step: z.number() }) }))
    .length(1),
});

export type ProcessFacts = z.output<typeof factsSchema>['results'][number]['facts'];

/**
 * Trains a model folder for a few steps in a korex process of its own, and returns what can only be known of a whole
 * process.
 *
 * Errors: `failed`, with the process's last lines.
 */
export async function stepInFreshProcess(
  { self, settings, options, batchSize, threads, scratch, signal }: BenchContext,
  encoder: string,
  rounds: number,
): Promise<ProcessFacts> {
  const [command, ...first] = self;
  const args = {
    '--only': 'step',
    '--encoder': encoder,
    '--batch-size': batchSize,
    '--length': options.length,
    '--repeat': rounds,
    '--threads': threads,
    '--device': settings.device,
    '--seed': settings.seed,
    '--out': join(scratch, 'fresh'),
  };
  const words = Object.entries(args).flatMap(([flag, value]) => [flag, String(value)]);
  try {
    const { stdout } = await promisify(execFile)(command, [...first, 'bench', ...words, '--json'], { signal });
    return factsSchema.parse(JSON.parse(stdout)).results[0]!.facts;
  } catch (error) {
    signal.throwIfAborted();
    const lines = String((error as { stderr?: string }).stderr ?? error)
      .trimEnd()
      .split('\n')
      .slice(-12)
      .join('\n');
    throw failure(`A training in a process of its own failed. Its last lines:\n${lines}`, undefined, error);
  }
}
