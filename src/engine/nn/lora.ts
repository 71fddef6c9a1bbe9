import { randomStream } from '../../base/core/random.ts';
import type { LoraTargets } from '../../base/core/settings.ts';
import type { EncoderConfig } from './encoderConfig.ts';
import { encoderPrefix, type ParameterSpec, type Weights } from './parameters.ts';

/** Low-rank adapters W + alpha/rank · B A of fixed weights W (Hu et al., 2021, arXiv:2106.09685, eq. 3). */
export interface LoraSpec {
  readonly rank: number;
  readonly alpha: number;
  readonly targets: LoraTargets;
}

/** A linear layer (outputs, inputs) with an adapter. */
export interface AdaptedLayer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

const ATTENTION = ['attention.self.query', 'attention.self.value'] as const;

/** The layers that get an adapter, by setting. */
export function adaptedLayers(config: EncoderConfig, targets: LoraTargets): AdaptedLayer[] {
  const { hidden_size: hidden, intermediate_size: inner } = config;
  const square = (name: string) => ({ name, inputs: hidden, outputs: hidden });
  const perLayer: Record<LoraTargets, readonly AdaptedLayer[]> = {
    'query-value': ATTENTION.map(square),
    'all-linear': [
      ...['attention.self.query', 'attention.self.key', 'attention.self.value', 'attention.output.dense'].map(square),
      { name: 'intermediate.dense', inputs: hidden, outputs: inner },
      { name: 'output.dense', inputs: inner, outputs: hidden },
    ],
  };
  return Array.from({ length: config.num_hidden_layers }, (_, layer) =>
    perLayer[targets].map((adapted) => ({
      ...adapted,
      name: `${encoderPrefix(config)}.encoder.layer.${layer}.${adapted.name}`,
    })),
  ).flat();
}

/** The names that PEFT gives the two matrices. */
export const loraA = (layer: string): string => `${layer}.lora_A.weight`;
export const loraB = (layer: string): string => `${layer}.lora_B.weight`;

/** Parameters of all adapters: A (rank, inputs) and B (outputs, rank). */
export const loraParameters = (config: EncoderConfig, { rank, targets }: LoraSpec): ParameterSpec[] =>
  adaptedLayers(config, targets).flatMap(({ name, inputs, outputs }) => [
    { name: loraA(name), shape: [rank, inputs], initialization: 'normal', head: false, table: false },
    { name: loraB(name), shape: [outputs, rank], initialization: 'zeros', head: false, table: false },
  ]);

/**
 * New adapters, which change nothing yet: B is zero, A uniform in ±1/√inputs, as in the reference implementation
 * (`kaiming_uniform_` with a = √5 in microsoft/LoRA and PEFT).
 */
export function initialLora(config: EncoderConfig, lora: LoraSpec, seed: number): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  for (const { name, inputs, outputs } of adaptedLayers(config, lora.targets)) {
    const stream = randomStream(seed, 'weights', loraA(name));
    const bound = 1 / Math.sqrt(inputs);
    const a = Float32Array.from({ length: lora.rank * inputs }, (_, i) => bound * (2 * stream.uniform(i) - 1));
    weights.set(loraA(name), a).set(loraB(name), new Float32Array(outputs * lora.rank));
  }
  return weights;
}

/** Writes W + alpha/rank · B A of every adapted layer into `merged`, which holds an array for each. */
export function mergeLora(config: EncoderConfig, lora: LoraSpec, weights: Weights, merged: Weights): void {
  const { rank, alpha, targets } = lora;
  const scale = alpha / rank;
  for (const { name, inputs, outputs } of adaptedLayers(config, targets)) {
    const [a, b] = [weights.get(loraA(name))!, weights.get(loraB(name))!];
    const base = weights.get(`${name}.weight`)!;
    const target = merged.get(`${name}.weight`)!;
    const row = new Float64Array(inputs);
    for (let output = 0; output < outputs; output++) {
      const at = output * inputs;
      for (let i = 0; i < inputs; i++) row[i] = base[at + i]!;
      for (let r = 0; r < rank; r++) {
        const factor = scale * b[output * rank + r]!;
        const from = r * inputs;
        for (let i = 0; i < inputs; i++) row[i]! += factor * a[from + i]!;
      }
      target.set(row, at);
    }
  }
}
