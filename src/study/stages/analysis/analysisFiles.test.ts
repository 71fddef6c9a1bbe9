import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analysisInput, madeAnswer, TEST } from '../../../../test/support/analysisRows.ts';
import { analyzeErrors } from '../../analysis/analyzeErrors.ts';
import { analysisFolder, writeAnalysis } from './analysisFiles.ts';

test('figures are written for what there is, in both languages, and those of an earlier analysis go', async () => {
  const out = await mkdtemp(join(tmpdir(), 'korex-analysis-'));
  const folder = analysisFolder(out, 'baseline');
  try {
    await writeAnalysis(out, await analyzeErrors(analysisInput()));
    const names = ['accuracy_by_slice', 'error_taxonomy', 'named_confusions', 'shortcuts'];
    const figures = names.flatMap((name) => [`${name}.en.svg`, `${name}.svg`]);
    expect((await readdir(folder)).sort()).toEqual([...figures, 'error_analysis.json'].sort());
    expect(await readFile(join(folder, 'error_taxonomy.svg'), 'utf8')).toContain('방향이 뒤바뀜');
    expect(await readFile(join(folder, 'accuracy_by_slice.en.svg'), 'utf8')).toContain('both known, pair new');
    const right = TEST.map(({ guid, label }) => madeAnswer(guid, label, 0.9));
    await writeAnalysis(out, await analyzeErrors(analysisInput({ predictions: right, model: null })));
    expect((await readdir(folder)).sort()).toEqual([
      'accuracy_by_slice.en.svg',
      'accuracy_by_slice.svg',
      'error_analysis.json',
    ]);
  } finally {
    await rm(out, { recursive: true });
  }
}, 60_000);
