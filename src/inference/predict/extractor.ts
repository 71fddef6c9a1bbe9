import { failure, KorexError } from '../../base/core/errors.ts';
import type { Entity, Example } from '../../base/core/types.ts';
import type { Encoded } from '../../base/text/inputEncoder.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import type { ForwardOptions } from '../../engine/runtime/forwardPass.ts';
import { answerOf, type Postprocessing } from './answer.ts';
import type { Classifier } from './classifier.ts';
import { resolveEntity } from './entities.ts';
import { graphOf, pairsOf } from './extraction.ts';
import { inSlices } from './inSlices.ts';
import { checkApart, checkedRequest, checkPairs, checkType } from './request.ts';
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

/** How rows are worked through. */
export type RunOptions = Partial<ForwardOptions>;

/** A request that was checked and encoded: all that an answer needs. */
export interface Prepared {
  readonly subject: Entity;
  readonly object: Entity;
  readonly encoded: Encoded;
  readonly topK: number;
  /** Null where the model's thresholds apply. */
  readonly threshold: number | null;
}

/** The pairs of a sentence's entities, and what makes a graph of their answers. */
export interface PreparedGraph {
  readonly rows: readonly Prepared[];
  graph(answers: readonly Relation[]): ExtractResponse;
}

/** What an answer is to be like. */
export type AnswerOptions = Pick<PredictRequest, 'top_k' | 'threshold'>;

/** Rows of a stream that are answered together: enough that sorting by length pays, few enough to hold in memory. */
const WINDOW = 1024;

/** What gives the logits: a session of any runtime, and how rows are encoded for it. */
export interface Logits extends Pick<Classifier, 'logits' | 'release'> {
  readonly model: Pick<RelationModel, 'task' | 'inputs' | 'notes'>;
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
  /** The work that is going on. */
  readonly #running = new Set<Promise<unknown>>();
  #released = false;

  constructor(classifier: Logits, postprocessing: Postprocessing, info: ModelResponse) {
    this.#classifier = classifier;
    this.postprocessing = postprocessing;
    this.info = info;
  }

  /** What a user should know of how the model was read, each a line. */
  get notes(): readonly string[] {
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
    if (isStream(requests)) return this.#stream(requests, (request, at) => this.prepare(request, at), options);
    if (isList(requests)) return this.#list(requests, (request, at) => this.prepare(request, at), options);
    return this.#one(requests, options);
  }

  /** The same for rows of a data file: examples, as `loadUnlabelledRows` gives them. */
  predictExamples(rows: readonly Example[], options?: RunOptions & AnswerOptions): Promise<Relation[]>;
  predictExamples(rows: AsyncIterable<Example>, options?: RunOptions & AnswerOptions): AsyncGenerator<Relation>;
  predictExamples(
    rows: readonly Example[] | AsyncIterable<Example>,
    options: RunOptions & AnswerOptions = {},
  ): Promise<Relation[]> | AsyncGenerator<Relation> {
    const prepare = (row: Example, at: string) => this.prepareExample(row, options, at);
    return isStream(rows) ? this.#stream(rows, prepare, options) : this.#list(rows, prepare, options);
  }

  /**
   * The relations between all entities of a sentence, evaluated together.
   *
   * Errors: `usage` with the field.
   */
  async extract(request: ExtractRequest, options?: RunOptions): Promise<ExtractResponse> {
    const { rows, graph } = await this.prepareExtract(request, options?.signal);
    return graph(await this.answer(rows, options));
  }

  /**
   * Checks a request for the relations of a sentence and encodes its pairs, without answering them.
   *
   * Errors: `usage` with the field, also where the pairs of so long a sentence are too many; the signal's reason.
   */
  async prepareExtract(request: ExtractRequest, signal?: AbortSignal): Promise<PreparedGraph> {
    const checked = checkedRequest(API_SCHEMAS.ExtractRequest, request);
    const entities = checked.entities.map((entity, i) => {
      const field = `/entities/${i}`;
      const resolved = resolveEntity(entity, checked.sentence, field);
      checkType(resolved, this.#classifier.model.task, field);
      return resolved;
    });
    const pairs = pairsOf(entities, checked.pairs ?? 'typed', this.info);
    checkPairs(pairs.length, checked.sentence);
    const rows = await inSlices(
      pairs,
      ([subject, object]) => this.#prepared(checked.sentence, entities[subject]!, entities[object]!, checked, ''),
      signal,
    );
    return { rows, graph: (answers) => graphOf(checked, entities, pairs, answers, this.info) };
  }

  /**
   * Checks a request and encodes it, without answering it.
   *
   * @param at JSON pointer of the request itself, where it stands in a list
   * Errors: `usage` with the field.
   */
  prepare(request: PredictRequest, at = ''): Prepared {
    const checked = checkedRequest(API_SCHEMAS.PredictRequest, request, at);
    const { sentence } = checked;
    const subject = resolveEntity(checked.subject, sentence, `${at}/subject`);
    const object = resolveEntity(checked.object, sentence, `${at}/object`);
    return this.#checked(sentence, subject, object, checked, at);
  }

  /** The same for a row of a data file. */
  prepareExample({ sentence, subject, object }: Example, options: AnswerOptions = {}, at = ''): Prepared {
    return this.#checked(sentence, subject, object, options, at);
  }

  /** Answers prepared rows in their order, in batches of similar length. Calls may overlap. */
  async answer(rows: readonly Prepared[], options?: RunOptions): Promise<Relation[]> {
    const logits = await this.logits(rows, options);
    return rows.map((row, i) =>
      answerOf(logits[i]!, { ...row, shortened: row.encoded.fit !== 'whole' }, this.postprocessing),
    );
  }

  /** Logits (labels) per row: what answers are made of. */
  logits(rows: readonly Prepared[], options?: RunOptions): Promise<readonly Float32Array[]> {
    if (this.#released) throw failure('The model was released.', 'Load it again.');
    if (rows.length === 0) return Promise.resolve([]);
    const encoded = rows.map((row) => row.encoded);
    const result = this.#classifier.logits(encoded, options);
    this.#running.add(result);
    const end = () => this.#running.delete(result);
    result.then(end, end);
    return result;
  }

  /** Frees the model once the work that is going on has ended. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await Promise.allSettled(this.#running);
    await this.#classifier.release();
  }

  #checked(sentence: string, subject: Entity, object: Entity, options: AnswerOptions, at: string): Prepared {
    checkType(subject, this.#classifier.model.task, `${at}/subject`);
    checkType(object, this.#classifier.model.task, `${at}/object`);
    checkApart(subject, object, `${at}/object`);
    return this.#prepared(sentence, subject, object, options, at);
  }

  #prepared(
    sentence: string,
    subject: Entity,
    object: Entity,
    { top_k, threshold }: AnswerOptions,
    at: string,
  ): Prepared {
    const encoded = ofRequest(at, () => this.#classifier.model.inputs.encode({ sentence, subject, object }));
    return { subject, object, encoded, topK: top_k ?? DEFAULT_TOP_K, threshold: threshold ?? null };
  }

  async #one(request: PredictRequest, options?: RunOptions): Promise<Relation> {
    const [answer] = await this.answer([this.prepare(request)], options);
    return answer!;
  }

  async #list<Row>(
    rows: readonly Row[],
    prepare: (row: Row, at: string) => Prepared,
    options?: RunOptions,
  ): Promise<Relation[]> {
    return this.answer(
      rows.map((row, i) => prepare(row, `/${i}`)),
      options,
    );
  }

  async *#stream<Row>(
    rows: AsyncIterable<Row>,
    prepare: (row: Row, at: string) => Prepared,
    options?: RunOptions,
  ): AsyncGenerator<Relation> {
    let window: Prepared[] = [];
    let done = 0;
    const answers = async () => {
      const before = done;
      done += window.length;
      const current = window;
      window = [];
      return this.answer(current, { ...options, onProgress: (count) => options?.onProgress?.(before + count) });
    };
    for await (const row of rows) {
      window.push(prepare(row, `/${done + window.length}`));
      if (window.length === WINDOW) yield* await answers();
    }
    yield* await answers();
  }
}

/** What keeps a sentence from being encoded is told as an error of its request, so that others are answered all the same. */
function ofRequest<T>(at: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KorexError)) throw error;
    throw new KorexError(error.kind, error.message, error.hint, error, at);
  }
}

const isStream = <Row>(rows: unknown): rows is AsyncIterable<Row> =>
  typeof rows === 'object' && rows !== null && Symbol.asyncIterator in rows;
const isList = <Row>(rows: unknown): rows is readonly Row[] => Array.isArray(rows);
