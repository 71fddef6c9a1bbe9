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
import { type Call, type Command, type CommandResult, EVERYWHERE } from '../command.ts';
import { asTable, resultText, textTable } from '../tables.ts';
import { STAGE_HELP, type StageCommand } from './stageHelp.ts';
import { trainDryRun, trainSeeds } from './train.ts';
import { trainEntityRun } from './trainEntities.ts';

/** What every stage command takes, beside the settings that its stages name. */
const COMMON: readonly SettingName[] = [
  ...(['data', 'trainRows', 'evalRows', 'onBadRow', 'columns', 'allowUnknownTokens'] as const),
  ...(['out', 'seed', 'device', 'threads', 'force'] as const),
];
/** Options of `train` alone: all other commands want the runs that the comparison names. */
const TRAIN_ONLY: readonly SettingName[] = ['task', 'name', 'resume', 'loss', 'seeds', 'dryRun'];

type StageSource = Pick<PipelineJob, 'stages' | 'loadDataset'>;

/** `korex run`: every stage and the report. */
const createRunCommand = (source: StageSource): Command => ({
  description: {
    en:
      'Takes rows through all stages: looks at them, builds the dataset, designs the application, selects an encoder, measures what can be had ' +
      'without training, fine-tunes, compares, and writes the report. What is still valid from an earlier run is reused: a stage is redone when ' +
      'its data, its settings or the files of the stages it reads have changed.',
    ko: '행을 모든 단계로 가져간다: 행을 살피고, 데이터셋을 만들고, 응용을 설계하고, 인코더를 고르고, 학습 없이 얻을 수 있는 점수를 재고, 미세조정하고, 비교하고, 보고서를 쓴다. 전에 실행한 결과가 아직 유효하면 다시 쓴다: 데이터, 설정, 또는 앞 단계의 파일이 바뀐 단계만 다시 한다.',
  },
  settings: settingsOf(source.stages, Object.keys(source.stages) as StageName[], false),
  writes: [
    [
      '01_klue_re_eda/ … 08_klue_re_error_analysis/',
      {
        en: 'what each stage found (`korex STAGE --help` lists it)',
        ko: '단계마다 알아낸 것(`korex STAGE --help`가 보인다)',
      },
    ],
    ['report/REPORT.md, report/index.html', { en: 'the report', ko: '보고서' }],
  ],
  examples: [
    [
      'korex run',
      { en: 'the bundled sample, some minutes on two cores', ko: '함께 들어 있는 표본, 코어 둘에서 몇 분' },
    ],
    [
      'korex run --data klue-re-v1.1 --train-rows 2000 --eval-rows 1000 --out klue',
      { en: 'a sample of official rows', ko: '공식 행의 표본' },
    ],
    [
      'korex run --encoder klue/roberta-base --data klue --train-rows 2000 --eval-rows 1000 --out roberta',
      {
        en: 'KLUE’s own encoder, downloaded at first use, on the rows of `korex data pull`',
        ko: 'KLUE의 인코더를(처음에 내려받는다) `korex data pull`의 행으로',
      },
    ],
    [
      'korex run --config experiment.json --lang en',
      { en: 'settings from a file, report in English', ko: '파일의 설정으로, 보고서는 영어로' },
    ],
    ['korex run --force', { en: 'redo everything', ko: '모두 다시 한다' }],
  ],
  run: async (call) => {
    const requested = Object.keys(source.stages) as StageName[];
    const outcomes = await runPipeline({ ...source, ...call, requested });
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
    if (call.settings.task === 'entities') return trainEntityRun(call);
    if (call.settings.dryRun) return trainDryRun(source, call);
    if (call.settings.seeds !== null) return trainSeeds(source, call);
    const outcomes = await runPipeline({ ...source, ...call, requested: [name] });
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
  for (const name of EVERYWHERE) taken.delete(name);
  return SETTING_NAMES.filter((name) => taken.has(name));
}

const outcomesJson = ({ settings }: Call, outcomes: readonly StageOutcome[]) => ({
  out: settings.out,
  stages: Object.fromEntries(outcomes.map(({ name, status, folder, result }) => [name, { status, folder, result }])),
});
