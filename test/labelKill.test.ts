import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { randomStream } from '../src/base/core/random.ts';
import { openProject } from '../src/study/labelling/project.ts';
import { lacks } from './support/needs.ts';

// A process that labels is killed at random points, over and over: what it said was done is there, and the file is whole.

const built = fileURLToPath(new URL('../dist/study/labelling/project.js', import.meta.url));
const program = fileURLToPath(new URL('support/labelForever.mjs', import.meta.url));
/** A hundred are a matter of minutes: `KOREX_KILLS=100`. */
const KILLS = Number(process.env.KOREX_KILLS ?? 3);
const LONGEST_MS = 400;

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
    for (let run = 0; run < KILLS; run++) {
      const child = spawn(process.execPath, [program, folder, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', (text) => {
        output += text;
      });
      // It is killed among its actions, not while it starts.
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, stream.uniform(run) * LONGEST_MS));
      child.kill('SIGKILL');
      await once(child, 'close');
      // The last line may have been cut.
      said.push(...output.split('\n').slice(0, -1));
    }
    const project = await openProject(folder, {
      labels: ['no_relation', 'spouse', 'title'],
      noRelation: 'no_relation',
      entityTypes: ['PER'],
    });
    const kept = new Set(
      project.database
        .all('SELECT key FROM events WHERE key IS NOT NULL', z.object({ key: z.string() }))
        .map(({ key }) => key),
    );
    expect(said.length).toBeGreaterThan(KILLS);
    expect(said.filter((key) => !kept.has(key))).toEqual([]);
    // Of each run at most the action under way is there without having been said.
    expect(kept.size - said.length).toBeLessThanOrEqual(KILLS);
    expect(project.database.all('PRAGMA integrity_check', z.object({ integrity_check: z.string() }))).toEqual([
      { integrity_check: 'ok' },
    ]);
    expect(project.database.all('PRAGMA foreign_key_check', z.unknown())).toEqual([]);
    project.close();
    await rm(folder, { recursive: true });
  },
  120_000 + KILLS * 5_000,
);
