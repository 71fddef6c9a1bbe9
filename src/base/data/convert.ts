import { z } from 'zod';
import { usageError } from '../core/errors.ts';
import type { AnnotatedDocument, Entity, Example, LabelSet, Localized } from '../core/types.ts';
import type { Annotations, ReadAnnotations, WrittenAnnotations } from './annotations.ts';
import { badRowsError, inOwnNames, type RejectedRow, repeatedGuid } from './badRows.ts';
import { checkRow, type Problem } from './checkRow.ts';
import {
  ALL_PAIRS,
  countPairs,
  documentExamples,
  type PairChoice,
  relatedTypesOf,
  rowsDocuments,
} from './documentRows.ts';
import { documentLines } from './formats/documentLines.ts';
import { checkDocument, isDocument } from './formats/documents.ts';
import type { Format, RawRow } from './formats/format.ts';
import { Losses } from './formats/losses.ts';
import { type Convention, type Found, settle } from './formats/offsets.ts';
import type { ReadingName } from './formats/readings.ts';
import { GENERAL_FORMATS } from './formats/table.ts';
import { offset } from './formats/toolFormat.ts';
import { labelSetOf, NO_RELATION, namedLabelSet } from './labelSet.ts';
import type { OpenRows } from './openSource.ts';
import type { Span } from './span.ts';

/** From one format of annotations to another: what a file holds, and how a format says it. */

export interface ReadOptions {
  /** Names of labels in id order, where a list beside the file has them. */
  readonly labelSet?: LabelSet | undefined;
  /** Which label means that a pair has no relation; without it the usual names are known. */
  readonly noRelation?: string | undefined;
  readonly offsets?: ReadingName | null;
  readonly onBadRow?: 'error' | 'skip';
  /** What to do about bad rows, where it is no option of the command line. */
  readonly badRowHint?: Localized | undefined;
}

/** Labels by which the data sets of these formats say that a pair has no relation. */
const NONE_LABELS = [NO_RELATION, 'NA', 'Other', 'None', '관계없음', '관계 없음'];

/**
 * Reads all of an opened file, and checks it. Rows and documents in one file are documents.
 *
 * Errors: `usage` for bad rows unless `onBadRow` leaves them out, for offsets that can be read in two ways, for no rows.
 */
export async function readAnnotations(opened: OpenRows, options: ReadOptions = {}): Promise<ReadAnnotations> {
  const { format, name } = opened;
  const arrived: RawRow[] = [];
  for await (const row of opened.rows) arrived.push(row);
  const lost = new Losses();
  for (const { what, count, where } of opened.lost ?? []) lost.add(what, where[0] ?? name, count);
  const isOwn = GENERAL_FORMATS.includes(format) || format.isBinary === true || format === documentLines;
  const { rows, notes } = isOwn
    ? settledOwn(arrived, name, format, options.offsets ?? null)
    : { rows: arrived, notes: [] };
  const labelNames = opened.labelNames ?? options.labelSet?.labels ?? null;
  const rejected: RejectedRow[] = [];
  const documents: AnnotatedDocument[] = [];
  const examples: Example[] = [];
  const places = new Map<string, Localized>();
  for (const { number, value, problem } of rows) {
    const fallback = `${name}:${number}`;
    const reject = (problems: readonly Problem[]) =>
      rejected.push({ file: name, row: number, problems: inOwnNames(problems, opened.columnNames), value });
    if (problem) {
      reject([problem]);
      continue;
    }
    const checked = isDocument(value)
      ? checkDocument(value, { labels: null, entityTypes: null }, fallback)
      : checkRow(value, { labels: null, entityTypes: null, labelNames, label: 'optional' }, fallback);
    if ('problems' in checked) {
      reject(checked.problems);
      continue;
    }
    const id = 'document' in checked ? checked.document.id : checked.example.guid;
    const first = places.get(id);
    if (first !== undefined) reject([repeatedGuid(id, first)]);
    else if ('document' in checked) documents.push(checked.document);
    else examples.push(checked.example);
    places.set(id, first ?? { en: `row ${number}`, ko: `${number}행` });
  }
  const total = documents.length + examples.length;
  if (rejected.length > 0 && (options.onBadRow !== 'skip' || total === 0))
    throw badRowsError(name, rows.length, format.counting, rejected, options.badRowHint);
  if (total === 0)
    throw usageError(
      { en: `${name} has no rows.`, ko: `${name}: 행이 없다.` },
      { en: 'Check that the file is the right one and complete.', ko: '맞는 파일인지, 온전한지 확인한다.' },
    );
  const labelSet = labelSetFor(examples, opened.labelNames, options);
  const annotations: Annotations =
    documents.length === 0
      ? { kind: 'rows', rows: examples, labelSet }
      : { kind: 'documents', documents: [...documents, ...rowsDocuments(examples, labelSet.noRelation, lost)] };
  return { format: format.id, annotations, lost: lost.list(), rejected, notes: [...opened.notes, ...notes] };
}

function labelSetFor(
  rows: readonly Example[],
  names: readonly string[] | undefined,
  { labelSet, noRelation }: ReadOptions,
): LabelSet {
  const found = labelSet ?? (names ? namedLabelSet(names) : labelSetOf(rows.flatMap(({ label }) => label ?? [])));
  const none = noRelation ?? found.noRelation ?? NONE_LABELS.find((label) => found.labels.includes(label)) ?? null;
  return { ...found, noRelation: none };
}

/** Rows and documents of korex's own layouts, whose offsets may have been counted otherwise elsewhere. */
function settledOwn(rows: readonly RawRow[], name: string, format: Format, asked: ReadingName | null) {
  const found = rows.map((row) => (row.problem ? null : ownFound(row)));
  const counted = found.filter((one) => one !== null);
  if (counted.length === 0) return { rows, notes: [] };
  const convention: Convention = { name: format.name, documented: ['codepoint-inclusive'], refusesRows: true };
  const settled = settle(counted, name, convention, asked, new Losses());
  const arriving = settled.rows[Symbol.iterator]();
  return {
    rows: rows.map((row, i): RawRow => (found[i] ? { ...row, ...arriving.next().value } : row)),
    notes: [settled.note],
  };
}

const ownEntity = z.looseObject({ word: z.string().min(1), type: z.string().nullish() });
const klueEntity = ownEntity.extend({
  start_idx: z.coerce.number().int().min(0),
  end_idx: z.coerce.number().int().min(0),
});
const klueLayout = z.looseObject({ sentence: z.string(), subject_entity: klueEntity, object_entity: klueEntity });
const documentLayout = z.looseObject({
  text: z.string().nullish(),
  sentence: z.string().nullish(),
  entities: z.array(ownEntity.extend({ start: offset, end: offset, offsets: z.undefined() })),
  offsets: z.undefined(),
});

/** A row that says where its entities are, as it stands; null where it leaves that to be found, or says how it counts. */
function ownFound({ number, value }: RawRow): Found | null {
  const same = { number, value, id: null, source: null, tokens: null };
  const klue = klueLayout.safeParse(value);
  if (klue.success) {
    const { sentence: text, subject_entity, object_entity } = klue.data;
    const spans = [subject_entity, object_entity].map(({ word, start_idx, end_idx, type }) => ({
      ...{ word, start: start_idx, end: end_idx, type: type ?? null },
    }));
    const withEntities = ([subject, object]: readonly Entity[]) => ({
      ...klue.data,
      subject_entity: { ...subject_entity, start_idx: subject!.start, end_idx: subject!.end },
      object_entity: { ...object_entity, start_idx: object!.start, end_idx: object!.end },
    });
    return { ...same, text, spans, says: { label: null }, withEntities };
  }
  const document = documentLayout.safeParse(value);
  if (!document.success) return null;
  const { entities } = document.data;
  const text = document.data.text ?? document.data.sentence ?? '';
  const spans = entities.map(({ word, start, end, type }) => ({ word, start, end, type: type ?? null }));
  const withEntities = (placed: readonly Entity[]) => ({
    ...document.data,
    entities: entities.map((entity, i) => ({ ...entity, start: placed[i]!.start, end: placed[i]!.end })),
  });
  return { ...same, text, spans, says: { relations: null }, withEntities };
}

/** Which pairs of a document become rows: those with a relation, those whose types have one somewhere, or every pair. */
export const PAIR_CHOICES = ['related', 'possible', 'all'] as const;
export type PairsOption = (typeof PAIR_CHOICES)[number];

export interface WriteOptions {
  /** As the user named it; tables and folders take their names from it. */
  readonly out: string;
  readonly pairs?: PairsOption | undefined;
  /** What rows say of a pair without a relation; default: what the rows that were read say, else `no_relation`. */
  readonly noRelation?: string | undefined;
  /** Most that is written, where somebody else waits for the same processor. */
  readonly limits?: WriteLimits | undefined;
}

export interface WriteLimits {
  /** Pairs of entities that rows are made of. */
  readonly pairs: number;
  /** Characters of texts or sentences and their entities, which rows of one text repeat. */
  readonly characters: number;
}

/**
 * Writes annotations in a format, and counts what it has no place for.
 *
 * Errors: `usage` for a format that korex only reads, and for texts that it cannot hold at all.
 */
export async function writeAnnotations(
  annotations: Annotations,
  format: Format,
  { out, pairs = 'possible', noRelation, limits }: WriteOptions,
): Promise<WrittenAnnotations> {
  const { write } = format;
  if (!write)
    throw usageError(
      { en: `korex reads ${format.name}, but does not write it.`, ko: `${format.name}: 읽기만 하는 형식이다.` },
      { en: 'Name another one with --to.', ko: '--to로 다른 형식을 준다.' },
    );
  const lost = new Losses();
  if (write.holds === 'documents') {
    const documents =
      annotations.kind === 'documents' ? annotations.documents : asDocuments(annotations, noRelation, lost);
    const labelSet = labelSetOf(
      documents.flatMap(({ relations }) => (relations ?? []).map(({ relation }) => relation)),
    );
    if (limits) checkCharacters(documents, limits);
    return { format: format.id, files: await write.files(documents, { out, lost, labelSet }), lost: lost.list() };
  }
  if (limits && annotations.kind === 'documents') checkPairs(annotations.documents, limits);
  const rows =
    annotations.kind === 'rows'
      ? annotations.rows
      : asRows(annotations.documents, pairs, noRelation ?? NO_RELATION, lost);
  if (limits) checkCharacters(rows, limits);
  const labels = rows.flatMap(({ label }) => label ?? []);
  const labelSet = annotations.kind === 'rows' ? annotations.labelSet : labelSetOf(labels);
  // Only Parquet has a list of its labels.
  if (format.id !== 'parquet') {
    const seen = new Set(labels);
    for (const label of labelSet.labels) if (!seen.has(label)) lost.add('label_names', label);
  }
  return { format: format.id, files: await write.files(rows, { out, lost, labelSet }), lost: lost.list() };
}

const WITH_COMMAND: Localized = {
  en: 'Send fewer texts at once; `korex convert` has no such limit.',
  ko: '글을 나누어 보낸다. `korex convert`에는 이런 제한이 없다.',
};

/** Errors: `usage` for more pairs than allowed. */
function checkPairs(documents: readonly AnnotatedDocument[], { pairs: most }: WriteLimits): void {
  const pairs = documents.reduce((sum, { entities }) => sum + countPairs(entities), 0);
  if (pairs > most)
    throw usageError(
      {
        en: `The texts have ${pairs} pairs of entities; at most ${most} are made into rows here.`,
        ko: `글에 엔티티 쌍이 ${pairs}개 있다. 여기서는 ${most}개까지 행으로 바꾼다.`,
      },
      WITH_COMMAND,
    );
}

/** Errors: `usage` for more characters than allowed. */
function checkCharacters(all: readonly (AnnotatedDocument | Example)[], { characters: most }: WriteLimits): void {
  const length = (one: AnnotatedDocument | Example) =>
    'text' in one
      ? one.entities.reduce((sum, { word }) => sum + word.length, one.text.length)
      : one.sentence.length + one.subject.word.length + one.object.word.length;
  const characters = all.reduce((sum, one) => sum + length(one), 0);
  if (characters > most)
    throw usageError(
      {
        en: `What would be written has ${characters} characters of text; at most ${most} are written here.`,
        ko: `쓸 것의 글자가 ${characters}자이다. 여기서는 ${most}자까지 쓴다.`,
      },
      WITH_COMMAND,
    );
}

const asDocuments = (
  { rows, labelSet }: Extract<Annotations, { kind: 'rows' }>,
  noRelation: string | undefined,
  lost: Losses,
) => rowsDocuments(rows, noRelation ?? labelSet.noRelation, lost);

function asRows(
  documents: readonly AnnotatedDocument[],
  pairs: PairsOption,
  noRelation: string,
  lost: Losses,
): Example[] {
  const choice = CHOICES[pairs](documents);
  return documents.flatMap((document) => {
    const { id, entities, unsure, relations } = document;
    const rows = documentExamples(document, noRelation, choice);
    const key = ({ start, end }: Span) => `${start} ${end}`;
    const written = new Set(rows.flatMap(({ subject, object }) => [key(subject), key(object)]));
    if (rows.length === 0) lost.add('texts_without_pair', id);
    else lost.add('entities_without_relation', id, entities.filter((entity) => !written.has(key(entity))).length);
    if (relations !== null) lost.add('pairs_without_relation', id, countPairs(entities) - rows.length - unsure.length);
    lost.add('unsure', id, unsure.length);
    const distinct = new Set(entities.map(({ start, end, type }) => JSON.stringify([start, end, type])));
    lost.add('same_entities', id, entities.length - distinct.size);
    return rows;
  });
}

const CHOICES: Readonly<Record<PairsOption, (documents: readonly AnnotatedDocument[]) => PairChoice>> = {
  related: () => ({ isPossible: () => false }),
  possible: relatedTypesOf,
  all: () => ALL_PAIRS,
};
