import { usageError } from '../../../base/core/errors.ts';
import { loadEntityModel } from '../../../engine/nn/entityModel.ts';
import type { EntityRecognizer } from '../../../inference/extract/recognizer.ts';
import { openTokenRecognizer } from '../../../inference/extract/tokenRecognizer.ts';
import { BOXED_ENTITIES } from '../../../inference/predict/findModel.ts';
import { alternate, figuresOf, type Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import type { Measured } from '../result.ts';

const ROUNDS = 3;

/**
 * Sentences per second whose entities the model in the box finds, from text to entities, with 32-bit and 8-bit weights: the
 * sentences of the test rows of `--data`, each once.
 */
export async function measureEntities(context: BenchContext): Promise<Measured> {
  const { options, settings, threads, signal, reporter } = context;
  const { test, train } = await context.dataset();
  const sentences = [...new Set((test.length > 0 ? test : train).map(({ sentence }) => sentence))];
  if (sentences.length === 0)
    throw usageError(
      { en: 'There are no rows to read.', ko: '읽을 행이 없다.' },
      { en: 'Name them with --data.', ko: '--data로 행을 준다.' },
    );
  const model = await loadEntityModel(BOXED_ENTITIES.folder);
  const open = (precision: 'fp32' | 'int8') =>
    openTokenRecognizer(BOXED_ENTITIES.name, model, { device: settings.device, threads, precision });
  const recognizers = [await open('fp32'), await open('int8')];
  try {
    const sides = recognizers.map((recognizer, i) => finding(`korex ${['fp32', 'int8'][i]}`, recognizer, sentences));
    const schedule = { warmup: 1, rounds: options.repeat ?? ROUNDS, block: 1 };
    const timings = await alternate(sides, schedule, { signal, reporter, title: 'entities' });
    return {
      figures: figuresOf(sides, timings, { ours: sides.length, rows: sentences.length }),
      details: [],
      facts: { sentences: sentences.length, model: BOXED_ENTITIES.name, threads },
    };
  } finally {
    for (const recognizer of recognizers) await recognizer.release();
  }
}

const finding = (system: string, recognizer: EntityRecognizer, sentences: readonly string[]): Side => ({
  system,
  async run() {
    const start = performance.now();
    await recognizer.recognize(sentences);
    return (performance.now() - start) / 1000;
  },
});
