import { join } from 'node:path';
import { figureFile } from '../../base/charts/figure.ts';
import { usageError } from '../../base/core/errors.ts';
import { writeFileAtomic } from '../../base/core/files.ts';
import type { Language } from '../../base/core/types.ts';
import { openForwardPass } from '../../engine/runtime/forwardPass.ts';
import { openApiDocument } from '../../inference/predict/api/openApi.ts';
import { apiFile, DESIGN_FOLDER, FLOW_FIGURE, traceFile } from './design/designFiles.ts';
import { flowFigure } from './design/flowSteps.ts';
import { traceOf } from './design/trace.ts';
import { encoderName, openUntrainedModel } from './encoderView.ts';
import type { Stage, StageContext } from './stage.ts';

const LANGUAGES: readonly Language[] = ['ko', 'en'];

/** Stage 03: the application's flow as a figure, a sentence followed through it, and the design of its API. */
export const designStage: Stage = {
  name: 'design',
  number: '03',
  folder: DESIGN_FOLDER,
  title: { ko: '애플리케이션 구조 설계', en: 'Application design' },
  needs: ['eda'],
  settings: ['encoder', 'encoderLayers', 'marker', 'question', 'head', 'maxLength', 'seed', 'device'],
  run,
};

async function run(context: StageContext): Promise<Readonly<Record<string, unknown>>> {
  const { out } = context;
  const trace = await followRow(context);
  for (const lang of LANGUAGES)
    await writeFileAtomic(join(out, DESIGN_FOLDER, figureFile(FLOW_FIGURE, lang)), flowFigure(lang));
  await apiFile.write(out, openApiDocument({ server: 'http://localhost:8080' }));
  await traceFile.write(out, trace);
  const { relation, confidence } = trace.output;
  return {
    marked_text: trace.preprocess.marked_text,
    tokens: trace.preprocess.tokens.length,
    relation,
    confidence,
    head_trained: false,
  };
}

/** The first test row through an untrained model: never a trained one, so that the result does not depend on what ran before. */
async function followRow(context: StageContext) {
  const { settings, dataset } = context;
  const example = dataset.test[0] ?? dataset.train[0];
  if (!example)
    throw usageError(
      { en: `There is no row to follow in ${dataset.name}.`, ko: `${dataset.name}: 따라가 볼 행이 없다.` },
      { en: 'Choose data with --data.', ko: '--data로 데이터를 고른다.' },
    );
  const { spec, weights, inputs, task } = await openUntrainedModel(context);
  const encoded = inputs.encode(example);
  const forward = await openForwardPass(spec, weights, 'fixed', settings);
  try {
    const { logits } = await forward.run([encoded], { batchSize: 1 });
    const encoder = { name: encoderName(settings), layers: spec.config.num_hidden_layers };
    return traceOf({ example, encoded, logits: logits[0]!, task, encoder, seed: settings.seed });
  } finally {
    await forward.release();
  }
}
