import { usageError } from '../../core/errors.ts';
import { columnsOf, HEADER_WITHIN, headerAmong, knownColumns } from './columns.ts';
import { foreignError } from './foreign.ts';
import {
  AFTER_HEADER,
  type ColumnMapping,
  type Format,
  fileError,
  type Input,
  type RawRow,
  type RawRows,
} from './format.ts';
import { tableOf } from './rowLayouts.ts';
import { oneFile } from './writer.ts';

type Cells = readonly unknown[];
interface Sheet {
  readonly sheet: string;
  readonly data: readonly Cells[];
}

/** Excel's workbooks: the first sheet with a header that korex knows. All of it is in memory, as a workbook is one archive. */
export const xlsx: Format = {
  id: 'xlsx',
  name: 'Excel (.xlsx)',
  signs: {
    en: 'it is a ZIP archive with a workbook in it',
    ko: '통합 문서가 든 ZIP 파일이다',
  },
  isBinary: true,
  extensions: ['.xlsx'],
  recognizes: ({ bytes }) => [0x50, 0x4b, 0x03, 0x04].every((byte, at) => bytes[at] === byte),
  counting: AFTER_HEADER,
  open: openWorkbook,
  write: {
    extension: '.xlsx',
    isUsual: true,
    holds: 'rows',
    files: async (rows) => {
      const { isXmlText, workbook } = await import('./workbook.ts');
      const bad = rows.find((row) => !Object.values(row).every((cell) => typeof cell !== 'string' || isXmlText(cell)));
      if (bad === undefined) return oneFile(workbook(tableOf(rows)));
      throw usageError(
        {
          en: `${bad.guid}: its text has control characters, which a workbook cannot hold.`,
          ko: `${bad.guid}: 글에 제어 문자가 있어 통합 문서에 쓸 수 없다.`,
        },
        { en: 'Write CSV or JSON.', ko: 'CSV나 JSON으로 쓴다.' },
      );
    },
  },
};

async function openWorkbook({ path, bytes, columns: mapping }: Input): Promise<RawRows> {
  const sheets = await readSheets(path, await bytes.slice(0));
  const filled = sheets.filter(({ data }) => data.some((cells) => !isBlank(cells)));
  const known = ({ data }: Sheet) => knownColumns(headerOf(data, mapping).names, mapping);
  const [sheet] = [...filled].sort((a, b) => known(b) - known(a));
  if (!sheet)
    throw fileError('empty', {
      en: `${path} is empty; expected a header and rows.`,
      ko: `${path}: 비어 있다. 머리글과 행이 있어야 한다.`,
    });
  const header = headerOf(sheet.data, mapping);
  const { columnNames, toRow } = columnsOf(header.names, path, mapping);
  const notes = [
    ...(filled.length > 1
      ? [
          {
            en: `${path}: the sheet ${sheet.sheet} is read, of ${filled.length}.`,
            ko: `${path}: 시트 ${filled.length}개 가운데 ${sheet.sheet}을(를) 읽는다.`,
          },
        ]
      : []),
    ...(header.hasTitle
      ? [
          {
            en: `${path}: the header is taken from row ${header.at + 1}.`,
            ko: `${path}: ${header.at + 1}번째 행을 머리글로 읽는다.`,
          },
        ]
      : []),
  ];
  return { rows: rowsOf(sheet.data, header.at, toRow), columnNames, notes };
}

async function* rowsOf(
  data: Sheet['data'],
  headerAt: number,
  toRow: ReturnType<typeof columnsOf>['toRow'],
): AsyncGenerator<RawRow> {
  for (const [index, cells] of data.slice(headerAt + 1).entries())
    if (!isBlank(cells)) yield { number: index + 1, ...toRow(cells) };
}

/** The header of a sheet, and the row that it is. */
function headerOf(data: Sheet['data'], mapping: ColumnMapping | null) {
  const filled = [...data.entries()].filter(([, cells]) => !isBlank(cells)).slice(0, HEADER_WITHIN);
  const rows = filled.map(([at, cells]) => ({ at, names: cells.map((cell) => String(cell ?? '')) }));
  const header = headerAmong(
    rows.map(({ names }) => names),
    mapping,
  );
  return { ...(rows[header] ?? { at: 0, names: [] }), hasTitle: header > 0 };
}

const isBlank = (cells: Cells): boolean => cells.every((cell) => cell === null || String(cell).trim() === '');

async function readSheets(path: string, content: ArrayBuffer): Promise<readonly Sheet[]> {
  const [{ default: readWorkbook }, { unzipSync, zipSync }] = await Promise.all([
    import('read-excel-file/universal'),
    import('fflate'),
  ]);
  try {
    // The reader unpacks in a worker, which a page may not be allowed to start; what is merely stored needs none.
    const files = unzipSync(new Uint8Array(content), { filter: ({ name }) => /\.(xml|rels)$/.test(name) });
    const stored = zipSync(files, { level: 0 });
    // Spaces belong to the sentence: offsets count them.
    return await readWorkbook(stored.buffer as ArrayBuffer, { trim: false });
  } catch (error) {
    const inside = new TextDecoder('latin1').decode(content);
    const isWorkbook = inside.includes('xl/workbook.xml');
    if (!isWorkbook && inside.includes('data.pkl')) throw foreignError(path, CHECKPOINT, undefined, error);
    throw fileError(
      'unknown',
      {
        en: `${path} cannot be read as an Excel workbook: ${(error as Error).message}.`,
        ko: `${path}: Excel 통합 문서로 읽을 수 없다: ${(error as Error).message}.`,
      },
      {
        en: 'Open it in Excel and save it again, or save it as CSV UTF-8.',
        ko: 'Excel에서 열어 다시 저장하거나, CSV UTF-8로 저장한다.',
      },
      error,
    );
  }
}

const CHECKPOINT = { en: 'a PyTorch checkpoint', ko: 'PyTorch 체크포인트' };
