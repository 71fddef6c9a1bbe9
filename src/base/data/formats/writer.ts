import type { AnnotatedDocument, Example, LabelSet } from '../../core/types.ts';
import type { WrittenFile } from '../annotations.ts';
import type { Losses } from './losses.ts';

/** What writers are told beside what they write. */
export interface WriteContext {
  /** OUT, by which tables know their separator. */
  readonly out: string;
  /** Counts what the format has no place for. */
  readonly lost: Losses;
  /** Of rows; of documents the relations that occur. */
  readonly labelSet: LabelSet;
}

/** How a format is written: from texts, or from rows. */
export type FormatWriter = {
  /** The ending that OUT usually has; empty where it is a folder, with a file for each text. */
  readonly extension: string;
  /** Whether an OUT with this ending asks for this format without `--to`. */
  readonly isUsual?: boolean;
} & (
  | {
      readonly holds: 'documents';
      readonly files: (
        documents: readonly AnnotatedDocument[],
        context: WriteContext,
      ) => Promise<readonly WrittenFile[]> | readonly WrittenFile[];
    }
  | {
      readonly holds: 'rows';
      readonly files: (
        rows: readonly Example[],
        context: WriteContext,
      ) => Promise<readonly WrittenFile[]> | readonly WrittenFile[];
    }
);

/** One file with all in it. */
export const oneFile = (content: string | Uint8Array): readonly WrittenFile[] => [{ name: '', content }];

/** One object a line. */
export const jsonLines = (values: readonly unknown[]): readonly WrittenFile[] =>
  oneFile(values.map((value) => `${JSON.stringify(value)}\n`).join(''));

/** A JSON list, an object a line. */
export const jsonList = (values: readonly unknown[]): readonly WrittenFile[] =>
  oneFile(values.length === 0 ? '[]\n' : `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]\n`);
