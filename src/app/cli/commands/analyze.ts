import { join } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import type { Language } from '../../../base/core/types.ts';
import { loadDataset } from '../../../base/data/loadDataset.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { CLASS_NAMES } from '../../../study/analysis/kinds.ts';
import { calibrationChange, disagreementText } from '../../../study/analysis/reliability.ts';
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
import type { Call, Command, CommandResult } from '../command.ts';
import { ENTITY_MODEL_OPTION, resolveModel } from '../modelOptions.ts';
import { textTable } from '../tables.ts';
import { analyzeDocumentFile, isDocumentFile } from './documentRun.ts';

export const analyzeCommand: Command = {
  description: {
    en:
      'Explains the errors of a run on its test rows: every error in one class, confusions between relations, slices of the rows with intervals, ' +
      'what the model answers without the sentence or without the names, over-confident errors, rows where the model strongly disagrees with the label, the nearest ' +
      'training rows of an error by the encoder’s states, and what might help each rare relation. Without --run and --model it takes the newest ' +
      'fine-tuned run. What needs the model is left out where its weights are gone.',
    ko: '학습된 모델이 평가 행에서 낸 오류를 설명한다: 오류마다 하나의 분류, 관계 사이의 혼동, 구간을 곁들인 행 묶음별 정확도, 문장이나 이름을 가리고 물은 답, 지나치게 자신 있는 오류, 모델이 정답에 강하게 반대한 행, 인코더 상태로 찾은 가장 가까운 학습 행, 드문 관계마다 도움이 될 만한 것. --run과 --model이 없으면 가장 새로운 미세조정 학습을 본다. 가중치가 없으면 모델이 필요한 부분은 뺀다.',
  },
  settings: [
    ...([
      'data',
      'trainRows',
      'evalRows',
      'onBadRow',
      'columns',
      'validation',
      'marker',
      'out',
      'seed',
      'device',
    ] as const),
    ...(['threads', 'evalBatchSize'] as const),
  ],
  options: [
    {
      name: 'run',
      value: 'NAME',
      help: {
        en: 'a run of stage 06 below --out, by its saved answers',
        ko: '--out 아래 06단계의 학습을 저장된 답으로 분석한다',
      },
      required: false,
    },
    {
      name: 'model',
      value: 'MODEL',
      help: {
        en: 'a model instead of a run: it answers the test rows of --data first. A checkpoint folder, a run folder, a run’s name, or ORG/NAME[@REVISION] of the Hub',
        ko: '학습 대신 모델을 분석한다. 먼저 --data의 평가 행에 답한다. 체크포인트 폴더, 학습 폴더, 학습 이름, 또는 Hub의 ORG/NAME[@REVISION]',
      },
      required: false,
    },
    ENTITY_MODEL_OPTION,
  ],
  writes: [
    [
      '08_klue_re_error_analysis/NAME/error_analysis.json',
      { en: 'everything, as the report and the page read it', ko: '보고서와 페이지가 읽는 모든 내용' },
    ],
    [
      '08_klue_re_error_analysis/NAME/*.svg',
      {
        en: 'errors by class, confusions, accuracy by slice, shortcut tests',
        ko: '분류별 오류, 혼동, 행 묶음별 정확도, 지름길 검사',
      },
    ],
  ],
  examples: [
    ['korex analyze', { en: 'the newest fine-tuned run', ko: '가장 새로운 미세조정 학습' }],
    [
      'korex analyze --run weighted --json',
      { en: 'another run, as one JSON object', ko: '다른 학습을 JSON 객체 하나로' },
    ],
    [
      'korex analyze --run tp --data klue-re-v1.1 --train-rows 2000 --eval-rows 1000 --out klue',
      {
        en: 'a run on a sample of official rows: pass what it was trained with',
        ko: '공식 행의 표본으로 한 학습: 학습할 때와 같은 옵션을 준다',
      },
    ],
    [
      `korex analyze --model klue/${TRAINING_FOLDER}/tp --data dev.json`,
      { en: 'a model on another labelled file', ko: '라벨이 있는 다른 파일에서의 모델' },
    ],
  ],
  run: (call) => withLock(call.settings.out, () => analyzeCall(call)),
};

async function analyzeCall(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const { run, model } = options;
  if (run !== undefined && model !== undefined)
    throw usageError(
      { en: '--run and --model name two things to analyse.', ko: '--run과 --model이 분석할 것을 따로따로 가리킨다.' },
      { en: 'Pass one of them.', ko: '둘 가운데 하나만 준다.' },
    );
  if (run === undefined && (await isDocumentFile(settings.data)))
    return analyzeDocumentFile(call, await resolveModel(call));
  const { out, lang } = settings;
  if (run !== undefined) await checkRunExists(out, run);
  const name = run ?? (model === undefined ? await newestRun(out) : null);
  const found = name === null ? await resolveModel(call) : null;
  const dataset = await loadDataset(settings, reporter, 'test');
  const context: StageContext = { settings, dataset, out, reporter, signal };
  const [analyzed, rows] = [name ?? found!.name, dataset.test.length];
  reporter.info({ en: `errors of ${analyzed} on ${rows} test rows`, ko: `${analyzed}: 평가 ${rows}행의 오류를 본다` });
  const analysis = found === null ? await analyzeRun(context, name!) : await analyzeModel(context, found);
  await writeAnalysis(out, analysis);
  const folder = analysisFolder(out, analysis.run);
  return {
    text: `${textOf(analysis, lang)}\n\nFiles: ${folder}`,
    json: { folder, file: join(folder, ANALYSIS_FILE), ...analysis },
  };
}

/** The taxonomy, how far the confidence is to be believed, and the slices that stand out. */
function textOf(analysis: ErrorAnalysis, lang: Language): string {
  const { errors, dataset, taxonomy, slices, left_out, calibration } = analysis;
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
    calibration.temperature === 1 ? '' : calibrationChange(calibration.ece_before, calibration.ece, lang),
    disagreementText(analysis, lang),
    ...(standing.length > 0 ? ['Slices whose accuracy differs from the rest:', textTable(standing)] : []),
    ...(left_out.length > 0 ? [`Left out: ${left_out.map(({ part }) => part).join(', ')}`] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
