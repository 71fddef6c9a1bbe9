import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { randomStream } from '../src/base/core/random.ts';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../src/base/core/settings.ts';
import {
  createRelationModel,
  loadRelationModel,
  saveRelationModel,
  type TaskSpec,
} from '../src/engine/nn/relationModel.ts';
import { promotedModel } from '../src/inference/predict/promotedModel.ts';
import { labelledRows } from '../src/study/labelling/labelledData.ts';
import { openProject, type Project } from '../src/study/labelling/project.ts';
import { retrain } from '../src/study/labelling/retrain.ts';
import { readRounds, roundModel } from '../src/study/labelling/rounds.ts';
import { lacks } from './support/needs.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

// Processes that label and train are killed at random points, over and over: what they said was done is there, the file is
// whole, and the next one goes on.

const built = fileURLToPath(new URL('../dist/study/labelling/project.js', import.meta.url));
const program = (name: string) => fileURLToPath(new URL(`support/${name}.mjs`, import.meta.url));
/** A hundred are a matter of minutes: `KOREX_KILLS=100`. */
const KILLS = Number(process.env.KOREX_KILLS ?? 3);
const LABELS = ['no_relation', 'spouse', 'title'];
const BEGINNING = { labels: LABELS, noRelation: 'no_relation', entityTypes: ['PER'] };

/** Runs a program until it is killed, so many milliseconds after its first words; all lines that it said to their end. */
async function killed(args: readonly string[], afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await once(child, 'close');
  return output.split('\n').slice(0, -1);
}

function expectWhole({ database }: Project): void {
  expect(database.all('PRAGMA integrity_check', z.unknown())).toEqual([{ integrity_check: 'ok' }]);
  expect(database.all('PRAGMA foreign_key_check', z.unknown())).toEqual([]);
}

test.skipIf(lacks('the build (npm run build)', existsSync(built)))(
  'kill -9 while labelling loses nothing that was done, and the database is whole',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'korex-kill-'));
    await writeFile(
      join(folder, 'a.jsonl'),
      Array.from(
        { length: 20 },
        (_, i) => `${JSON.stringify({ id: `t${i}`, text: `가온은 나루 ${i}번이다.` })}\n`,
      ).join(''),
    );
    const stream = randomStream(7, 'kill');
    const said: string[] = [];
    for (let run = 0; run < KILLS; run++)
      said.push(...(await killed([program('labelForever'), folder, String(run)], stream.uniform(run) * 400)));
    const project = await openProject(folder, BEGINNING);
    const kept = new Set(
      project.database
        .all('SELECT key FROM events WHERE key IS NOT NULL', z.object({ key: z.string() }))
        .map(({ key }) => key),
    );
    expect(said.length).toBeGreaterThan(KILLS);
    expect(said.filter((key) => !kept.has(key))).toEqual([]);
    // Of each run at most the action under way is there without having been said.
    expect(kept.size - said.length).toBeLessThanOrEqual(KILLS);
    expectWhole(project);
    project.close();
    await rm(folder, { recursive: true });
  },
  120_000 + KILLS * 5_000,
);

test.skipIf(lacks('the build (npm run build)', existsSync(built)))(
  'kill -9 while training loses no label and no model, what answers is whole, and the next training begins',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'korex-kill-'));
    const project = await projectToTrain(join(folder, 'project'), folder);
    const model = join(folder, 'tiny');
    const rows = labelledRows(project);
    const stream = randomStream(7, 'kill a training');
    const said: number[] = [];
    for (let run = 0; run < KILLS; run++) {
      const lines = await killed([program('retrainForever'), project.folder, model], stream.uniform(run) * 1_500);
      said.push(...lines.slice(1).map(Number));
      // Whatever answers now can be opened, and is one that was finished.
      const promoted = await promotedModel(project.folder);
      if (promoted) expect((await loadRelationModel(promoted.folder)).task.labelSet.labels).toEqual(LABELS);
      expectWhole(project);
    }
    const rounds = await readRounds(project);
    for (const round of said) expect(rounds.find((each) => each.round === round)).toMatchObject({ state: 'done' });
    // A round that was killed is neither running nor failed.
    expect(rounds.filter(({ state }) => state !== 'done' && state !== 'interrupted')).toEqual([]);
    for (const { round, state } of rounds) if (state === 'done') await loadRelationModel(roundModel(project, round));
    expect(labelledRows(project)).toEqual(rows);

    const next = await retrain(project, {
      ...{ settings: { ...DEFAULT_SETTINGS, epochs: 2, threads: 1 }, from: { folder: model, name: 'tiny' } },
      ...{ mix: 'none', promote: 'never', person: '가', reporter: silentReporter },
      signal: new AbortController().signal,
    });
    expect(next.promoted).toBe(false);
    expect((await readRounds(project))[0]).toMatchObject({ round: next.round, state: 'done' });
    project.close();
    await rm(folder, { recursive: true });
  },
  120_000 + KILLS * 20_000,
);

/** A project with enough labelled rows, beside a model of random weights. */
async function projectToTrain(folder: string, beside: string): Promise<Project> {
  await writeTinyEncoder(join(beside, 'encoder'));
  const labelSet = { labels: LABELS, noRelation: 'no_relation' };
  const task: TaskSpec = { marker: 'entity', head: 'entity-start', maxLength: 32, labelSet, entityTypes: ['PER'] };
  await saveRelationModel(
    join(beside, 'tiny'),
    await createRelationModel(join(beside, 'encoder'), task, { layers: null, seed: 3 }),
  );
  const entity = (word: string, start: number) => ({ word, start_idx: start, end_idx: start + 1, type: 'PER' });
  const rows = Array.from({ length: 24 }, (_, i) => ({
    ...{ guid: `r${i}`, sentence: `가온은 나루와 ${i}번 만났다.`, label: LABELS[i % 3] },
    ...{ subject_entity: entity('가온', 0), object_entity: entity('나루', 4) },
  }));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'rows.json'), JSON.stringify(rows));
  return openProject(folder, BEGINNING);
}
