import type { Localized } from '../../base/core/types.ts';
import type { CommandRow } from './command.ts';
import type { StageCommand } from './commands/stageHelp.ts';

const stages = async () => (await import('./commands/stages.ts')).stageCommands;

const stageRows = (summaries: Readonly<Record<StageCommand, Localized>>): CommandRow[] =>
  (Object.keys(summaries) as StageCommand[]).map((name) => ({
    name,
    summary: summaries[name],
    load: async () => (await stages())[name],
  }));

/** All commands, in the order of `korex --help`. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'run',
    summary: { en: 'everything: stages 01–08 and the report', ko: '전체: 01–08단계와 보고서' },
    load: async () => (await stages()).run,
  },
  ...stageRows({
    eda: {
      en: 'stage 01: look at the rows before anything is built on them',
      ko: '01단계: 무엇을 만들기 전에 행을 살핀다',
    },
    dataset: {
      en: 'stage 02: mark the entities, number the labels, check the rows',
      ko: '02단계: 엔티티를 표시하고 라벨에 번호를 매기고 행을 점검한다',
    },
    design: {
      en: 'stage 03: follow one sentence through the application',
      ko: '03단계: 한 문장을 응용의 흐름을 따라 본다',
    },
    select: {
      en: 'stage 04: rank candidate encoders by criteria that are settings',
      ko: '04단계: 설정한 기준으로 후보 인코더의 순위를 매긴다',
    },
    baseline: { en: 'stage 05: what can be had without training', ko: '05단계: 학습하지 않고 얻을 수 있는 점수' },
    train: { en: 'stage 06: fine-tune the encoder', ko: '06단계: 인코더를 미세조정한다' },
    compare: {
      en: 'stage 07: all systems in one table, with intervals and tests',
      ko: '07단계: 모든 시스템을 한 표에, 구간과 검정까지',
    },
    report: {
      en: 'the report of all stages, as Markdown and as one HTML file',
      ko: '모든 단계의 보고서를 Markdown과 HTML 파일 하나로',
    },
  }),
  {
    name: 'pretrain',
    summary: {
      en: 'go on pretraining an encoder on the training sentences',
      ko: '문장으로 인코더를 더 사전학습한다(TAPT)',
    },
    load: async () => (await import('./commands/pretrain.ts')).pretrainCommand,
  },
  {
    name: 'ensemble',
    summary: {
      en: 'the mean of several runs’ probabilities, as a run of its own',
      ko: '여러 학습의 확률 평균을 하나의 학습처럼 평가한다',
    },
    load: async () => (await import('./commands/ensemble.ts')).ensembleCommand,
  },
  {
    name: 'experiment',
    summary: {
      en: 'does a technique help? a grid of trainings over techniques and seeds, with verdicts',
      ko: '기법이 도움이 되는지: 기법과 시드의 모든 조합을 학습하고 판정한다',
    },
    load: async () => (await import('./commands/experiment.ts')).experimentCommand,
  },
  {
    name: 'predict',
    summary: {
      en: 'the relation between two entities of a sentence, or between all of them',
      ko: '문장에서 두 엔티티의, 또는 모든 엔티티 사이의 관계',
    },
    load: async () => (await import('./commands/predict.ts')).predictCommand,
  },
  {
    name: 'extract',
    summary: {
      en: 'text in, graph out: the entities of texts and the relations between them',
      ko: '글에서 엔티티와 그 사이의 관계를 찾아 그래프로',
    },
    load: async () => (await import('./commands/extract.ts')).extractCommand,
  },
  {
    name: 'evaluate',
    summary: {
      en: 'metrics and error analysis of a trained model on a labelled file',
      ko: '라벨이 있는 파일에서 학습된 모델의 지표와 오류 분석',
    },
    load: async () => (await import('./commands/evaluate.ts')).evaluateCommand,
  },
  {
    name: 'calibrate',
    summary: {
      en: 'fit how a model decides on all pairs of a text',
      ko: '글의 모든 엔티티 쌍을 판정하는 방식을 문서로 맞춘다',
    },
    load: async () => (await import('./commands/calibrate.ts')).calibrateCommand,
  },
  {
    name: 'analyze',
    summary: { en: 'why a run’s answers are wrong', ko: '학습된 모델의 답이 왜 틀렸는지' },
    load: async () => (await import('./commands/analyze.ts')).analyzeCommand,
  },
  {
    name: 'score',
    summary: {
      en: 'the official metrics for any system’s predictions',
      ko: '어느 시스템의 예측이든 공식 지표로 채점한다',
    },
    load: async () => (await import('./commands/score.ts')).scoreCommand,
  },
  {
    name: 'batch',
    summary: { en: 'the relations of a file of any size', ko: '크기에 제한 없는 파일의 관계' },
    load: async () => (await import('./commands/batch.ts')).batchCommand,
  },
  {
    name: 'shards',
    summary: {
      en: 'how an input is cut for many machines; their results as one file',
      ko: '입력을 여러 컴퓨터의 몫으로 나누고 결과를 하나로 합친다',
    },
    load: async () => (await import('./commands/shards.ts')).shardsCommand,
  },
  {
    name: 'convert',
    summary: {
      en: 'annotations from one format to another, with their offsets checked',
      ko: '주석을 다른 형식으로, 위치를 확인하며 바꾼다',
    },
    load: async () => (await import('./commands/convert.ts')).convertCommand,
  },
  {
    name: 'export',
    summary: {
      en: 'a trained model as a Hugging Face folder with ONNX graphs and a model card',
      ko: '학습된 모델을 ONNX와 모델 카드가 든 Hugging Face 폴더로',
    },
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  {
    name: 'worker',
    summary: { en: 'works on the shards of a queue, on any machine', ko: '어느 컴퓨터에서든 대기열의 샤드를 처리한다' },
    load: async () => (await import('./commands/worker.ts')).workerCommand,
  },
  {
    name: 'work status',
    summary: { en: 'what a queue is doing: works, workers, faults', ko: '대기열의 상황: 작업, 워커, 있었던 일' },
    load: async () => (await import('./commands/work.ts')).workStatusCommand,
  },
  {
    name: 'work pause',
    summary: { en: 'pause a work of a queue', ko: '대기열의 작업을 멈춘다' },
    load: async () => (await import('./commands/work.ts')).workPauseCommand,
  },
  {
    name: 'work resume',
    summary: { en: 'go on with a paused work', ko: '멈춘 작업을 이어 간다' },
    load: async () => (await import('./commands/work.ts')).workResumeCommand,
  },
  {
    name: 'work cancel',
    summary: { en: 'give a work up', ko: '작업을 취소한다' },
    load: async () => (await import('./commands/work.ts')).workCancelCommand,
  },
  {
    name: 'work priority',
    summary: { en: 'let a work go before others or after them', ko: '작업의 우선순위를 바꾼다' },
    load: async () => (await import('./commands/work.ts')).workPriorityCommand,
  },
  {
    name: 'serve',
    summary: { en: 'a REST API and a web page for a trained model', ko: '학습된 모델의 REST API와 웹 페이지' },
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  {
    name: 'label',
    summary: {
      en: 'label sentences in the browser, alone or with others, with a model’s suggestions',
      ko: '브라우저에서 모델의 제안을 보며 문장에 라벨을 단다, 혼자서 또는 여럿이',
    },
    load: async () => (await import('./commands/label.ts')).labelCommand,
  },
  {
    name: 'retrain',
    summary: {
      en: 'train on the labels of a project, and let the new model answer where it wins',
      ko: '프로젝트의 라벨로 다시 학습하고, 나으면 새 모델이 답하게 한다',
    },
    load: async () => (await import('./commands/retrain.ts')).retrainCommand,
  },
  {
    name: 'site',
    summary: {
      en: 'a page that answers in the visitor’s browser, as a folder without a server',
      ko: '모델이 든 페이지를 정적 폴더로',
    },
    load: async () => (await import('./commands/site.ts')).siteCommand,
  },
  {
    name: 'data pull',
    summary: {
      en: 'download the official KLUE-RE rows, for --data klue',
      ko: '공식 KLUE-RE 행을 내려받는다(--data klue)',
    },
    load: async () => (await import('./commands/hub.ts')).dataPullCommand,
  },
  {
    name: 'models list',
    summary: {
      en: 'encoders: bundled, in the cache, recommended',
      ko: '인코더: 함께 들어 있는 것, 캐시에 있는 것, 추천',
    },
    load: async () => (await import('./commands/hub.ts')).modelsListCommand,
  },
  {
    name: 'models pull',
    summary: {
      en: 'download an encoder of the Hugging Face Hub, or bring it up to date',
      ko: 'Hugging Face Hub의 인코더를 내려받거나 최신으로 맞춘다',
    },
    load: async () => (await import('./commands/hub.ts')).modelsPullCommand,
  },
  {
    name: 'bench',
    summary: {
      en: 'speed and memory, alone or in turn with PyTorch and others',
      ko: '속도와 메모리, 혼자서 또는 PyTorch 등과 번갈아',
    },
    load: async () => (await import('./commands/bench.ts')).benchCommand,
  },
  {
    name: 'slim',
    summary: {
      en: 'take other platforms’ binaries out of what is installed',
      ko: '설치된 것에서 다른 플랫폼의 바이너리를 지운다',
    },
    load: async () => (await import('./commands/slim.ts')).slimCommand,
  },
  {
    name: 'config',
    summary: { en: 'list every setting: type, range, default, meaning', ko: '모든 설정: 형식, 범위, 기본값, 뜻' },
    load: async () => (await import('./commands/config.ts')).configCommand,
  },
];
