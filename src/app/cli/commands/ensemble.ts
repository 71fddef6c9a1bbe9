import { loadDataset } from '../../../base/data/loadDataset.ts';
import { METRIC_NAMES } from '../../../base/eval/metrics.ts';
import { RUN_FILES, TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { runEnsemble } from '../../../study/pipeline/ensemble.ts';
import { STAGES } from '../../../study/pipeline/table.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { figureTable } from '../figureTable.ts';
import { textTable } from '../textTable.ts';

export const ensembleCommand: Command = {
  description:
    'Averages the probabilities of fine-tuned runs, such as those of several seeds, and evaluates the mean like a run; `korex compare` ' +
    'then has it in its table. The runs must have been trained and tested on the same rows, with the same validation rows. Each member and the ensemble ' +
    'is also shown on the validation rows: choose members by these. Choosing them on the test rows makes the figures there too good to be true. ' +
    'Probabilities are taken as the models give them, before calibration. One model that answers as an ensemble does comes of distillation: ' +
    'korex train --teacher RUN,RUN.',
  settings: [
    ...(['data', 'trainRows', 'evalRows', 'onBadRow', 'validation', 'out', 'seed', 'device', 'threads'] as const),
    ...(['evalBatchSize', 'name', 'force', 'json'] as const),
  ],
  arguments: [
    {
      name: 'runs',
      value: 'RUN',
      help: 'two or more runs: names below --out, or run folders',
      required: true,
      repeatable: true,
    },
  ],
  writes: [
    [`${TRAINING_FOLDER}/NAME/${RUN_FILES.ensemble}`, 'the members'],
    [`${TRAINING_FOLDER}/NAME/${RUN_FILES.predictions}`, 'the mean probabilities of every test row'],
    [`${TRAINING_FOLDER}/NAME/…`, 'metrics with intervals, per-class report, confusion matrix, errors'],
  ],
  examples: [
    ['korex ensemble tp-seed-1 tp-seed-2 tp-seed-3 --name tp-ensemble', 'the runs of `korex train --seeds 1,2,3`'],
    [
      'korex ensemble tp-seed-1 tp-seed-2 --data klue --train-rows 2000 --eval-rows 1000 --out klue',
      'with the rows that they were trained and tested on',
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
    `${name} on the ${metrics.n} test rows:\n\n${figureTable(metrics, intervals)}`,
    `Files: ${folder}`,
  ];
  return { text: text.join('\n\n'), json: { ...result } };
}
