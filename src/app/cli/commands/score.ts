import { scoreFiles } from '../../../base/eval/score.ts';
import { RUN_FILES } from '../../../engine/runs/runFolder.ts';
import type { Command } from '../command.ts';
import { figureTable } from '../figureTable.ts';
import { textTable } from '../textTable.ts';

export const scoreCommand: Command = {
  description:
    'Scores predictions against a labelled file: accuracy, macro-F1 over all labels, micro-F1 over all but no_relation, and AUPRC where there are ' +
    'probabilities, each with its 95 % bootstrap interval. Figures equal scikit-learn’s. Predictions are JSONL or CSV rows with guid and label, or ' +
    'guid and probabilities (label → p). The labels come from relation_list.json beside the gold file, else KLUE’s 30, else those of the gold rows.',
  settings: ['seed', 'onBadRow', 'json'],
  options: [
    { name: 'gold', value: 'FILE', help: 'labelled rows: JSON, JSONL, CSV or Parquet', required: true },
    {
      name: 'predictions',
      value: 'FILE',
      help: 'JSONL or CSV rows of guid and label or probabilities',
      required: true,
    },
  ],
  writes: [],
  examples: [
    [
      `korex score --gold klue-re-v1.1_dev.json --predictions ${RUN_FILES.predictions}`,
      'four figures and a table by label',
    ],
    ['korex score --gold dev.csv --predictions other.csv --json', 'the same for programs'],
  ],
  run: async ({ settings, options, reporter }) => {
    const score = await scoreFiles(options.gold!, options.predictions!, settings, reporter);
    const classes = score.per_class.map((row) => ({ ...row }));
    return {
      text: `${score.n} rows\n\n${figureTable(score, score.intervals)}\n\n${textTable(classes)}`,
      json: { ...score },
    };
  },
};
