import { KorexError } from '../../../base/core/errors.ts';
import type { LabelledExample } from '../../../base/core/types.ts';
import type { Encoded, InputEncoder } from '../../../base/text/inputEncoder.ts';

export const PARTS = ['train', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** A row after preprocessing. `encoded` is null where it could not be encoded; `problem` then says why. */
export interface PreparedRow {
  readonly part: Part;
  readonly row: LabelledExample;
  readonly encoded: Encoded | null;
  readonly problem: string | null;
}

export type PreparedParts = Readonly<Record<Part, readonly PreparedRow[]>>;

/** Marks and encodes a row; what cannot be encoded is kept with its reason, so that it is counted and not lost. */
export function prepareRow(part: Part, row: LabelledExample, inputs: InputEncoder): PreparedRow {
  try {
    return { part, row, encoded: inputs.encode(row), problem: null };
  } catch (error) {
    if (!(error instanceof KorexError)) throw error;
    return { part, row, encoded: null, problem: error.message };
  }
}
