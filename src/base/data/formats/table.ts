import { usageError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { brat } from './brat.ts';
import { csv, tsv } from './csv.ts';
import { deepKe } from './deepKe.ts';
import { doccano } from './doccano.ts';
import { documentLines } from './documentLines.ts';
import type { Format } from './format.ts';
import { glirel } from './glirel.ts';
import { jsonList } from './jsonList.ts';
import { jsonl } from './jsonl.ts';
import { klueNer } from './klueNer.ts';
import { labelStudio } from './labelStudio.ts';
import { openNre } from './openNre.ts';
import { parquet } from './parquet.ts';
import { spacy } from './spacy.ts';
import { tacred } from './tacred.ts';
import { isToolFormat } from './toolFormat.ts';
import { webanno } from './webanno.ts';
import { xlsx } from './xlsx.ts';

/** Formats that take any row of JSON, or any table: what is in them says whose they are. */
export const GENERAL_FORMATS: readonly Format[] = [jsonList, jsonl, csv, tsv];

/** Every format korex reads, in the order in which the beginning of a file is shown to them. */
export const FORMATS: readonly Format[] = [
  ...[parquet, xlsx],
  ...[openNre, tacred, glirel, doccano, spacy, labelStudio, brat, webanno, klueNer, deepKe],
  documentLines,
  ...GENERAL_FORMATS,
];

/** Whether a format is known by its content: another tool's, or KLUE-NER's. */
export const isAnnotationFormat = (format: Format): boolean => isToolFormat(format) || format === klueNer;

/** Whether a format has a file for each text, so that several files are read together. */
export const hasFileForText = (format: Format): boolean => format === brat || format === webanno;

/** The format that `--from` or `--to` names. Errors: `usage` for other names. */
export function formatOfId(id: string, option: string): Format {
  const format = FORMATS.find((one) => one.id === id);
  if (format) return format;
  const ids = FORMATS.map((one) => one.id);
  const near = nearest(id, ids);
  throw usageError(
    { en: `${option} is "${id}", which is no format.`, ko: `${option}의 값 "${id}"은(는) 없는 형식이다.` },
    {
      en: `${near ? `Perhaps ${near}. ` : ''}Known are ${ids.join(', ')}.`,
      ko: `${near ? `혹시 ${near}? ` : ''}아는 형식: ${ids.join(', ')}.`,
    },
  );
}

/**
 * The format that OUT is written in: the one that is named, else the one that its ending means.
 * Errors: `usage` where neither says it, with the formats that have the ending.
 */
export function formatOfOutput(out: string, to: string | undefined): Format {
  if (to !== undefined) return formatOfId(to, '--to');
  const ending = out === '-' ? '' : endingOf(out.replace(/[/\\]+$/, ''));
  const fitting = FORMATS.filter(({ write }) => write?.extension === ending);
  const usual = fitting.find(({ write }) => write?.isUsual);
  if (usual) return usual;
  const list = (formats: readonly Format[]) => formats.map(({ id, name }) => `${id} (${name})`).join(', ');
  const known = list(fitting.length > 0 ? fitting : FORMATS.filter(({ write }) => write !== undefined));
  throw usageError(
    {
      en: `${out}: its ending does not say which format to write.`,
      ko: `${out}: 확장자로 쓸 형식을 알 수 없다.`,
    },
    { en: `Say it with --to: ${known}.`, ko: `--to로 알려 준다: ${known}.` },
  );
}

/** The format that usually has a file's ending. */
export const formatOfName = (name: string): Format | undefined =>
  FORMATS.find(({ extensions }) => extensions.includes(endingOf(name.replace(/\.gz$/i, ''))));

/** Ending of a file's name with its dot, in lower case; a name that begins with the dot has none. */
export const endingOf = (name: string): string => /[^/\\](\.[^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
