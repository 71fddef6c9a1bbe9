import { inBoth, KorexError } from '../../base/core/errors.ts';
import { inOwnNames, type RejectedRow } from '../../base/data/badRows.ts';
import { checkRow, foundValue, type Problem } from '../../base/data/checkRow.ts';
import type { RawRow } from '../../base/data/formats/format.ts';
import type { Extractor, Prepared } from '../predict/extractor.ts';
import {
  type AnswerOptions,
  isRequestRow,
  requestRow,
  resolveRequest,
  UNLABELLED_RULES,
  valueAt,
} from '../predict/request.ts';

/** What a batch needs of a model. */
export type BatchModel = Pick<Extractor, 'encode' | 'answer'>;

/** A row that a model can answer. */
export interface ReadyRow {
  readonly guid: string;
  readonly prepared: Prepared;
}

/** The file that rows come from, as messages and guids name it, and its own names of KLUE's fields. */
export interface RowOrigin {
  readonly file: string;
  readonly columnNames?: Readonly<Record<string, string>> | undefined;
}

/**
 * Checks and encodes a row: one of a data file, or a request as the REST API takes it, with `id` or `guid` beside.
 * A row without a guid gets `FILE:ROW`. Labels are not looked at.
 */
export function batchRow(
  raw: RawRow,
  { file, columnNames }: RowOrigin,
  model: BatchModel,
  options: AnswerOptions,
): ReadyRow | RejectedRow {
  const { number, value, problem } = raw;
  const guid = `${file}:${number}`;
  const checked = problem
    ? { problems: [problem] }
    : isRequestRow(value)
      ? preparedRequest(value, guid, model, options)
      : dataRow(value, guid, model, options);
  if ('prepared' in checked) return checked;
  return { file, row: number, problems: inOwnNames(checked.problems, columnNames), value };
}

type Checked = ReadyRow | { readonly problems: readonly Problem[] };

function dataRow(value: unknown, fallbackGuid: string, model: BatchModel, options: AnswerOptions): Checked {
  const checked = checkRow(value, UNLABELLED_RULES, fallbackGuid);
  if ('problems' in checked) return checked;
  const { example } = checked;
  return prepared(example.guid, value, DATA_FIELDS, () => model.encode({ ...options, ...example }));
}

/** KLUE's names of a request's fields. */
const DATA_FIELDS: Readonly<Record<string, string>> = {
  '/subject': 'subject_entity',
  '/object': 'object_entity',
  '/subject/type': 'subject_entity.type',
  '/object/type': 'object_entity.type',
};

function preparedRequest(
  value: Readonly<Record<string, unknown>>,
  fallbackGuid: string,
  model: BatchModel,
  options: AnswerOptions,
): Checked {
  const row = requestRow(value, fallbackGuid);
  if ('problems' in row) return row;
  return prepared(row.guid, value, {}, () => model.encode(resolveRequest({ ...options, ...row.request })));
}

/** What the model itself has against a row is a problem of the row. */
function prepared(
  guid: string,
  value: unknown,
  fieldNames: Readonly<Record<string, string>>,
  prepare: () => Prepared,
): Checked {
  try {
    return { guid, prepared: prepare() };
  } catch (error) {
    if (!(error instanceof KorexError) || error.field === undefined) throw error;
    const field = fieldNames[error.field] ?? error.field;
    const found = foundValue(valueAt(value, field.split(/[./]/).filter(Boolean)));
    const { message, hint } = error.words;
    const reason = inBoth((lang) => [message[lang], hint?.[lang]].filter(Boolean).join(' '));
    const expected = {
      en: `what the model can take: ${reason.en}`,
      ko: `모델이 읽을 수 있는 것: ${reason.ko}`,
    };
    return { problems: [{ field: field || 'row', found, expected }] };
  }
}
