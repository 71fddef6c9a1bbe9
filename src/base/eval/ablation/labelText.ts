/** Character of label id 0; ids up to 78 are single bytes. */
const FIRST = 0x30;

/** Label ids as a text of one character a row, so that answers to thousands of rows stay small in a JSON file. */
export const labelText = (ids: Int32Array): string => Array.from(ids, (id) => String.fromCharCode(FIRST + id)).join('');

/** The ids of such a text; null where one is not below `labels`. */
export function labelIds(text: string, labels: number): Int32Array | null {
  const ids = Int32Array.from({ length: text.length }, (_, row) => text.charCodeAt(row) - FIRST);
  return ids.every((id) => id >= 0 && id < labels) ? ids : null;
}
