import type { RejectedRow } from '../badRows.ts';
import { badRowsError } from '../badRows.ts';
import { type OpenRowsOptions, openRows } from '../openRows.ts';
import type { OpenRows } from '../openSource.ts';
import { checkDocument, type Document, type LabelledDocument } from './document.ts';

/** A row of a file of documents, or what is wrong with it. */
export type ReadDocument = { readonly document: Document } | { readonly rejected: RejectedRow };

/** The documents of opened rows, one by one; a row without an id gets `FILE:ROW`. */
export async function* documentsOf({ name, rows }: Pick<OpenRows, 'name' | 'rows'>): AsyncGenerator<ReadDocument> {
  for await (const { number, value, problem } of rows) {
    const checked = problem ? { problems: [problem] } : checkDocument(value, `${name}:${number}`);
    if ('document' in checked) yield checked;
    else yield { rejected: { file: name, row: number, problems: checked.problems, value } };
  }
}

/** Documents of which entities and relations are known, in memory. */
export interface LabelledDocuments {
  /** Base name of the file. */
  readonly name: string;
  readonly documents: readonly LabelledDocument[];
  readonly notes: readonly string[];
}

/**
 * Reads a file of labelled documents (JSON lines or a JSON list).
 *
 * Errors: `usage` where it cannot be read, or where rows are wrong or lack their entities or relations, with row, field,
 * found and expected.
 */
export async function readLabelledDocuments(path: string, options: OpenRowsOptions = {}): Promise<LabelledDocuments> {
  const opened = await openRows(path, options);
  try {
    const documents: LabelledDocument[] = [];
    const rejected: RejectedRow[] = [];
    let row = 0;
    for await (const read of documentsOf(opened)) {
      row++;
      if ('rejected' in read) {
        rejected.push(read.rejected);
        continue;
      }
      const { entities, relations } = read.document;
      if (entities !== null && relations !== null) documents.push({ ...read.document, entities, relations });
      else {
        const field = entities === null ? 'entities' : 'relations';
        const problem = { field, found: 'nothing', expected: 'a list, empty where there are none' };
        rejected.push({ file: opened.name, row, problems: [problem], value: read.document });
      }
    }
    if (rejected.length > 0) throw badRowsError(path, row, opened.format.counting, rejected);
    return { name: opened.name, documents, notes: opened.notes };
  } finally {
    await opened.close();
  }
}
