import { inBoth, KorexError } from '../core/errors.ts';
import type { Localized } from '../core/types.ts';
import { archiveFiles, type PackedFile, severalPacked } from './formats/archive.ts';
import { type ByteSource, memorySource, pipeSource } from './formats/byteSource.ts';
import { foreignFile } from './formats/foreign.ts';
import {
  type ColumnMapping,
  type Format,
  fileError,
  type Head,
  type Input,
  type RawRows,
  RIGHT_FILE,
  WHOLE_FILE,
} from './formats/format.ts';
import { Losses } from './formats/losses.ts';
import type { ReadingName } from './formats/readings.ts';
import { FORMATS, formatOfId, formatOfName, GENERAL_FORMATS, hasFileForText } from './formats/table.ts';
import { isToolFormat, settledRows } from './formats/toolFormat.ts';
import { concat, type Encoding, encodingOf, headText, utf8Pieces } from './utf8.ts';

/** Rows opened to be read one by one; nothing is validated yet. */
export interface OpenRows extends RawRows {
  /** Base name, as guids and messages have it: what korex writes must not tell where files lie on this machine. */
  readonly name: string;
  readonly format: Format;
  /** How the file was taken where that is no matter of course, e.g. its encoding: lines for people. */
  readonly notes: readonly Localized[];
  /** Bytes, and how many of them were read; the size is null where nobody knows. */
  readonly source: Pick<ByteSource, 'size' | 'position'>;
  close(): Promise<void>;
}

const HEAD_BYTES = 64 * 1024;
const MAX_HEAD_BYTES = 16 * 2 ** 20;

export interface OpenOptions {
  /** The user's own names of columns and keys, as `--columns` gives them; null: rows stay as they stand, for people to look at. */
  readonly columns?: ColumnMapping | null;
  /** The format, by its id, where the user says it. */
  readonly from?: string | undefined;
  /** How offsets of other tools' files count, where the user says it. */
  readonly offsets?: ReadingName | null;
  /** The text of another file in the same place, for formats of several files; without it there is none. */
  readonly beside?: (name: string) => Promise<string | null>;
  /** Of a format that has its rows in groups, those to be read. */
  readonly groups?: Input['groups'];
}

/**
 * Opens bytes in any of `formats/table.ts`, as their content says: the one way from bytes to rows, in Node and in a browser.
 * They are closed where that fails.
 *
 * Errors: `usage` where they cannot be read as a whole; what is wrong further on ends the iteration.
 */
export async function openSource(source: ByteSource, name: string, options: OpenOptions = {}): Promise<OpenRows> {
  try {
    const packed = options.from === 'xlsx' ? null : await archiveFiles(source);
    if (packed !== null) return await openPacked(packed, source, options);
    const { format, input, notes } = await recognized(source, name, options);
    const rows = await format.open(input);
    return { ...rows, format, notes: [...notes, ...(rows.notes ?? [])], name, source, close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The one file of rows in an archive, or all of a format that has one for each text. */
async function openPacked(packed: readonly PackedFile[], archive: ByteSource, options: OpenOptions): Promise<OpenRows> {
  const { path } = archive;
  const sources = packed.map(({ name, bytes }) => ({ name, bytes, source: memorySource(bytes, name) }));
  const beside = (name: string) => async (other: string) => {
    const found = packed.find((file) => file.name === name.replace(/[^/]*$/, '') + other);
    return found === undefined ? null : new TextDecoder().decode(found.bytes);
  };
  const named = sources.filter(({ name }) => formatOfName(name) !== undefined || /\.txt$/i.test(name));
  const files = named.some(({ name }) => /\.ann$/i.test(name))
    ? named.filter(({ name }) => /\.ann$/i.test(name))
    : named;
  const [first, ...others] = files;
  const unpacked = (opened: OpenRows, what: Localized): OpenRows => ({
    ...opened,
    notes: [
      { en: `${path} is unpacked; ${what.en} read.`, ko: `${path}: 압축을 풀어 ${what.ko} 읽는다.` },
      ...opened.notes,
    ],
    close: async () => {
      await opened.close();
      await archive.close();
    },
  });
  const isTogether = async () => {
    const formats = files.map(async ({ source }) => {
      const head = await headOf(source);
      return FORMATS.find(({ recognizes }) => recognizes(head));
    });
    return (await Promise.all(formats)).every((format) => format !== undefined && hasFileForText(format));
  };
  if (first === undefined || (others.length > 0 && !(await isTogether())))
    throw severalPacked(
      path,
      (files.length > 0 ? files : sources).map(({ name }) => name),
    );
  if (others.length === 0) {
    const opened = await openSource(first.source, baseName(first.name), { ...options, beside: beside(first.name) });
    return unpacked(opened, { en: `${first.name} is`, ko: `${first.name}을(를)` });
  }
  const parts = files.map(({ source, name }) => ({ source, name, beside: beside(name) }));
  const opened = await openTogether(parts, baseName(path), options);
  return unpacked(opened, { en: `${files.length} files are`, ko: `파일 ${files.length}개를` });
}

const baseName = (path: string): string => path.replace(/^.*[/\\]/, '');

/** One of several files that belong together, each with its name from the folder on. */
export interface TogetherPart {
  readonly source: ByteSource;
  readonly name: string;
  readonly beside: NonNullable<OpenOptions['beside']>;
}

/**
 * Opens the files of a format that has one for each text; how they count is found over all of them. They are closed behind it.
 *
 * @param name what messages call all of them
 */
export async function openTogether(
  parts: readonly TogetherPart[],
  name: string,
  options: OpenOptions = {},
): Promise<OpenRows> {
  const lost = new Losses();
  const collected = [];
  let format: Format | null = null;
  let position = 0;
  for (const { source, name: part, beside } of parts)
    try {
      const { format: own, input } = await recognized(source, part, { ...options, beside });
      if (!isToolFormat(own) || (format !== null && format !== own)) throw notTogether(source.path, own, format);
      format = own;
      collected.push(await own.collect(input, lost));
      position += source.position;
    } finally {
      await source.close();
    }
  if (format === null || !isToolFormat(format))
    throw fileError('empty', { en: `${name} is empty.`, ko: `${name}: 비어 있다.` });
  const rows = settledRows(format, collected, name, options.offsets ?? null, lost);
  return {
    ...rows,
    notes: rows.notes ?? [],
    format,
    name,
    source: { size: position, position },
    close: async () => {},
  };
}

const notTogether = (path: string, own: Format, other: Format | null) =>
  fileError(
    'unknown',
    {
      en: `${path} is ${own.name}${other ? `, and the files before it are ${other.name}` : ', which has one file for all texts'}.`,
      ko: `${path}: ${own.name} 형식이다${other ? `(앞의 파일은 ${other.name})` : '. 모든 글이 한 파일에 있는 형식이다'}.`,
    },
    { en: 'Pass the files of one format.', ko: '한 형식의 파일만 준다.' },
  );

/** The format of a file, and the file as that format takes it. Errors: `usage` where it is none of korex's. */
export async function recognized(source: ByteSource, name: string, options: OpenOptions): Promise<Recognized> {
  const { columns = {}, from, offsets = null, beside = async () => null, groups } = options;
  const { path } = source;
  const bytes = await firstBytes(source);
  if (isGzip(bytes)) {
    const inner = await recognized(await unpacked(source), name, options);
    return {
      ...inner,
      isPlain: false,
      notes: [{ en: `${path} is unpacked (gzip).`, ko: `${path}: 압축을 풀어 읽는다(gzip).` }, ...inner.notes],
    };
  }
  const { encoding, isMac, ...head } = headFrom(source, bytes);
  const format = formatOf(head, columns, from);
  if (head.text?.trim() === '' && !format.mayBeEmpty)
    throw fileError('empty', { en: `${path} is empty.`, ko: `${path}: 비어 있다.` }, RIGHT_FILE);
  const utf8 = () => {
    const pieces = utf8Pieces(source.pieces(), encoding ?? 'UTF-8');
    return isMac ? withLineFeeds(pieces) : pieces;
  };
  const notes =
    encoding === null || encoding === 'UTF-8'
      ? []
      : [
          {
            en: `${path} is read as ${ENCODING_NAMES[encoding]}.`,
            ko: `${path}: 인코딩을 ${ENCODING_NAMES[encoding]}(으)로 읽는다.`,
          },
        ];
  const input = { path, name, head, columns, offsets, beside, bytes: source, groups, utf8 };
  return { format, input, notes, isPlain: encoding === 'UTF-8' && !isMac };
}

export interface Recognized {
  readonly format: Format;
  readonly input: Input;
  readonly notes: readonly Localized[];
  /** Whether its bytes are those of its text: UTF-8 with line feeds. */
  readonly isPlain: boolean;
}

/** The format that a file has by its beginning, or that the user names. Errors: `usage` where it is none of korex's. */
function formatOf(head: Head, columns: ColumnMapping | null, from: string | undefined): Format {
  if (from !== undefined) return formatOfId(from, '--from');
  // Whoever names columns, or wants to, knows the file.
  const isNamed = columns === null || Object.keys(columns).length > 0;
  const candidates = isNamed
    ? FORMATS.filter((format) => format.isBinary || GENERAL_FORMATS.includes(format))
    : FORMATS;
  const format = candidates.find(({ recognizes }) => recognizes(head));
  const foreign = isNamed || (format && !GENERAL_FORMATS.includes(format)) ? null : foreignFile(head);
  if (foreign) throw foreign;
  if (format) return format;
  throw fileError(
    'unknown',
    {
      en: `${head.path} is neither text in UTF-8, UTF-16 or CP949 nor in a format that korex knows.`,
      ko: `${head.path}: UTF-8, UTF-16, CP949 글자 파일도, korex가 아는 형식도 아니다.`,
    },
    inBoth((lang) => `${lang === 'ko' ? '읽는 형식' : 'korex reads'}: ${FORMATS.map(({ name }) => name).join(', ')}.`),
  );
}

/** The beginning of a file. */
export const headOf = async (source: ByteSource): Promise<Head & { readonly encoding: Encoding | null }> =>
  headFrom(source, await firstBytes(source));

function headFrom({ path, size }: ByteSource, bytes: Uint8Array) {
  const encoding = encodingOf(bytes);
  const text = encoding && headText(bytes, encoding);
  // Lines that end in carriage returns alone, as old Macs wrote them.
  const isMac = text?.includes('\r') === true && !text.includes('\n');
  return {
    path,
    bytes,
    text: isMac ? text.replaceAll('\r', '\n') : text,
    isWhole: bytes.length === size,
    encoding,
    isMac,
  };
}

/** The first bytes of a file, of one whose beginning is ASCII alone as far as the first other character: its encoding hangs on that. */
async function firstBytes(source: ByteSource): Promise<Uint8Array> {
  for (let length = HEAD_BYTES; ; length *= 4) {
    const head = await source.peek(length);
    if (head.length < length || length >= MAX_HEAD_BYTES || head.some((byte) => byte > 0x7f)) return head;
  }
}

async function* withLineFeeds(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) yield piece.map((byte) => (byte === 0x0d ? 0x0a : byte));
}

const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;

/** What a gzip file holds. Formats that are read at any place need all of it in memory. */
async function unpacked(packed: ByteSource): Promise<ByteSource> {
  const { path } = packed;
  const inner = pipeSource(gunzipped(packed), path);
  const start = await inner.peek(HEAD_BYTES);
  if (
    !FORMATS.some(
      ({ isBinary, recognizes }) => isBinary && recognizes({ path, bytes: start, text: null, isWhole: false }),
    )
  )
    return inner;
  const pieces: Uint8Array[] = [];
  for await (const piece of inner.pieces()) pieces.push(piece);
  return memorySource(concat(pieces), path);
}

async function* gunzipped({ path, pieces }: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  const packed = pieces();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (control) => {
      const { value, done } = await packed.next();
      if (done) control.close();
      else control.enqueue(new Uint8Array(value));
    },
    cancel: async () => void (await packed.return(undefined)),
  });
  const reader = stream.pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) yield value!;
  } catch (error) {
    if (error instanceof KorexError) throw error;
    throw fileError(
      'unknown',
      { en: `${path} cannot be unpacked (gzip).`, ko: `${path}: 압축을 풀 수 없다(gzip).` },
      WHOLE_FILE,
      error,
    );
  } finally {
    reader.cancel().catch(() => {});
  }
}

const ENCODING_NAMES: Readonly<Record<Encoding, string>> = {
  'UTF-8': 'UTF-8',
  'UTF-16LE': 'UTF-16',
  'UTF-16BE': 'UTF-16',
  CP949: 'CP949 (Korean Windows)',
};
