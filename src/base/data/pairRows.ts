import type { AnnotatedDocument, Example } from '../core/types.ts';
import { ALL_PAIRS, documentExamples, type PairChoice, relatedTypesOf } from './documentRows.ts';
import { checkDocument, isDocument } from './formats/documents.ts';
import type { RawRow } from './formats/format.ts';
import { klueRow } from './formats/rowLayouts.ts';

const ANY = { labels: null, entityTypes: null };

/**
 * Documents among raw rows as rows in KLUE's layout, one for each pair of entities: those with a relation, and those whose
 * types have one somewhere in the file. The row's number stays that of its document.
 */
export function pairRows(
  rows: readonly RawRow[],
  file: string,
  noRelation: string,
): { readonly rows: readonly RawRow[]; readonly documents: number } {
  const read = rows.map((row) => ({ row, document: documentOf(row, file) }));
  const documents = read.flatMap(({ document }) => (document && 'text' in document ? [document] : []));
  const choice = relatedTypesOf(documents);
  return {
    rows: read.flatMap(({ row, document }) => expanded(row, document, noRelation, choice)),
    documents: documents.length,
  };
}

/** The same while rows arrive, and for every pair of entities. */
export async function* everyPair(
  rows: AsyncIterable<RawRow>,
  file: string,
  noRelation: string,
): AsyncGenerator<RawRow> {
  for await (const row of rows) yield* expanded(row, documentOf(row, file), noRelation, ALL_PAIRS);
}

type Checked = AnnotatedDocument | { readonly problem: NonNullable<RawRow['problem']> } | null;

function documentOf({ number, value, problem }: RawRow, file: string): Checked {
  if (problem || !isDocument(value)) return null;
  const checked = checkDocument(value, ANY, `${file}:${number}`);
  return 'document' in checked ? checked.document : { problem: checked.problems[0]! };
}

function expanded(row: RawRow, document: Checked, noRelation: string, choice: PairChoice): RawRow[] {
  if (document === null) return [row];
  if ('problem' in document) return [{ ...row, ...document }];
  return documentExamples(document, noRelation, choice).map((example: Example) => ({
    number: row.number,
    value: klueRow(example),
  }));
}
