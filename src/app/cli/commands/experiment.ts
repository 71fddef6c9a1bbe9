import { ablationTable } from '../../../base/eval/ablation/table.ts';
import { RUN_FILES } from '../../../engine/runs/runFolder.ts';
import { type ExperimentOutcome, runExperiment } from '../../../study/experiment/runExperiment.ts';
import type { Command } from '../command.ts';
import { textTable } from '../textTable.ts';

export const experimentCommand: Command = {
  description:
    'Trains every technique of a configuration under every seed, on the same rows, and judges them against the base settings on other training rows ' +
    'that no run trains on: paired bootstrap over rows and seeds, p corrected over all techniques (Holm), verdict gain, no difference or loss by ' +
    'macro-F1. What is finished is kept: Ctrl-C saves, and the same command goes on. Results beside the configuration (NAME.results.json) count as ' +
    'finished runs too. Test rows are not read before --final, which evaluates the base settings and the best technique on them.',
  settings: ['out', 'device', 'threads', 'evalBatchSize', 'onBadRow', 'lang', 'json'],
  options: [
    {
      name: 'config',
      value: 'FILE',
      help: 'the experiment: rows, base settings, seeds, techniques (JSON)',
      required: true,
    },
    {
      name: 'data',
      value: 'SOURCE',
      help: 'where the rows come from, instead of the configuration’s',
      required: false,
    },
    {
      name: 'final',
      help: 'afterwards evaluate the base settings and the best technique on the test rows',
      required: false,
    },
    {
      name: 'resultsOnly',
      help: 'train nothing and read no rows: verdicts, table and figure anew from the runs that there are',
      required: false,
    },
    { name: 'keepModels', help: 'leave the weights of finished runs in their folders', required: false },
    { name: 'retryFailed', help: 'train runs again that failed before', required: false },
  ],
  writes: [
    ['experiments/NAME/results.json', 'every run and every verdict, without texts of rows'],
    ['experiments/NAME/results.md, .en.md', 'the table'],
    ['experiments/NAME/ablation.svg, .en.svg', 'differences with intervals, and what they cost'],
    ['experiments/NAME/runs/TECHNIQUE-seed-N/', `a run: \`run.json\`, \`${RUN_FILES.predictions}\`, its training log`],
  ],
  examples: [
    [
      'korex experiment --config experiments/klue-2000.json',
      'korex’s own experiment, on the rows of `korex data pull`',
    ],
    [
      'korex experiment --config experiments/klue-2000.json --results-only',
      'its table and figure from the committed results, in seconds',
    ],
    ['korex experiment --config mine.json --data rows --out mine', 'your own, on your own rows'],
    ['korex experiment --config mine.json --final', 'at the very end: the test rows'],
  ],
  run: async ({ settings, options, switches = new Set(), reporter, signal }) => {
    const outcome = await runExperiment({
      file: options.config!,
      data: options.data ?? null,
      settings,
      final: switches.has('final'),
      resultsOnly: switches.has('resultsOnly'),
      keepModels: switches.has('keepModels'),
      retryFailed: switches.has('retryFailed'),
      reporter,
      signal,
    });
    const { folder, results } = outcome;
    const { runs: _, gold: __, final, ...facts } = results;
    const tested = final && { test: final.test, baseline: final.baseline, techniques: final.techniques };
    return { text: textOf(outcome, settings.lang), json: { folder, ...facts, final: tested } };
  },
};

function textOf({ folder, results }: ExperimentOutcome, lang: 'ko' | 'en'): string {
  const table = (rows: Parameters<typeof ablationTable>[0]) => {
    const { header, rows: cells } = ablationTable(rows, lang);
    return textTable(cells.map((row) => Object.fromEntries(row.map((cell, i) => [header[i]!, cell]))));
  };
  const { final } = results;
  const tested = final ? `\n\n${final.test.rows} test rows:\n\n${table(final)}` : '';
  return `${table(results)}${tested}\n\nFiles: ${folder}`;
}
