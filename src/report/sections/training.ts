import type { Language } from '../../core/types.ts';
import { METRIC_NAMES } from '../../eval/metrics.ts';
import { systemName } from '../../eval/systems.ts';
import { readRun, runNames } from '../../stages/training/runFolder.ts';
import { markdownTable } from '../markdownTable.ts';

/** Stage 06 in the report: Markdown from the files of its runs. Errors: those of reading them. */
export async function trainingSection(out: string, lang: Language): Promise<string> {
  const rows: string[][] = [];
  for (const name of await runNames(out)) {
    const { metrics } = await readRun(out, name);
    rows.push([systemName(name)[lang], ...METRIC_NAMES.map((metric) => metrics[metric]?.toFixed(4) ?? '–')]);
  }
  const heading = { ko: '## 6. 학습과 평가', en: '## 6. Training and evaluation' }[lang];
  return `${heading}\n\n${markdownTable(['run', ...METRIC_NAMES], rows)}\n`;
}
