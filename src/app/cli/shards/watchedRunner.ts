import { z } from 'zod';
import { ProcessLost, type Runner } from '../../../base/queue/runner.ts';
import { OPENING_SECONDS } from '../../../inference/shards/superviseShard.ts';

const timeSchema = z.object({ row_seconds: z.number().positive() });

/**
 * Ends a process that gives no sign of life for longer than a row may take, as if it had been killed: the shard is then tried
 * again, and its rows looked through.
 */
export const watchedRunner = (runner: Runner): Runner => ({
  ...runner,
  async run(shard, context) {
    // A training has no rows that could take too long.
    if (shard.kind === 'experiment') return runner.run(shard, context);
    const { row_seconds } = timeSchema.parse(shard.task);
    const stall = new AbortController();
    let timer = setTimeout(() => stall.abort(), OPENING_SECONDS * 1000);
    try {
      return await runner.run(shard, {
        ...context,
        signal: AbortSignal.any([context.signal, stall.signal]),
        progress(from, to) {
          clearTimeout(timer);
          timer = setTimeout(() => stall.abort(), row_seconds * 1000);
          context.progress?.(from, to);
        },
      });
    } catch (error) {
      if (stall.signal.aborted && !context.signal.aborted)
        throw new ProcessLost(`a row took longer than ${row_seconds} s`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  },
});
