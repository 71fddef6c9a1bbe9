import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure, KorexError } from '../../base/core/errors.ts';
import { percent } from '../../base/core/format.ts';
import type { DeviceName } from '../../base/core/settings.ts';
import { collateTokens } from '../nn/batch.ts';
import type { EncoderConfig } from '../nn/encoderConfig.ts';
import type { BatchRow } from '../nn/headPooling.ts';
import { initialLora, loraParameters } from '../nn/lora.ts';
import type { ModelSpec } from '../nn/model.ts';
import { batchOf } from '../nn/packedBatch.ts';
import { parameterSpecs, type Weights } from '../nn/parameters.ts';
import { positionOffset } from '../nn/positions.ts';
import { dropoutRates } from '../nn/trainingGraph.ts';
import { initialWeight } from '../nn/weights/loadWeights.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import { keepsValues } from '../runtime/deviceSession.ts';
import { type OperatorRun, withProfile } from '../runtime/operatorProfile.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { graphBatch, openGradientStep } from './gradientStep.ts';
import { openModelDeviceSteps } from './modelSteps.ts';
import { objectiveOf, targetsOf } from './objective.ts';
import { createOptimizer } from './optimizer.ts';
import { isFrozen, isHead, loraOf } from './tuning.ts';

/** What a device makes of a training graph. */
export interface DeviceTrial {
  /** Operators in a step, without the copies between devices. */
  readonly operators: number;
  /** Those that the device does not have, so that the CPU runs them: how often each occurs in a step. */
  readonly onCpu: Readonly<Record<string, number>>;
  /** ‖g − g'‖ / ‖g'‖ of the device's gradient g and the CPU's g', over all parameters. */
  readonly deviation: number;
}

/** Room for the 10-bit mantissa of TensorFloat-32, which CUDA multiplies matrices in; wrong results are far beyond it. */
const TOLERANCE = 0.02;

/**
 * Takes one step of a plan on a device and on the CPU, with the encoder's layers and operators but narrow ones: so what a
 * device lacks or computes wrongly is known before anything is loaded.
 *
 * Errors: `usage` where there is no such device; `failed` where the step does not run or has another gradient.
 */
export async function tryDevice(
  plan: TrainingPlan,
  config: EncoderConfig,
  labels: number,
  device: DeviceName,
): Promise<DeviceTrial> {
  const step = narrowStep(plan, config, labels, device);
  const expected = await step({ device: 'cpu', threads: 1 });
  const { gradient, operators } = await profiled((profile) => step({ device, threads: 1, profile })).catch((error) => {
    if (error instanceof KorexError && error.kind === 'usage') throw error;
    throw failure(
      {
        en: `--device ${device}: a step of a small model failed: ${messageOf(error)}`,
        ko: `--device ${device}: 작은 모델의 한 스텝이 실패했다: ${messageOf(error)}`,
      },
      HINT,
      error,
    );
  });
  const deviation = distance(gradient, expected);
  if (!(deviation <= TOLERANCE))
    throw failure(
      {
        en: `--device ${device} computes wrongly here: the gradient of a small model is ${percent(deviation)} off the CPU's.`,
        ko: `--device ${device}: 여기서는 계산이 틀린다. 작은 모델의 기울기가 CPU의 것과 ${percent(deviation)} 다르다.`,
      },
      HINT,
    );
  return { ...placement(operators), deviation };
}

const HINT = {
  en: 'A newer driver may help; --device cpu works everywhere.',
  ko: '새 드라이버로 나아질 수 있다. --device cpu는 어디서나 쓸 수 있다.',
};
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function profiled(step: (profile: string) => Promise<Float32Array<ArrayBuffer>>) {
  const scratch = await mkdtemp(join(tmpdir(), 'korex-device-'));
  try {
    let gradient = new Float32Array();
    const runs = await withProfile(scratch, async (profile) => {
      gradient = await step(profile);
    });
    return { gradient, operators: runs.flatMap(({ operators }) => operators) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** For people: which operators the CPU runs; null where it runs none. */
export function trialNote(device: DeviceName, { operators, onCpu }: DeviceTrial): string | null {
  const counts = Object.entries(onCpu).sort(([, a], [, b]) => b - a);
  if (counts.length === 0) return null;
  const sum = counts.reduce((total, [, count]) => total + count, 0);
  const names = counts.map(([op, count]) => (count > 1 ? `${op} (${count})` : op)).join(', ');
  return `--device ${device}: ${sum} of the ${operators} operators of a training step run on the CPU: ${names}.`;
}

const trialRow = (ids: number[], subjectStart: number, objectStart: number): BatchRow => ({
  ids,
  subjectStart,
  objectStart,
  subjectWord: { start: subjectStart, end: subjectStart + 2 },
  objectWord: { start: objectStart, end: objectStart + 1 },
});
const ROWS: readonly BatchRow[] = [trialRow([0, 1, 2, 3, 4], 1, 3), trialRow([0, 4, 3, 2, 1, 5, 6], 4, 2)];
const WIDTH_PER_HEAD = 4;

/**
 * One step of the plan's training graph over a narrow encoder, as it is taken for a device: its gradients side by side, up to a
 * factor.
 */
function narrowStep(plan: TrainingPlan, config: EncoderConfig, labels: number, device: DeviceName) {
  const shape = { config: narrow(config, plan.encoderLayers), labels, packed: plan.pairEncoding !== 'inline' };
  const spec: ModelSpec = { ...shape, head: plan.head };
  const batch =
    plan.head === 'tokens' ? collateTokens(ROWS, spec.config) : batchOf(ROWS, { ...shape, head: plan.head });
  const lora = loraOf(plan);
  const parameters = parameterSpecs(spec.config, spec.head, labels);
  const weights: Weights = new Map([
    ...parameters.map((parameter) => [parameter.name, initialWeight(parameter, spec.config, plan.seed)] as const),
    ...(lora ? initialLora(spec.config, lora, plan.seed) : []),
  ]);
  const trained = lora
    ? [...loraParameters(spec.config, lora), ...parameters.filter(({ name }) => isHead(name))]
    : parameters.filter(({ name }) => !isFrozen(name, plan.freezeLayers));
  const tuning = { lora, trained: trained.map((parameter) => ({ ...parameter, firstRow: 0 })) };
  const labelIds = Array.from({ length: plan.head === 'tokens' ? batch.size * batch.width : batch.size }, (_, row) =>
    row % 2 === 0 ? 0 : labels - 1,
  );
  const objective = objectiveOf(plan, labelIds, labels);
  const targets = targetsOf(labelIds, objective.classWeights, objective.labelSmoothing);
  const rates = dropoutRates(config, plan.dropout);
  const sideBySide = (values: Iterable<Float32Array>) => Float32Array.from([...values].flatMap((each) => [...each]));

  const onHost = async (options: SessionOptions): Promise<Float32Array<ArrayBuffer>> => {
    const step = await openGradientStep(spec, rates, weights, options, tuning, objective);
    try {
      await step.add(batch, targets, plan.seed, 0);
      return sideBySide([...step.gradients.values()].map(({ values }) => values));
    } finally {
      await step.release();
    }
  };

  /** The first moments of a first step are its gradient times a number. */
  const onDevice = async (options: SessionOptions): Promise<Float32Array<ArrayBuffer>> => {
    const copies = new Map([...weights].map(([name, values]) => [name, values.slice()]));
    const trainedWeights = new Map(trained.map(({ name }) => [name, copies.get(name)!]));
    const optimizer = createOptimizer(trainedWeights);
    const state = { tuning: { ...tuning, weights: copies, trainedWeights }, optimizer, average: null };
    const steps = await openModelDeviceSteps(spec, state, { rates, loss: objective, plan }, options);
    try {
      await steps.take([graphBatch(spec, batch, targets)], { lr: plan.lr, seed: plan.seed, firstDraw: 0 });
      await steps.settle();
      return sideBySide([...optimizer.moments.values()].map(({ first }) => first));
    } finally {
      await steps.release();
    }
  };
  return keepsValues(device) ? onDevice : onHost;
}

/** The same layers and heads, a few units wide, with just the ids and positions that the rows need. */
function narrow(config: EncoderConfig, layers: number | null): EncoderConfig {
  const width = config.num_attention_heads * WIDTH_PER_HEAD;
  const { embedding_size: embedding, pad_token_id: padding } = config;
  const ids = Math.max(...ROWS.flatMap((row) => row.ids)) + 1;
  return {
    ...config,
    ...(embedding === undefined ? {} : { embedding_size: embedding === config.hidden_size ? width : WIDTH_PER_HEAD }),
    num_hidden_layers: layers ?? config.num_hidden_layers,
    hidden_size: width,
    intermediate_size: 2 * width,
    vocab_size: Math.max(ids, padding + 1),
    max_position_embeddings: positionOffset(config) + Math.max(...ROWS.map((row) => row.ids.length)),
  };
}

const CPU = 'CPUExecutionProvider';

function placement(operators: readonly OperatorRun[]): Omit<DeviceTrial, 'deviation'> {
  const own = operators.filter(({ op }) => !op.startsWith('Memcpy'));
  const onCpu: Record<string, number> = {};
  for (const { op, provider } of own) if (provider === CPU) onCpu[op] = (onCpu[op] ?? 0) + 1;
  return { operators: own.length, onCpu };
}

function distance(actual: Float32Array, expected: Float32Array): number {
  let [difference, size] = [0, 0];
  for (const [index, value] of expected.entries()) {
    difference += (actual[index]! - value) ** 2;
    size += value ** 2;
  }
  return Math.sqrt(difference / size);
}
