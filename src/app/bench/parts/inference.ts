import { usageError } from '../../../base/core/errors.ts';
import { percentNearOne } from '../../../base/core/format.ts';
import type { Precision } from '../../../base/core/settings.ts';
import type { Example } from '../../../base/core/types.ts';
import { predictionOf } from '../../../base/eval/softmax.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import { type ForwardPass, openForwardPass } from '../../../engine/runtime/forwardPass.ts';
import { timeByOperator, withProfile } from '../../../engine/runtime/operatorProfile.ts';
import { alternate, figuresOf, ratioTable } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { type AnsweringSide, openTorchAnswers, openTransformersJs } from '../peers/answers.ts';
import type { Detail, Measured } from '../result.ts';
import { syntheticSentence } from '../syntheticRows.ts';

const ROUNDS = 3;
/** Rows that are in memory at once where only the count of rows matters. */
const CHUNK = 1_000;
/** Rows whose operators are timed. */
const PROFILED = 256;

/**
 * Rows answered per second, from text to label, on the test rows of `--data` in the order of the file, with 32-bit and 8-bit
 * weights; against Hugging Face's pipeline, PyTorch on batches sorted by length, and transformers.js. With `--sizes` also
 * the cost per row by the count of rows, with the weights that `--precision` names.
 */
export async function measureInference(context: BenchContext): Promise<Measured> {
  const { options, settings, batchSize, threads, signal, reporter, shape } = context;
  const { test, train, labelSet, entityTypes } = await context.dataset();
  const rows = test.length > 0 ? test : train;
  if (rows.length === 0)
    throw usageError(
      { en: 'There are no rows to answer.', ko: '답할 행이 없다.' },
      { en: 'Name them with --data.', ko: '--data로 행을 준다.' },
    );
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
    details.push(await operatorTimes(context, model, rows));
    if (options.sizes.length > 0)
      details.push(await costBySize(context, settings.precision === 'int8' ? int8 : fp32, model));
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

/** What a core's time goes to with either kind of weights, from the runtime's profile of one thread: milliseconds per row. */
async function operatorTimes(
  { settings, batchSize, scratch }: BenchContext,
  { spec, weights, inputs }: RelationModel,
  rows: readonly Example[],
): Promise<Detail> {
  const encoded = rows.slice(0, PROFILED).map(inputs.encode);
  const profileOf = async (precision: Precision) => {
    const runs = await withProfile(scratch, async (profile) => {
      const options = { device: settings.device, threads: 1, profile };
      const forward = await openForwardPass(spec, weights, 'fixed', options, precision);
      // The first time warms up.
      for (let time = 0; time < 2; time++) await forward.run(encoded, { batchSize });
      await forward.release();
    });
    const counted = runs.slice(runs.length / 2);
    const perRow = (milliseconds: number) => (milliseconds * counted.length) / encoded.length;
    return new Map(timeByOperator(counted).map(({ op, milliseconds }) => [op, perRow(milliseconds)]));
  };
  const [fp32, int8] = [await profileOf('fp32'), await profileOf('int8')];
  const time = (operators: ReadonlyMap<string, number>, op: string) => operators.get(op) ?? 0;
  const sum = (operators: ReadonlyMap<string, number>) => [...operators.values()].reduce((total, each) => total + each);
  return {
    title: 'A core’s milliseconds per row by operator',
    rows: [
      ...[...new Set([...fp32.keys(), ...int8.keys()])]
        .filter((op) => time(fp32, op) + time(int8, op) >= sum(fp32) / 1000)
        .sort((a, b) => time(fp32, b) + time(int8, b) - time(fp32, a) - time(int8, a))
        .map((op) => ({ operator: op, fp32: fp32.get(op) ?? null, int8: int8.get(op) ?? null })),
      { operator: '(all)', fp32: sum(fp32), int8: sum(int8) },
    ],
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
