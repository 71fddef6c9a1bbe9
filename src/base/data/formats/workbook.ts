import { strToU8, zipSync } from 'fflate';

/** A workbook of Excel's with one sheet, of texts and numbers (ECMA-376, part 1): the least that spreadsheets open. */
export function workbook(rows: readonly (readonly (string | number | null)[])[]): Uint8Array {
  const sheet = rows.map((cells, row) => {
    const written = cells.map((cell, column) => {
      const at = `r="${columnName(column)}${row + 1}"`;
      if (cell === null || cell === '') return '';
      if (typeof cell === 'number') return `<c ${at}><v>${cell}</v></c>`;
      return `<c ${at} t="inlineStr"><is><t xml:space="preserve">${xml(cell)}</t></is></c>`;
    });
    return `<row r="${row + 1}">${written.join('')}</row>`;
  });
  const files = {
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="${MIME}package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${MIME}officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${MIME}officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    '_rels/.rels': relationship('officeDocument', 'xl/workbook.xml'),
    'xl/_rels/workbook.xml.rels': relationship('worksheet', 'worksheets/sheet1.xml'),
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="korex" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN}"><sheetData>${sheet.join('')}</sheetData></worksheet>`,
  };
  // The time is that of no clock: the same rows give the same bytes.
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(`${XML}${text}`)] as const);
  return zipSync(Object.fromEntries(entries), { mtime: new Date(1980, 0, 1) });
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MIME = 'application/vnd.openxmlformats-';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

const relationship = (type: string, target: string): string =>
  `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/${type}" Target="${target}"/></Relationships>`;

const columnName = (index: number): string => String.fromCharCode(65 + index);

/** Whether XML can hold a text at all: it has no other control characters than tabs and line feeds. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
export const isXmlText = (text: string): boolean => !/[\0-\x08\x0b-\x1f\ufffe\uffff]/.test(text);

const xml = (text: string): string => text.replace(/[&<>"\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);
