import type { ByteSource, PeekSource } from './formats/byteSource.ts';
import type { Format, RawRows } from './formats/format.ts';
import { formatOf } from './formats/table.ts';

/** Rows opened to be read one by one; nothing is validated yet. */
export interface OpenRows extends RawRows {
  /** Base name, as guids and messages have it: what korex writes must not tell where files lie on this machine. */
  readonly name: string;
  readonly format: Format;
  /** Bytes, and how many of them were read; the size is null where nobody knows. */
  readonly source: Pick<ByteSource, 'size' | 'position'>;
  close(): Promise<void>;
}

const HEAD_BYTES = 64 * 1024;

/**
 * Opens bytes in any of `formats/table.ts`, in Node and in a browser. They are closed where that fails.
 *
 * Errors: `usage` where they cannot be read as a whole; what is wrong further on ends the iteration.
 */
export async function openSource(source: PeekSource, name: string): Promise<OpenRows> {
  try {
    return await opened(source, name, formatOf(name, await source.peek(HEAD_BYTES)));
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The same in a format that is known. */
export async function opened(source: ByteSource, name: string, format: Format): Promise<OpenRows> {
  const rows = await format.open(source);
  return { ...rows, name, format, source, close: () => source.close() };
}
