import type { Weights } from '../nn/parameters.ts';
import {
  ADAMW_DEFAULTS,
  adamWRows,
  adamWStep,
  decayStep,
  isDecayed,
  kernelFactors,
  type Moments,
  type StepFactors,
  stepFactors,
} from './adamw.ts';
import { type Gradient, type Gradients, globalNorm, normOf, squareSums } from './gradient.ts';
import { type Crew, sharedFloats, shareOut } from './kernels/crew.ts';
import type { CrewJob } from './kernels/crewWorker.js';

/** AdamW over named weights; `moments` and `steps` are what a checkpoint keeps. */
export interface Optimizer {
  readonly moments: ReadonlyMap<string, Moments>;
  /** Steps taken. */
  steps: number;
  /**
   * Changes the weights in place.
   *
   * @param crew workers that take a share of the parameters, for the same bytes. Their gradients' memory moves to them: it
   *   can be read no more. From the first step with a crew on, nothing else may change these weights.
   * @returns the gradients' global norm before clipping
   */
  step(gradients: Gradients, options: OptimizerStepOptions, crew?: Crew): number;
}

export interface OptimizerStepOptions {
  readonly lr: number;
  readonly weightDecay: number;
  /** Largest global norm (Pascanu et al., 2013, arXiv:1211.5063), as `torch.nn.utils.clip_grad_norm_`; 0 is off. */
  readonly clip: number;
  /** The share of `lr` that a parameter gets; 1 without it. */
  readonly rateShare?: (name: string) => number;
}

export function createOptimizer(weights: Weights): Optimizer {
  const moments = new Map(
    [...weights].map(([name, weight]) => [
      name,
      { first: sharedFloats(weight.length), second: sharedFloats(weight.length) },
    ]),
  );
  const moved = new Map<string, Uint8Array>();

  /**
   * Rows of a table that were never looked up have no moments and only decay, which is the greater part of a vocabulary.
   * Derived from the moments, so that it need not be kept in a checkpoint.
   */
  const movedRows = (name: string, width: number): Uint8Array => {
    const known = moved.get(name);
    if (known) return known;
    const { second } = moments.get(name)!;
    const rows = Uint8Array.from({ length: second.length / width }, (_, row) =>
      second.subarray(row * width, (row + 1) * width).some((value) => value !== 0) ? 1 : 0,
    );
    moved.set(name, rows);
    return rows;
  };

  const stepTable = (name: string, { values, table }: Gradient, width: number, factors: StepFactors) => {
    const weight = weights.get(name)!;
    const isMoved = movedRows(name, width);
    for (const row of table!.rows) isMoved[row] = 1;
    const rows: number[] = [];
    let still = 0;
    for (let row = 0; row <= isMoved.length; row++) {
      if (row < isMoved.length && isMoved[row] === 0) continue;
      decayStep(weight, { from: still * width, to: row * width }, factors);
      if (row < isMoved.length) rows.push(row);
      still = row + 1;
    }
    adamWRows(weight, values, moments.get(name)!, { rows, width }, factors);
  };

  let shares: Shares | null = null;

  return {
    moments,
    steps: 0,
    step(gradients, { lr, weightDecay, clip, rateShare = () => 1 }, crew) {
      this.steps++;
      if (crew && crew.workers > 0) shares ??= shareParameters(gradients, weights, crew.workers);
      const own = crew ? shares : null;
      const norm = own ? sharedNorm(gradients, own, crew!) : globalNorm(gradients);
      // The small constant is PyTorch's.
      const scale = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
      const factorsOf = (name: string): StepFactors =>
        stepFactors(this.steps, scale, {
          ...ADAMW_DEFAULTS,
          lr: lr * rateShare(name),
          weightDecay: isDecayed(name) ? weightDecay : 0,
        });
      const stepHere = () => {
        for (const [name, gradient] of gradients) {
          if (own?.weights.has(name)) continue;
          const factors = factorsOf(name);
          const all = { from: 0, to: gradient.values.length };
          if (gradient.table) stepTable(name, gradient, gradient.table.width, factors);
          else adamWStep(weights.get(name)!, gradient.values, moments.get(name)!, all, factors);
        }
      };
      if (!own) stepHere();
      else {
        const job = (id: number, name: string): CrewJob => {
          const factors = kernelFactors(factorsOf(name));
          return { kind: 'step', id, weight: own.weights.get(name)!, ...moments.get(name)!, factors };
        };
        crew!.run(
          own.names.map((names) => names.map((name) => job(own.ids.get(name)!, name))),
          stepHere,
        );
        for (const [name, weight] of own.weights) weights.get(name)!.set(weight);
      }
      return norm;
    },
  };
}

/** Which parameters workers step. */
interface Shares {
  /** By worker. */
  readonly names: readonly (readonly string[])[];
  /** Where a parameter stands among all. */
  readonly ids: ReadonlyMap<string, number>;
  /** Its weights as workers see them: the runtime takes no arrays that threads share. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Σ g² of each parameter that workers step. */
  readonly sums: Float64Array;
}

/** Values below which a parameter is not worth a message. */
const LEAST = 2 ** 15;

function shareParameters(gradients: Gradients, weights: Weights, workers: number): Shares {
  const entries = [...gradients];
  const isShared = ([, { values, table }]: (typeof entries)[number]) => !table && values.length >= LEAST;
  const large = entries.filter(isShared);
  const rest = entries.filter((entry) => !isShared(entry)).reduce((sum, [, { values }]) => sum + values.length, 0);
  const owners = shareOut(
    large.map(([, { values }]) => values.length),
    workers,
    rest,
  );
  const names = Array.from({ length: workers }, (_, worker) =>
    large.filter((_, index) => owners[index] === worker + 1).map(([name]) => name),
  );
  const copyOf = (name: string) => {
    const copy = sharedFloats(weights.get(name)!.length);
    copy.set(weights.get(name)!);
    return copy;
  };
  return {
    names,
    ids: new Map(entries.map(([name], id) => [name, id])),
    weights: new Map(names.flat().map((name) => [name, copyOf(name)])),
    sums: new Float64Array(new SharedArrayBuffer(8 * entries.length)),
  };
}

/** The global norm, added up in the order in which one thread does. */
function sharedNorm(gradients: Gradients, { names, ids, weights, sums }: Shares, crew: Crew): number {
  const job = (name: string): CrewJob => {
    const gradient = gradients.get(name)!.values;
    return { kind: 'squares', id: ids.get(name)!, gradient, sums };
  };
  const here = new Map<string, readonly number[]>();
  crew.run(
    names.map((some) => some.map(job)),
    () => {
      for (const [name, gradient] of gradients) if (!weights.has(name)) here.set(name, squareSums(gradient));
    },
  );
  return normOf([...gradients.keys()].map((name) => here.get(name) ?? [sums[ids.get(name)!]!]));
}
