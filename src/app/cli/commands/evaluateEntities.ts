import { basename, join, parse } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { grouped } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { loadEntities } from '../../../base/data/entities/loadEntities.ts';
import { loadEntityModel } from '../../../engine/nn/entityModel.ts';
import { writeEntityEvaluation } from '../../../engine/runs/entityEvaluation.ts';
import { evaluateRecognizer } from '../../../inference/extract/evaluateRecognizer.ts';
import { type ReachableEntities, reachableEntities } from '../../../inference/extract/reachableEntities.ts';
import { openTokenRecognizer } from '../../../inference/extract/tokenRecognizer.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import { refuseRelationSettings } from '../../../study/stages/training/entitySettings.ts';
import type { Call, CommandResult } from '../command.ts';
import { entityTable } from '../tables.ts';

/** `korex evaluate` with a model that finds entities: precision, recall and F1 of all of them and by type, with intervals. */
export async function evaluateEntities(
  { settings, reporter, signal }: Call,
  model: FoundModel,
): Promise<CommandResult> {
  refuseRelationSettings(settings);
  const data = await loadEntities(settings, 'test');
  const opened = await loadEntityModel(model.folder);
  for (const note of opened.notes ?? []) reporter.info(note);
  const recognizer = await openTokenRecognizer(model.name, opened, settings);
  const report = await evaluateRecognizer(recognizer, data.test, { seed: settings.seed, signal }).finally(() =>
    recognizer.release(),
  );
  if (report === null)
    throw usageError(
      { en: `${data.name} has no sentences.`, ko: `${data.name}: 문장이 없다.` },
      { en: 'Give sentences with their entities.', ko: '엔티티가 표시된 문장을 준다.' },
    );
  const reachable = reachableEntities(opened.inputs, data.test);
  const parts = [model.name, parse(basename(data.name)).name, ...(settings.precision === 'fp32' ? [] : ['int8'])];
  const folder = join(settings.out, 'evaluation', parts.join('-'));
  await writeEntityEvaluation(folder, { report, validation: null, seed: settings.seed });
  const partial = data.test.filter((each) => each.partial).length;
  const note =
    partial === 0
      ? ''
      : `\n\n${partial} sentences have some of their entities alone: recall counts, precision and F1 mean nothing.`;
  return {
    text: `${model.name} on ${data.name}: ${report.sentences} sentences\n\n${entityTable(report)}\n\n${reachableText(reachable, settings.lang)}${note}\n\nFiles: ${folder}`,
    json: { model: model.name, data: data.name, folder, ...report, reachable },
  };
}

/** How many entities a model that tags tokens could find at most, and where the first of the others are. */
function reachableText({ entities, reached, missed }: ReachableEntities, lang: Language): string {
  const share = entities === 0 ? '–' : `${((100 * reached) / entities).toFixed(2)} %`;
  const places = missed.slice(0, SHOWN).map(({ id, start, end, type }) => `${id} ${start}-${end}/${type}`);
  const others = missed.length === 0 ? '' : `: ${places.join(', ')}${missed.length > SHOWN ? ', …' : ''}`;
  return lang === 'ko'
    ? `닿을 수 있는 엔티티(토큰과 함께 시작하고 끝나는 것): ${share}(${grouped(reached)}/${grouped(entities)}). 나머지 ${grouped(missed.length)}개${others}`
    : `Reachable entities (they begin and end with tokens): ${share} (${grouped(reached)} of ${grouped(entities)}); ${grouped(missed.length)} are not${others}`;
}

const SHOWN = 5;
