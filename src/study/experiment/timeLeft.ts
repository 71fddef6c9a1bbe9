import type { AblationRun } from '../../base/eval/ablation/results.ts';
import { meanOf } from '../../base/eval/overSeeds.ts';
import type { QueuedRun } from './queue.ts';

/**
 * Minutes that the rest of a queue will take, by the minutes of what is finished: of the same technique where there are
 * some, else of all. Null before anything is finished.
 */
export function timeLeft(
  queue: readonly Pick<QueuedRun, 'technique' | 'digest'>[],
  records: ReadonlyMap<string, Pick<AblationRun, 'technique' | 'status' | 'minutes'>>,
): number | null {
  const finished = [...records.values()].filter(({ status }) => status === 'finished');
  const usual = meanOf(finished.map(({ minutes }) => minutes));
  if (usual === null) return null;
  return queue
    .filter(({ digest }) => !records.has(digest))
    .reduce((sum, { technique }) => {
      const own = meanOf(finished.filter((run) => run.technique === technique).map(({ minutes }) => minutes));
      return sum + (own ?? usual);
    }, 0);
}
