import { loadDataset } from '../../base/data/loadDataset.ts';
import { STAGES } from '../../study/pipeline/table.ts';
import type { Command } from './command.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { batchCommand } from './commands/batch.ts';
import { benchCommand } from './commands/bench.ts';
import { configCommand } from './commands/config.ts';
import { dataPullCommand } from './commands/data.ts';
import { ensembleCommand } from './commands/ensemble.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { experimentCommand } from './commands/experiment.ts';
import { exportCommand } from './commands/export.ts';
import { modelsListCommand, modelsPullCommand } from './commands/models.ts';
import { predictCommand } from './commands/predict.ts';
import { pretrainCommand } from './commands/pretrain.ts';
import { scoreCommand } from './commands/score.ts';
import { serveCommand } from './commands/serve.ts';
import { siteCommand } from './commands/site.ts';
import { createRunCommand, createStageCommands } from './commands/stages.ts';

const source = { stages: STAGES, loadDataset };

/** All commands, in the order of `korex --help`. */
export const COMMANDS: readonly Command[] = [
  createRunCommand(source),
  ...createStageCommands(source),
  pretrainCommand,
  ensembleCommand,
  experimentCommand,
  predictCommand,
  evaluateCommand,
  analyzeCommand,
  scoreCommand,
  batchCommand,
  exportCommand,
  serveCommand,
  siteCommand,
  dataPullCommand,
  modelsListCommand,
  modelsPullCommand,
  benchCommand,
  configCommand,
];
