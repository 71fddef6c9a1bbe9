import { z } from 'zod';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import type { OperatorTime } from '../../../engine/runtime/operatorProfile.ts';
import type { Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import type { MatrixProduct } from '../matrixProduct.ts';
import { ALONE } from '../matrixProduct.ts';
import type { LabelledBatch } from '../syntheticRows.ts';
import { STEP_OPTIONS } from '../trainingSide.ts';
import { saveForPeers, saveRows } from './peer.ts';

export const versionsSchema = z.object({ torch: z.string(), transformers: z.string(), threads: z.number() });
export type Versions = z.output<typeof versionsSchema>;

const stepSchema = z.object({ seconds: z.number(), loss: z.number() });
const peakSchema = z.object({ bytes: z.number() });
const operatorsSchema = z.object({
  operators: z.array(z.object({ op: z.string(), calls: z.number(), milliseconds: z.number() })),
});
const productSchema = z.object({ milliseconds: z.number() });

export const PRECISIONS = { fp32: 'PyTorch fp32', bf16: 'PyTorch bf16 autocast' } as const;
export type Precision = keyof typeof PRECISIONS;

/** PyTorch's training of a model on some batches. */
export interface TorchSteps {
  readonly versions: Versions;
  step(index: number, precision: Precision): Promise<z.output<typeof stepSchema>>;
  /** Mean time of a step by operator, the longest first. */
  operators(steps: number): Promise<readonly OperatorTime[]>;
  /** Milliseconds of a matrix product alone, as often as korex's. */
  product(product: MatrixProduct): Promise<number>;
  /** Largest resident set of its process so far, in bytes. */
  peak(): Promise<number>;
  close(): Promise<void>;
}

/** Loads a copy of the model as it is now, with AdamW and the options of korex's side. */
export async function openTorchSteps(
  { openScript, scratch, threads }: Pick<BenchContext, 'openScript' | 'scratch' | 'threads'>,
  model: RelationModel,
  batches: readonly LabelledBatch[],
  dropout: number,
): Promise<TorchSteps> {
  const peer = await openScript('torch_steps.py');
  const rows = batches.map(({ rows, labels }) => ({ ids: rows.map(({ ids }) => ids), labels }));
  const versions = await peer.ask(
    {
      do: 'load',
      folder: await saveForPeers(scratch, model),
      batches: await saveRows(scratch, 'batches', rows),
      threads,
      dropout,
      lr: STEP_OPTIONS.lr,
      weight_decay: STEP_OPTIONS.weightDecay,
      clip: STEP_OPTIONS.clip,
    },
    versionsSchema,
  );
  return {
    versions,
    step: (index, precision) => peer.ask({ do: 'step', index, precision }, stepSchema),
    operators: async (steps) => {
      const { operators } = await peer.ask({ do: 'operators', steps }, operatorsSchema);
      return operators.sort((a, b) => b.milliseconds - a.milliseconds);
    },
    product: async (product) => (await peer.ask({ do: 'product', ...product, ...ALONE }, productSchema)).milliseconds,
    peak: async () => (await peer.ask({ do: 'peak' }, peakSchema)).bytes,
    close: () => peer.close(),
  };
}

/** Its step at each precision, as sides to time. */
export const torchSides = (torch: TorchSteps, precisions: readonly Precision[]): Side[] =>
  precisions.map((precision) => ({
    system: PRECISIONS[precision],
    run: async (index) => (await torch.step(index, precision)).seconds,
  }));
