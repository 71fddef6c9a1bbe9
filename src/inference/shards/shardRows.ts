import type { Problem } from '../../base/data/checkRow.ts';
import type { RawRow } from '../../base/data/formats/format.ts';
import type { Poison } from './record.ts';
import type { AnswerShardOptions } from './work.ts';

/**
 * The rows of a shard, those that may not be answered marked as bad; or the wanted ones alone.
 *
 * @param onRead called with the place of each row before it is handed out
 */
export async function* shardRows(
  all: AsyncIterable<RawRow>,
  { poison, only = [0, Number.POSITIVE_INFINITY] }: Pick<AnswerShardOptions, 'poison' | 'only'>,
  onRead: (place: number) => void,
): AsyncGenerator<RawRow> {
  const [from, to] = only;
  if (from >= to) return;
  const reasons = new Map(poison.map(({ place, reason }) => [place, reason]));
  let place = 0;
  for await (const row of all) {
    if (place >= from) {
      onRead(place);
      const reason = reasons.get(place);
      yield reason === undefined ? row : { ...row, problem: poisonProblem(reason) };
    }
    // Before the next row is read.
    if (++place >= to) return;
  }
}

/** Why a row is rejected that no process got over. */
export const poisonProblem = (reason: Poison['reason']): Problem => ({
  field: 'row',
  found:
    reason === 'killed'
      ? { en: 'a row that ended every process that answered it', ko: '답하던 프로세스가 번번이 끝난 행' }
      : { en: 'a row that took longer than the time limit', ko: '시간제한을 넘긴 행' },
  expected:
    reason === 'killed'
      ? { en: 'a row that can be answered within the memory at hand', ko: '쓸 수 있는 메모리 안에서 답할 수 있는 행' }
      : { en: 'a row that is answered within --row-timeout', ko: '--row-timeout 안에 답할 수 있는 행' },
});
