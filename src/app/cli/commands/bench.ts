import { updateDocument } from '../../bench/document.ts';
import { parseBenchOptions, RIVAL_NAMES } from '../../bench/options.ts';
import { PART_NAMES } from '../../bench/result.ts';
import { benchFolder, runBench } from '../../bench/runBench.ts';
import { SHAPE_NAMES } from '../../bench/shapes.ts';
import { resultTables } from '../../bench/tables.ts';
import { type Call, type Command, type CommandResult, option } from '../command.ts';
import { textTable } from '../tables.ts';

export const benchCommand: Command = {
  description: {
    en:
      'Measures how fast korex trains and answers here, and how much memory that takes. Against other systems both sides have the same model, ' +
      'the same rows and the same number of threads, and take turns: never both at once. Every figure is a median of several rounds with its ' +
      'range; a ratio is korex’s speed over the other system’s (for memory, its size over the other’s), round by round.',
    ko: '이 컴퓨터에서 korex가 얼마나 빨리 학습하고 답하는지, 메모리를 얼마나 쓰는지 잰다. 다른 시스템과는 같은 모델, 같은 행, 같은 스레드 수로 번갈아 돌고, 동시에 돌지 않는다. 모든 값은 여러 번 잰 중앙값과 범위이고, 비율은 그때그때 korex의 속도를 다른 시스템의 속도로 나눈 것이다(메모리는 크기).',
  },
  settings: [
    ...([
      'data',
      'trainRows',
      'evalRows',
      'onBadRow',
      'columns',
      'encoder',
      'encoderLayers',
      'maxLength',
      'head',
      'batchSize',
      'lr',
      'seed',
    ] as const),
    ...(['precision', 'device', 'threads', 'out'] as const),
  ],
  options: [
    option('only', 'PARTS', {
      en: `what to measure, comma-separated: ${PART_NAMES.join(', ')} (default step)`,
      ko: `잴 것, 쉼표로: ${PART_NAMES.join(', ')} (기본값 step)`,
    }),
    option('against', 'SYSTEMS', {
      en: `other systems, comma-separated: ${RIVAL_NAMES.join(', ')}`,
      ko: `다른 시스템, 쉼표로: ${RIVAL_NAMES.join(', ')}`,
    }),
    option('shapes', 'NAMES', {
      en: `encoders, comma-separated: ${SHAPE_NAMES.join(', ')} or folders (default --encoder)`,
      ko: `인코더, 쉼표로: ${SHAPE_NAMES.join(', ')} 또는 폴더 (기본값 --encoder)`,
    }),
    option('length', 'TOKENS', { en: 'tokens of a synthetic row (default 72)', ko: '만든 행의 토큰 수 (기본값 72)' }),
    option('warmup', 'N', {
      en: 'step: steps before anything counts (default 2)',
      ko: 'step: 재기 전의 스텝 (기본값 2)',
    }),
    option('repeat', 'N', {
      en: 'rounds (each part has its own default)',
      ko: '되풀이할 횟수 (부분마다 기본값이 있다)',
    }),
    option('sizes', 'ROWS', {
      en: 'inference: compare the cost per row of inputs of so many rows, e.g. 1000,10000,100000',
      ko: 'inference: 이만한 행 수의 입력에서 행당 비용을 비교한다, 예: 1000,10000,100000',
    }),
    option('trainerSteps', 'N', {
      en: 'epoch: let Trainer do N steps, its defaults alone, and extrapolate',
      ko: 'epoch: Trainer로 기본값으로만 N스텝 돌고 나머지를 추정한다',
    }),
    option('quality', 'EPOCHS', {
      en: 'modes: also train each for so many epochs on --data and score its test rows',
      ko: 'modes: 각각을 --data로 이만큼 학습하고 평가 행에서 채점한다',
    }),
    option('python', 'PROGRAM', {
      en: 'Python with torch and transformers (default python3)',
      ko: 'torch와 transformers가 있는 Python (기본값 python3)',
    }),
    option('markdown', 'FILE', {
      en: 'measure nothing; put the results there are into the places of a document',
      ko: '재지 않고, 있는 결과를 문서의 자리에 넣는다',
    }),
    option('results', 'FOLDER', {
      en: 'markdown: where the results are (default bench/ below --out)',
      ko: 'markdown: 결과가 있는 폴더 (기본값 --out 아래의 bench/)',
    }),
  ],
  writes: [
    [
      'bench/PART-SHAPE.json',
      { en: 'every figure with its samples, the machine and the command', ko: '모든 값과 표본, 컴퓨터, 명령' },
    ],
  ],
  examples: [
    [
      'korex bench --only step --shapes bundled,12x768 --against pytorch',
      { en: 'a whole training step, in turn with PyTorch’s', ko: '학습 한 스텝 전체를 PyTorch와 번갈아' },
    ],
    [
      'korex bench --only epoch --data klue --train-rows 4000 --against trainer',
      { en: 'an epoch, in turn with Hugging Face’s Trainer', ko: '한 에폭을 Hugging Face Trainer와 번갈아' },
    ],
    [
      'korex bench --only matmul --shapes 12x384 --against pytorch',
      {
        en: 'matrix products and all other operators of a step, and PyTorch’s',
        ko: '한 스텝의 행렬 곱과 나머지 연산자, 그리고 PyTorch의 것',
      },
    ],
    [
      'korex bench --only text --data documents.jsonl --against pipeline',
      {
        en: 'entities and relations of annotated documents, in turn with transformers on the same weights',
        ko: '주석 문서의 엔티티와 관계를, 같은 가중치의 transformers와 번갈아',
      },
    ],
    [
      'korex bench --markdown BENCHMARKS.md',
      { en: 'the document’s tables from the results under --out', ko: '--out 아래의 결과로 문서의 표를' },
    ],
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
