import type { OpenedFile } from '../../storage/storage.ts';

const PIECE_BYTES = 256 * 1024;

/** A stretch of a file's bytes in order, a piece at a time. */
export async function* piecesOf(
  file: OpenedFile,
  from: number,
  to: number,
  most = PIECE_BYTES,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = from; start < to; ) {
    const piece = await file.read(start, Math.min(most, to - start));
    if (piece.length === 0) return;
    start += piece.length;
    yield piece;
  }
}
