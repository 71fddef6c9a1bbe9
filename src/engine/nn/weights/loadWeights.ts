import { inBoth, usageError } from '../../../base/core/errors.ts';
import { checkMemory } from '../../../base/core/memory.ts';
import { randomStream } from '../../../base/core/random.ts';
import type { Localized } from '../../../base/core/types.ts';
import type { EncoderConfig } from '../encoderConfig.ts';
import { isMaskedBias } from '../maskedHead.ts';
import { encoderPrefix, type ParameterSpec, sizeOf, type Weights } from '../parameters.ts';
import { isFloat } from './elements.ts';
import { parameterNames, SAME_MODEL, whyForeign, wrappersOf } from './storedNames.ts';
import { listNames, type TensorFile } from './tensorFile.ts';
import { openWeights } from './weightFiles.ts';

export interface LoadedWeights {
  readonly weights: Weights;
  /** Tensors that the file or the model alone has, each a line for people; empty where the whole file was used. */
  readonly notes: readonly Localized[];
  /** The parameters that the file lacks, drawn. */
  readonly drawn: ReadonlySet<string>;
}

/**
 * Weights for a model: from the folder's files where they have them, otherwise (the head of a pretrained encoder) drawn
 * with the seed. A classifier is taken whole or not at all. All names and shapes are checked before any values are read.
 *
 * @param stored the file's own configuration, where the model has tokens more (markers, whose rows are drawn) or layers less
 * Errors: `usage` where a weight is missing, has another shape or values that are no numbers, with the names; `failed` where
 * they cannot fit into memory.
 */
export async function loadWeights(
  folder: string,
  config: EncoderConfig,
  parameters: readonly ParameterSpec[],
  seed: number,
  stored: EncoderConfig = config,
): Promise<LoadedWeights> {
  const file = await openWeights(folder);
  try {
    const { taken, notes } = matchNames(file, parameters, config, stored);
    const elements = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    checkMemory(
      elements * Float32Array.BYTES_PER_ELEMENT,
      { en: `The weights of ${file.path} take`, ko: `${file.path}의 가중치에` },
      {
        en: 'Use a smaller encoder, fewer of its layers (--encoder-layers), or a machine with more memory.',
        ko: '더 작은 인코더나 더 적은 층(--encoder-layers), 또는 메모리가 더 많은 컴퓨터를 쓴다.',
      },
    );
    const weights = new Map<string, Float32Array>();
    const drawn = new Set<string>();
    for (const parameter of parameters) {
      const name = taken.get(parameter.name);
      if (name === undefined) drawn.add(parameter.name);
      weights.set(
        parameter.name,
        name === undefined
          ? initialWeight(parameter, config, seed)
          : withNewRows(parameter, finite(file.path, name, await file.read(name)), config, seed),
      );
    }
    return { weights, notes, drawn };
  } finally {
    await file.close();
  }
}

/**
 * Which tensor of the file each parameter takes: by the names as they are, else without what wraps the model, where all
 * weights fit then.
 *
 * Errors: `usage` where they do not.
 */
function matchNames(
  file: TensorFile,
  parameters: readonly ParameterSpec[],
  config: EncoderConfig,
  stored: EncoderConfig,
): Match {
  const prefix = encoderPrefix(config);
  const by = (wrapper: string) =>
    match(file, parameterNames(file.path, file.tensors.keys(), prefix, wrapper), parameters, config, stored);
  const asTheyAre = by('');
  if (asTheyAre.problems.length === 0) return asTheyAre;
  const [wrapper = '', ...others] = wrappersOf(file.tensors.keys(), prefix);
  const unwrapped = wrapper === '' || others.length > 0 ? asTheyAre : by(wrapper);
  if (unwrapped.problems.length > 0) throw misfit(file, unwrapped.problems, prefix);
  return {
    ...unwrapped,
    notes: [
      {
        en: `${file.path}: names are read without "${wrapper}" before them.`,
        ko: `${file.path}: 이름 앞의 "${wrapper}"을(를) 빼고 읽었다.`,
      },
      ...unwrapped.notes,
    ],
  };
}

interface Match {
  readonly taken: ReadonlyMap<string, string>;
  readonly notes: readonly Localized[];
  /** Why the weights do not fit; empty where they do. */
  readonly problems: readonly Localized[];
}

function match(
  file: TensorFile,
  names: ReadonlyMap<string, string>,
  parameters: readonly ParameterSpec[],
  config: EncoderConfig,
  stored: EncoderConfig,
): Match {
  const shapeOf = ({ name }: ParameterSpec) => file.tensors.get(names.get(name) ?? '')?.shape;
  const expectedOf = (parameter: ParameterSpec) =>
    isByToken(parameter) ? [stored.vocab_size, ...parameter.shape.slice(1)] : parameter.shape;
  const fits = (parameter: ParameterSpec) => sameShape(shapeOf(parameter), expectedOf(parameter));
  const classifierFits = parameters.filter(isNewClassifier).every(fits);

  const taken = new Map<string, string>();
  const missing: string[] = [];
  const misshapen: Localized[] = [];
  const redrawn: string[] = [];
  for (const parameter of parameters) {
    const name = names.get(parameter.name);
    if (name !== undefined && fits(parameter) && (classifierFits || !isNewClassifier(parameter)))
      taken.set(parameter.name, name);
    else if (parameter.head) redrawn.push(...(name === undefined ? [] : [name]));
    else if (name === undefined) missing.push(parameter.name);
    else
      misshapen.push({
        en: `${name} has shape [${shapeOf(parameter)}], expected [${expectedOf(parameter)}]`,
        ko: `${name}: 모양이 [${shapeOf(parameter)}]인데 [${expectedOf(parameter)}]이어야 한다`,
      });
  }
  const used = new Set([...taken.values(), ...redrawn]);
  // Integers are buffers that a model computes itself (position ids).
  const isSurplus = (name: string) => !used.has(name) && !isLeftOut(name, config, stored);
  const surplus = [...file.tensors].flatMap(([name, { type }]) => (isFloat(type) && isSurplus(name) ? [name] : []));
  const notes = [...noteOf(file, surplus, NO_PLACE), ...noteOf(file, redrawn, REDRAWN)];
  const total = parameters.length;
  const problems = [
    ...(missing.length > 0
      ? [
          {
            en: `${missing.length} of ${total} weights are missing: ${listNames(missing)}`,
            ko: `가중치 ${total}개 가운데 ${missing.length}개가 없다: ${listNames(missing)}`,
          },
        ]
      : []),
    ...(misshapen.length > 0
      ? [
          inBoth((lang) =>
            listNames(
              misshapen.map((words) => words[lang]),
              4,
            ),
          ),
        ]
      : []),
  ];
  return { taken, notes, problems };
}

function misfit({ path, tensors }: TensorFile, problems: readonly Localized[], prefix: string) {
  const foreign = whyForeign(tensors.keys(), prefix);
  const parts = foreign ? [foreign.cause, ...problems] : problems;
  const listed = inBoth((lang) => parts.map((part) => part[lang]).join('; '));
  return usageError(
    {
      en: `${path} does not fit its config.json: ${listed.en}.`,
      ko: `${path}: config.json과 맞지 않는다: ${listed.ko}.`,
    },
    foreign?.hint ?? SAME_MODEL,
  );
}

const NO_PLACE: Localized = { en: 'has no place for', ko: '쓰지 않는 텐서' };
const REDRAWN: Localized = { en: 'draws again', ko: '새로 초기화하는 텐서' };

function noteOf({ path }: TensorFile, names: readonly string[], what: Localized): Localized[] {
  if (names.length === 0) return [];
  const listed = listNames(names, 4);
  return [
    {
      en: `${path}: the model ${what.en} ${names.length} of its tensors: ${listed}.`,
      ko: `${path}: 모델이 ${what.ko} ${names.length}개: ${listed}.`,
    },
  ];
}

/** A classifier that may be drawn: its layers only make sense together. BERT's pooler is the encoder's, and pretrained. */
const isNewClassifier = ({ head, name }: ParameterSpec): boolean => head && name.startsWith('classifier.');

/** Whether a tensor belongs to a layer that the model goes without on purpose. */
function isLeftOut(name: string, config: EncoderConfig, stored: EncoderConfig): boolean {
  const layer = Number(/(?:^|\.)encoder\.layer\.(\d+)\./.exec(name)?.[1]);
  return layer >= config.num_hidden_layers && layer < stored.num_hidden_layers;
}

/** Whether a parameter has a row for each token of the vocabulary, and grows with it. */
const isByToken = ({ name }: ParameterSpec): boolean => name.endsWith('.word_embeddings.weight') || isMaskedBias(name);

const sameShape = (found: readonly number[] | undefined, expected: readonly number[]): boolean =>
  found?.length === expected.length && expected.every((size, axis) => size === found[axis]);

/** The values back. Errors: `usage` where one is infinite or no number, which would make every answer wrong. */
function finite(path: string, name: string, data: Float32Array): Float32Array {
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      throw usageError(
        {
          en: `${path}: ${listNames([name])} holds ${data[i]} at element ${i}.`,
          ko: `${path}: ${listNames([name])}의 ${i}번째 값이 ${data[i]}이다.`,
        },
        {
          en: 'The model is damaged, or its training diverged: use another checkpoint.',
          ko: '모델이 손상되었거나 학습이 발산했다. 다른 체크포인트를 쓴다.',
        },
      );
  return data;
}

function withNewRows(parameter: ParameterSpec, data: Float32Array, config: EncoderConfig, seed: number): Float32Array {
  if (data.length === sizeOf(parameter.shape)) return data;
  const grown = initialWeight(parameter, config, seed, data.length);
  grown.set(data);
  return grown;
}

/**
 * N(0, initializer_range), zeros or ones, by the parameter's name and the seed.
 *
 * @param from the first value to draw; those before it stay 0
 */
export function initialWeight(parameter: ParameterSpec, config: EncoderConfig, seed: number, from = 0): Float32Array {
  const data = new Float32Array(sizeOf(parameter.shape));
  if (parameter.initialization === 'ones') return data.fill(1);
  if (parameter.initialization === 'zeros') return data;
  const stream = randomStream(seed, 'weights', parameter.name);
  for (let i = from; i < data.length; i++) data[i] = config.initializer_range * stream.normal(i);
  return data;
}
