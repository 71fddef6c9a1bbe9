import { checkRow, type Problem, type RowRules, shown } from '../../../../src/data/checkRow.ts';
import { API_SCHEMAS, type PredictRequest } from '../../../../src/predict/schema.ts';
import type { FileRow } from './fileRows.ts';

export interface ReadyRow {
  readonly number: number;
  readonly guid: string;
  readonly request: PredictRequest;
}

export interface BadRow {
  readonly number: number;
  readonly problems: readonly Problem[];
}

const RULES: RowRules = { labels: null, entityTypes: null, labelNames: null, label: 'ignored' };

/**
 * A row as a request: rows of a data file (KLUE's layout), or requests as the REST API takes them, with `guid` or `id`
 * beside. Labels are not looked at.
 */
export function batchRequest({ number, value, problem }: FileRow, topK: number): ReadyRow | BadRow {
  if (problem) return { number, problems: [problem] };
  if (!isObject(value)) return { number, problems: [{ field: 'row', found: shown(value), expected: 'an object' }] };
  return Object.hasOwn(value, 'subject') || Object.hasOwn(value, 'object')
    ? requestRow(value, number, topK)
    : dataRow(value, number, topK);
}

function dataRow(value: Readonly<Record<string, unknown>>, number: number, top_k: number): ReadyRow | BadRow {
  const checked = checkRow(value, RULES, `row ${number}`);
  if ('problems' in checked) return { number, problems: checked.problems };
  const { guid, sentence, subject, object } = checked.example;
  const entity = ({ word, start, end, type }: typeof subject): PredictRequest['subject'] => ({
    word,
    start,
    end,
    offsets: 'codepoint',
    ...(type !== null && { type }),
  });
  return { number, guid, request: { sentence, subject: entity(subject), object: entity(object), top_k } };
}

function requestRow(
  { id, guid = id, ...request }: Readonly<Record<string, unknown>>,
  number: number,
  top_k: number,
): ReadyRow | BadRow {
  const parsed = API_SCHEMAS.PredictRequest.safeParse(request);
  if (parsed.success)
    return { number, guid: guid == null ? `row ${number}` : String(guid), request: { top_k, ...parsed.data } };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    field: path.map(String).join('.') || 'row',
    found: shown(path.reduce<unknown>((parent, key) => (parent as Record<PropertyKey, unknown>)?.[key], request)),
    expected: message,
  }));
  return { number, problems };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
