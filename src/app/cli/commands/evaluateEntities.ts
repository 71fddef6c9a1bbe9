import { basename, join, parse } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { loadEntities } from '../../../base/data/entities/loadEntities.ts';
import { writeEntityEvaluation } from '../../../engine/runs/entityEvaluation.ts';
import { evaluateRecognizer } from '../../../inference/extract/evaluateRecognizer.ts';
import { loadTokenRecognizer } from '../../../inference/extract/tokenRecognizer.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import { refuseRelationSettings } from '../../../study/stages/training/entitySettings.ts';
import type { Call, CommandResult } from '../command.ts';
import { entityTable } from '../tables.ts';

/** `korex evaluate` with a model that finds entities: precision, recall and F1 of all of them and by type, with intervals. */
export async function evaluateEntities({ settings, signal }: Call, model: FoundModel): Promise<CommandResult> {
  refuseRelationSettings(settings);
  const data = await loadEntities(settings, 'test');
  const recognizer = await loadTokenRecognizer(model, settings);
  const report = await evaluateRecognizer(recognizer, data.test, { seed: settings.seed, signal }).finally(() =>
    recognizer.release(),
  );
  if (report === null)
    throw usageError(
      { en: `${data.name} has no sentences.`, ko: `${data.name}: 문장이 없다.` },
      { en: 'Give sentences with their entities.', ko: '엔티티가 표시된 문장을 준다.' },
    );
  const parts = [model.name, parse(basename(data.name)).name, ...(settings.precision === 'fp32' ? [] : ['int8'])];
  const folder = join(settings.out, 'evaluation', parts.join('-'));
  await writeEntityEvaluation(folder, { report, validation: null, seed: settings.seed });
  const partial = data.test.filter((each) => each.partial).length;
  const note =
    partial === 0
      ? ''
      : `\n\n${partial} sentences have some of their entities alone: recall counts, precision and F1 mean nothing.`;
  return {
    text: `${model.name} on ${data.name}: ${report.sentences} sentences\n\n${entityTable(report)}${note}\n\nFiles: ${folder}`,
    json: { model: model.name, data: data.name, folder, ...report },
  };
}
