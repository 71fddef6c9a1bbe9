import { usageError } from '../../core/errors.ts';
import { decodeUtf8, firstByte } from '../utf8.ts';
import type { Format } from './format.ts';

/** KLUE's own layout: one JSON list of `{guid, sentence, subject_entity, object_entity, label, source}`. */
export const klueJson: Format = {
  name: 'JSON',
  extensions: ['.json'],
  recognizes: (bytes) => firstByte(bytes) === '[',
  counting: 'rows count from 1',
  read: (bytes, path) => {
    const list = parse(decodeUtf8(bytes, path), path);
    if (!Array.isArray(list))
      throw usageError(
        `${path}: the file holds ${list === null ? 'null' : `one ${typeof list}`}; expected a list of rows.`,
        'KLUE’s layout is [{"guid": …, "sentence": …}, …]. Rows as one object a line belong into a file with the ending .jsonl.',
      );
    return { rows: list.map((value: unknown, index) => ({ number: index + 1, value })) };
  },
};

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(
      `${path} is not valid JSON: ${(error as Error).message}.`,
      'Check that the file is complete. Rows as one object a line belong into a file with the ending .jsonl.',
      error,
    );
  }
}
