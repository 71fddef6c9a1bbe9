import type { UnzipFileInfo } from 'fflate';
import { KorexError } from '../../core/errors.ts';
import { grouped } from '../../core/format.ts';
import { concat } from '../utf8.ts';
import type { ByteSource } from './byteSource.ts';
import { UNPACK } from './foreign.ts';
import { fileError, WHOLE_FILE } from './format.ts';

/** What an archive may hold in all, unpacked: more does not fit into memory beside its rows. */
const MAX_BYTES = 2 ** 30;

/** Files by which an archive is something else: a workbook, a checkpoint of PyTorch. */
const NO_ARCHIVE = /(^|\/)(xl\/workbook\.xml|data\.pkl)$/;

/** The same of an archive that is cut short: those who read such files say so. */
const NO_ARCHIVE_WITHIN = /xl\/workbook\.xml|data\.pkl/;

/** A file of an archive, with its path in there. */
export interface PackedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The files in a ZIP archive, in order, such as doccano exports; null where the bytes are none, or a workbook. What systems
 * and editors put beside them is left out.
 *
 * Errors: `usage` for an archive that is cut short, encrypted, or holds more than 1 GiB.
 */
export async function archiveFiles(source: ByteSource): Promise<readonly PackedFile[] | null> {
  const start = await source.peek(4);
  if (![0x50, 0x4b, 0x03, 0x04].every((byte, at) => start[at] === byte)) return null;
  const { unzipSync } = await import('fflate');
  const { path } = source;
  const bytes = await allOf(source);
  try {
    const infos: UnzipFileInfo[] = [];
    unzipSync(bytes, { filter: (info) => infos.push(info) < 0 });
    if (infos.some(({ name }) => NO_ARCHIVE.test(name))) return null;
    const total = infos.reduce((sum, { originalSize }) => sum + originalSize, 0);
    if (total > MAX_BYTES) throw tooLarge(path, total);
    return Object.entries(unzipSync(bytes, { filter: ({ name }) => isVisible(name) }))
      .map(([name, bytes]) => ({ name, bytes }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof KorexError) throw error;
    if (NO_ARCHIVE_WITHIN.test(new TextDecoder('latin1').decode(bytes))) return null;
    const reason = (error as Error).message;
    throw fileError(
      'unknown',
      {
        en: `${path}: the ZIP archive cannot be unpacked: ${reason}.`,
        ko: `${path}: ZIP 파일의 압축을 풀 수 없다: ${reason}.`,
      },
      { en: `${WHOLE_FILE.en} ${UNPACK.en}`, ko: `${WHOLE_FILE.ko} ${UNPACK.ko}` },
      error,
    );
  }
}

const isVisible = (name: string): boolean =>
  !name.endsWith('/') && !name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');

async function allOf(source: ByteSource): Promise<Uint8Array> {
  if (source.size !== null) return new Uint8Array(await source.slice(0));
  const pieces: Uint8Array[] = [];
  for await (const piece of source.pieces()) pieces.push(piece);
  return concat(pieces);
}

const tooLarge = (path: string, bytes: number) =>
  fileError(
    'unknown',
    {
      en: `${path}: its files have ${grouped(Math.ceil(bytes / 2 ** 20))} MiB unpacked; at most ${MAX_BYTES / 2 ** 20} MiB are unpacked in memory.`,
      ko: `${path}: 압축을 풀면 ${grouped(Math.ceil(bytes / 2 ** 20))} MiB이다. 메모리에서는 ${MAX_BYTES / 2 ** 20} MiB까지 푼다.`,
    },
    UNPACK,
  );

/** The error for an archive of which no file, or more than one, may be meant. */
export const severalPacked = (path: string, names: readonly string[]) => {
  const list = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  return names.length === 0
    ? fileError(
        'empty',
        { en: `${path}: the ZIP archive holds no file of rows.`, ko: `${path}: ZIP 파일 안에 행 파일이 없다.` },
        UNPACK,
      )
    : fileError(
        'unknown',
        {
          en: `${path}: the ZIP archive holds ${names.length} files, and one is read: ${list}.`,
          ko: `${path}: ZIP 파일 안에 파일이 ${names.length}개 있다. 하나만 읽는다: ${list}.`,
        },
        UNPACK,
      );
};
