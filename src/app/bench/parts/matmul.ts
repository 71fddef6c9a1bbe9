import { percent } from '../../../base/core/format.ts';
import {
  type GraphRun,
  type OperatorTime,
  timeByOperator,
  withProfile,
} from '../../../engine/runtime/operatorProfile.ts';
import type { BenchContext } from '../context.ts';
import { type MatrixProduct, operationsOf, productName, productOf, standAloneTime } from '../matrixProduct.ts';
import { openTorchSteps } from '../peers/torchSteps.ts';
import { type Detail, type Figure, type Measured, spreadOf } from '../result.ts';
import { fullBatches } from '../syntheticRows.ts';
import { openTrainingSide, type TimedStep } from '../trainingSide.ts';
import { DROPOUT } from './step.ts';

const WARMUP = 2;
const STEPS = 5;

/** One shape of product within the step. */
interface Products {
  readonly product: MatrixProduct;
  /** In a step. */
  readonly calls: number;
  /** A step's time in them, step by step. */
  readonly inStep: readonly number[];
  /** One of them, alone in a graph. */
  readonly alone: number;
  /** The same by PyTorch; null where it is not asked. */
  readonly rival: number | null;
}

/**
 * How near the matrix products of a training step come to what the runtime reaches on the same products alone, and where
 * the rest of the step goes, operator by operator, from the runtime's profile. Against PyTorch: the same products by it, and
 * its own step by operator.
 */
export async function measureMatmul(context: BenchContext): Promise<Measured> {
  const { options, settings, batchSize, threads, scratch, signal, reporter } = context;
  const device = { device: settings.device, threads };
  const model = await context.openModel();
  const size = { batches: 2, size: batchSize, length: options.length, seed: settings.seed };
  const batches = fullBatches(model.spec, size);
  const count = WARMUP + (options.repeat ?? STEPS);
  const steps: TimedStep[] = [];
  const profile = await withProfile(scratch, async (prefix) => {
    const side = await openTrainingSide(model, DROPOUT, { ...device, profile: prefix });
    for (let index = 0; index < count; index++) {
      signal.throwIfAborted();
      steps.push(await side.step(batches[index % batches.length]!));
    }
    await side.release();
  });
  const runs = profile.slice(WARMUP);
  const torch = options.against.includes('pytorch') ? await openTorchSteps(context, model, batches, DROPOUT) : null;
  const measured: Products[] = [];
  const groups = productsOf(runs);
  const bar = reporter.progress(`products ${context.shape}`, groups.length, 'shapes');
  for (const [index, group] of groups.entries()) {
    signal.throwIfAborted();
    const alone = await standAloneTime(group.product, device, scratch);
    measured.push({ ...group, alone, rival: (await torch?.product(group.product)) ?? null });
    bar.update(index + 1);
  }
  bar.end();
  const stepTime = mean(steps.slice(WARMUP).map(({ seconds }) => 1000 * seconds));
  return {
    ...ratesOf(measured),
    details: [
      productTable(measured),
      operatorTable(runs, stepTime),
      ...(torch ? [rivalTable((await torch.operators(count)).filter(({ op }) => op.startsWith('aten::')))] : []),
    ],
    facts: { ...factsOf(measured), ...torch?.versions },
  };

  function factsOf(products: readonly Products[]) {
    const ideal = sum(products.map(({ calls, alone }) => calls * alone));
    const inStep = sum(products.map((each) => mean(each.inStep)));
    return {
      batch: batchSize,
      length: options.length,
      threads,
      share_of_stand_alone_rate: ideal / inStep,
      share_of_step: inStep / stepTime,
    };
  }
}

function productsOf(runs: readonly GraphRun[]): Omit<Products, 'alone' | 'rival'>[] {
  const groups = new Map<string, { product: MatrixProduct; calls: number; inStep: number[] }>();
  for (const [run, { operators }] of runs.entries())
    for (const operator of operators) {
      const product = productOf(operator);
      if (!product) continue;
      const name = productName(product);
      const group = groups.get(name) ?? { product, calls: 0, inStep: runs.map(() => 0) };
      groups.set(name, group);
      group.inStep[run]! += operator.milliseconds;
      group.calls += 1 / runs.length;
    }
  return [...groups.values()].sort((a, b) => mean(b.inStep) - mean(a.inStep));
}

/** The rate over all products of the step, and the rates that they would have each alone. */
function ratesOf(products: readonly Products[]): Pick<Measured, 'figures'> {
  const operations = sum(products.map(({ product, calls }) => calls * operationsOf(product)));
  const rate = (milliseconds: number) => operations / milliseconds / 1e6;
  const alone = (system: string, times: readonly number[]): Figure => {
    const ideal = sum(products.map(({ calls }, index) => calls * times[index]!));
    const ratio = spreadOf(steps.map((step) => ideal / step));
    return { system, unit: 'GFLOP/s', value: spreadOf([rate(ideal)]), ratio };
  };
  const rivals = products.flatMap(({ rival }) => rival ?? []);
  const steps = products[0]!.inStep.map((_, step) => sum(products.map(({ inStep }) => inStep[step]!)));
  return {
    figures: [
      { system: 'matrix products in the step', unit: 'GFLOP/s', value: spreadOf(steps.map(rate)), ratio: null },
      alone(
        'the same, each alone',
        products.map((each) => each.alone),
      ),
      ...(rivals.length > 0 ? [alone('the same by PyTorch, each alone', rivals)] : []),
    ],
  };
}

const productTable = (products: readonly Products[]): Detail => ({
  title: 'Matrix products of a step',
  rows: products.map(({ product, calls, inStep, alone, rival }) => {
    const rate = (milliseconds: number) => Math.round(operationsOf(product) / milliseconds / 1e6);
    return {
      product: productName(product),
      calls: Math.round(calls),
      ms: round(mean(inStep)),
      'GFLOP/s': rate(mean(inStep) / calls),
      'GFLOP/s alone': rate(alone),
      share: percent((alone * calls) / mean(inStep)),
      ...(rival === null ? {} : { 'PyTorch, GFLOP/s alone': rate(rival) }),
    };
  }),
});

/** All operators, then what is outside of them: the runtime between operators, and the step outside the graph. */
function operatorTable(runs: readonly GraphRun[], stepTime: number): Detail {
  const operators = timeByOperator(runs);
  const graph = mean(runs.map(({ milliseconds }) => milliseconds));
  const kernels = sum(operators.map(({ milliseconds }) => milliseconds));
  const parts = [
    ...operators,
    { op: '(between operators)', calls: null, milliseconds: graph - kernels },
    { op: '(outside the graph: masks, clipping, AdamW)', calls: null, milliseconds: stepTime - graph },
  ];
  return {
    title: 'A step by operator',
    rows: parts.map(({ op, calls, milliseconds }) => ({
      operator: op,
      calls: calls === null ? null : Math.round(calls),
      ms: round(milliseconds),
      share: percent(milliseconds / stepTime),
    })),
  };
}

/** What PyTorch's profiler counts to its operators; less than a thousandth of it is left out. */
function rivalTable(operators: readonly OperatorTime[]): Detail {
  const all = sum(operators.map(({ milliseconds }) => milliseconds));
  return {
    title: 'PyTorch’s step by operator',
    rows: operators
      .filter(({ milliseconds }) => milliseconds >= all / 1000)
      .map(({ op, calls, milliseconds }) => ({
        operator: op,
        calls: Math.round(calls),
        ms: round(milliseconds),
        share: percent(milliseconds / all),
      })),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const round = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;
