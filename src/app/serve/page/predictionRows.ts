import { readFile } from 'node:fs/promises';
import type { LabelledExample } from '../../../base/core/types.ts';
import { type Answer, parseAnswers } from '../../../engine/runs/evaluation.ts';
import { RUN_FILES } from '../../../engine/runs/runFolder.ts';
import type { DataSets, LoadedSet } from './dataSets.ts';
import { fileMemo } from './fileMemo.ts';
import { fileInside } from './folderInside.ts';
import { notFound } from './query.ts';
import type { PredictionEntry, PredictionPage } from './shapes.ts';

const readAnswers = fileMemo(async (path) => parseAnswers(await readFile(path, 'utf8')).map(toEntry));

/** An answer with the figures that people look for, without its sentence. */
function toEntry({ guid, gold, label: predicted, probabilities }: Answer): PredictionEntry {
  const ranked = Object.entries(probabilities ?? {}).sort(([, a], [, b]) => b - a);
  const second = ranked.find(([label]) => label !== predicted);
  return {
    guid,
    gold,
    predicted,
    confidence: probabilities?.[predicted] ?? null,
    gold_probability: probabilities?.[gold] ?? null,
    runner_up: second?.[0] ?? null,
    runner_up_probability: second?.[1] ?? null,
    sentence: null,
    subject: null,
    object: null,
  };
}

/** A run's answers in the order of its test rows, and the data set that these are from. */
export interface Answered {
  readonly rows: readonly PredictionEntry[];
  /** Null where none of the known sets has all of these rows. */
  readonly set: LoadedSet | null;
}

/** Errors: 404 where the run has no predictions; `failed` where they are not korex's. */
export async function readAnswered(root: string, name: string, sets: DataSets): Promise<Answered> {
  const path = await fileInside(root, name, RUN_FILES.predictions);
  if (path === null) throw notFound(`prediction of the run ${JSON.stringify(name)} yet`);
  const rows = await readAnswers(path);
  return { rows, set: await setOf(rows, sets) };
}

async function setOf(rows: readonly PredictionEntry[], sets: DataSets): Promise<LoadedSet | null> {
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

/** Which answers to give. */
export interface PredictionQuery {
  readonly gold?: string | undefined;
  readonly predicted?: string | undefined;
  /** Only right ones, only wrong ones, or both. */
  readonly outcome: 'right' | 'wrong' | 'all';
  readonly offset: number;
  readonly limit: number;
}

/** The answers that fit, the most confident first, joined with the rows where these are at hand. */
export function predictionPage({ rows, set }: Answered, query: PredictionQuery): PredictionPage {
  const { gold, predicted, outcome, offset, limit } = query;
  const fitting = rows
    .filter((row) => gold === undefined || row.gold === gold)
    .filter((row) => predicted === undefined || row.predicted === predicted)
    .filter((row) => outcome === 'all' || (row.gold === row.predicted) === (outcome === 'right'))
    .sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
  const test = set && testRows(set);
  return {
    total: fitting.length,
    rows: fitting.slice(offset, offset + limit).map((row) => {
      const example = test?.get(row.guid);
      if (!example) return row;
      const { sentence, subject, object } = example;
      return { ...row, sentence, subject, object };
    }),
  };
}
