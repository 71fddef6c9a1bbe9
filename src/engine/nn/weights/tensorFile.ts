import { type KorexError, usageError } from '../../../base/core/errors.ts';
import type { Localized } from '../../../base/core/types.ts';
import type { ElementType } from './elements.ts';

/** A tensor's entry in a weight file, known before its values are read. */
export interface TensorEntry {
  readonly type: ElementType;
  readonly shape: readonly number[];
}

/** An open weight file: all names and shapes are known and checked, values are read one tensor at a time. */
export interface TensorFile {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** A tensor's values as float32, row-major. Errors: `usage`, naming the tensor, where it holds no floats or cannot be read. */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The error for a weight file that cannot be read; `what` may quote the file. */
export const damagedFile = (path: string, what: Localized, cause?: unknown, hint: Localized = GET_AGAIN): KorexError =>
  usageError(
    { en: `${path} cannot be read: ${printable(what.en)}.`, ko: `읽을 수 없다: ${path} (${printable(what.ko)})` },
    hint,
    cause,
  );

const GET_AGAIN = {
  en: 'The file is damaged or incomplete: get it again.',
  ko: '파일이 손상되었거나 온전하지 않다. 다시 가져온다.',
};

/** Text from a file that may hold anything, fit for a terminal: no control characters, no endless names. */
export function printable(text: string, longest = 400): string {
  const safe = text.replace(/\p{C}/gu, '\uFFFD');
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe;
}

/** The entry of a tensor that must be there. Errors: `usage`, naming file and tensor. */
export function entryOf<Entry extends TensorEntry>(
  path: string,
  tensors: ReadonlyMap<string, Entry>,
  name: string,
): Entry {
  const entry = tensors.get(name);
  if (!entry) throw damagedFile(path, { en: `it has no tensor ${name}`, ko: `텐서 ${name}이(가) 없다` });
  return entry;
}

/** Names for people: the first few, and how many more there are. */
export function listNames(names: readonly string[], shown = 6): string {
  const listed = names.slice(0, shown).map((name) => printable(name, 120));
  return `${listed.join(', ')}${names.length > shown ? ` and ${names.length - shown} more` : ''}`;
}
