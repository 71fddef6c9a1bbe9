import { firstByte, utf8Pieces } from '../utf8.ts';
import type { ByteSource } from './byteSource.ts';
import { endlessRow, type Format, fileError, type RawRow } from './format.ts';
import { JsonListError, jsonListElements } from './jsonList.ts';

/** KLUE's own layout: one JSON list of `{guid, sentence, subject_entity, object_entity, label, source}`. */
export const klueJson: Format = {
  name: 'JSON',
  extensions: ['.json'],
  recognizes: (bytes) => firstByte(bytes) === '[',
  counting: 'rows count from 1',
  open: async (source) => ({ rows: rowsOf(source) }),
};

async function* rowsOf(source: ByteSource): AsyncGenerator<RawRow> {
  let number = 0;
  try {
    for await (const value of jsonListElements(utf8Pieces(source.pieces(), source.path)))
      yield { number: ++number, value };
  } catch (error) {
    throw error instanceof JsonListError ? inWords(error, source.path) : error;
  }
}

function inWords(error: JsonListError, path: string) {
  if (error.kind === 'endless') return endlessRow(path, error.message);
  if (error.kind === 'other value')
    return fileError(
      'notList',
      `${path}: the file holds ${error.message}; expected a list of rows.`,
      'KLUE’s layout is [{"guid": …, "sentence": …}, …]. Rows as one object a line belong into a file with the ending .jsonl.',
      error,
    );
  return fileError(
    'notList',
    `${path} is not valid JSON: ${error.message}.`,
    'Check that the file is complete. Rows as one object a line belong into a file with the ending .jsonl.',
    error,
  );
}
