import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analysisInput, madeAnswer, TEST } from '../../../../test/support/analysisRows.ts';
import { writeJson } from '../../../base/core/files.ts';
import { analyzeErrors } from '../../analysis/analyzeErrors.ts';
import { ANALYSIS_FILE, analysisFolder, writeAnalysis } from '../../stages/analysis/analysisFiles.ts';
import { renderPage } from '../html.ts';
import { analysisSection } from './analysis.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'korex-analysis-section-'));
  await writeAnalysis(out, await analyzeErrors(analysisInput()));
}, 60_000);
afterAll(() => rm(out, { recursive: true }));

test.each(['ko', 'en'] as const)('the section is written from the file alone (%s)', async (lang) => {
  expect(await analysisSection(out, lang)).toMatchSnapshot();
});

test('entities have the colours of their roles in the page, and figures are found', async () => {
  const html = await renderPage(await analysisSection(out, 'ko'), {
    lang: 'ko',
    folder: join(out, 'report'),
    root: out,
  });
  expect(html).toContain('<mark class="subject">【주체·단체: 사람1】</mark>');
  expect(html).toMatch(/<mark class="object">【객체·기타: 나루\d】<\/mark>/);
  expect(html.match(/<figure/g)).toHaveLength(4);
});

test('without errors, model and training rows the rest still reads', async () => {
  const predictions = TEST.map(({ guid, label }) => madeAnswer(guid, label, 0.9));
  const folder = await mkdtemp(join(tmpdir(), 'korex-analysis-section-'));
  try {
    await writeAnalysis(folder, await analyzeErrors(analysisInput({ predictions, model: null, train: [] })));
    const text = await analysisSection(folder, 'ko');
    expect(text).toContain('오답이 없다.');
    expect(text).toContain('만들지 못한 부분: 지름길 검사(모델 파일이 없음)');
    expect(text).not.toMatch(/undefined|NaN|null/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file that is no error analysis is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'korex-analysis-section-'));
  try {
    await expect(analysisSection(folder, 'ko')).rejects.toThrow('no such file');
    await writeJson(join(analysisFolder(folder, 'baseline'), ANALYSIS_FILE), { version: 2 });
    await expect(analysisSection(folder, 'ko')).rejects.toThrow(/is not an error analysis: run/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
