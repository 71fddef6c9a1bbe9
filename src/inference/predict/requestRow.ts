import type { Entity, Example } from '../../base/core/types.ts';
import { type Problem, type RowRules, shown } from '../../base/data/checkRow.ts';
import { pointerOf } from './request.ts';
import { API_SCHEMAS, type PredictRequest } from './schema.ts';

/** What rows that are to be answered are checked against: labels do not matter, types are the model's business. */
export const UNLABELLED_RULES: RowRules = { labels: null, entityTypes: null, labelNames: null, label: 'ignored' };

type Fields = Readonly<Record<string, unknown>>;

/** Whether a row of a file is a request as the REST API takes it; KLUE's layout shares no name of an entity with that. */
export const isRequestRow = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && (Object.hasOwn(value, 'subject') || Object.hasOwn(value, 'object'));

export type RequestRow =
  | { readonly guid: string; readonly request: PredictRequest }
  | { readonly problems: readonly Problem[] };

/** A request that stands in a row of a file, with `guid` or `id` beside it; fields are named by JSON pointers. */
export function requestRow({ id, guid = id, ...request }: Fields, fallbackGuid: string): RequestRow {
  const problems: Problem[] = [];
  const name = guid ?? fallbackGuid;
  if (!(typeof name === 'string' && name !== '') && !Number.isSafeInteger(name))
    problems.push({ field: 'guid', found: shown(name), expected: 'a text or a whole number, or nothing' });
  const parsed = API_SCHEMAS.PredictRequest.safeParse(request);
  for (const { path, message } of parsed.error?.issues ?? [])
    problems.push({ field: pointerOf(path) || 'row', found: shown(valueAt(request, path)), expected: message });
  return parsed.success && problems.length === 0 ? { guid: String(name), request: parsed.data } : { problems };
}

/** A row of a data file as a request. */
export function requestOf({
  sentence,
  subject,
  object,
}: Pick<Example, 'sentence' | 'subject' | 'object'>): PredictRequest {
  const entity = ({ word, start, end, type }: Entity) => ({ word, start, end, type, offsets: 'codepoint' as const });
  return { sentence, subject: entity(subject), object: entity(object) };
}

/** What stands at a path; undefined where the path leads nowhere. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((parent, key) => (parent as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
