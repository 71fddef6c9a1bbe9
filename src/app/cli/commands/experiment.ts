import { ablationTable } from '../../../base/eval/ablation/table.ts';
import { RUN_FILES } from '../../../engine/runs/runFolder.ts';
import { trainOnQueue } from '../../../study/experiment/queuedExperiment.ts';
import { type ExperimentOutcome, runExperiment } from '../../../study/experiment/runExperiment.ts';
import type { Command } from '../command.ts';
import { HAND_OUT_OPTIONS, priorityOf, withQueue } from '../queueOptions.ts';
import { textTable } from '../tables.ts';

export const experimentCommand: Command = {
  description: {
    en:
      'Trains every technique of a configuration under every seed, on the same rows, and judges them against the base settings on other training rows ' +
      'that no run trains on: paired bootstrap over rows and seeds, p corrected over all techniques (Holm), verdict gain, no difference or loss by ' +
      'macro-F1, of models that find entities by the F1 of all of them. What is finished is kept: Ctrl-C saves, and the same command goes on. Results beside the configuration (NAME.results.json) count as ' +
      'finished runs too. Test rows are not read before --final, which evaluates the base settings and the best technique on them.',
    ko: '설정 파일의 모든 기법을 모든 시드로 같은 행에서 학습하고, 어느 학습에도 쓰지 않은 다른 학습 행에서 기본 설정과 견준다: 행과 시드의 쌍체 부트스트랩, 모든 기법에 걸쳐 보정한 p(Holm), macro-F1(엔티티를 찾는 모델은 엔티티 전체의 F1)에 따른 판정(이득, 차이 없음, 손실). 끝난 것은 남는다: Ctrl-C는 저장하고, 같은 명령이 이어 간다. 설정 파일 옆의 결과(NAME.results.json)도 끝난 학습으로 친다. 평가 행은 --final 전에는 읽지 않으며, --final은 기본 설정과 가장 좋은 기법을 거기서 평가한다.',
  },
  settings: ['out', 'device', 'threads', 'evalBatchSize', 'onBadRow', 'columns'],
  options: [
    {
      name: 'config',
      value: 'FILE',
      help: {
        en: 'the experiment: rows, base settings, seeds, techniques (JSON)',
        ko: '실험: 행, 기본 설정, 시드, 기법(JSON)',
      },
      required: true,
    },
    {
      name: 'data',
      value: 'SOURCE',
      help: {
        en: 'where the rows come from, instead of the configuration’s',
        ko: '설정 파일에 적힌 것 대신 행을 읽을 곳',
      },
      required: false,
    },
    {
      name: 'final',
      help: {
        en: 'afterwards evaluate the base settings and the best technique on the test rows',
        ko: '끝난 뒤 기본 설정과 가장 좋은 기법을 평가 행에서 평가한다',
      },
      required: false,
    },
    {
      name: 'resultsOnly',
      help: {
        en: 'train nothing and read no rows: make verdicts, table and figure again from finished runs',
        ko: '학습하거나 행을 읽지 않고, 있는 학습에서 판정과 표와 그림을 다시 만든다',
      },
      required: false,
    },
    {
      name: 'keepModels',
      help: { en: 'leave the weights of finished runs in their folders', ko: '끝난 학습의 가중치를 폴더에 남긴다' },
      required: false,
    },
    {
      name: 'retryFailed',
      help: { en: 'train runs again that failed before', ko: '전에 실패한 학습을 다시 한다' },
      required: false,
    },
    ...HAND_OUT_OPTIONS,
  ],
  writes: [
    [
      'experiments/NAME/results.json',
      { en: 'every run and every verdict, without texts of rows', ko: '모든 학습과 판정, 행의 글은 없다' },
    ],
    ['experiments/NAME/results.md, .en.md', { en: 'the table', ko: '표' }],
    [
      'experiments/NAME/ablation.svg, .en.svg',
      { en: 'differences with intervals, and what they cost', ko: '구간을 곁들인 차이와 비용' },
    ],
    [
      'experiments/NAME/runs/TECHNIQUE-seed-N/',
      {
        en: `a run: \`run.json\`, \`${RUN_FILES.predictions}\`, its training log`,
        ko: `학습 하나: \`run.json\`, \`${RUN_FILES.predictions}\`, 학습 기록`,
      },
    ],
  ],
  examples: [
    [
      'korex experiment --config experiments/klue-2000.json',
      {
        en: 'korex’s own experiment, on the rows of `korex data pull`',
        ko: 'korex의 실험을 `korex data pull`의 행으로',
      },
    ],
    [
      'korex experiment --config experiments/klue-2000.json --results-only',
      {
        en: 'its table and figure from the committed results, in seconds',
        ko: '저장소에 있는 결과로 표와 그림을 몇 초 만에',
      },
    ],
    [
      'korex experiment --config mine.json --data rows --out mine',
      { en: 'your own, on your own rows', ko: '직접 만든 실험을 직접 만든 행으로' },
    ],
    [
      'korex experiment --config mine.json --out /shared --queue redis://127.0.0.1:6379',
      {
        en: 'its runs trained by the workers of a queue, in a folder that all of them see',
        ko: '모든 워커가 보는 폴더에서, 대기열의 워커들이 학습한다',
      },
    ],
    [
      'korex experiment --config mine.json --final',
      { en: 'at the very end: the test rows', ko: '맨 마지막에: 평가 행' },
    ],
  ],
  run: async (call) => {
    const { settings, options, switches = new Set(), reporter, signal } = call;
    const job = {
      file: options.config!,
      data: options.data ?? null,
      settings,
      final: switches.has('final'),
      resultsOnly: switches.has('resultsOnly'),
      keepModels: switches.has('keepModels'),
      retryFailed: switches.has('retryFailed'),
      reporter,
      signal,
    };
    const priority = priorityOf(options.priority);
    const outcome =
      options.queue === undefined
        ? await runExperiment(job)
        : await withQueue(call, (queue) =>
            runExperiment({
              ...job,
              trainElsewhere: (runs, note) => trainOnQueue(queue, job, runs, note, { priority, reporter, signal }),
            }),
          );
    const { folder, results } = outcome;
    const { runs: _, gold: __, final, ...facts } = results;
    const tested = final && { test: final.test, baseline: final.baseline, techniques: final.techniques };
    return { text: textOf(outcome, settings.lang), json: { folder, ...facts, final: tested } };
  },
};

function textOf({ folder, results }: ExperimentOutcome, lang: 'ko' | 'en'): string {
  const table = (rows: Parameters<typeof ablationTable>[0]) => {
    const { header, rows: cells } = ablationTable(rows, lang, results.experiment.task);
    return textTable(cells.map((row) => Object.fromEntries(row.map((cell, i) => [header[i]!, cell]))));
  };
  const { final } = results;
  const tested = final ? `\n\n${final.test.rows} test rows:\n\n${table(final)}` : '';
  return `${table(results)}${tested}\n\nFiles: ${folder}`;
}
