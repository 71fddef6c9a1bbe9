import { brotliCompressSync, gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';

/** Files as other programs write them, made of cells. */

export type Cell = string | number | null;

const CP949: ReadonlyMap<string, readonly number[]> = new Map(
  Array.from({ length: 126 }, (_, i) => 0x81 + i).flatMap((lead) =>
    Array.from({ length: 190 }, (_, i) => 0x41 + i).flatMap((trail) => {
      const character = new TextDecoder('euc-kr').decode(Uint8Array.of(lead, trail));
      return character.length === 1 && character !== '\uFFFD' ? [[character, [lead, trail]] as const] : [];
    }),
  ),
);

/** A text in Windows' Korean code page; null where it has characters that the page lacks. */
export function toCp949(text: string): Uint8Array | null {
  const bytes = [...text].map((character) => (character < '\x80' ? [character.charCodeAt(0)] : CP949.get(character)));
  return bytes.every((code) => code !== undefined) ? Uint8Array.from(bytes.flat()) : null;
}

export const toUtf16 = (text: string, bigEndian = false): Uint8Array => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

export type Quoting = 'needed' | 'all' | 'none';

/** A table of text; with `none`, quotes are characters like all others. */
export function toCsv(rows: readonly (readonly Cell[])[], delimiter = ',', quoting: Quoting = 'needed', end = '\n') {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const written = (cell: Cell) => {
    const text = cell === null ? '' : String(cell);
    const isNeeded = text.includes(delimiter) || /["\n\r]/.test(text);
    return quoting === 'all' || (quoting === 'needed' && isNeeded) ? quoted(text) : text;
  };
  return rows.map((cells) => cells.map(written).join(delimiter) + end).join('');
}

const xml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll('\n', '&#10;');
const COLUMN = (index: number): string => String.fromCharCode(65 + index);

/** A workbook of Excel's; numbers are numbers in it. */
export function toXlsx(rows: readonly (readonly Cell[])[], sheets: readonly string[] = ['Sheet1']): Uint8Array {
  const sheet = rows.map((cells, row) => {
    const written = cells.map((cell, column) => {
      const at = `r="${COLUMN(column)}${row + 1}"`;
      if (cell === null) return '';
      if (typeof cell === 'number') return `<c ${at}><v>${cell}</v></c>`;
      return `<c ${at} t="inlineStr"><is><t xml:space="preserve">${xml(cell)}</t></is></c>`;
    });
    return `<row r="${row + 1}">${written.join('')}</row>`;
  });
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
  const relation = (id: number, type: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${office}/${type}" Target="${target}"/>`;
  const files: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${types}"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${relations}">${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${relations}">${sheets.map((_, i) => relation(i + 1, 'worksheet', `worksheets/sheet${i + 1}.xml`)).join('')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
  };
  for (const [i] of sheets.entries()) {
    const data = i === sheets.length - 1 ? sheet.join('') : '<row r="1"><c r="A1"><v>1</v></c></row>';
    files[`xl/worksheets/sheet${i + 1}.xml`] = `<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`;
  }
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

/** A frame of Zstandard with its content as it is. */
function zstdStored(content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(12);
  header.set([0x28, 0xb5, 0x2f, 0xfd, 0xa0]);
  header.writeUInt32LE(content.length, 5);
  header.writeUIntLE((content.length << 3) | 1, 9, 3);
  return Buffer.concat([header, content]);
}

/** A block of LZ4 of literals alone; of nothing, nothing. */
function lz4Stored(content: Uint8Array): Uint8Array {
  if (content.length === 0) return content;
  const long = content.length - 15;
  const lengths = long < 0 ? [] : [...Array<number>(Math.floor(long / 255)).fill(255), long % 255];
  return Buffer.concat([Uint8Array.of(Math.min(15, content.length) << 4, ...lengths), content]);
}

/** As Hadoop frames it, and Parquet's older writers with it. */
function lz4InHadoopFrame(content: Uint8Array): Uint8Array {
  if (content.length === 0) return content;
  const block = lz4Stored(content);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(content.length);
  lengths.writeUInt32BE(block.length, 4);
  return Buffer.concat([lengths, block]);
}

export const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4_RAW', 'LZ4'] as const;
export type Codec = (typeof CODECS)[number];

export const toParquet = (columnData: ColumnSource[], codec: Codec = 'SNAPPY'): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData,
      codec,
      compressors: {
        GZIP: (bytes) => gzipSync(bytes),
        BROTLI: (bytes) => brotliCompressSync(bytes),
        ZSTD: zstdStored,
        LZ4_RAW: lz4Stored,
        LZ4: lz4InHadoopFrame,
      },
    }),
  );

/** A table as Parquet's columns. */
export const toColumns = (names: readonly string[], rows: readonly (readonly Cell[])[]): ColumnSource[] =>
  names.map((name, column) => ({ name, data: rows.map((cells) => cells[column] ?? null) }));
