import { timeByOperator, withProfile } from '../../../engine/runtime/operatorProfile.ts';
import type { BenchContext } from '../context.ts';
import { type Figure, type Measured, spreadOf } from '../result.ts';
import { fullBatches } from '../syntheticRows.ts';
import { openDeviceSide } from '../trainingSide.ts';
import { DROPOUT } from './step.ts';

const STEPS = 2;
const KIB = 1024;
const CPU = 'CPUExecutionProvider';

/**
 * What crosses to a device and back in a training step whose weights stay there, counted at the sessions; and how many
 * operators the step has, from the runtime's profile. Both are the same on any device: `--device cpu` counts as if the
 * processor were one.
 */
export async function measureDevice(context: BenchContext): Promise<Measured> {
  const { options, settings, batchSize, threads, scratch, signal } = context;
  const model = await context.openModel();
  const size = { batches: 1, size: batchSize, length: options.length, seed: settings.seed };
  const [batch] = fullBatches(model.spec, size) as [ReturnType<typeof fullBatches>[number]];
  const sent: number[] = [];
  const returned: number[] = [];
  let state = 0;
  const runs = await withProfile(scratch, async (profile) => {
    const side = await openDeviceSide(model, DROPOUT, { device: settings.device, threads, profile });
    state = side.stateBytes;
    try {
      for (let step = 0; step < STEPS; step++) {
        signal.throwIfAborted();
        const before = side.traffic();
        await side.step(batch);
        const after = side.traffic();
        sent.push((after.toDevice - before.toDevice) / KIB);
        returned.push((after.toHost - before.toHost) / KIB);
      }
    } finally {
      await side.release();
    }
  });
  const operators = runs.flatMap((run) => run.operators);
  const elsewhere = operators.filter(({ provider }) => provider === CPU).length;
  const copies = operators.filter(({ op }) => op.startsWith('Memcpy')).length;
  const figure = (system: string, unit: Figure['unit'], samples: readonly number[]): Figure => ({
    system,
    unit,
    value: spreadOf(samples),
    ratio: null,
  });
  return {
    figures: [
      figure('to the device', 'KiB/step', sent),
      figure('back', 'KiB/step', returned),
      figure('operators', 'operators/step', [operators.length / STEPS]),
    ],
    details: [
      {
        title: 'Operators of a step',
        rows: timeByOperator(runs).map(({ op, calls }) => ({ operator: op, calls: (calls * runs.length) / STEPS })),
      },
    ],
    facts: {
      device: settings.device,
      batch: batchSize,
      length: options.length,
      dropout: DROPOUT,
      stays_on_device_mib: state / KIB / KIB,
      operators_on_cpu: settings.device === 'cpu' ? null : elsewhere / STEPS,
      copies_within_step: copies / STEPS,
    },
  };
}
