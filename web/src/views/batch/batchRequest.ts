import { checkRow, type Problem } from '../../../../src/base/data/checkRow.ts';
import { isRequestRow, requestOf, requestRow, UNLABELLED_RULES } from '../../../../src/inference/predict/request.ts';
import type { PredictRequest } from '../../../../src/inference/predict/schema.ts';
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

/**
 * A row as a request: rows of a data file (KLUE's layout), or requests as the REST API takes them, with `guid` or `id`
 * beside. Labels are not looked at.
 */
export function batchRequest({ number, value, problem }: FileRow, topK: number): ReadyRow | BadRow {
  if (problem) return { number, problems: [problem] };
  const guid = `row ${number}`;
  if (!isRequestRow(value)) return dataRow(value, guid, number, topK);
  const row = requestRow(value, guid);
  if ('problems' in row) return { number, problems: row.problems };
  return { number, guid: row.guid, request: { top_k: topK, ...row.request } };
}

function dataRow(value: unknown, fallbackGuid: string, number: number, top_k: number): ReadyRow | BadRow {
  const checked = checkRow(value, UNLABELLED_RULES, fallbackGuid);
  if ('problems' in checked) return { number, problems: checked.problems };
  return { number, guid: checked.example.guid, request: { ...requestOf(checked.example), top_k } };
}
