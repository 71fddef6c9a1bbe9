import { join } from 'node:path';
import type { SettingName } from '../../../base/core/settings.ts';
import { SETTING_NAMES } from '../../../base/core/settings.ts';
import { loadDataset } from '../../../base/data/loadDataset.ts';
import {
  type PipelineJob,
  runPipeline,
  type StageOutcome,
  type StageTable,
  withNeeds,
} from '../../../study/pipeline/runner.ts';
import { STAGES } from '../../../study/pipeline/table.ts';
import type { StageName } from '../../../study/stages/stage.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { asTable, resultText } from '../resultText.ts';
import { textTable } from '../textTable.ts';
import { STAGE_HELP, type StageCommand } from './stageHelp.ts';
import { trainDryRun, trainSeeds } from './train.ts';

/** What every stage command takes, beside the settings that its stages name. */
const COMMON: readonly SettingName[] = [
  ...(['data', 'trainRows', 'evalRows', 'onBadRow'] as const),
  ...(['out', 'seed', 'device', 'threads', 'force', 'lang', 'json'] as const),
];
/** Options of `train` alone: all other commands want the runs that the comparison names. */
const TRAIN_ONLY: readonly SettingName[] = ['name', 'resume', 'loss', 'seeds', 'dryRun'];

type StageSource = Pick<PipelineJob, 'stages' | 'loadDataset'>;

/** `korex run`: every stage and the report. */
const createRunCommand = (source: StageSource): Command => ({
  description:
    'Takes rows through all stages: looks at them, builds the dataset, designs the application, selects an encoder, measures what can be had ' +
    'without training, fine-tunes, compares, and writes the report. What is still valid from an earlier run is reused: a stage is redone when ' +
    'its data, its settings or the files of the stages it reads have changed.',
  settings: settingsOf(source.stages, Object.keys(source.stages) as StageName[], false),
  writes: [
    ['01_klue_re_eda/ … 08_klue_re_error_analysis/', 'what each stage found (`korex STAGE --help` lists it)'],
    ['report/REPORT.md, report/index.html', 'the report'],
  ],
  examples: [
    ['korex run', 'the boxed sample, some minutes on two cores'],
    ['korex run --data klue-re-v1.1 --train-rows 2000 --eval-rows 1000 --out klue', 'a sample of official rows'],
    [
      'korex run --encoder klue/roberta-base --data klue --train-rows 2000 --eval-rows 1000 --out roberta',
      'KLUE’s own encoder, downloaded at first use, on the rows of `korex data pull`',
    ],
    ['korex run --config experiment.json --lang en', 'settings from a file, report in English'],
    ['korex run --force', 'redo everything'],
  ],
  run: async (call) => {
    const wanted = Object.keys(source.stages) as StageName[];
    const outcomes = await runPipeline({ ...source, ...call, wanted });
    const table = asTable(outcomes.find(({ name }) => name === 'compare')?.result.table, call.settings.lang);
    const report = join(call.settings.out, source.stages.report.folder, 'index.html');
    return {
      text: `${table ? `\n${textTable(table)}\n` : ''}\nReport: ${report}`,
      json: { ...outcomesJson(call, outcomes), report },
    };
  },
});

/** The command of one stage; stages that it needs are run first where they are missing or stale. */
const createStageCommand = (source: StageSource, name: StageCommand): Command => ({
  ...STAGE_HELP[name],
  settings: settingsOf(source.stages, [name], name === 'train'),
  run: async (call: Call): Promise<CommandResult> => {
    if (call.settings.dryRun) return trainDryRun(source, call);
    if (call.settings.seeds !== null) return trainSeeds(source, call);
    const outcomes = await runPipeline({ ...source, ...call, wanted: [name] });
    const { folder, result } = outcomes.at(-1)!;
    return {
      text: [resultText(result, call.settings.lang), `Files: ${folder}`].filter(Boolean).join('\n'),
      json: outcomesJson(call, outcomes),
    };
  },
});

/** `korex run` and a command per stage, over the given stages. */
export const createStageCommands = (source: StageSource) =>
  Object.fromEntries([
    ['run', createRunCommand(source)],
    ...(Object.keys(STAGE_HELP) as StageCommand[]).map((name) => [name, createStageCommand(source, name)]),
  ]) as Record<'run' | StageCommand, Command>;

export const stageCommands = createStageCommands({ stages: STAGES, loadDataset });

function settingsOf(stages: StageTable, names: readonly StageName[], train: boolean): SettingName[] {
  const taken = new Set<SettingName>(COMMON);
  for (const name of withNeeds(stages, names)) for (const setting of stages[name].settings) taken.add(setting);
  for (const name of TRAIN_ONLY) taken[train ? 'add' : 'delete'](name);
  return SETTING_NAMES.filter((name) => taken.has(name));
}

const outcomesJson = ({ settings }: Call, outcomes: readonly StageOutcome[]) => ({
  out: settings.out,
  stages: Object.fromEntries(outcomes.map(({ name, status, folder, result }) => [name, { status, folder, result }])),
});
