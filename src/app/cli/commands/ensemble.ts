import { loadDataset } from '../../../base/data/loadDataset.ts';
import { METRIC_NAMES } from '../../../base/eval/metrics.ts';
import { RUN_FILES, TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { runEnsemble } from '../../../study/pipeline/ensemble.ts';
import { STAGES } from '../../../study/pipeline/table.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { metricTable, textTable } from '../tables.ts';

export const ensembleCommand: Command = {
  description: {
    en:
      'Averages the probabilities of fine-tuned runs, such as those of several seeds, and evaluates the mean like a run; `korex compare` ' +
      'then has it in its table. The runs must have been trained and tested on the same rows, with the same validation rows. Each member and the ensemble ' +
      'is also shown on the validation rows: choose members by these. Choosing them on the test rows makes the figures there too good to be true. ' +
      'Probabilities are taken as the models give them, before calibration. One model that answers as an ensemble does comes of distillation: ' +
      'korex train --teacher RUN,RUN.',
    ko: '시드만 다른 학습처럼 미세조정한 학습들의 확률을 평균하고 하나의 학습처럼 평가한다. `korex compare`의 표에도 들어간다. 같은 행으로, 같은 검증 행을 두고 학습하고 평가한 것이어야 한다. 구성원과 앙상블은 검증 행에서도 보인다. 구성원은 이 값으로 고른다: 평가 행에서 고르면 그 값은 실제보다 좋게 나온다. 확률은 보정하기 전의 것이다. 앙상블처럼 답하는 모델 하나는 증류로 만든다: korex train --teacher RUN,RUN.',
  },
  settings: [
    ...([
      'data',
      'trainRows',
      'evalRows',
      'onBadRow',
      'columns',
      'validation',
      'out',
      'seed',
      'device',
      'threads',
    ] as const),
    ...(['evalBatchSize', 'name', 'force'] as const),
  ],
  arguments: [
    {
      name: 'runs',
      value: 'RUN',
      help: {
        en: 'two or more runs: names below --out, or run folders',
        ko: '둘 이상의 학습: --out 아래의 이름이나 학습 폴더',
      },
      required: true,
      repeatable: true,
    },
  ],
  writes: [
    [`${TRAINING_FOLDER}/NAME/${RUN_FILES.ensemble}`, { en: 'the members', ko: '구성원' }],
    [
      `${TRAINING_FOLDER}/NAME/${RUN_FILES.predictions}`,
      { en: 'the mean probabilities of every test row', ko: '모든 평가 행의 평균 확률' },
    ],
    [
      `${TRAINING_FOLDER}/NAME/…`,
      {
        en: 'metrics with intervals, per-class report, confusion matrix, errors',
        ko: '구간을 곁들인 지표, 라벨별 보고서, 혼동 행렬, 오류',
      },
    ],
  ],
  examples: [
    [
      'korex ensemble tp-seed-1 tp-seed-2 tp-seed-3 --name tp-ensemble',
      { en: 'the runs of `korex train --seeds 1,2,3`', ko: '`korex train --seeds 1,2,3`의 학습들' },
    ],
    [
      'korex ensemble tp-seed-1 tp-seed-2 --data klue --train-rows 2000 --eval-rows 1000 --out klue',
      { en: 'with the rows that they were trained and tested on', ko: '학습하고 평가할 때의 행으로' },
    ],
  ],
  run: ensemble,
};

async function ensemble({ lists, ...call }: Call): Promise<CommandResult> {
  const result = await runEnsemble({ ...call, stages: STAGES, loadDataset }, lists?.runs ?? []);
  const { name, folder, members, validation, metrics, intervals } = result;
  const figures = (row: typeof validation) =>
    Object.fromEntries(METRIC_NAMES.map((metric) => [metric, row?.[metric] ?? null]));
  const rows = [...members, { name, validation }].map((row) => ({ run: row.name, ...figures(row.validation) }));
  const text = [
    `On the validation rows:\n\n${textTable(rows)}`,
    `${name} on the ${metrics.n} test rows:\n\n${metricTable(metrics, intervals)}`,
    `Files: ${folder}`,
  ];
  return { text: text.join('\n\n'), json: { ...result } };
}
