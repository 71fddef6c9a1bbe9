import { usageError } from '../../core/errors.ts';
import { percentNearOne } from '../../core/format.ts';
import type { Precision } from '../../core/settings.ts';
import type { Example } from '../../core/types.ts';
import { predictionOf } from '../../eval/softmax.ts';
import type { RelationModel } from '../../nn/relationModel.ts';
import { type ForwardPass, openForwardPass } from '../../runtime/forwardPass.ts';
import { alternate, figuresOf, ratioTable } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { type AnsweringSide, openTorchAnswers } from '../peers/answers.ts';
import { openTransformersJs } from '../peers/transformersJs.ts';
import type { Detail, Measured } from '../result.ts';
import { syntheticSentence } from '../syntheticRows.ts';

const ROUNDS = 3;
/** Rows that are in memory at once where only the count of rows matters. */
const CHUNK = 1_000;

/**
 * Rows answered per second, from text to label, on the test rows of `--data` in the order of the file, with 32-bit and 8-bit
 * weights; against Hugging Face's pipeline, PyTorch on batches sorted by length, and transformers.js. With `--sizes` also
 * the cost per row by the count of rows.
 */
export async function measureInference(context: BenchContext): Promise<Measured> {
  const { options, settings, batchSize, threads, signal, reporter, shape } = context;
  const { test, train, labelSet, entityTypes } = await context.dataset();
  const rows = test.length > 0 ? test : train;
  if (rows.length === 0) throw usageError('There are no rows to answer.', 'Name them with --data.');
  const model = await context.openModel({ labelSet, entityTypes });
  const rivals = [
    ...(options.against.includes('pipeline') ? [await openTorchAnswers(context, model, rows)] : []),
    ...(options.against.includes('transformersjs') ? [await openTransformersJs(context, model, rows)] : []),
  ];
  const open = (precision: Precision) =>
    openForwardPass(model.spec, model.weights, 'fixed', { device: settings.device, threads }, precision);
  const [fp32, int8] = [await open('fp32'), await open('int8')];
  const ours = [
    answering('korex fp32', fp32, model, rows, batchSize),
    answering('korex int8', int8, model, rows, batchSize),
  ];
  const sides = [...ours, ...rivals.flatMap((rival) => rival.sides)];
  try {
    const watch = { signal, reporter, title: `inference ${shape}` };
    const timings = await alternate(sides, { warmup: 1, rounds: options.repeat ?? ROUNDS, block: 1 }, watch);
    const details: Detail[] = [agreement(ours[0]!, sides.slice(1))];
    if (rivals.length > 0) details.unshift(ratioTable('Speed over the others', sides, timings, ours.length));
    if (options.sizes.length > 0) details.push(await costBySize(context, fp32, model));
    return {
      figures: figuresOf(sides, timings, { ours: ours.length, rows: rows.length }),
      details,
      facts: {
        rows: rows.length,
        batch: batchSize,
        max_length: model.task.maxLength,
        threads,
        ...Object.assign({}, ...rivals.map(({ versions }) => versions)),
      },
    };
  } finally {
    await fp32.release();
    await int8.release();
  }
}

function answering(
  system: string,
  forward: ForwardPass,
  { task, inputs }: RelationModel,
  rows: readonly Example[],
  batchSize: number,
): AnsweringSide {
  let labels: readonly string[] = [];
  return {
    system,
    labels: () => labels,
    async run() {
      const start = performance.now();
      const { logits } = await forward.run(rows.map(inputs.encode), { batchSize });
      labels = rows.map(({ guid }, row) => predictionOf(guid, logits[row]!, task.labelSet.labels).predicted);
      return (performance.now() - start) / 1000;
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

/** The same kind of synthetic rows in growing numbers: milliseconds per row should stay, and memory too. */
async function costBySize(
  { options, settings, batchSize, signal, reporter, shape }: BenchContext,
  forward: ForwardPass,
  { spec }: RelationModel,
): Promise<Detail> {
  const rows: Detail['rows'] = [];
  for (const size of options.sizes) {
    const bar = reporter.progress(`inference ${shape}, ${size} rows`, size, 'rows');
    let seconds = 0;
    let resident = 0;
    for (let start = 0; start < size; start += CHUNK) {
      const count = Math.min(CHUNK, size - start);
      const chunk = Array.from({ length: count }, (_, row) => syntheticSentence(spec, settings.seed, start + row));
      const began = performance.now();
      await forward.run(chunk, {
        batchSize,
        signal,
        onProgress: () => {
          resident = Math.max(resident, process.memoryUsage.rss());
        },
      });
      seconds += (performance.now() - began) / 1000;
      bar.update(start + count);
    }
    bar.end();
    rows.push({
      rows: size,
      'ms per row': (1000 * seconds) / size,
      'largest resident MiB': Math.round(resident / 2 ** 20),
    });
  }
  return { title: 'Cost per row by the number of rows (synthetic, of mixed length)', rows };
}
