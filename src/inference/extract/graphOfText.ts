import { usageError } from '../../base/core/errors.ts';
import { badRowsText, type RejectedRow } from '../../base/data/badRows.ts';
import type { DocumentGraph, DocumentRequest } from '../predict/documentSchema.ts';
import type { DocumentExtractor } from './documentExtractor.ts';
import { type DocumentOptions, extractDocument } from './extractDocument.ts';
import type { ReadText } from './readTexts.ts';

/** What is wanted of every text alike. */
export type WantedOfTexts = Omit<DocumentRequest, 'text'>;

/**
 * The graph of a text that was read, with its own entities where it brings some.
 *
 * Errors: `usage` where the models cannot take it; the signal's reason.
 */
export function graphOfText(
  extractor: DocumentExtractor,
  { id, text, entities }: Extract<ReadText, { document: unknown }>['document'],
  wanted: WantedOfTexts,
  options: DocumentOptions,
): Promise<DocumentGraph> {
  const task = { ...extractor.taskOf({ ...wanted, text }, id), entities };
  for (const entity of entities ?? []) extractor.relations.checkType(entity, `${id}, ${entity.word}`);
  return extractDocument(extractor.parts, task, options);
}

/** The error for a row that is no text, where such rows are not left out. */
export const badText = (rejected: RejectedRow) =>
  usageError(
    {
      en: `${rejected.file}: a row is no document.\n${badRowsText([rejected], 'en')}`,
      ko: `${rejected.file}: 문서가 아닌 행이 있다.\n${badRowsText([rejected], 'ko')}`,
    },
    {
      en: 'Correct it, or leave such rows out with --on-bad-row skip.',
      ko: '고치거나, --on-bad-row skip으로 그런 행을 뺀다.',
    },
  );
