import type { HeadName, Precision } from '../../base/core/settings.ts';
import { type Builder, type EncoderInputs, encode, encoderInputs, type ParameterSource } from './encoder.ts';
import type { EncoderConfig } from './encoderConfig.ts';
import { backward } from './graph/backward.ts';
import { Graph } from './graph/graph.ts';
import type { Dialect } from './graph/lower.ts';
import type { Tensor } from './graph/nodes.ts';
import { opsOf } from './graph/ops.ts';
import { type ModelHead, poolsWords, statesPerAnswer } from './headPooling.ts';
import { HEADS } from './heads.ts';
import { adaptedLayers, type LoraSpec, loraA, loraB, loraParameters } from './lora.ts';
import { CROSS_ENTROPY, type LossSpec, lossOf } from './loss.ts';
import { type ParameterSpec, parameterSpecs, type Weights } from './parameters.ts';
import { quantizedOps } from './quantize.ts';
import {
  type Differentiated,
  type DropoutRates,
  dropoutSites,
  gradientName,
  maskInputs,
  sourceOf,
  type TrainingGraph,
  type TrainingSources,
  tensorsOf,
  withGradients,
} from './trainingGraph.ts';

export interface ModelSpec {
  readonly config: EncoderConfig;
  readonly head: ModelHead;
  readonly labels: number;
  /** Rows hold several pairs each (`collatePacked`), so that a batch has b · answers of them; without it one (`collate`). */
  readonly packed?: boolean;
}

/** Of an encoder with a head for pairs. */
export interface RelationSpec extends ModelSpec {
  readonly head: HeadName;
}

/**
 * A graph from ids to `logits` and `states`.
 *
 * @param weights stored in the model; inputs of the graph without them
 * @param precision of the stored weights
 */
export function buildForward(spec: ModelSpec, weights?: Weights, precision: Precision = 'fp32'): Uint8Array {
  const graph = new Graph();
  const sources = weights
    ? storedModel(graph, spec, weights, precision)
    : { ...INFERENCE, weight: sourceOf(parametersOf(spec), ({ name, shape }) => graph.input(name, shape)) };
  const { logits, read } = classify(graph, spec, sources);
  return graph.toOnnx({ logits, states: read });
}

/** The sources of an inference graph: weights stored in it, in 8 bits with `int8`. */
export function storedModel(graph: Graph, spec: ModelSpec, weights: Weights, precision: Precision): Sources {
  const parameters = parametersOf(spec);
  const weight = sourceOf(parameters, ({ name, shape }) => graph.initializer(name, shape, weights.get(name)!));
  const ops = opsOf(graph);
  return { ...INFERENCE, weight, ops: precision === 'int8' ? quantizedOps(ops, parameters, weights) : ops };
}

/**
 * A graph from a batch and its target distributions (b, labels), or (n, labels) of its tokens, to `loss`, `logits` and the
 * gradients.
 *
 * The loss is a sum over rows and labels: the caller scales the targets (1/b for a mean, class weights…); a token whose
 * targets are all 0 has no part in it. `logits` are the
 * model's own, without what the loss adds to them.
 *
 * @param trainable which parameters get gradients
 * @param lora adapters, whose parameters join the model's
 * @param dialect which operators a runtime's device has
 * @param minimised cross-entropy without it
 */
export function buildTraining(
  spec: ModelSpec,
  rates: DropoutRates,
  trainable: (parameter: ParameterSpec) => boolean = () => true,
  lora: LoraSpec | null = null,
  dialect: Dialect = 'onnxruntime',
  minimised: LossSpec = CROSS_ENTROPY,
): TrainingGraph {
  const graph = new Graph();
  const all = trainingParameters(spec, lora);
  const trained = all.filter(trainable);
  const source = sourceOf(all, ({ name, shape }) => graph.input(name, shape));
  const { masked, dropouts } = maskInputs(graph);
  const dropout = dropoutSites(graph, rates, tensorsOf(trained, source), masked);
  const parts = trainingParts(graph, spec, { source, dropout }, { lora, minimised });
  return withGradients(graph, { ...parts, trained }, dropouts, dialect);
}

/** All parameters that a training graph takes, adapters included. */
export const trainingParameters = (spec: ModelSpec, lora: LoraSpec | null): ParameterSpec[] => [
  ...parametersOf(spec),
  ...(lora ? loraParameters(spec.config, lora) : []),
];

/** The model and its loss, as a training graph has them. */
export function trainingParts(
  graph: Graph,
  spec: ModelSpec,
  { source, dropout }: TrainingSources,
  { lora, minimised }: { readonly lora: LoraSpec | null; readonly minimised: LossSpec },
): Omit<Differentiated, 'trained'> {
  const adapt = adapterSite(graph, spec, lora, source);
  const { logits } = classify(graph, spec, { weight: source, dropout, adapt });
  const loss = lossOf(graph, logits, graph.input('targets', [answersIn(spec), spec.labels]), minimised);
  return { source, loss, outputs: { logits }, weights: trainingParameters(spec, lora), tied: new Set<string>() };
}

/** A linear classifier over fixed features (b, width), trained in the same way: the frozen-encoder baseline. */
export function buildLinearTraining(width: number, labels: number): Uint8Array {
  const graph = new Graph();
  const features = graph.input('features', ['b', width]);
  const weight = graph.input('weight', [labels, width]);
  const bias = graph.input('bias', [labels]);
  const logits = opsOf(graph).gemm(features, weight, bias, { transB: true });
  const loss = lossOf(graph, logits, graph.input('targets', ['b', labels]), CROSS_ENTROPY);
  const { dense } = backward(graph, loss, [weight, bias], []);
  const named = Object.fromEntries([...dense].map(([name, gradient]) => [gradientName(name), gradient]));
  return graph.toOnnx({ loss, logits, ...named });
}

/** y + alpha/rank · (x Aᵀ) Bᵀ at the adapted layers. */
function adapterSite(
  graph: Graph,
  { config }: ModelSpec,
  lora: LoraSpec | null,
  weight: ParameterSource,
): Builder['adapt'] {
  if (!lora) return (_, __, y) => y;
  const { gemm, matmul } = opsOf(graph);
  const adapted = new Set(adaptedLayers(config, lora.targets).map(({ name }) => name));
  return (layer, x, y) => {
    if (!adapted.has(layer)) return y;
    const narrow = matmul(x, weight(loraA(layer)), { transB: true, alpha: lora.alpha / lora.rank });
    return gemm(narrow, weight(loraB(layer)), y, { transB: true });
  };
}

/** The sources of a model's parts; operators are the graph's own by default. */
type Sources = Pick<Builder, 'weight' | 'dropout' | 'adapt'> & Partial<Pick<Builder, 'ops'>>;

/** Neither dropout nor adapters. */
const INFERENCE: Pick<Builder, 'dropout' | 'adapt'> = { dropout: (x) => x, adapt: (_, __, y) => y };

/** The inputs of a model: a batch, and the positions of it that the head pools. With packed rows, `pooling` is (b, s, p). */
export interface ModelInputs {
  readonly encoder: EncoderInputs;
  /** The positions of the output tokens (b · p) among all; all tokens when null, with p = l. */
  readonly reads: Tensor | null;
  /** The matrix (b, states, p) that averages output tokens; null where the head takes them as they are. */
  readonly pooling: Tensor | null;
}

/** Declares the inputs of a graph from a batch: of b rows, or with packed rows of s = answers · states pooled states each. */
function modelInputs(graph: Graph, { head, packed = false }: ModelSpec): ModelInputs {
  const states = packed ? 's' : statesPerAnswer(head);
  return {
    encoder: encoderInputs(graph, packed ? 'token' : 'row'),
    reads: head === 'tokens' ? null : graph.input('reads', ['r'], 'int64'),
    pooling: packed || poolsWords(head) ? graph.input('pooling', ['b', states, 'p']) : null,
  };
}

/** The named dimension of what is answered of a batch: its rows, the pairs of packed ones, or all tokens. */
const answersIn = ({ head, packed = false }: ModelSpec): 'b' | 'm' | 'n' =>
  head === 'tokens' ? 'n' : packed ? 'm' : 'b';

/**
 * Encoder and head: the logits (b, labels), and the pooled states (b, states · hidden); of packed rows m = b · answers each,
 * and n = b · l where the head answers tokens.
 */
export function classify(
  graph: Graph,
  spec: ModelSpec,
  sources: Sources,
  inputs: ModelInputs = modelInputs(graph, spec),
) {
  const { config, head } = spec;
  const build = { ops: opsOf(graph), config, ...sources };
  const { reads, pooling } = inputs;
  const perRow = reads === null ? 'l' : pooling ? 'p' : statesPerAnswer(head);
  const states = encode(build, inputs.encoder, reads && { tokens: reads, perRow });
  const { matmul, reshape } = build.ops;
  const read = pooling ? matmul(pooling, reshape(states, ['b', perRow, config.hidden_size])) : states;
  const joined =
    head === 'tokens' ? read : reshape(read, [answersIn(spec), statesPerAnswer(head) * config.hidden_size]);
  return { logits: HEADS[head](build, joined), read: joined };
}

const parametersOf = ({ config, head, labels }: ModelSpec) => parameterSpecs(config, head, labels);
