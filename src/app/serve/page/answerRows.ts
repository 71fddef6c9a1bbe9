import { readFile } from 'node:fs/promises';
import type { LabelledExample } from '../../../base/core/types.ts';
import { mcnemarOf } from '../../../base/eval/significance.ts';
import { type Answer, parseAnswers } from '../../../engine/runs/evaluation.ts';
import { RUN_FILES } from '../../../engine/runs/runFolder.ts';
import { tempered } from '../../../study/analysis/analyzedRow.ts';
import type { DataSets, LoadedSet } from './dataSets.ts';
import { fileMemo } from './fileMemo.ts';
import { fileInside } from './folderInside.ts';
import { notFound } from './query.ts';
import { readCalibration } from './runCalibration.ts';
import type { AnswerPage, AnswerRow, RunAnswer } from './shapes.ts';

const readAnswers = fileMemo(async (path) => parseAnswers(await readFile(path, 'utf8')));

/** A run's answer to a row, with its gold label. */
interface RowAnswer {
  readonly guid: string;
  readonly gold: string;
  readonly answer: RunAnswer;
}

/** An answer with the figures that people look for; confidences as the run's calibration has them. */
function rowAnswer({ guid, gold, label: predicted, probabilities }: Answer, temperature: number): RowAnswer {
  const labels = Object.keys(probabilities ?? {});
  const shares = tempered(Object.values(probabilities ?? {}), temperature);
  const of = (label: string) => (labels.includes(label) ? shares[labels.indexOf(label)]! : null);
  const others = labels.filter((label) => label !== predicted);
  const second = others.reduce<string | null>(
    (best, label) => (of(label)! > (of(best ?? '') ?? -1) ? label : best),
    null,
  );
  return {
    guid,
    gold,
    answer: {
      predicted,
      confidence: of(predicted),
      gold_probability: of(gold),
      runner_up: second,
      runner_up_probability: second === null ? null : of(second),
    },
  };
}

const known = new WeakMap<readonly Answer[], { readonly temperature: number; readonly rows: readonly RowAnswer[] }>();

function rowAnswers(answers: readonly Answer[], temperature: number): readonly RowAnswer[] {
  const kept = known.get(answers);
  if (kept?.temperature === temperature) return kept.rows;
  const rows = answers.map((answer) => rowAnswer(answer, temperature));
  known.set(answers, { temperature, rows });
  return rows;
}

/** What runs answered, joined. */
export interface Answered {
  /** Rows that all of the runs answered, in the order of the first one's; `answers` stand beside the runs. */
  readonly rows: readonly Pick<AnswerRow, 'guid' | 'gold' | 'answers'>[];
  /** Rows that only some of the runs answered, or with another gold label. */
  readonly apart: number;
  /** Null where none of the known sets has all of these rows. */
  readonly set: LoadedSet | null;
}

/** Errors: 404 where a run has no predictions; `failed` where they are not korex's. */
export async function readAnswered(root: string, names: readonly string[], sets: DataSets): Promise<Answered> {
  const runs = await Promise.all(
    names.map(async (name) => {
      const path = await fileInside(root, name, RUN_FILES.predictions);
      if (path === null) throw notFound(`prediction of the run ${JSON.stringify(name)} yet`);
      const temperature = (await readCalibration(root, name))?.temperature ?? 1;
      return rowAnswers(await readAnswers(path), temperature);
    }),
  );
  const [first = [], ...others] = runs;
  const answered = others.map((rows) => new Map(rows.map((row) => [row.guid, row])));
  const rows = first.flatMap(({ guid, gold, answer }) => {
    const found = answered.map((rows) => rows.get(guid)).filter((row) => row?.gold === gold);
    return found.length < others.length ? [] : [{ guid, gold, answers: [answer, ...found.map((row) => row!.answer)] }];
  });
  const all = new Set(runs.flatMap((run) => run.map(({ guid }) => guid)));
  return { rows, apart: all.size - rows.length, set: await setOf(rows, sets) };
}

async function setOf(rows: Answered['rows'], sets: DataSets): Promise<LoadedSet | null> {
  for (const id of sets.ids) {
    // A data set that cannot be read is not the one; asking for its rows reports why.
    const set = await sets.load(id).catch(() => null);
    if (!set) continue;
    const test = testRows(set);
    if (rows.every(({ guid, gold }) => test.get(guid)?.label === gold)) return set;
  }
  return null;
}

const byGuid = new WeakMap<LoadedSet, ReadonlyMap<string, LabelledExample>>();

function testRows(set: LoadedSet): ReadonlyMap<string, LabelledExample> {
  const known = byGuid.get(set);
  if (known) return known;
  const rows = new Map(set.test.map((row) => [row.guid, row]));
  byGuid.set(set, rows);
  return rows;
}

/** Which rows to give. */
export interface AnswerQuery {
  readonly gold?: string | undefined;
  /** An answer, of any of the runs or of the one whose index `by` is. */
  readonly predicted?: string | undefined;
  readonly by?: number | undefined;
  /** A part of the sentence or of the guid, in whatever case. */
  readonly text?: string | undefined;
  /** A digit a run, 1 where it is right; `differ`: some are right, others wrong. */
  readonly outcome: string;
  readonly offset: number;
  readonly limit: number;
}

const outcomeOf = ({ gold, answers }: Answered['rows'][number]): string =>
  answers.map(({ predicted }) => (predicted === gold ? '1' : '0')).join('');

/** The rows that fit, those answered with the most confidence first, with their sentences where these are at hand. */
export function answerPage({ rows, apart, set }: Answered, query: AnswerQuery): AnswerPage {
  const { gold, predicted, by, text, outcome, offset, limit } = query;
  const test = set && testRows(set);
  const wanted = text?.normalize('NFC').toLowerCase();
  const hasText = (row: { guid: string }) =>
    [row.guid, test?.get(row.guid)?.sentence ?? ''].some((part) =>
      part
        .normalize('NFC')
        .toLowerCase()
        .includes(wanted ?? ''),
    );
  const fitting = rows
    .filter((row) => gold === undefined || row.gold === gold)
    .filter(({ answers }) =>
      predicted === undefined || by === undefined
        ? predicted === undefined || answers.some((answer) => answer.predicted === predicted)
        : answers[by]?.predicted === predicted,
    )
    .filter((row) => wanted === undefined || hasText(row));
  const shown = fitting
    .filter((row) => fits(outcomeOf(row), outcome))
    .map((row) => ({ row, confidence: Math.max(...row.answers.map(({ confidence }) => confidence ?? 0)) }))
    .sort((a, b) => b.confidence - a.confidence);
  return {
    total: shown.length,
    joint: rows.length,
    apart,
    outcomes: counted(fitting.map(outcomeOf)),
    p: pairP(rows),
    data: set?.id ?? null,
    rows: shown.slice(offset, offset + limit).map(({ row }) => {
      const { sentence = null, subject = null, object = null } = test?.get(row.guid) ?? {};
      return { ...row, sentence, subject, object };
    }),
  };
}

const fits = (outcome: string, wanted: string): boolean =>
  wanted === 'all' || outcome === wanted || (wanted === 'differ' && outcome.includes('0') && outcome.includes('1'));

/** How many rows each outcome has, most first. */
function counted(outcomes: readonly string[]): AnswerPage['outcomes'] {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, rows]) => ({ outcome, rows })).sort((a, b) => b.rows - a.rows);
}

/** McNemar's p of two runs, over all rows that both answered. */
function pairP(rows: Answered['rows']): number | null {
  if (rows[0]?.answers.length !== 2) return null;
  const of = (wanted: string) => rows.filter((row) => outcomeOf(row) === wanted).length;
  return mcnemarOf(of('10'), of('01')).p;
}
