import { scoreFiles } from '../../../base/eval/score.ts';
import { RUN_FILES } from '../../../engine/runs/runFolder.ts';
import type { Command } from '../command.ts';
import { metricTable, textTable } from '../tables.ts';

export const scoreCommand: Command = {
  description: {
    en:
      'Scores predictions against a labelled file: accuracy, macro-F1 over all labels, micro-F1 over all but no_relation, and AUPRC where there are ' +
      'probabilities, each with its 95 % bootstrap interval. Figures equal scikit-learn’s. Predictions are JSONL or CSV rows with guid and label, or ' +
      'guid and probabilities (label → p). The labels come from relation_list.json beside the gold file, else KLUE’s 30, else those of the gold rows.',
    ko: '예측을 라벨이 있는 파일에 견주어 채점한다: accuracy, 모든 라벨의 macro-F1, no_relation을 뺀 micro-F1, 확률이 있으면 AUPRC, 각각 95 % 부트스트랩 구간. 값은 scikit-learn과 같다. 예측은 guid와 label, 또는 guid와 probabilities(라벨 → p)의 JSONL이나 CSV 행이다. 라벨은 정답 파일 옆의 relation_list.json, 없으면 KLUE의 30개, 아니면 정답 행에서 온다.',
  },
  settings: ['seed', 'onBadRow', 'columns'],
  options: [
    {
      name: 'gold',
      value: 'FILE',
      help: { en: 'labelled rows, in any format that --data takes', ko: '라벨이 있는 행, --data가 받는 어느 형식이든' },
      required: true,
    },
    {
      name: 'predictions',
      value: 'FILE',
      help: {
        en: 'JSONL or CSV rows of guid and label or probabilities',
        ko: 'guid와 label 또는 probabilities의 JSONL이나 CSV 행',
      },
      required: true,
    },
  ],
  writes: [],
  examples: [
    [
      `korex score --gold klue-re-v1.1_dev.json --predictions ${RUN_FILES.predictions}`,
      { en: 'four figures and a table by label', ko: '네 지표와 라벨별 표' },
    ],
    [
      'korex score --gold dev.csv --predictions other.csv --json',
      { en: 'the same for programs', ko: '프로그램을 위한 같은 내용' },
    ],
  ],
  run: async ({ settings, options, reporter }) => {
    const score = await scoreFiles(options.gold!, options.predictions!, settings, reporter);
    const classes = score.per_class.map((row) => ({ ...row }));
    return {
      text: `${score.n} rows\n\n${metricTable(score, score.intervals)}\n\n${textTable(classes)}`,
      json: { ...score },
    };
  },
};
