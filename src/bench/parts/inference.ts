import { usageError } from '../../core/errors.ts';
import { percentNearOne } from '../../core/format.ts';
import type { Example } from '../../core/types.ts';
import { type Classifier, openClassifier } from '../../predict/classifier.ts';
import { alternate, figuresOf } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { type AnsweringSide, openTorchAnswers } from '../peers/answers.ts';
import type { Detail, Measured } from '../result.ts';
import { syntheticSentence } from '../syntheticRows.ts';

const ROUNDS = 3;
/** Rows that are in memory at once where only the count of rows matters. */
const CHUNK = 1_000;

/**
 * Rows answered per second, from text to label, on the test rows of `--data` in the order of the file; against Hugging
 * Face's pipeline and PyTorch on batches sorted by length. With `--sizes` also the cost per row by the count of rows.
 */
export async function measureInference(context: BenchContext): Promise<Measured> {
  const { options, settings, batchSize, threads, signal, reporter, shape } = context;
  const { test, train, labelSet, entityTypes } = await context.dataset();
  const rows = test.length > 0 ? test : train;
  if (rows.length === 0) throw usageError('There are no rows to answer.', 'Name them with --data.');
  const model = await context.openModel({ labelSet, entityTypes });
  const classifier = await openClassifier(model, { device: settings.device, threads });
  const torch = options.against.includes('pipeline') ? await openTorchAnswers(context, model, rows) : null;
  const ours = answering('korex fp32', classifier, rows, batchSize);
  const sides = [ours, ...(torch?.sides ?? [])];
  try {
    const watch = { signal, reporter, title: `inference ${shape}` };
    const timings = await alternate(sides, { warmup: 1, rounds: options.repeat ?? ROUNDS, block: 1 }, watch);
    const details: Detail[] = [];
    if (sides.length > 1) details.push(agreement(ours, sides.slice(1)));
    if (options.sizes.length > 0) details.push(await costBySize(context, classifier));
    return {
      figures: figuresOf(sides, timings, { rows: rows.length }),
      details,
      facts: { rows: rows.length, batch: batchSize, max_length: model.task.maxLength, threads, ...torch?.versions },
    };
  } finally {
    await classifier.release();
  }
}

function answering(system: string, classifier: Classifier, rows: readonly Example[], batchSize: number): AnsweringSide {
  let labels: readonly string[] = [];
  return {
    system,
    labels: () => labels,
    async run() {
      const start = performance.now();
      const predictions = await classifier.predict(rows, { batchSize });
      const seconds = (performance.now() - start) / 1000;
      labels = predictions.map(({ predicted }) => predicted);
      return seconds;
    },
  };
}

/** Faster is only worth something where the answers are the same. */
function agreement(ours: AnsweringSide, others: readonly AnsweringSide[]): Detail {
  const own = ours.labels();
  return {
    title: `Rows with the same label as ${ours.system}`,
    rows: others.map(({ system, labels }) => ({
      system,
      share: percentNearOne(labels().filter((label, row) => label === own[row]).length / own.length),
    })),
  };
}

/** The same kind of synthetic rows in growing numbers: rows per second should stay, and memory too. */
async function costBySize(
  { options, settings, batchSize, signal, reporter, shape }: BenchContext,
  classifier: Classifier,
) {
  const { spec } = classifier.model;
  const rows: Detail['rows'] = [];
  for (const size of options.sizes) {
    const bar = reporter.progress(`inference ${shape}, ${size} rows`, size, 'rows');
    let seconds = 0;
    let resident = 0;
    for (let start = 0; start < size; start += CHUNK) {
      const count = Math.min(CHUNK, size - start);
      const chunk = Array.from({ length: count }, (_, row) => syntheticSentence(spec, settings.seed, start + row));
      const began = performance.now();
      await classifier.logits(chunk, { batchSize, signal });
      seconds += (performance.now() - began) / 1000;
      resident = Math.max(resident, process.memoryUsage.rss());
      bar.update(start + count);
    }
    bar.end();
    rows.push({ rows: size, 'ms per row': (1000 * seconds) / size, 'resident MiB': Math.round(resident / 2 ** 20) });
  }
  return { title: 'Cost per row by the number of rows (synthetic, of mixed length)', rows };
}
