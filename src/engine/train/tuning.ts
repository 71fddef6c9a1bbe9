import { markerTokens } from '../../base/text/markers.ts';
import type { Tokenizer } from '../../base/text/tokenizer.ts';
import type { EncoderConfig } from '../nn/encoderConfig.ts';
import { adaptedLayers, initialLora, type LoraSpec, loraParameters, mergeLora } from '../nn/lora.ts';
import type { ModelSpec } from '../nn/model.ts';
import type { TaskSpec } from '../nn/modelTask.ts';
import { encoderPrefix, type ParameterSpec, parameterSpecs, sizeOf, type Weights } from '../nn/parameters.ts';
import type { NamedFloats } from '../nn/weights/safetensors.ts';
import type { TrainingPlan } from '../runs/plan.ts';

/** A parameter that training changes: whole, or of the word table the rows from `firstRow` on; `shape` is that of this part. */
export interface TrainedParameter extends ParameterSpec {
  readonly firstRow: number;
}

/** What a training changes of a model, whatever its task. */
export interface TunedModel {
  readonly spec: ModelSpec;
  readonly weights: Weights;
  readonly inputs: { readonly tokenizer: Pick<Tokenizer, 'id'> };
  /** `marker` and `entityTypes` where it marks entities. */
  readonly task: Pick<TaskSpec, 'maxLength'> & Partial<Pick<TaskSpec, 'marker' | 'entityTypes'>>;
}

/** Which weights a training changes: all of them, those above frozen layers, or low-rank adapters and the head. */
export interface Tuning<Model extends TunedModel = TunedModel> {
  readonly lora: LoraSpec | null;
  readonly trained: readonly TrainedParameter[];
  /** All weights that the training graph takes. */
  readonly weights: Weights;
  /** The trained weights, by name: views of `weights` where only some rows are trained. */
  readonly trainedWeights: Weights;
  /** What resuming needs beside the saved model: adapters, and the weights that they are merged into. */
  readonly aside: readonly NamedFloats[];
  /** The model as it is evaluated and saved, adapters merged: always the same arrays, brought up to date. */
  saved(): Model;
}

type TuningPlan = Pick<TrainingPlan, 'freezeLayers' | 'loraRank' | 'loraAlpha' | 'loraTargets' | 'seed'>;

/**
 * @param aside what a checkpoint kept beside the model; without it the adapters are new
 */
export const tuningOf = <Model extends TunedModel>(plan: TuningPlan, model: Model, aside?: Weights): Tuning<Model> => {
  const lora = loraOf(plan);
  return lora ? adapterTuning(lora, plan.seed, model, aside) : layerTuning(plan.freezeLayers, model);
};

/** The same tuning over copies of the trained weights; what is not trained is shared. */
export function copyOf<Model extends TunedModel>(plan: TuningPlan, model: Model, tuning: Tuning): Tuning<Model> {
  const copies = new Map(tuning.trained.map(({ name }) => [name, tuning.weights.get(name)!.slice()]));
  const weights = new Map([...model.weights].map(([name, weight]) => [name, copies.get(name) ?? weight]));
  const aside = new Map(tuning.aside.map(({ name, data }) => [name, copies.get(name) ?? data]));
  return tuningOf(plan, { ...model, weights }, aside);
}

function layerTuning<Model extends TunedModel>(frozenLayers: number, model: Model): Tuning<Model> {
  const { weights } = model;
  const trained = parametersOf(model)
    .filter(({ name }) => !isFrozen(name, frozenLayers))
    .map(whole);
  const trainedWeights = viewsOf(trained, weights);
  return { lora: null, trained, weights, trainedWeights, aside: [], saved: () => model };
}

function adapterTuning<Model extends TunedModel>(
  lora: LoraSpec,
  seed: number,
  model: Model,
  aside?: Weights,
): Tuning<Model> {
  const { config } = model.spec;
  const parameters = parametersOf(model);
  const own = loraParameters(config, lora);
  const adapted = new Set(adaptedLayers(config, lora.targets).map(({ name }) => `${name}.weight`));
  const under = parameters.filter(({ name }) => adapted.has(name));
  const start = aside ?? initialLora(config, lora, seed);
  const weights = new Map([...model.weights, ...start]);
  const merged = { ...model, weights: new Map([...model.weights, ...under.map(emptyWeight)]) };
  const trained = [
    ...newTokenRows(model),
    ...own.map(whole),
    ...parameters.filter(({ name }) => isHead(name)).map(whole),
  ];
  return {
    lora,
    trained,
    weights,
    trainedWeights: viewsOf(trained, weights),
    aside: [...own, ...under].map(({ name, shape }) => ({ name, shape, data: weights.get(name)! })),
    saved: () => {
      mergeLora(config, lora, weights, merged.weights);
      return merged;
    },
  };
}

const parametersOf = ({ spec }: TunedModel) => parameterSpecs(spec.config, spec.head, spec.labels);
const whole = (parameter: ParameterSpec): TrainedParameter => ({ ...parameter, firstRow: 0 });
const emptyWeight = ({ name, shape }: ParameterSpec) => [name, new Float32Array(sizeOf(shape))] as const;

/** The adapters that a plan asks for. */
export const loraOf = ({
  loraRank,
  loraAlpha,
  loraTargets,
}: Omit<TuningPlan, 'freezeLayers' | 'seed'>): LoraSpec | null =>
  loraRank === null ? null : { rank: loraRank, alpha: loraAlpha ?? 2 * loraRank, targets: loraTargets ?? 'all-linear' };

/**
 * Share of the learning rate that a parameter gets: 1 for the head, `decay` for the last layer, and so on down to
 * `decay` to the power of layers + 1 for the embeddings (discriminative fine-tuning, Howard & Ruder, 2018,
 * arXiv:1801.06146; for BERT: Sun et al., 2019, arXiv:1905.05583, where 0.95 did best). The head counts as a layer, as
 * ELECTRA's authors mean it (google-research/electra, issue 51: their code counts one more, for a pooler that is gone).
 */
export function rateShare(name: string, config: EncoderConfig, decay: number): number {
  if (isHead(name)) return 1;
  const layer = layerOf(name);
  return decay ** (layer === null ? config.num_hidden_layers + 1 : config.num_hidden_layers - layer);
}

const LAYER = /\.encoder\.layer\.(\d+)\./;

/** The layer of an encoder parameter; null for the embeddings. */
function layerOf(name: string): number | null {
  const match = LAYER.exec(name);
  return match ? Number(match[1]) : null;
}

/** By name: the parameters of a loaded model have lost the mark of a head. */
export const isHead = (name: string): boolean => name.startsWith('classifier') || name.includes('.pooler.');

/** Whether `--freeze-layers` leaves an encoder parameter as it is. */
export const isFrozen = (name: string, layers: number): boolean =>
  layers > 0 && !isHead(name) && (layerOf(name) ?? -1) < layers;

/** The word table's rows of added marker tokens, which no pretraining has seen; none where the marker needs no tokens. */
function newTokenRows(model: TunedModel): TrainedParameter[] {
  const { task, spec, inputs } = model;
  if (task.marker === undefined) return [];
  const ids = markerTokens(task.marker, task.entityTypes ?? []).flatMap((token) => inputs.tokenizer.id(token) ?? []);
  if (ids.length === 0) return [];
  const name = `${encoderPrefix(spec.config)}.embeddings.word_embeddings.weight`;
  const table = parametersOf(model).find((parameter) => parameter.name === name)!;
  const [rows, width] = table.shape as [number, number];
  const firstRow = Math.min(...ids);
  return [{ ...table, shape: [rows - firstRow, width], firstRow }];
}

const viewsOf = (trained: readonly TrainedParameter[], weights: Weights): Weights =>
  new Map(
    trained.map(({ name, shape, firstRow }) => {
      const weight = weights.get(name)!;
      return [name, firstRow === 0 ? weight : weight.subarray(weight.length - sizeOf(shape))];
    }),
  );
