import { usageError } from '../../base/core/errors.ts';
import type { MarkerName, PairEncoding, Precision } from '../../base/core/settings.ts';
import type { Dataset, Example, Prediction } from '../../base/core/types.ts';
import { shownApart } from '../../base/data/checkRow.ts';
import { looksLike } from '../../base/data/normalForm.ts';
import { predictionOf } from '../../base/eval/softmax.ts';
import { checkTyped } from '../../base/text/markers.ts';
import { sumCounts, type TokenCounts } from '../../base/text/unknownTokens.ts';
import type { TaskSpec } from '../../engine/nn/modelTask.ts';
import type { ModelRow } from '../../engine/nn/packedBatch.ts';
import { loadRelationModel, type RelationModel } from '../../engine/nn/relationModel.ts';
import { packRows, shareSentences, unpackAnswers } from '../../engine/nn/sharedRows.ts';
import { type ForwardOptions, openForwardPass } from '../../engine/runtime/forwardPass.ts';
import type { SessionOptions } from '../../engine/runtime/session.ts';
import { checkPairEncoding } from './sharedSentence.ts';
import { windowsOf } from './windows.ts';

/** Rows at hand, or rows that are read one by one. */
export type Rows = Iterable<Example> | AsyncIterable<Example>;

/**
 * A model that answers rows of data files with uncalibrated probabilities, as evaluation needs them; `RelationExtractor`
 * answers requests.
 */
export interface Classifier {
  readonly model: RelationModel;
  /** Logits (labels) per encoded row, in order; of a packed row (pairs · labels). */
  logits(rows: readonly ModelRow[], options?: Partial<ForwardOptions>): Promise<readonly Float32Array[]>;
  /** The states (reads · hidden) that the head looks at, per encoded row. */
  states(rows: readonly ModelRow[], options?: Partial<ForwardOptions>): Promise<readonly Float32Array[]>;
  /** The most probable label of each row and all probabilities. */
  predict(examples: readonly Example[], options?: PredictOptions): Promise<readonly Prediction[]>;
  /** The same for rows of any number, in their order, with few of them in memory at a time. */
  stream(examples: Rows, options?: PredictOptions): AsyncGenerator<Prediction>;
  release(): Promise<void>;
}

const DEFAULTS: ForwardOptions = { batchSize: 32 };

/** How rows of data files are answered. */
export interface PredictOptions extends Partial<ForwardOptions> {
  /** Told what the tokenizer knows of the rows that are answered next, some at a time; an error of its stops the work. */
  readonly onEncoded?: (counts: TokenCounts) => void;
  /** `shared`: rows of the same sentence in one pass; `known` and `onLogits` have no meaning then. Default: `inline`. */
  readonly pairEncoding?: PairEncoding;
}

/** Opens a model for answering. */
export async function openClassifier(
  model: RelationModel,
  options: SessionOptions,
  precision: Precision = 'fp32',
): Promise<Classifier> {
  const forward = await openForwardPass(model.spec, model.weights, 'fixed', options, precision);
  const run = (rows: readonly ModelRow[], changes?: Partial<ForwardOptions>) =>
    forward.run(rows, { ...DEFAULTS, ...changes });
  const { labels } = model.task.labelSet;
  async function* stream(
    examples: Rows,
    { onEncoded, pairEncoding = 'inline', ...changes }: PredictOptions = {},
  ): AsyncGenerator<Prediction> {
    checkPairEncoding(pairEncoding, model.task);
    let done = 0;
    for await (const window of windowsOf(examples)) {
      const before = done;
      const encoded = window.map((example) => model.inputs.encode(example));
      onEncoded?.(sumCounts(encoded.map(({ counts }) => counts)));
      const onProgress = (rows: number) => changes.onProgress?.(before + rows);
      const shared = pairEncoding === 'shared' ? shareSentences(window, model.inputs) : [];
      const packed = packRows(window.length, shared, (row) => encoded[row]!);
      const answered = await run(
        packed.map(({ row }) => row),
        { ...changes, onProgress },
      );
      const logits = unpackAnswers(packed, answered.logits, window.length);
      for (const [row, { guid }] of window.entries()) yield predictionOf(guid, logits[row]!, labels);
      done += window.length;
    }
  }
  return {
    model,
    logits: async (rows, changes) => (await run(rows, changes)).logits,
    states: async (rows, changes) => (await run(rows, changes)).states,
    async predict(examples, changes) {
      const predictions: Prediction[] = [];
      for await (const prediction of stream(examples, changes)) predictions.push(prediction);
      return predictions;
    },
    stream,
    release: () => forward.release(),
  };
}

/** How the model of a folder is read. */
export interface LoadOptions {
  /** How a classifier made elsewhere marks entities, where its tokenizer does not say. */
  readonly marker?: MarkerName | null;
  /** Of the weights while answering; 32-bit floats without it. */
  readonly precision?: Precision;
}

/**
 * Opens the model of a checkpoint or run folder, or a classifier fine-tuned in Python.
 *
 * Errors: `usage` where the folder holds none.
 *
 * @example
 * const classifier = await loadClassifier('path/to/a/run/best', { device: 'cpu', threads: null });
 * const predictions = await classifier.predict(rows);
 * await classifier.release();
 */
export const loadClassifier = async (
  folder: string,
  options: SessionOptions,
  { marker = null, precision = 'fp32' }: LoadOptions = {},
): Promise<Classifier> => openClassifier(await loadRelationModel(folder, marker), options, precision);

/**
 * Errors: `usage` where there are no test rows, or where they have labels or entity types that the model does not know, or no
 * types where its marker shows them.
 */
export function checkRowsKnown(
  { name, test }: Pick<Dataset, 'name' | 'test'>,
  { labelSet: { labels }, entityTypes, marker }: TaskSpec,
  model: string,
): void {
  if (test.length === 0)
    throw usageError(
      { en: `${name} has no test rows.`, ko: `${name}: 평가 행이 없다.` },
      {
        en: 'Pass a labelled file, or a folder with a dev, validation or test file.',
        ko: '라벨이 있는 파일이나, dev, validation, test 파일이 든 폴더를 준다.',
      },
    );
  const unknown = [...new Set(test.map(({ label }) => label))].filter((label) => !labels.includes(label));
  const shown = unknown.slice(0, 5).map((label) => {
    const alike = labels.find((known) => looksLike(known, label));
    return alike === undefined ? label : `${shownApart(label, alike)} ≠ ${shownApart(alike, label)}`;
  });
  const listed = `${shown.join(', ')}${unknown.length > 5 ? ', …' : ''}`;
  if (unknown.length > 0)
    throw usageError(
      {
        en: `${name} has labels that the model ${model} does not know: ${listed}.`,
        ko: `${name}: 모델 ${model}이(가) 모르는 라벨이 있다: ${listed}.`,
      },
      labels.every((label, id) => label === `LABEL_${id}`)
        ? {
            en: `Its config.json does not name its ${labels.length} labels: write them there as id2label, in the order that it was trained with.`,
            ko: `모델의 config.json에 라벨 ${labels.length}개의 이름이 없다. 학습할 때의 순서대로 id2label에 적는다.`,
          }
        : {
            en: `Evaluate a model that was trained on these labels; this one knows ${labels.length}: ${labels.slice(0, 5).join(', ')}, ….`,
            ko: `이 라벨로 학습한 모델을 평가한다. 이 모델이 아는 라벨은 ${labels.length}개이다: ${labels.slice(0, 5).join(', ')}, ….`,
          },
    );
  const types = test.flatMap(({ guid, subject, object }) =>
    [subject.type, object.type].map((type) => ({ guid, type })),
  );
  const strange = types.filter(({ type }) => type !== null && entityTypes.length > 0 && !entityTypes.includes(type));
  if (strange.length > 0) {
    const names = [...new Set(strange.map(({ type }) => type))];
    throw usageError(
      {
        en: `${name} has entity types that the model ${model} does not know: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''} (first in row ${strange[0]!.guid}).`,
        ko: `${name}: 모델 ${model}이(가) 모르는 엔티티 유형이 있다: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''} (처음 나온 행: ${strange[0]!.guid}).`,
      },
      {
        en: `It knows ${entityTypes.join(', ')}: write the types so.`,
        ko: `아는 유형으로 쓴다: ${entityTypes.join(', ')}.`,
      },
    );
  }
  checkTyped(test, marker);
}
