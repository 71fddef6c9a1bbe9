import type { CommandRow } from './command.ts';
import { STAGE_HELP, type StageCommand } from './commands/stageHelp.ts';

const stages = async () => (await import('./commands/stages.ts')).stageCommands;

/** All commands, in the order of `korex --help`. */
export const COMMANDS: readonly CommandRow[] = [
  { name: 'run', summary: 'everything: stages 01–08 and the report', load: async () => (await stages()).run },
  ...(Object.keys(STAGE_HELP) as StageCommand[]).map((name) => ({
    name,
    summary: STAGE_HELP[name].summary,
    load: async () => (await stages())[name],
  })),
  {
    name: 'pretrain',
    summary: 'go on pretraining an encoder on the training sentences',
    load: async () => (await import('./commands/pretrain.ts')).pretrainCommand,
  },
  {
    name: 'ensemble',
    summary: 'the mean of several runs’ probabilities, as a run of its own',
    load: async () => (await import('./commands/ensemble.ts')).ensembleCommand,
  },
  {
    name: 'experiment',
    summary: 'does a technique help? a grid of trainings over techniques and seeds, with verdicts',
    load: async () => (await import('./commands/experiment.ts')).experimentCommand,
  },
  {
    name: 'predict',
    summary: 'the relation between two entities of a sentence, or between all of them',
    load: async () => (await import('./commands/predict.ts')).predictCommand,
  },
  {
    name: 'evaluate',
    summary: 'metrics and error analysis of a trained model on a labelled file',
    load: async () => (await import('./commands/evaluate.ts')).evaluateCommand,
  },
  {
    name: 'analyze',
    summary: 'why a run’s answers are wrong',
    load: async () => (await import('./commands/analyze.ts')).analyzeCommand,
  },
  {
    name: 'score',
    summary: 'the official metrics for any system’s predictions',
    load: async () => (await import('./commands/score.ts')).scoreCommand,
  },
  {
    name: 'batch',
    summary: 'the relations of a file of any size',
    load: async () => (await import('./commands/batch.ts')).batchCommand,
  },
  {
    name: 'export',
    summary: 'a trained model as a Hugging Face folder with ONNX graphs and a model card',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  {
    name: 'serve',
    summary: 'a REST API and a web page for a trained model',
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  {
    name: 'site',
    summary: 'a page that answers in the visitor’s browser, as a folder without a server',
    load: async () => (await import('./commands/site.ts')).siteCommand,
  },
  {
    name: 'data pull',
    summary: 'download the official KLUE-RE rows, for --data klue',
    load: async () => (await import('./commands/data.ts')).dataPullCommand,
  },
  {
    name: 'models list',
    summary: 'encoders: boxed, in the cache, recommended',
    load: async () => (await import('./commands/models.ts')).modelsListCommand,
  },
  {
    name: 'models pull',
    summary: 'download an encoder of the Hugging Face Hub, or bring it up to date',
    load: async () => (await import('./commands/models.ts')).modelsPullCommand,
  },
  {
    name: 'bench',
    summary: 'speed and memory, alone or in turn with PyTorch and others',
    load: async () => (await import('./commands/bench.ts')).benchCommand,
  },
  {
    name: 'config',
    summary: 'list every setting: type, range, default, meaning',
    load: async () => (await import('./commands/config.ts')).configCommand,
  },
];
