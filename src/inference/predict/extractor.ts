import { failure, fieldError, KorexError } from '../../base/core/errors.ts';
import type { PairEncoding } from '../../base/core/settings.ts';
import type { Entity, Example, Localized } from '../../base/core/types.ts';
import type { Encoded } from '../../base/text/inputEncoder.ts';
import { isUnreadable, THE_SENTENCE, type TokenCounts, unreadableWords } from '../../base/text/unknownTokens.ts';
import type { ModelRow } from '../../engine/nn/packedBatch.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import { unpackAnswers } from '../../engine/nn/sharedRows.ts';
import type { ForwardOptions } from '../../engine/runtime/forwardPass.ts';
import { type Answer, answerOf, type Postprocessing } from './answer.ts';
import type { Classifier } from './classifier.ts';
import { resolveEntity } from './entities.ts';
import { graphOf, pairsOf } from './extraction.ts';
import {
  type AnswerOptions,
  type AskedRow,
  checkApart,
  checkedRequest,
  checkPairs,
  checkType,
  resolveRequest,
} from './request.ts';
import {
  API_SCHEMAS,
  DEFAULT_TOP_K,
  type ExtractRequest,
  type ExtractResponse,
  type LabelsResponse,
  type ModelResponse,
  type PredictRequest,
  type Relation,
} from './schema.ts';
import { checkPairEncoding, type EncodedPairs, encodePairs, onlyInline, type SentencePairs } from './sharedSentence.ts';
import { inSlices, windowsOf } from './windows.ts';

// From a request to its answer: one path for library, command line, batch files, REST API and page.
//
//   request ─ checkedRequest ─▶ PredictRequest ─ resolveRequest ─▶ AskedRow ─ encode ─▶ Prepared ─ answer ─▶ Answer
//   row of a data file (an Example, checked by its reader) ──────────▲
//
// `checkedRequest` holds it to the schema, once, where it comes in (the REST API and files do so themselves, to name every
// wrong field); `resolveRequest` finds its entities in the sentence; `encode` checks them against the model and makes the
// token ids; `answer` runs the model over batches of similar length and makes answers of the logits (answer.ts).

/** How rows are worked through. */
export type RunOptions = Partial<ForwardOptions>;

/** A row that was checked and encoded: all that an answer needs. */
export interface Prepared {
  readonly subject: Entity;
  readonly object: Entity;
  readonly encoded: Encoded;
  readonly topK: number;
  /** Null where the model's thresholds apply. */
  readonly threshold: number | null;
  /** Whether the answer has the probability of every label, too. */
  readonly probabilities: boolean;
}

/** The pairs of a sentence's entities, and what makes a graph of their answers. */
export interface PreparedGraph {
  readonly rows: readonly Prepared[];
  graph(answers: readonly Relation[]): ExtractResponse;
}

/** What a model makes of a pair. */
export interface PairLogits {
  readonly logits: Float32Array;
  /** Whether it read only a part of the sentence. */
  readonly shortened: boolean;
}

/** What gives the logits: a session of any runtime, and how rows are encoded for it. */
export interface Logits extends Pick<Classifier, 'logits' | 'release'> {
  readonly model: Pick<RelationModel, 'task' | 'inputs' | 'notes'>;
}

/** How a model reads sentences. */
export interface ReadingOptions {
  /** How the pairs of a text's sentences are read: one by one, or all in one pass; `inline` without it. */
  readonly pairEncoding?: PairEncoding;
  /** Answers also where most of a sentence's tokens are unknown to the tokenizer, instead of refusing it. */
  readonly allowUnknownTokens?: boolean;
}

/**
 * Answers requests from logits, wherever these are computed. Nothing here needs Node: `RelationExtractor` is made of it,
 * and so is the page that answers in a browser.
 */
export class Extractor {
  /** What the model is and knows. */
  readonly info: ModelResponse;
  /** What makes answers of its logits. */
  readonly postprocessing: Postprocessing;
  readonly #classifier: Logits;
  readonly #allowUnknownTokens: boolean;
  /** How the pairs of a text's sentences are read. */
  readonly pairEncoding: PairEncoding;
  /** The work that is going on. */
  readonly #running = new Set<Promise<unknown>>();
  #released = false;

  constructor(
    classifier: Logits,
    postprocessing: Postprocessing,
    info: ModelResponse,
    { allowUnknownTokens = false, pairEncoding = 'inline' }: ReadingOptions = {},
  ) {
    checkPairEncoding(pairEncoding, classifier.model.task);
    this.pairEncoding = pairEncoding;
    this.#classifier = classifier;
    this.#allowUnknownTokens = allowUnknownTokens;
    this.postprocessing = postprocessing;
    this.info = info;
  }

  /** What a user should know of how the model was read, each a line. */
  get notes(): readonly Localized[] {
    return this.#classifier.model.notes ?? [];
  }

  get labels(): LabelsResponse {
    const { labels, no_relation } = this.info;
    return { labels, no_relation };
  }

  /**
   * Answers a request, a list of them, or a stream of any length; answers come in order. Of a stream, only a window is in
   * memory at a time.
   *
   * Errors: `usage` with the field, as a JSON pointer that begins with the index in a list or stream.
   */
  predict(request: PredictRequest, options?: RunOptions): Promise<Relation>;
  predict(requests: readonly PredictRequest[], options?: RunOptions): Promise<Relation[]>;
  predict(requests: AsyncIterable<PredictRequest>, options?: RunOptions): AsyncGenerator<Relation>;
  predict(
    requests: PredictRequest | readonly PredictRequest[] | AsyncIterable<PredictRequest>,
    options?: RunOptions,
  ): Promise<Relation | Relation[]> | AsyncGenerator<Relation> {
    if (!isStream(requests) && !isList(requests))
      return this.#list([requests], (request) => this.prepare(request), options).then(([answer]) => answer!);
    return this.#many(requests, (request, at) => this.prepare(request, at), options);
  }

  /** The same for rows of a data file: examples, as `loadUnlabelledRows` gives them. */
  predictExamples(rows: readonly Example[], options?: RunOptions & AnswerOptions): Promise<Answer[]>;
  predictExamples(rows: AsyncIterable<Example>, options?: RunOptions & AnswerOptions): AsyncGenerator<Answer>;
  predictExamples(
    rows: readonly Example[] | AsyncIterable<Example>,
    options: RunOptions & AnswerOptions = {},
  ): Promise<Answer[]> | AsyncGenerator<Answer> {
    return this.#many(rows, (row, at) => this.encode({ ...options, ...row }, at), options);
  }

  /**
   * The relations between all entities of a sentence, evaluated together.
   *
   * Errors: `usage` with the field.
   */
  async extract(request: ExtractRequest, options?: RunOptions): Promise<ExtractResponse> {
    const checked = checkedRequest(API_SCHEMAS.ExtractRequest, request);
    const { rows, graph } = await this.encodePairs(checked, options?.signal);
    return graph(await this.answer(rows, options));
  }

  /**
   * Checks a request and encodes it, without answering it.
   *
   * @param at JSON pointer of the request itself, where it is one of a list
   * Errors: `usage` with the field.
   */
  prepare(request: PredictRequest, at = ''): Prepared {
    return this.encode(resolveRequest(checkedRequest(API_SCHEMAS.PredictRequest, request, at), at), at);
  }

  /** Errors: `usage` with the field where the model was not trained to read pairs so. */
  checkPairEncoding(asked: PairEncoding, field: string): void {
    if (this.info.pair_encodings.includes(asked)) return;
    const { message, hint } = onlyInline();
    throw fieldError(field, message, hint);
  }

  /** Errors: `usage` with the field where the model does not know the entity's type, or needs one that it lacks. */
  checkType(entity: Entity, field: string): void {
    checkType(entity, this.#classifier.model.task, field);
  }

  /**
   * Checks a row against what the model can take, and encodes it.
   *
   * @param at JSON pointer of the row itself, where it is one of a list
   * Errors: `usage` with the field.
   */
  encode(row: AskedRow, at = ''): Prepared {
    this.checkType(row.subject, `${at}/subject`);
    this.checkType(row.object, `${at}/object`);
    checkApart(row.subject, row.object, `${at}/object`);
    return this.#encoded(row, at);
  }

  /**
   * Encodes the pairs of a sentence's entities; the request fits its schema.
   *
   * Errors: `usage` with the field, also where the pairs of so long a sentence are too many; the signal's reason.
   */
  async encodePairs(request: ExtractRequest, signal?: AbortSignal): Promise<PreparedGraph> {
    const entities = request.entities.map((entity, i) => {
      const field = `/entities/${i}`;
      const resolved = resolveEntity(entity, request.sentence, field);
      this.checkType(resolved, field);
      return resolved;
    });
    const pairs = pairsOf(entities, request.pairs ?? 'typed', this.info);
    checkPairs(pairs.length, request.sentence);
    const rows = await inSlices(
      pairs,
      ([subject, object]) => this.#encoded({ ...request, subject: entities[subject]!, object: entities[object]! }, ''),
      signal,
    );
    return { rows, graph: (answers) => graphOf(request, entities, pairs, answers, this.info) };
  }

  /** Answers encoded rows in their order, in batches of similar length. Calls may overlap. */
  async answer(rows: readonly Prepared[], options?: RunOptions): Promise<Answer[]> {
    const logits = await this.logits(rows, options);
    return rows.map((row, i) =>
      answerOf(logits[i]!, { ...row, shortened: row.encoded.fit !== 'whole' }, this.postprocessing),
    );
  }

  /** Logits (labels) per row: what answers are made of. */
  logits(rows: readonly Prepared[], options?: RunOptions): Promise<readonly Float32Array[]> {
    return this.#run(
      rows.map((row) => row.encoded),
      options,
    );
  }

  #run(rows: readonly ModelRow[], options?: RunOptions): Promise<readonly Float32Array[]> {
    if (this.#released)
      throw failure(
        { en: 'The model was released.', ko: '모델을 이미 놓아주었다.' },
        { en: 'Load it again.', ko: '다시 불러온다.' },
      );
    if (rows.length === 0) return Promise.resolve([]);
    const result = this.#classifier.logits(rows, options);
    this.#running.add(result);
    const end = () => this.#running.delete(result);
    result.then(end, end);
    return result;
  }

  /**
   * Logits (labels) of the pairs of sentences, in their order; all pairs of a sentence in one pass where the model was
   * trained for it and the sentence is not too long.
   *
   * Errors: `usage` for what the model cannot take; the signal's reason.
   */
  async pairLogits(questions: readonly SentencePairs[], options?: RunOptions): Promise<readonly PairLogits[][]> {
    const encoded = await inSlices(questions, (question) => this.#encodedPairs(question), options?.signal);
    const rows = encoded.flatMap((question) => question.rows.map(({ row }) => row));
    const logits = await this.#run(rows, options);
    let done = 0;
    return encoded.map((question) => {
      const own = logits.slice(done, done + question.rows.length);
      done += question.rows.length;
      return unpackAnswers(question.rows, own, question.shortened.length).map((values, pair) => ({
        logits: values,
        shortened: question.shortened[pair]!,
      }));
    });
  }

  #encodedPairs(question: SentencePairs): EncodedPairs {
    const { task, inputs } = this.#classifier.model;
    for (const { subject, object } of question.pairs) {
      checkType(subject, task, '/subject');
      checkType(object, task, '/object');
      checkApart(subject, object, '/object');
    }
    const encoded = encodePairs(question, inputs);
    this.#checkReadable(encoded.counts, '');
    return encoded;
  }

  /** Frees the model once the work that is going on has ended. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await Promise.allSettled(this.#running);
    await this.#classifier.release();
  }

  /** What keeps a sentence from being encoded is an error of its request alone, so that others are answered all the same. */
  #encoded({ sentence, subject, object, top_k, threshold, probabilities }: AskedRow, at: string): Prepared {
    const encoded = this.#encodedInput({ sentence, subject, object }, at);
    this.#checkReadable(encoded.counts, at);
    return {
      ...{ subject, object, encoded },
      ...{ topK: top_k ?? DEFAULT_TOP_K, threshold: threshold ?? null, probabilities: probabilities ?? false },
    };
  }

  #checkReadable(counts: TokenCounts, at: string): void {
    if (this.#allowUnknownTokens || !isUnreadable(counts)) return;
    const { message, hint } = unreadableWords(counts, THE_SENTENCE);
    throw fieldError(`${at}/sentence`, message, hint);
  }

  #encodedInput(row: Pick<AskedRow, 'sentence' | 'subject' | 'object'>, at: string): Encoded {
    try {
      return this.#classifier.model.inputs.encode(row);
    } catch (error) {
      if (!(error instanceof KorexError)) throw error;
      throw new KorexError(error.kind, error.words.message, error.words.hint, error, at);
    }
  }

  #many<Row>(
    rows: readonly Row[] | AsyncIterable<Row>,
    prepare: (row: Row, at: string) => Prepared,
    options?: RunOptions,
  ): Promise<Answer[]> | AsyncGenerator<Answer> {
    return isStream(rows) ? this.#stream(rows, prepare, options) : this.#list(rows, prepare, options);
  }

  async #list<Row>(
    rows: readonly Row[],
    prepare: (row: Row, at: string) => Prepared,
    options?: RunOptions,
  ): Promise<Answer[]> {
    return this.answer(
      rows.map((row, i) => prepare(row, `/${i}`)),
      options,
    );
  }

  async *#stream<Row>(
    rows: AsyncIterable<Row>,
    prepare: (row: Row, at: string) => Prepared,
    options?: RunOptions,
  ): AsyncGenerator<Answer> {
    async function* prepared() {
      let index = 0;
      for await (const row of rows) yield prepare(row, `/${index++}`);
    }
    let done = 0;
    for await (const window of windowsOf(prepared())) {
      const before = done;
      done += window.length;
      yield* await this.answer(window, { ...options, onProgress: (count) => options?.onProgress?.(before + count) });
    }
  }
}

const isStream = <Row>(rows: unknown): rows is AsyncIterable<Row> =>
  typeof rows === 'object' && rows !== null && Symbol.asyncIterator in rows;
const isList = <Row>(rows: unknown): rows is readonly Row[] => Array.isArray(rows);
