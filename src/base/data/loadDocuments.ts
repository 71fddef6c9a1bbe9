import { usageError } from '../core/errors.ts';
import type { AnnotatedDocument, DataFile, Localized } from '../core/types.ts';
import { sha256Of } from './annotationFolder.ts';
import { badRowsError, type RejectedRow, repeatedGuid } from './badRows.ts';
import { checkDocument, DOCUMENT_LAYOUT, type DocumentRules } from './formats/documents.ts';
import { lossNotes } from './formats/losses.ts';
import { openRows } from './openRows.ts';

/** A file of documents, every one of them valid. */
export interface LoadedDocuments {
  readonly documents: readonly AnnotatedDocument[];
  /** `path` is the base name alone: what korex writes must not tell where files lie on this machine. */
  readonly file: DataFile;
  /** What was recognised, and how it was taken: lines for people. */
  readonly notes: readonly Localized[];
}

/**
 * Reads a file of annotated documents, in korex's own layout or in that of another tool, and checks every one.
 *
 * Errors: `usage` when the file cannot be read or has no documents, and for invalid ones with line, field, found and expected.
 */
export async function loadDocuments(path: string, rules: DocumentRules): Promise<LoadedDocuments> {
  const opened = await openRows(path);
  const { name, format, notes } = opened;
  const documents: AnnotatedDocument[] = [];
  const rejected: RejectedRow[] = [];
  const rowOfId = new Map<string, number>();
  try {
    for await (const { number, value, problem } of opened.rows) {
      const checked = problem ? { problems: [problem] } : checkDocument(value, rules, `${name}:${number}`);
      if ('problems' in checked) {
        rejected.push({ file: name, row: number, problems: checked.problems, value });
        continue;
      }
      const { id } = checked.document;
      const first = rowOfId.get(id);
      if (first !== undefined)
        rejected.push({
          file: name,
          row: number,
          problems: [repeatedGuid(id, { en: `row ${first}`, ko: `${first}행` })],
          value,
        });
      rowOfId.set(id, first ?? number);
      documents.push(checked.document);
    }
  } finally {
    await opened.close();
  }
  if (rejected.length > 0) throw badRowsError(path, documents.length + rejected.length, format.counting, rejected);
  if (documents.length === 0)
    throw usageError({ en: `${path} has no documents.`, ko: `${path}: 문서가 없다.` }, DOCUMENT_LAYOUT);
  return {
    documents,
    notes: [...notes, ...lossNotes(opened)],
    file: { path: name, rows: documents.length, sha256: await sha256Of(path) },
  };
}
