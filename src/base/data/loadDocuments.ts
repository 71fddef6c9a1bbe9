import { basename } from 'node:path';
import { usageError } from '../core/errors.ts';
import { sha256File } from '../core/files.ts';
import type { AnnotatedDocument, DataFile } from '../core/types.ts';
import { badRowsError, type RejectedRow, repeatedGuid } from './badRows.ts';
import { checkDocument, DOCUMENT_LAYOUT, type DocumentRules } from './formats/documents.ts';
import { BY_LINE, endlessRow, MAX_ROW_BYTES } from './formats/format.ts';
import { jsonRow } from './formats/jsonList.ts';
import { linesOf } from './lines.ts';
import { openFileSource } from './openRows.ts';
import { utf8Pieces, utf8Text } from './utf8.ts';

/** A file of documents, every one of them valid. */
export interface LoadedDocuments {
  readonly documents: readonly AnnotatedDocument[];
  /** `path` is the base name alone: what korex writes must not tell where files lie on this machine. */
  readonly file: DataFile;
}

/**
 * Reads a file of annotated documents, one as JSON a line, and checks every one.
 *
 * Errors: `usage` when the file cannot be read or has no documents, and for invalid ones with line, field, found and expected.
 */
export async function loadDocuments(path: string, rules: DocumentRules): Promise<LoadedDocuments> {
  const source = await openFileSource(path);
  const name = basename(path);
  const documents: AnnotatedDocument[] = [];
  const rejected: RejectedRow[] = [];
  const lineOfId = new Map<string, number>();
  try {
    for await (const { number, bytes } of linesOf(utf8Pieces(source.pieces()), MAX_ROW_BYTES)) {
      if (bytes === null) throw endlessRow(path, `line ${number}`);
      const { value, problem } = jsonRow(utf8Text(bytes), number, (value) => ({ value }));
      const checked = problem ? { problems: [problem] } : checkDocument(value, rules, `${name}:${number}`);
      if ('problems' in checked) {
        rejected.push({ file: name, row: number, problems: checked.problems, value });
        continue;
      }
      const { id } = checked.document;
      const first = lineOfId.get(id);
      if (first !== undefined)
        rejected.push({
          file: name,
          row: number,
          problems: [repeatedGuid(id, { en: `row ${first}`, ko: `${first}행` })],
          value,
        });
      lineOfId.set(id, first ?? number);
      documents.push(checked.document);
    }
  } finally {
    await source.close();
  }
  if (rejected.length > 0) throw badRowsError(path, documents.length + rejected.length, BY_LINE, rejected);
  if (documents.length === 0)
    throw usageError({ en: `${path} has no documents.`, ko: `${path}: 문서가 없다.` }, DOCUMENT_LAYOUT);
  return { documents, file: { path: name, rows: documents.length, sha256: await sha256File(path) } };
}
