import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { usageError } from '../core/errors.ts';
import { readFailure, sha256 } from '../core/files.ts';
import type { DataFile, Example, LabelledExample, LabelSet, Localized } from '../core/types.ts';
import { annotationFiles, sha256Of, textBeside } from './annotationFolder.ts';
import { badRowsError, inOwnNames, type RejectedRow, repeatedGuid } from './badRows.ts';
import { type CheckedRow, checkRow, type RowRules, shownApart } from './checkRow.ts';
import { filesOf } from './dataSource.ts';
import { memorySource } from './formats/byteSource.ts';
import { isDocument } from './formats/documents.ts';
import { type ColumnMapping, type RawRow, RIGHT_FILE } from './formats/format.ts';
import { lossNotes } from './formats/losses.ts';
import { entityTypesOf, labelSetOf, NO_RELATION, namedLabelSet } from './labelSet.ts';
import { appearance, normalText } from './normalForm.ts';
import { openRows } from './openRows.ts';
import { type OpenRows, openSource } from './openSource.ts';
import { pairRows } from './pairRows.ts';
import { readRelationList } from './relationList.ts';
import { concat } from './utf8.ts';

/** How a file of rows is read. What is left out comes from `relation_list.json` beside the file, else from the file. */
export interface RowsOptions {
  /** The labels that rows may have, e.g. those of a trained model. */
  readonly labelSet?: LabelSet;
  /** The entity types that rows may have, beside none at all. */
  readonly entityTypes?: readonly string[];
  /** The user's own names of columns and keys: `{sentence: '문장'}`. */
  readonly columns?: ColumnMapping;
  /** What to do with invalid rows; default `error`. */
  readonly onBadRow?: 'error' | 'skip';
}

/** A file of rows, every one of them valid. */
export interface LoadedRows<Row extends Example> {
  readonly rows: readonly Row[];
  readonly rejected: readonly RejectedRow[];
  readonly labelSet: LabelSet;
  readonly entityTypes: readonly string[];
  /** `path` is the base name alone: what korex writes must not tell where files lie on this machine. */
  readonly file: DataFile;
  /** How the file was taken where that is no matter of course, e.g. its encoding: lines for people. */
  readonly notes: readonly Localized[];
}

/**
 * Reads a file of labelled rows in any of `formats/table.ts` and checks every row; a row without a guid gets `FILE:ROW`.
 *
 * Errors: `usage` when the file cannot be read, has no valid rows, or has invalid ones and `onBadRow` is `error`:
 * then with row, field, found and expected of the first 20.
 */
export const loadRows = async (path: string, options: RowsOptions = {}): Promise<LoadedRows<LabelledExample>> =>
  // Sound: `required` lets no row without a label through.
  (await load(path, options, 'required')) as LoadedRows<LabelledExample>;

/** The same for rows of which some or all may have no label, e.g. the input of predictions. */
export const loadUnlabelledRows = (path: string, options: RowsOptions = {}): Promise<LoadedRows<Example>> =>
  load(path, options, 'optional');

async function load(path: string, options: RowsOptions, label: RowRules['label']): Promise<LoadedRows<Example>> {
  const list = await readRelationList(dirname(path));
  const parts = await Promise.all((await filesOf(path)).map((file) => readPart(file, options)));
  const labelNames = parts[0]!.raw.labelNames;
  const labelSet = options.labelSet ?? list?.labelSet ?? (labelNames && namedLabelSet(labelNames));
  const entityTypes = options.entityTypes ?? list?.entityTypes ?? null;
  const rules: RowRules = {
    labels: labelSet ? new Set(labelSet.labels) : null,
    entityTypes: entityTypes && new Set(entityTypes),
    labelNames: labelNames ?? list?.labelSet.labels ?? null,
    label,
  };
  const noRelation = labelSet?.noRelation ?? NO_RELATION;
  const taken = parts.map((part) => withPairs(part, noRelation));
  const { rows, rejected } = checkRows(taken, rules);
  if (parts.every((part) => part.rows.length === 0))
    throw usageError({ en: `${path} has no rows.`, ko: `${path}: 행이 없다.` }, RIGHT_FILE);
  if (rows.length === 0 && rejected.length === 0)
    throw usageError(
      { en: `${path}: no text has a pair of entities.`, ko: `${path}: 엔티티가 둘 이상인 글이 없다.` },
      {
        en: 'Rows are made of pairs of entities; annotate at least two in a text.',
        ko: '행은 엔티티 쌍으로 만든다. 글에 엔티티를 둘 이상 단다.',
      },
    );
  const [firstBad] = rejected;
  if (firstBad && (options.onBadRow !== 'skip' || rows.length === 0)) {
    const part = parts.find(({ name }) => name === firstBad.file)!;
    const ofPart = rejected.filter(({ file }) => file === part.name);
    throw badRowsError(part.path, part.rows.length, part.raw.format.counting, ofPart);
  }
  if (rules.labels === null) checkAlike({ en: 'labels', ko: '라벨' }, path, rows, ({ example }) => [example.label]);
  if (entityTypes === null)
    checkAlike({ en: 'entity types', ko: '엔티티 유형' }, path, rows, ({ example }) => [
      example.subject.type,
      example.object.type,
    ]);
  const examples = rows.map(({ example }) => example);
  return {
    rows: examples,
    rejected,
    labelSet: labelSet ?? labelSetOf(examples.flatMap(({ label }) => label ?? [])),
    entityTypes: entityTypes ?? entityTypesOf(examples.flatMap(({ subject, object }) => [subject.type, object.type])),
    file: { path: basename(path), rows: examples.length, sha256: await digestOf(path, parts) },
    notes: taken.flatMap(({ raw, pairs }) => [...raw.notes, ...lossNotes(raw), ...pairs]),
  };
}

/** A file, or one of those that a data set was divided into, taken apart. */
interface Part {
  readonly path: string;
  readonly name: string;
  /** Null where it is a folder. */
  readonly bytes: Uint8Array | null;
  readonly raw: OpenRows;
  readonly rows: readonly RawRow[];
}

async function readPart(path: string, { columns = {} }: RowsOptions): Promise<Part> {
  const name = basename(path);
  if ((await annotationFiles(path)) !== null) {
    const raw = await openRows(path, { columns });
    return { path, name, bytes: null, raw, rows: await collect(raw.rows) };
  }
  const bytes = await readBytes(path);
  const raw = await openSource(memorySource(bytes, path), name, { columns, beside: textBeside(path) });
  return { path, name, bytes, raw, rows: await collect(raw.rows) };
}

const digestOf = (path: string, parts: readonly Part[]): Promise<string> | string =>
  parts.some(({ bytes }) => bytes === null)
    ? sha256Of(path)
    : sha256(concat(parts.flatMap(({ bytes }) => bytes ?? [])));

/** A part whose documents are taken as rows, one for each pair, and what is said of that. */
interface PairedPart extends Part {
  readonly pairs: readonly Localized[];
}

function withPairs(part: Part, noRelation: string): PairedPart {
  if (!part.rows.some(({ value }) => isDocument(value))) return { ...part, pairs: [] };
  const { rows, documents } = pairRows(part.rows, part.name, noRelation);
  const note = {
    en: `${part.path}: ${documents} texts are taken as ${rows.length} rows, one for each pair of entities whose types have a relation in the file.`,
    ko: `${part.path}: 글 ${documents}건을 ${rows.length}행으로 읽는다. 파일에서 관계가 있는 유형의 엔티티 쌍마다 한 행이다.`,
  };
  return { ...part, rows, pairs: [note] };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readFailure(path, error);
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** A valid row, and where it is. */
interface FoundRow {
  readonly example: Example;
  readonly place: Localized;
}

function checkRows(parts: readonly PairedPart[], rules: RowRules) {
  const rows: FoundRow[] = [];
  const rejected: RejectedRow[] = [];
  const placeOfGuid = new Map<string, Localized>();
  for (const { name, raw, rows: rawRows } of parts)
    for (const row of rawRows) {
      const place =
        parts.length === 1
          ? { en: `row ${row.number}`, ko: `${row.number}행` }
          : { en: `row ${row.number} of ${name}`, ko: `${name}의 ${row.number}행` };
      const checked = checkUnique(place, checkRaw(row, rules, name), placeOfGuid);
      if ('example' in checked) rows.push({ example: checked.example, place });
      else {
        const problems = inOwnNames(checked.problems, raw.columnNames);
        rejected.push({ file: name, row: row.number, problems, value: row.value });
      }
    }
  return { rows, rejected };
}

const checkRaw = ({ number, value, problem }: RawRow, rules: RowRules, file: string): CheckedRow =>
  problem ? { problems: [problem] } : checkRow(value, rules, `${file}:${number}`);

/** A guid belongs to the first valid row that has it. */
function checkUnique(place: Localized, checked: CheckedRow, placeOfGuid: Map<string, Localized>): CheckedRow {
  if (!('example' in checked)) return checked;
  const { guid } = checked.example;
  const first = placeOfGuid.get(guid);
  if (first !== undefined) return { problems: [repeatedGuid(guid, first)] };
  placeOfGuid.set(guid, place);
  return checked;
}

/** A name, and the first row that has it. */
interface NamedPlace {
  readonly name: string;
  readonly place: Localized;
}

/** Errors: `usage` where two names differ only in what a reader does not see or does not mean: a model would learn two. */
function checkAlike(
  what: Localized,
  path: string,
  rows: readonly FoundRow[],
  namesOf: (row: FoundRow) => readonly (string | null)[],
): void {
  const known = new Map<string, NamedPlace>();
  const seen = new Set<string>();
  for (const row of rows)
    for (const name of namesOf(row)) {
      if (name === null || seen.has(name)) continue;
      seen.add(name);
      const first = known.get(appearance(name));
      if (first === undefined) known.set(appearance(name), { name, place: row.place });
      else throw notAlike(path, what, first, { name, place: row.place });
    }
}

function notAlike(path: string, what: Localized, a: NamedPlace, b: NamedPlace) {
  const [first, second] = [shownApart(a.name, b.name), shownApart(b.name, a.name)];
  const how = difference(a.name, b.name);
  return usageError(
    {
      en: `${path}: the ${what.en} ${first} (first in ${a.place.en}) and ${second} (first in ${b.place.en}) differ only in ${how.en}.`,
      ko: `${path}: ${what.ko} ${first}(처음 ${a.place.ko})와 ${second}(처음 ${b.place.ko})의 다른 점: ${how.ko}뿐.`,
    },
    { en: 'Write them alike; a model would learn two.', ko: '같게 적는다. 그대로 두면 모델이 둘로 배운다.' },
  );
}

function difference(a: string, b: string): Localized {
  if (a.normalize('NFC') === b.normalize('NFC'))
    return { en: 'their Unicode normal form (NFC, NFD)', ko: '유니코드 정규형(NFC, NFD)' };
  if (a.toLowerCase() === b.toLowerCase()) return { en: 'letter case', ko: '대소문자' };
  return normalText(a).replace(/\s/g, '') === normalText(b).replace(/\s/g, '')
    ? { en: 'spaces or invisible characters', ko: '공백이나 보이지 않는 문자' }
    : { en: 'letter case, spaces or the form of letters', ko: '대소문자, 공백, 글자 모양' };
}
