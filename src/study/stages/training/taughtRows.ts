import { softened } from '../../../engine/train/distillation.ts';
import { meanProbabilities } from '../../../inference/predict/meanProbabilities.ts';
import type { StageContext } from '../stage.ts';
import type { PreparedRows } from './preparedRows.ts';
import type { PreparedRuns } from './preparedRuns.ts';

/** The rows with what the teachers say of those to train on; as they are without teachers. Errors: those of `meanProbabilities`. */
export async function taughtRows(
  { settings, dataset, reporter, signal }: StageContext,
  { rows, teachers }: Pick<PreparedRuns, 'rows' | 'teachers'>,
): Promise<PreparedRows> {
  if (teachers.length === 0) return rows;
  const { evalBatchSize: batchSize, distillTemperature } = settings;
  const examples = rows.train.map(({ example }) => example);
  const options = { ...settings, role: 'teacher' as const, batchSize, reporter, signal };
  const means = await meanProbabilities(teachers, examples, dataset.labelSet, options);
  const train = rows.train.map((row, i) => ({ ...row, soft: softened(means[i]!, distillTemperature) }));
  return { ...rows, train };
}
