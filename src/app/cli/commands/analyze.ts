import { join } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { loadDataset } from '../../../base/data/loadDataset.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { CLASS_NAMES } from '../../../study/analysis/kinds.ts';
import type { ErrorAnalysis } from '../../../study/analysis/schema.ts';
import { withLock } from '../../../study/pipeline/lock.ts';
import {
  ANALYSIS_FILE,
  analysisFolder,
  checkRunExists,
  newestRun,
  writeAnalysis,
} from '../../../study/stages/analysis/analysisFiles.ts';
import { analyzeModel, analyzeRun } from '../../../study/stages/analysis/analyzeRun.ts';
import type { StageContext } from '../../../study/stages/stage.ts';
import { calledModel } from '../calledModel.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { textTable } from '../textTable.ts';

export const analyzeCommand: Command = {
  description:
    'Explains the errors of a run on its test rows: every error in one class, confusions between relations, slices of the rows with intervals, ' +
    'what the model answers without the sentence or without the names, over-confident errors, rows whose label is probably wrong, the nearest ' +
    'training rows of an error by the encoder’s states, and what might help each rare relation. Without --run and --model it takes the newest ' +
    'fine-tuned run. What needs the model is left out where its weights are gone.',
  settings: [
    ...(['data', 'trainRows', 'evalRows', 'onBadRow', 'validation', 'marker', 'out', 'seed', 'device'] as const),
    ...(['threads', 'evalBatchSize', 'lang', 'json'] as const),
  ],
  options: [
    { name: 'run', value: 'NAME', help: 'a run of stage 06 below --out, by its saved answers', required: false },
    {
      name: 'model',
      value: 'MODEL',
      help: 'a model instead of a run: it answers the test rows of --data first. A checkpoint folder, a run folder, a run’s name, or ORG/NAME[@REVISION] of the Hub',
      required: false,
    },
  ],
  writes: [
    ['08_klue_re_error_analysis/NAME/error_analysis.json', 'everything, as the report and the page read it'],
    ['08_klue_re_error_analysis/NAME/*.svg', 'errors by class, confusions, accuracy by slice, shortcut tests'],
  ],
  examples: [
    ['korex analyze', 'the newest fine-tuned run'],
    ['korex analyze --run weighted --json', 'another run, as one JSON object'],
    [
      'korex analyze --run tp --data klue-re-v1.1 --train-rows 2000 --eval-rows 1000 --out klue',
      'a run on a sample of official rows: pass what it was trained with',
    ],
    [`korex analyze --model klue/${TRAINING_FOLDER}/tp --data dev.json`, 'a model on another labelled file'],
  ],
  run: (call) => withLock(call.settings.out, () => analyzeCall(call)),
};

async function analyzeCall(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const { run, model } = options;
  if (run !== undefined && model !== undefined)
    throw usageError('--run and --model name two things to analyse.', 'Pass one of them.');
  const { out, lang } = settings;
  if (run !== undefined) await checkRunExists(out, run);
  const name = run ?? (model === undefined ? await newestRun(out) : null);
  const found = name === null ? await calledModel(call) : null;
  const dataset = await loadDataset(settings, reporter, 'test');
  const context: StageContext = { settings, dataset, out, reporter, signal };
  reporter.info(`errors of ${name ?? found!.name} on ${dataset.test.length} test rows`);
  const analysis = found === null ? await analyzeRun(context, name!) : await analyzeModel(context, found);
  await writeAnalysis(out, analysis);
  const folder = analysisFolder(out, analysis.run);
  return {
    text: `${textOf(analysis, lang)}\n\nFiles: ${folder}`,
    json: { folder, file: join(folder, ANALYSIS_FILE), ...analysis },
  };
}

/** The taxonomy and the slices that stand out. */
function textOf({ errors, dataset, taxonomy, slices, left_out }: ErrorAnalysis, lang: 'ko' | 'en'): string {
  const classes = taxonomy.map(({ class: name, count, share }) => ({ class: CLASS_NAMES[name][lang], count, share }));
  const standing = slices
    .filter(({ differs }) => differs)
    .map(({ slicing, value, n, accuracy, difference, p_corrected }) => ({
      slice: `${slicing} ${value}`,
      n,
      accuracy,
      difference,
      p: p_corrected,
    }));
  return [
    `${dataset.test_rows} rows, ${errors} errors`,
    textTable(classes),
    ...(standing.length > 0 ? ['Slices whose accuracy differs from the rest:', textTable(standing)] : []),
    ...(left_out.length > 0 ? [`Left out: ${left_out.map(({ part }) => part).join(', ')}`] : []),
  ].join('\n\n');
}
