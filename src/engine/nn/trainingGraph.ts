import type { DropoutSite, ParameterSource } from './encoder.ts';
import type { EncoderConfig } from './encoderConfig.ts';
import { backward, dependents, type Gradients } from './graph/backward.ts';
import type { Graph } from './graph/graph.ts';
import type { Dialect } from './graph/lower.ts';
import type { Tensor } from './graph/nodes.ts';
import type { Shape } from './graph/onnxModel.ts';
import { opsOf } from './graph/ops.ts';
import type { ParameterSpec } from './parameters.ts';

export interface DropoutRates {
  readonly hidden: number;
  readonly attention: number;
  readonly head: number;
}

/** One rate for all sites, or the encoder's own; the head's is `classifier_dropout` where the configuration has it. */
export const dropoutRates = (config: EncoderConfig, rate: number | null): DropoutRates => ({
  hidden: rate ?? config.hidden_dropout_prob,
  attention: rate ?? config.attention_probs_dropout_prob,
  head: rate ?? config.classifier_dropout ?? config.hidden_dropout_prob,
});

/** An input of the training graph that takes a dropout mask of bytes 0 and 1. */
export interface DropoutInput {
  readonly name: string;
  /** Over the dimensions b, l, n = b · l, r (output tokens) and p (output tokens per row) of the batch. */
  readonly shape: Shape;
  readonly keep: number;
}

export interface TrainingGraph {
  readonly onnx: Uint8Array;
  /** All weights that the graph takes, by the names of its inputs. */
  readonly weights: readonly ParameterSpec[];
  /** Those that get a gradient. */
  readonly trained: readonly ParameterSpec[];
  /** Tables that are more than looked up in: their gradient is the dense output with the rows added. */
  readonly tied: ReadonlySet<string>;
  readonly dropouts: readonly DropoutInput[];
}

/** The output that holds a parameter's gradient, of the parameter's shape. */
export const gradientName = (parameter: string): string => `gradient:${parameter}`;
/** The output that holds the gradient of the rows looked up in an embedding table (rows, width). */
export const rowsName = (parameter: string): string => `rows:${parameter}`;

/** Masks are drawn from bytes, so the share kept is a multiple of 1/256. */
export const keepShare = (rate: number): number => 1 - Math.round(rate * 256) / 256;

/**
 * Dropout sites.
 *
 * Encoder states that no trained parameter has a part in are features: they have no dropout.
 *
 * @param trained the tensors of what is trained
 * @param masked x with all but a share of its values dropped
 */
export function dropoutSites(
  graph: Graph,
  rates: DropoutRates,
  trained: readonly Tensor[],
  masked: (x: Tensor, keep: number) => Tensor,
): DropoutSite {
  const names = new Set(trained.map(({ name }) => name));
  return (x, site) => {
    const rate = rates[site];
    if (rate === 0 || (site !== 'head' && !dependents(graph.nodes, names).has(x.name))) return x;
    return masked(x, keepShare(rate));
  };
}

/** Dropout whose masks the graph takes as inputs, one for each site. */
export function maskInputs(graph: Graph) {
  const dropouts: DropoutInput[] = [];
  const masked = (x: Tensor, keep: number): Tensor => {
    const input: DropoutInput = { name: `dropout_${dropouts.length}`, shape: x.shape, keep };
    dropouts.push(input);
    return opsOf(graph).dropout(x, graph.input(input.name, input.shape, 'uint8'), input.keep);
  };
  return { masked, dropouts };
}

/** What a model is trained from: where its weights and its dropout come from. */
export interface TrainingSources {
  readonly source: ParameterSource;
  readonly dropout: DropoutSite;
}

/** Values of a graph that its gradients are taken from and to. */
export interface Differentiated {
  readonly source: ParameterSource;
  readonly loss: Tensor;
  /** Further outputs. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly weights: readonly ParameterSpec[];
  readonly trained: readonly ParameterSpec[];
  readonly tied: ReadonlySet<string>;
}

/** Writes a graph out with its loss and the gradients of what is trained. */
export function withGradients(
  graph: Graph,
  { source, loss, outputs, weights, trained, tied }: Differentiated,
  dropouts: readonly DropoutInput[],
  dialect: Dialect,
): TrainingGraph {
  const gradients = gradientsOf(graph, { source, loss, trained, tied });
  const all: Record<string, Tensor> = { loss, ...outputs };
  for (const [name, gradient] of gradients.dense) all[gradientName(name)] = gradient;
  for (const [name, gradient] of gradients.rows) all[rowsName(name)] = gradient;
  return { onnx: graph.toOnnx(all, dialect), weights, trained, tied, dropouts };
}

/** The gradients of what is trained, by parameter name: of tables by looked-up rows, of tied ones both ways. */
export function gradientsOf(
  graph: Graph,
  { source, loss, trained, tied }: Omit<Differentiated, 'outputs' | 'weights'>,
): Gradients {
  const tensors = new Map(trained.map(({ name }) => [name, source(name)]));
  const of = (parameters: readonly ParameterSpec[]) => parameters.map(({ name }) => tensors.get(name)!);
  const dense = of(trained.filter(({ name, table }) => !table || tied.has(name)));
  const { dense: own, rows } = backward(graph, loss, dense, of(trained.filter(({ table }) => table)));
  const byParameter = (found: ReadonlyMap<string, Tensor>) =>
    new Map(
      [...tensors].flatMap(([name, { name: tensor }]) => {
        const gradient = found.get(tensor);
        return gradient ? [[name, gradient] as const] : [];
      }),
    );
  return { dense: byParameter(own), rows: byParameter(rows) };
}

export const tensorsOf = (parameters: readonly ParameterSpec[], source: ParameterSource): Tensor[] =>
  parameters.map(({ name }) => source(name));

/** The tensor of each parameter, declared as `make` does. */
export function sourceOf(
  parameters: readonly ParameterSpec[],
  make: (parameter: ParameterSpec) => Tensor,
): ParameterSource {
  const tensors = new Map(parameters.map((parameter) => [parameter.name, make(parameter)]));
  return (name) => tensors.get(name)!;
}
