import { updateDocument } from '../../bench/document.ts';
import { parseBenchOptions, RIVAL_NAMES } from '../../bench/options.ts';
import { PART_NAMES } from '../../bench/result.ts';
import { benchFolder, runBench } from '../../bench/runBench.ts';
import { SHAPE_NAMES } from '../../bench/shapes.ts';
import { resultTables } from '../../bench/tables.ts';
import type { Call, Command, CommandOption, CommandResult } from '../command.ts';
import { textTable } from '../textTable.ts';

const option = (name: string, value: string, help: string): CommandOption => ({ name, value, help, required: false });

export const benchCommand: Command = {
  description:
    'Measures how fast korex trains and answers here, and how much memory that takes. Against other systems both sides have the same model, ' +
    'the same rows and the same number of threads, and take turns: never both at once. Every figure is a median of several rounds with its ' +
    'range; a ratio is korex’s speed over the other system’s (for memory, its size over the other’s), round by round.',
  settings: [
    ...([
      'data',
      'trainRows',
      'evalRows',
      'onBadRow',
      'encoder',
      'encoderLayers',
      'maxLength',
      'head',
      'batchSize',
      'lr',
      'seed',
    ] as const),
    ...(['precision', 'device', 'threads', 'out', 'json'] as const),
  ],
  options: [
    option('only', 'PARTS', `what to measure, comma-separated: ${PART_NAMES.join(', ')} (default step)`),
    option('against', 'SYSTEMS', `other systems, comma-separated: ${RIVAL_NAMES.join(', ')}`),
    option('shapes', 'NAMES', `encoders, comma-separated: ${SHAPE_NAMES.join(', ')} or folders (default --encoder)`),
    option('length', 'TOKENS', 'tokens of a synthetic row (default 72)'),
    option('warmup', 'N', 'step: steps before anything counts (default 2)'),
    option('repeat', 'N', 'rounds (each part has its own default)'),
    option('sizes', 'ROWS', 'inference: compare the cost per row of inputs of so many rows, e.g. 1000,10000,100000'),
    option('trainerSteps', 'N', 'epoch: let Trainer do N steps, its defaults alone, and extrapolate'),
    option('quality', 'EPOCHS', 'modes: also train each for so many epochs on --data and score its test rows'),
    option('python', 'PROGRAM', 'Python with torch and transformers (default python3)'),
    option('markdown', 'FILE', 'measure nothing; put the results there are into the places of a document'),
    option('results', 'FOLDER', 'markdown: where the results are (default bench/ below --out)'),
  ],
  writes: [['bench/PART-SHAPE.json', 'every figure with its samples, the machine and the command']],
  examples: [
    [
      'korex bench --only step --shapes bundled,12x768 --against pytorch',
      'a whole training step, in turn with PyTorch’s',
    ],
    [
      'korex bench --only epoch --data klue --train-rows 4000 --against trainer',
      'an epoch, in turn with Hugging Face’s Trainer',
    ],
    [
      'korex bench --only matmul --shapes 12x384 --against pytorch',
      'matrix products and all other operators of a step, and PyTorch’s',
    ],
    ['korex bench --markdown BENCHMARKS.md', 'the document’s tables from the results under --out'],
  ],
  run: bench,
};

async function bench({ settings, options: given, reporter, signal }: Call): Promise<CommandResult> {
  const options = parseBenchOptions(given);
  const folder = options.results ?? benchFolder(settings.out);
  if (options.markdown !== null) {
    const filled = await updateDocument(options.markdown, folder);
    return { text: `${options.markdown}: ${filled.join(', ')}`, json: { document: options.markdown, filled } };
  }
  const self: [string, ...string[]] = [process.execPath, process.argv[1]!];
  const results = await runBench({ settings, options, typed: process.argv.slice(2), self, reporter, signal });
  const tables = results.flatMap(resultTables).map(({ title, rows }) => `${title}\n\n${textTable(rows)}`);
  return { text: `${tables.join('\n\n')}\n\nFiles: ${folder}`, json: { folder, results } };
}
