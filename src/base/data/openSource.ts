import type { ByteSource } from './formats/byteSource.ts';
import { foreignFile } from './formats/foreign.ts';
import { type Format, fileError, type Head, type Input, type RawRows } from './formats/format.ts';
import { FORMATS } from './formats/table.ts';
import { type Encoding, encodingOf, headText, utf8Pieces } from './utf8.ts';

/** Rows opened to be read one by one; nothing is validated yet. */
export interface OpenRows extends RawRows {
  /** Base name, as guids and messages have it: what korex writes must not tell where files lie on this machine. */
  readonly name: string;
  readonly format: Format;
  /** How the file was taken where that is no matter of course, e.g. its encoding: lines for people. */
  readonly notes: readonly string[];
  /** Bytes, and how many of them were read; the size is null where nobody knows. */
  readonly source: Pick<ByteSource, 'size' | 'position'>;
  close(): Promise<void>;
}

const HEAD_BYTES = 64 * 1024;

/**
 * Opens bytes in any of `formats/table.ts`, as their content says: the one way from bytes to rows, in Node and in a browser.
 * They are closed where that fails.
 *
 * Errors: `usage` where they cannot be read as a whole; what is wrong further on ends the iteration.
 */
export async function openSource(source: ByteSource, name: string): Promise<OpenRows> {
  try {
    return { ...(await opened(source)), name, source, close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function opened(source: ByteSource) {
  const { path } = source;
  const bytes = await source.peek(HEAD_BYTES);
  const encoding = encodingOf(bytes);
  const head: Head = {
    path,
    bytes,
    text: encoding && headText(bytes, encoding),
    isWhole: bytes.length === source.size,
  };
  if (head.text?.trim() === '')
    throw fileError('empty', `${path} is empty.`, 'Check that the file is the right one and complete.');
  const foreign = foreignFile(head);
  if (foreign) throw foreign;
  const format = FORMATS.find(({ recognizes }) => recognizes(head));
  if (!format)
    throw fileError(
      'unknown',
      `${path} is neither text nor in a format that korex knows.`,
      `korex reads ${FORMATS.map(({ name }) => name).join(', ')}.`,
    );
  const input: Input = { path, head, bytes: source, utf8: () => utf8Pieces(source.pieces(), encoding ?? 'UTF-8') };
  const notes = encoding === null || encoding === 'UTF-8' ? [] : [`${path} is read as ${ENCODING_NAMES[encoding]}.`];
  return { ...(await format.open(input)), format, notes };
}

const ENCODING_NAMES: Readonly<Record<Encoding, string>> = {
  'UTF-8': 'UTF-8',
  'UTF-16LE': 'UTF-16',
  'UTF-16BE': 'UTF-16',
  CP949: 'CP949 (Korean Windows)',
};
