import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../base/core/errors.ts';
import { readValidated } from '../../base/core/validate.ts';
import {
  type AblationResults,
  type AblationRun,
  RESULTS_FILE,
  resultsSchema,
  runSchema,
} from '../../base/eval/ablation/results.ts';
import { RUN_FILE, RUNS_FOLDER } from './trainQueued.ts';

/** `mine.json` → `mine.results.json`: where results are committed. */
export const resultsBeside = (config: string): string => `${config.replace(/\.json$/i, '')}.results.json`;

/** What earlier sittings left. */
export interface Known {
  /** Of the experiment's folder, then those beside its configuration, where they are there. */
  readonly results: readonly AblationResults[];
  /** By digest; those of run folders go before those of results. */
  readonly runs: ReadonlyMap<string, AblationRun>;
}

/** Reads all results and runs there are. Errors: `usage` or `failed` for a file that is none of them. */
export async function readKnown(config: string, folder: string): Promise<Known> {
  const own = await readResults(join(folder, RESULTS_FILE));
  const beside = await readResults(resultsBeside(config));
  const runs = [...(beside?.runs ?? []), ...(own?.runs ?? []), ...(await readRuns(join(folder, RUNS_FOLDER)))];
  return {
    results: [own, beside].filter((results) => results !== null),
    runs: new Map(runs.map((run) => [run.digest, run])),
  };
}

/** A results file; null where there is none. Errors: `usage` for one that is none. */
export async function readResults(path: string): Promise<AblationResults | null> {
  if (!existsSync(path)) return null;
  return readValidated(path, resultsSchema, {
    says: { en: 'holds no results of an experiment', ko: '실험의 결과가 아니다' },
    hint: { en: 'Remove it: it is written again from the runs.', ko: '지우면 학습들에서 다시 쓴다.' },
  });
}

async function readRuns(folder: string): Promise<AblationRun[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const paths = entries.map(({ name }) => join(folder, name, RUN_FILE)).filter((path) => existsSync(path));
  const runs: AblationRun[] = [];
  for (const path of paths) {
    const refusal = {
      says: { en: "is not a file of an experiment's run", ko: '실험한 학습의 파일이 아니다' },
      hint: { en: 'Remove its folder.', ko: '그 폴더를 지운다.' },
      error: failure,
    };
    runs.push(await readValidated(path, runSchema, refusal));
  }
  return runs;
}
