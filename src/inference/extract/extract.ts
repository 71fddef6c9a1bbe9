import type { DocumentGraph, DocumentRequest } from '../predict/documentSchema.ts';
import type { ExtractRequest, ExtractResponse } from '../predict/schema.ts';
import type { DocumentInput } from './documentExtractor.ts';
import type { DocumentOptions } from './extractDocument.ts';
import { type DocumentExtractorOptions, openDocumentExtractor } from './openDocumentExtractor.ts';

/** Which models answer, and how. */
export interface ExtractOptions extends DocumentExtractorOptions, DocumentOptions {
  /** The model of relations; that in the box without it. */
  readonly model?: string | null;
}

/**
 * The entities of a text and the relations between them, in one call: opens the models, answers, and lets go of them. For
 * several texts pass them as a list, or keep a `DocumentExtractor`. A sentence with two or more entities is answered with
 * every pair's probabilities, as by `RelationExtractor.extract`.
 *
 * @example
 * const { entities, relations } = await extract('한빛전자는 2011년 서지우가 세운 회사이다.');
 * Errors: `usage` with the field as a JSON pointer, and where a model is not there.
 */
export function extract(input: DocumentInput, options?: ExtractOptions): Promise<DocumentGraph>;
export function extract(input: ExtractRequest, options?: ExtractOptions): Promise<ExtractResponse>;
export function extract(inputs: readonly DocumentRequest[], options?: ExtractOptions): Promise<DocumentGraph[]>;
export async function extract(
  input: DocumentInput | ExtractRequest | readonly DocumentRequest[],
  { model = null, signal, onProgress, ...options }: ExtractOptions = {},
): Promise<DocumentGraph | ExtractResponse | DocumentGraph[]> {
  const extractor = await openDocumentExtractor(model, options);
  const run = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  try {
    if (typeof input === 'string' || 'text' in input) return await extractor.extract(input, run);
    if ('sentence' in input) return await extractor.extract(input, run);
    const graphs: DocumentGraph[] = [];
    for await (const graph of extractor.extract(input, run)) graphs.push(graph);
    return graphs;
  } finally {
    await extractor.release();
  }
}
