import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentReporter } from '../src/base/core/reporter.ts';
import { DEFAULT_SETTINGS, type Settings } from '../src/base/core/settings.ts';
import { loadDataset } from '../src/base/data/loadDataset.ts';
import { datasetSection } from '../src/study/report/sections/dataset.ts';
import { edaSection } from '../src/study/report/sections/eda.ts';
import { datasetStage } from '../src/study/stages/dataset.ts';
import { maxLengthOf } from '../src/study/stages/eda/summary.ts';
import { edaStage } from '../src/study/stages/eda.ts';

const root = mkdtempSync(join(tmpdir(), 'korex-stages-'));
const [first, second] = [join(root, 'first'), join(root, 'second')];
afterAll(() => rmSync(root, { recursive: true }));

async function runBoth(out: string, change: Partial<Settings> = {}) {
  const settings = { ...DEFAULT_SETTINGS, trainRows: 120, evalRows: 60, out, ...change };
  const dataset = await loadDataset(settings, silentReporter);
  const context = { settings, dataset, out, reporter: silentReporter, signal: new AbortController().signal };
  return { eda: await edaStage.run(context), dataset: await datasetStage.run(context) };
}

const filesOf = (out: string) =>
  [edaStage, datasetStage].flatMap(({ folder }) => readdirSync(join(out, folder)).map((name) => `${folder}/${name}`));

beforeAll(async () => {
  await runBoth(first);
  await runBoth(second);
}, 60_000);

test('stages 01 and 02 leave their files, the same bytes each time', () => {
  expect(filesOf(first)).toEqual(
    expect.arrayContaining([
      '01_klue_re_eda/eda_summary.json',
      '01_klue_re_eda/label_distribution.csv',
      '01_klue_re_eda/label_distribution.svg',
      '01_klue_re_eda/label_distribution.en.svg',
      '02_klue_re_dataset_construction/label_mapping.json',
      '02_klue_re_dataset_construction/train_sample.csv',
      '02_klue_re_dataset_construction/quality_checks.json',
      '02_klue_re_dataset_construction/splits.json',
    ]),
  );
  expect(filesOf(second)).toEqual(filesOf(first));
  for (const file of filesOf(first)) expect(readFileSync(join(second, file))).toEqual(readFileSync(join(first, file)));
});

test('the report’s sections show figures that exist and no figure twice', async () => {
  for (const lang of ['ko', 'en'] as const) {
    const section = await edaSection(first, lang);
    const figures = [...section.matchAll(/!\[[^\]]+\]\(\.\.\/([^)]+)\)/g)].map((match) => match[1]);
    expect(figures).toHaveLength(7);
    expect(new Set(figures).size).toBe(7);
    expect(filesOf(first)).toEqual(expect.arrayContaining(figures));
    const text = section + (await datasetSection(first, lang));
    expect(text).toMatch(/^## 1\. .+\n[\s\S]+\n## 2\. /);
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  }
});

test('the sample passes every check that must hold, and its longest input is the one of stage 01', async () => {
  const quality = JSON.parse(readFileSync(join(first, datasetStage.folder, 'quality_checks.json'), 'utf8'));
  expect(quality.summary.failed).toBe(0);
  expect(quality.max_length).toBe(await maxLengthOf({ maxLength: 'auto' }, first));
});

test('a length beyond the encoder’s positions is refused', async () => {
  await expect(runBoth(second, { maxLength: 513 })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('512 positions'),
  });
});

test('sections tell which file is missing or broken', async () => {
  await expect(edaSection(join(root, 'none'), 'ko')).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('eda_summary.json'),
  });
});
