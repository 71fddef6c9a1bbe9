import { KorexError } from '../../core/errors.ts';
import type { ColumnName } from '../../core/settings.ts';
import type { Localized } from '../../core/types.ts';
import type { Problem } from '../checkRow.ts';
import type { ByteSource } from './byteSource.ts';
import type { Loss } from './losses.ts';
import type { ReadingName } from './readings.ts';
import type { FormatWriter } from './writer.ts';

/** One way to keep rows in a file. `formats/table.ts` holds them all. */
export interface Format {
  /** As `--from` and `--to` name it. */
  readonly id: string;
  readonly name: string;
  /** What a file is recognised by, for people. */
  readonly signs: Localized;
  /** Endings of file names, with the dot, in lower case: by these the files of a folder are found. */
  readonly extensions: readonly string[];
  /** Does a file that begins like this have the format? The content decides, not the ending. */
  readonly recognizes: (head: Head) => boolean;
  /** Whether a file without anything in it is one, too. */
  readonly mayBeEmpty?: boolean;
  /** Whether it is no text, and read at any place. */
  readonly isBinary?: boolean;
  /** What a file is cut into where several machines share it; null where it is read as a whole only, as all are without this. */
  readonly divides?: (head: Head) => Division | null;
  /** How rows are counted in messages and in the guids of rows without one. */
  readonly counting: Localized;
  /**
   * Takes the file apart row by row, as they are asked for, with little of it in memory at a time.
   * Errors: `usage` when the file as a whole cannot be read; for what comes later in the file, from the iteration.
   */
  readonly open: (input: Input) => Promise<RawRows>;
  /** How it is written; missing where korex only reads it. */
  readonly write?: FormatWriter;
}

/** Lines that are a row each, records of a table, which may have several lines, or groups of rows that the file itself has. */
export type Division = 'lines' | 'records' | 'groups';

export const BY_LINE: Localized = { en: 'the number of a row is that of its line', ko: '행 번호는 줄 번호이다' };
export const FROM_ONE: Localized = { en: 'rows count from 1', ko: '행은 1부터 센다' };
export const AFTER_HEADER: Localized = {
  en: 'rows count from 1 after the header',
  ko: '행은 머리글 다음부터 1로 센다',
};

/** The beginning of a file. */
export interface Head {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Without byte order mark; null where the bytes are no text. */
  readonly text: string | null;
  /** Whether this is all of the file. */
  readonly isWhole: boolean;
}

/** A file to take apart. */
export interface Input {
  /** The user's own names of columns and keys, as `--columns` gives them; null: rows stay as they stand, under the file's names. */
  readonly columns: ColumnMapping | null;
  readonly path: string;
  /** Its name for guids and ids: of a file in a folder, from there on. */
  readonly name: string;
  /** How offsets of other tools' files count, where the user says it. */
  readonly offsets: ReadingName | null;
  readonly head: Head;
  /** The text of another file in the same place; null where there is none. */
  readonly beside: (name: string) => Promise<string | null>;
  /** For formats that are no text. */
  readonly bytes: ByteSource;
  /** Of a format that has its rows in groups, those that are read, the last one exclusive; all without it. */
  readonly groups?: readonly [from: number, to: number] | undefined;
  /** The text in UTF-8, a piece at a time. */
  utf8(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** The user's own names: `sentence` → `문장`. */
export type ColumnMapping = Readonly<Partial<Record<ColumnName, string>>>;

/** A file as it is taken apart, not yet validated. */
export interface RawRows {
  readonly rows: AsyncIterable<RawRow>;
  /** Names of integer labels in id order, where the file carries them. */
  readonly labelNames?: readonly string[];
  /** The file's own names of KLUE's fields, e.g. `subject_entity.start_idx` → `subject_start`, for messages. */
  readonly columnNames?: Readonly<Record<string, string>>;
  /** How the file was taken where that is no matter of course: lines for people. */
  readonly notes?: readonly Localized[];
  /** What the file says that korex has no place for. */
  readonly lost?: readonly Loss[];
  /** How many numbers rows have had so far, those of blank rows among them; missing where lines are counted. */
  readonly numbers?: () => number;
}

/** A row in KLUE's layout, or a document (`documents.ts`), whatever the file's, as far as it could be read. */
export interface RawRow {
  readonly number: number;
  readonly value: unknown;
  /** Cells of columns that are none of KLUE's fields, where rows have columns. */
  readonly own?: Readonly<Record<string, unknown>>;
  /** Set where the row could not even be taken apart; `value` is then the row as it is in the file. */
  readonly problem?: Problem;
}

/** Why a file as a whole cannot be read, for those who say it in words of their own, as the page does in Korean. */
export type FileFault = 'notList' | 'notParquet' | 'columns' | 'endless' | 'empty' | 'foreign' | 'unknown';

/** A file that cannot be read: wrong input, exit code 2. */
export class FileError extends KorexError {
  readonly fault: FileFault;

  constructor(fault: FileFault, message: Localized, hint?: Localized, cause?: unknown) {
    super('usage', message, hint, cause);
    this.fault = fault;
  }
}

export const fileError = (fault: FileFault, message: Localized, hint?: Localized, cause?: unknown): FileError =>
  new FileError(fault, message, hint, cause);

/** The hint for a file without rows. */
export const RIGHT_FILE = {
  en: 'Check that the file is the right one and complete.',
  ko: '맞는 파일인지, 온전한지 확인한다.',
};
/** The hint for a file that ends too early. */
export const WHOLE_FILE = { en: 'Check that the file is complete.', ko: '파일이 온전한지 확인한다.' };

/** What a single row may have: more is a quote or a bracket that nobody closed, and would fill the memory. */
export const MAX_ROW_BYTES = 16 * 2 ** 20;

/** The error for a row that does not end. */
export const endlessRow = (path: string, row: string) =>
  fileError(
    'endless',
    {
      en: `${path}: ${row} has more than ${MAX_ROW_BYTES / 2 ** 20} MiB.`,
      ko: `${path}: 한 행(${row})이 ${MAX_ROW_BYTES / 2 ** 20} MiB를 넘는다.`,
    },
    {
      en: 'Check that the file is what its name says, and that its quotes and brackets are closed.',
      ko: '이름과 내용이 맞는 파일인지, 따옴표와 괄호가 닫혔는지 확인한다.',
    },
  );

/** The first character that is no white space; empty where there is none, or no text. */
export const firstCharacter = ({ text }: Head): string => /[^ \t\r\n]/.exec(text ?? '')?.[0] ?? '';
