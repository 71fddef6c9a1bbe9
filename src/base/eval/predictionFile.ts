import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { inBoth, usageError } from '../core/errors.ts';
import { readFailure } from '../core/files.ts';
import { issueWords, refusal } from '../core/issueWords.ts';
import type { Example, LabelSet, Language, Localized, Prediction } from '../core/types.ts';
import { encodingOf, headText } from '../data/utf8.ts';

/** One row of a predictions file. `line` is its line number; the label set is not applied yet. */
export interface PredictionRow {
  readonly line: number;
  readonly guid: string;
  readonly label: string | null;
  /** Label → probability. */
  readonly probabilities: Readonly<Record<string, number>> | null;
}

interface Problem {
  readonly line: number | null;
  readonly message: Localized;
}

const SHOWN_PROBLEMS = 20;

const NO_ANSWER: Localized = {
  en: 'needs "label" or "probabilities"',
  ko: '"label"이나 "probabilities"가 필요하다',
};

const rowSchema = z
  .object({
    guid: z.union([z.string().min(1), z.int().transform(String)]),
    label: z.string().min(1).nullish(),
    /** As answers of `korex batch` name it. */
    relation: z.string().min(1).nullish(),
    probabilities: z.record(z.string(), z.number()).nullish(),
  })
  // Beside a relation, `label` is the gold label that the input had.
  .transform(({ label, relation = label, ...row }) => ({ ...row, label: relation }))
  .refine(({ label, probabilities }) => label != null || probabilities != null, refusal(NO_ANSWER));

/**
 * Reads predictions: JSONL objects or CSV rows with `guid` and `label` (or `relation`, as `korex batch` writes), `guid` and
 * `probabilities` (label → p; in CSV a cell of JSON), or all three. Other fields are left alone.
 *
 * Errors: `usage` with file, line and reason of the first 20 bad rows.
 */
export async function readPredictionFile(path: string): Promise<PredictionRow[]> {
  const text = await textOf(path);
  const problems: Problem[] = [];
  const rows: PredictionRow[] = [];
  for (const { line, value } of rawRows(text, path, problems)) {
    const parsed = rowSchema.safeParse(value);
    if (parsed.success) {
      const { guid, label, probabilities } = parsed.data;
      rows.push({ line, guid, label: label ?? null, probabilities: probabilities ?? null });
    } else for (const issue of parsed.error.issues) problems.push({ line, message: wordsOf(issue) });
  }
  throwProblems(path, problems);
  return rows;
}

function wordsOf(issue: z.core.$ZodIssue): Localized {
  const words = issueWords(issue);
  return inBoth((lang) => [issue.path.join('.'), words[lang]].filter(Boolean).join(': '));
}

/**
 * Puts predictions in the order of the examples and checks them against guids and label set.
 *
 * A row with probabilities alone predicts the most probable label (of equals, the first of the label set). A row's
 * probabilities must name every label, be finite and not negative; they need not sum to 1, as only their order counts.
 * Errors: `usage` with the first 20 problems: unknown, repeated or missing guid, unknown label, wrong probabilities,
 * probabilities in some rows only.
 */
export function alignPredictions(
  path: string,
  rows: readonly PredictionRow[],
  examples: readonly Pick<Example, 'guid'>[],
  labelSet: LabelSet,
): Prediction[] {
  const known = new Set(examples.map(({ guid }) => guid));
  const withProbabilities = rows.some(({ probabilities }) => probabilities !== null);
  const problems: Problem[] = [];
  const byGuid = new Map<string, PredictionRow>();
  for (const row of rows) {
    const first = byGuid.get(row.guid);
    const messages = first
      ? [
          {
            en: `guid ${quote(row.guid)} was already predicted in line ${first.line}`,
            ko: `guid ${quote(row.guid)}: ${first.line}행에 이미 예측이 있다`,
          },
        ]
      : [
          ...(known.has(row.guid)
            ? []
            : [
                {
                  en: `guid ${quote(row.guid)} is not among the gold rows`,
                  ko: `guid ${quote(row.guid)}: 정답 행에 없다`,
                },
              ]),
          ...rowProblems(row, labelSet),
        ];
    if (withProbabilities && row.probabilities === null)
      messages.push({ en: 'has no probabilities, though other rows have', ko: '다른 행과 달리 확률이 없다' });
    problems.push(...messages.map((message) => ({ line: row.line, message })));
    byGuid.set(row.guid, first ?? row);
  }
  for (const { guid } of examples)
    if (!byGuid.has(guid))
      problems.push({
        line: null,
        message: {
          en: `guid ${quote(guid)} of the gold rows has no prediction`,
          ko: `정답 행의 guid ${quote(guid)}: 예측이 없다`,
        },
      });
  throwProblems(path, problems);
  return examples.map(({ guid }) => toPrediction(byGuid.get(guid)!, labelSet));
}

function rowProblems({ label, probabilities }: PredictionRow, { labels }: LabelSet): Localized[] {
  const problems: Localized[] = [];
  if (label !== null && !labels.includes(label))
    problems.push({
      en: `label ${quote(label)} is not one of the ${labels.length} labels`,
      ko: `라벨 ${quote(label)}: 라벨 ${labels.length}개에 없다`,
    });
  if (probabilities === null) return problems;
  const unknown = Object.keys(probabilities).filter((key) => !labels.includes(key));
  const missing = labels.filter((key) => !Object.hasOwn(probabilities, key));
  if (unknown.length > 0)
    problems.push({
      en: `probabilities name unknown labels: ${some(unknown, 'en')}`,
      ko: `probabilities에 모르는 라벨이 있다: ${some(unknown, 'ko')}`,
    });
  if (missing.length > 0)
    problems.push({
      en: `probabilities lack labels: ${some(missing, 'en')}`,
      ko: `probabilities에 빠진 라벨이 있다: ${some(missing, 'ko')}`,
    });
  for (const [key, p] of Object.entries(probabilities))
    if (!Number.isFinite(p) || p < 0)
      problems.push({
        en: `the probability of ${quote(key)} is ${p}; expected a finite number from 0 on`,
        ko: `${quote(key)}의 확률이 ${p}이다. 0 이상의 유한한 수여야 한다`,
      });
  return problems;
}

function toPrediction({ guid, label, probabilities }: PredictionRow, { labels }: LabelSet): Prediction {
  const values = probabilities && labels.map((key) => probabilities[key]!);
  return { guid, predicted: label ?? mostProbable(values ?? [], labels), probabilities: values };
}

const mostProbable = (values: readonly number[], labels: readonly string[]): string =>
  labels[values.indexOf(Math.max(...values))]!;

interface RawRow {
  readonly line: number;
  readonly value: unknown;
}

/** The text in whatever encoding a spreadsheet saved it. Errors: `usage` where it is no text. */
async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw readFailure(path, error);
  });
  const encoding = encodingOf(bytes);
  if (encoding !== null) return headText(bytes, encoding);
  throw usageError(
    { en: `${path} is no text in UTF-8, UTF-16 or CP949.`, ko: `${path}: UTF-8, UTF-16, CP949 글자 파일이 아니다.` },
    { en: 'Predictions are JSONL or CSV.', ko: '예측은 JSONL이나 CSV다.' },
  );
}

/** The content decides what the file is. */
function rawRows(text: string, path: string, problems: Problem[]): RawRow[] {
  if (/^\s*\{/.test(text)) return jsonLines(text, problems);
  return /^\s*\[/.test(text) ? jsonList(text, problems) : csvRows(text, path, problems);
}

/** A list of all rows; a line is then a row's number. */
function jsonList(text: string, problems: Problem[]): RawRow[] {
  try {
    const rows = JSON.parse(text) as readonly unknown[];
    return rows.map((value, index) => ({ line: index + 1, value }));
  } catch (error) {
    const reason = (error as Error).message;
    problems.push({
      line: null,
      message: { en: `the file is not valid JSON: ${reason}`, ko: `파일이 올바른 JSON이 아니다: ${reason}` },
    });
    return [];
  }
}

function jsonLines(text: string, problems: Problem[]): RawRow[] {
  return text.split('\n').flatMap((content, index) => {
    if (content.trim() === '') return [];
    try {
      return [{ line: index + 1, value: JSON.parse(content) as unknown }];
    } catch (error) {
      problems.push({ line: index + 1, message: notJson((error as Error).message) });
      return [];
    }
  });
}

const notJson = (reason: string): Localized => ({
  en: `is not valid JSON: ${reason}`,
  ko: `올바른 JSON이 아니다: ${reason}`,
});

const csvSchema = z.array(
  z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number() }) }),
);

function csvRows(text: string, path: string, problems: Problem[]): RawRow[] {
  const rows = csvSchema.parse(parseCsv(text, path));
  const columns = Object.keys(rows[0]?.record ?? { guid: '', label: '' });
  if (!columns.includes('guid') || !['label', 'relation', 'probabilities'].some((name) => columns.includes(name)))
    throw usageError(
      {
        en: `${path}: the header names ${some(columns, 'en')}; expected "guid" and "label", or "guid" and "probabilities".`,
        ko: `${path}: 머리글이 ${some(columns, 'ko')}이다. "guid"와 "label", 또는 "guid"와 "probabilities"가 있어야 한다.`,
      },
      {
        en: 'Predictions are CSV with a header row, or JSONL (one object a line, file name ending in .jsonl).',
        ko: '예측은 머리글이 있는 CSV나, 이름이 .jsonl로 끝나는 JSONL(한 줄에 객체 하나)이다.',
      },
    );
  return rows.flatMap(({ record: { guid, label, relation = label, probabilities }, info }) => {
    const value = { guid, label: relation || null };
    if (!probabilities) return [{ line: info.lines, value }];
    try {
      return [{ line: info.lines, value: { ...value, probabilities: JSON.parse(probabilities) as unknown } }];
    } catch {
      const given = quote(probabilities);
      const message = {
        en: `probabilities ${given} are not valid JSON`,
        ko: `probabilities ${given}: 올바른 JSON이 아니다`,
      };
      problems.push({ line: info.lines, message });
      return [];
    }
  });
}

/** What the header separates its names with. */
function delimiterOf(text: string): string {
  const header = text.split(/[\r\n]/, 1)[0]!;
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function parseCsv(text: string, path: string): unknown {
  try {
    return parse(text, { columns: true, info: true, skip_empty_lines: true, delimiter: delimiterOf(text) });
  } catch (error) {
    throw usageError(
      {
        en: `${path} is not valid CSV: ${(error as Error).message}.`,
        ko: `${path}: 올바른 CSV가 아니다: ${(error as Error).message}.`,
      },
      { en: 'Check the quotes of the cells.', ko: '셀의 따옴표를 확인한다.' },
      error,
    );
  }
}

const LINE = { en: (line: number) => `line ${line}: `, ko: (line: number) => `${line}행: ` };
const REST = { en: (rest: number) => `  … and ${rest} more`, ko: (rest: number) => `  … 그 밖에 ${rest}개` };

function throwProblems(path: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const shown = inBoth((lang) => {
    const lines = problems
      .slice(0, SHOWN_PROBLEMS)
      .map(({ line, message }) => `  ${line === null ? '' : LINE[lang](line)}${message[lang]}`);
    const rest = problems.length - lines.length;
    return [...lines, ...(rest > 0 ? [REST[lang](rest)] : [])].join('\n');
  });
  throw usageError(
    {
      en: `${path}: ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}:\n${shown.en}`,
      ko: `${path}: 문제 ${problems.length}개:\n${shown.ko}`,
    },
    {
      en: 'Give one row for each gold row: guid and label, or guid and probabilities for all labels.',
      ko: '정답 행마다 한 행을 준다: guid와 label, 또는 guid와 모든 라벨의 probabilities.',
    },
  );
}

const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
function some(names: readonly string[], lang: Language): string {
  const rest = names.length - 5;
  const more = lang === 'en' ? ` and ${rest} more` : ` 외 ${rest}개`;
  return names.slice(0, 5).map(quote).join(', ') + (rest > 0 ? more : '');
}
