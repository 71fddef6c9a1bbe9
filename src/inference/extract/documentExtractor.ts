import { type DocumentGraph, type DocumentRequest, documentRequestSchema } from '../predict/documentSchema.ts';
import { resolveEntity } from '../predict/entities.ts';
import type { Extractor } from '../predict/extractor.ts';
import { checkedRequest } from '../predict/request.ts';
import type { ExtractRequest, ExtractResponse, ModelResponse } from '../predict/schema.ts';
import { decoderOf } from './decideTogether.ts';
import type { Decoder } from './decoder.ts';
import { type DocumentOptions, type DocumentParts, type DocumentTask, extractDocument } from './extractDocument.ts';
import type { Recognizer } from './recognizer.ts';
import { scorersOf } from './sharedPass.ts';

/** A request about a text: the text alone, or with what is known and wanted of it. */
export type DocumentInput = string | DocumentRequest;

/** What is left to the relation model's own ways: how pairs are read, and decided together where it was calibrated so. */
export interface ExtractionWays {
  readonly scorers?: DocumentParts['scorers'];
  readonly decide?: Decoder;
}

/**
 * Texts in, graphs out: a model that finds entities and one that finds the relations between them. Nothing here needs Node;
 * `openDocumentExtractor` makes one of models on disk.
 */
export class DocumentExtractor {
  /** The model of relations; it answers marked sentences as well. */
  readonly relations: Extractor;
  readonly parts: DocumentParts;

  constructor(relations: Extractor, recognizer: Recognizer | null, ways: ExtractionWays = {}) {
    const { scorers = scorersOf(relations), decide = decoderOf(relations.postprocessing) } = ways;
    this.relations = relations;
    this.parts = { recognizer, scorers, decide, model: relations.info };
  }

  /** What the model of relations is and knows. */
  get info(): ModelResponse {
    return this.relations.info;
  }

  /**
   * The entities of a text and the relations between them; a list or a stream of texts gives the graphs one by one, in
   * order. A sentence with two or more entities is answered as `RelationExtractor` does, with every pair's probabilities.
   *
   * Errors: `usage` with the field as a JSON pointer, and for a text without entities where no model finds them.
   */
  extract(input: DocumentInput, options?: DocumentOptions): Promise<DocumentGraph>;
  extract(input: ExtractRequest, options?: DocumentOptions): Promise<ExtractResponse>;
  extract(
    inputs: Iterable<DocumentRequest> | AsyncIterable<DocumentInput>,
    options?: DocumentOptions,
  ): AsyncGenerator<DocumentGraph>;
  extract(
    input: DocumentInput | ExtractRequest | Iterable<DocumentRequest> | AsyncIterable<DocumentInput>,
    options: DocumentOptions = {},
  ): Promise<DocumentGraph | ExtractResponse> | AsyncGenerator<DocumentGraph> {
    if (typeof input !== 'string' && isStream(input)) return this.#stream(input, options);
    if (typeof input !== 'string' && 'sentence' in input)
      return this.relations.extract(input, options.signal ? { signal: options.signal } : {});
    return this.#one(input, 'doc-1', '', options);
  }

  /**
   * A request as a task: checked, its entities at their places.
   *
   * @param at JSON pointer of the request itself, where it is one of a list
   * Errors: `usage` with the field.
   */
  taskOf(request: DocumentRequest, fallbackId: string, at = ''): DocumentTask {
    const { id = fallbackId, text, pairs = 'typed', window = 1, join = true } = request;
    const entities = request.entities?.map((entity, i) => resolveEntity(entity, text, `${at}/entities/${i}`));
    for (const [i, entity] of (entities ?? []).entries()) this.relations.checkType(entity, `${at}/entities/${i}`);
    const pairEncoding = request.pair_encoding ?? this.relations.pairEncoding;
    this.relations.checkPairEncoding(pairEncoding, `${at}/pair_encoding`);
    return {
      ...{ id, text, entities: entities ?? null, pairs, pairEncoding, window, join },
      ...{ uncertain: request.uncertain ?? false, threshold: request.threshold ?? null },
    };
  }

  /** Frees both models once the work that is going on has ended. */
  async release(): Promise<void> {
    await Promise.all([this.relations.release(), this.parts.recognizer?.release()]);
  }

  async #one(input: DocumentInput, id: string, at: string, options: DocumentOptions): Promise<DocumentGraph> {
    const request = checkedRequest(documentRequestSchema, typeof input === 'string' ? { text: input } : input, at);
    return extractDocument(this.parts, this.taskOf(request, id, at), options);
  }

  async *#stream(
    inputs: Iterable<DocumentRequest> | AsyncIterable<DocumentInput>,
    options: DocumentOptions,
  ): AsyncGenerator<DocumentGraph> {
    let index = 0;
    for await (const input of inputs) {
      yield await this.#one(input, `doc-${index + 1}`, `/${index}`, options);
      index++;
    }
  }
}

const isStream = (input: object): input is Iterable<DocumentRequest> | AsyncIterable<DocumentInput> =>
  Symbol.asyncIterator in input || Symbol.iterator in input;
