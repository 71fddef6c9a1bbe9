import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeStages } from '../../../test/support/fakeStages.ts';
import { sampleSides, somePlan, writeFinishedRun } from '../../../test/support/runFolders.ts';
import { lineIn, silentReporter } from '../../base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../../base/core/settings.ts';
import { runPipeline } from '../pipeline/runner.ts';
import { readAnalysis, writeAnalysis } from './analysis/analysisFiles.ts';
import { analysisStage } from './analysis.ts';

test('the stage analyses the baseline, is reused, and leaves analyses of other runs alone', async () => {
  const out = await mkdtemp(join(tmpdir(), 'korex-stage-08-'));
  try {
    const sample = await sampleSides(out, 60);
    await writeFinishedRun(out, 'baseline', sample, { skill: 0.6, plan: somePlan() });
    const warnings: string[] = [];
    const run = () =>
      runPipeline({
        stages: { ...fakeStages([]), analyze: analysisStage },
        requested: ['analyze'],
        settings: { ...DEFAULT_SETTINGS, out, evalRows: 60 },
        loadDataset: async () => sample,
        reporter: { ...silentReporter, warn: (message) => warnings.push(lineIn(message, 'en')) },
        signal: new AbortController().signal,
      });
    const [, first] = await run();
    expect(first).toMatchObject({ status: 'done', folder: join(out, '08_klue_re_error_analysis', 'baseline') });
    expect(warnings.join('\n')).toMatch(/was trained on 80 rows[\s\S]*holds no model/);
    const analysis = await readAnalysis(out, 'baseline');
    expect(first!.result).toMatchObject({ run: 'baseline', errors: analysis.errors });
    await writeAnalysis(out, { ...analysis, run: 'other' });
    expect((await run())[1]).toMatchObject({ status: 'reused' });
    expect((await readAnalysis(out, 'other')).run).toBe('other');
  } finally {
    await rm(out, { recursive: true });
  }
}, 60_000);
