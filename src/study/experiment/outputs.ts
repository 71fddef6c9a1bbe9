import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ablationForest } from '../../base/charts/ablationForest.ts';
import { figureFile, writeFigure } from '../../base/charts/figure.ts';
import { writeFileAtomic, writeJson } from '../../base/core/files.ts';
import { grouped } from '../../base/core/format.ts';
import type { Language } from '../../base/core/types.ts';
import { ANSWER_KINDS } from '../../base/eval/ablation/answers.ts';
import { type AblationResults, RESULTS_FILE } from '../../base/eval/ablation/results.ts';
import { ablationTable } from '../../base/eval/ablation/table.ts';
import { markdownTable } from '../report/markdown.ts';

export const ABLATION_FIGURE = 'ablation';

/** Writes `results.json`, the table as `results.md` and `results.en.md`, and the figure in both languages. */
export async function writeResults(folder: string, results: AblationResults): Promise<void> {
  await writeJson(join(folder, RESULTS_FILE), results);
  const { experiment, techniques } = results;
  const forest = (lang: Language) => ablationForest(experiment.name, techniques, lang, experiment.task);
  const hasFigure = forest('en') !== null;
  if (hasFigure) await writeFigure(folder, ABLATION_FIGURE, (lang) => forest(lang)!);
  for (const lang of ['ko', 'en'] as const) {
    if (!hasFigure) await rm(join(folder, figureFile(ABLATION_FIGURE, lang)), { force: true });
    const path = join(folder, lang === 'ko' ? 'results.md' : `results.${lang}.md`);
    await writeFileAtomic(path, resultsText(results, lang, hasFigure));
  }
}

function resultsText(results: AblationResults, lang: Language, hasFigure: boolean): string {
  const { experiment, data, final, techniques, baseline } = results;
  const text = TEXT[lang];
  const { leading, titles } = ANSWER_KINDS[experiment.task];
  const about = experiment.description?.[lang];
  const named = [baseline, ...techniques].map(({ technique, description, settings }) => {
    const changed = Object.entries(settings).filter(
      ([name, value]) => technique === baseline.technique || baseline.settings[name] !== value,
    );
    const given = changed.map(([name, value]) => `${name} ${value ?? '–'}`).join(', ');
    return `- \`${technique}\`${description ? ` (${description[lang]})` : ''}: ${given || '–'}`;
  });
  const failed = [baseline, ...techniques].flatMap((row) =>
    row.failed.map(({ seed, reason }) => `- ${row.technique}, ${text.seed} ${seed}: ${reason.split('\n')[0]}`),
  );
  const table = (rows: Pick<AblationResults, 'baseline' | 'techniques'>) => {
    const { header, rows: cells } = ablationTable(rows, lang, experiment.task);
    const rowsOf = cells.map(([name, ...others]) => [`\`${name}\``, ...others]);
    return markdownTable(header, rowsOf, 2);
  };
  const blocks = [
    `# ${experiment.name}`,
    about ?? '',
    text.rows(data, experiment.seeds),
    table(results),
    hasFigure ? `![${text.figure(titles[leading][lang])}](${figureFile(ABLATION_FIGURE, lang)})` : '',
    text.reading(techniques.length),
    named.join('\n'),
    failed.length > 0 ? `${text.failed}\n\n${failed.join('\n')}` : '',
    final ? `## ${text.final}\n\n${text.test(final.test)}\n\n${table(final)}` : '',
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

interface Text {
  readonly seed: string;
  readonly figure: (leading: string) => string;
  readonly failed: string;
  readonly final: string;
  readonly rows: (data: AblationResults['data'], seeds: readonly number[]) => string;
  readonly reading: (techniques: number) => string;
  readonly test: (test: NonNullable<AblationResults['final']>['test']) => string;
}

const TEXT: Readonly<Record<Language, Text>> = {
  ko: {
    seed: '시드',
    figure: (leading) => `기법별 ${leading} 차이와 구간, 학습 시간`,
    failed: '끝나지 못한 실행:',
    final: '평가 데이터',
    rows: ({ name, training, judged }, seeds) =>
      `데이터 \`${name}\`의 학습 ${grouped(training.rows)}행(검증 행 포함)으로 학습하고, 어느 실행도 학습하지 않은 다른 학습 ${grouped(judged.rows)}행으로 판정했다. 시드는 ${seeds.join(', ')}이다.`,
    reading: (techniques) =>
      `값은 시드 평균 ± 표준 편차다. 구간은 판정 행과 시드 쌍을 함께 다시 뽑은 부트스트랩 95% 구간이고, p는 기법 ${techniques}개에 대해 홀름(Holm) 방법으로 보정했다. 보정한 p가 0.05보다 작을 때만 향상 또는 하락으로 판정한다. 비용은 기준 설정의 학습 시간에 대한 배수다.`,
    test: ({ rows }) => `기준 설정과 가장 나은 기법을 평가 ${grouped(rows)}행에서 잰 값이다.`,
  },
  en: {
    seed: 'seed',
    figure: (leading) => `Difference in ${leading} with interval, and training time, by technique`,
    failed: 'Runs that could not be finished:',
    final: 'Test rows',
    rows: ({ name, training, judged }, seeds) =>
      `Trained on ${grouped(training.rows)} training rows of \`${name}\` (validation included) and judged on ${grouped(judged.rows)} others that no run trains on, under the seeds ${seeds.join(', ')}.`,
    reading: (techniques) =>
      `Figures are means over seeds ± standard deviation. Intervals are 95% bootstrap intervals over resampled judged rows and pairs of seeds; p is corrected over ${techniques} techniques by Holm’s method, and a technique is a gain or a loss only where it is below 0.05. Cost is a multiple of the baseline’s training time.`,
    test: ({ rows }) => `The baseline and the best technique on ${grouped(rows)} test rows.`,
  },
};
