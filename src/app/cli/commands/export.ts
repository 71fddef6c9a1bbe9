import { join } from 'node:path';
import { CALIBRATION_FILE } from '../../../engine/runs/calibration.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { exportModel } from '../../../inference/export/exportModel.ts';
import { CANDIDATES } from '../../../study/stages/selection/candidates.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { resolveModel } from '../modelOptions.ts';
import { textTable } from '../tables.ts';

export const exportCommand: Command = {
  description: {
    en:
      'Writes a trained model where others can load it: transformers.js opens it with pipeline(‘text-classification’), or ‘token-classification’ for one that finds entities, in 32-bit floats or 8-bit integers; ' +
      'Python’s transformers opens models of the head cls as AutoModelForSequenceClassification, those that find entities as AutoModelForTokenClassification; any ONNX runtime runs the graphs, which take input_ids and ' +
      'attention_mask and use operators of the ONNX standard alone. The folder is written whole or not at all. A folder that is not an earlier export is ' +
      'replaced only with --force.',
    ko: '학습된 모델을 다른 프로그램이 여는 곳에 쓴다: transformers.js는 pipeline(‘text-classification’)으로, 엔티티를 찾는 모델이면 ‘token-classification’으로 32비트 실수나 8비트 정수로 열고, Python의 transformers는 헤드가 cls인 모델을 AutoModelForSequenceClassification으로 연다. 그래프는 input_ids와 attention_mask를 받고 ONNX 표준 연산자만 써서 어느 ONNX 런타임에서나 돈다. 폴더는 온전히 쓰이거나 아예 쓰이지 않는다. 전에 내보낸 것이 아닌 폴더는 --force일 때만 바꾼다.',
  },
  settings: ['out', 'force'],
  options: [
    {
      name: 'model',
      value: 'MODEL',
      help: {
        en: 'a checkpoint folder, a run folder, a run’s name below --out, or ORG/NAME[@REVISION] of the Hub; the newest run there without it',
        ko: '체크포인트 폴더, 학습 폴더, --out 아래의 학습 이름, 또는 Hub의 ORG/NAME[@REVISION]; 없으면 가장 새로운 학습',
      },
      required: false,
    },
    {
      name: 'small',
      help: {
        en: 'the graph with 8-bit weights alone, without the 32-bit ones; korex opens it as it is',
        ko: '32비트 가중치 없이 8비트 그래프만. korex는 그대로 연다',
      },
      required: false,
    },
  ],
  arguments: [{ name: 'folder', value: 'FOLDER', help: { en: 'the folder to write', ko: '쓸 폴더' }, required: true }],
  writes: [
    [
      'FOLDER/config.json, model.safetensors, tokenizer*.json',
      { en: 'the model, as transformers and korex read it', ko: 'transformers와 korex가 읽는 모델' },
    ],
    [
      `FOLDER/${CALIBRATION_FILE}`,
      {
        en: 'temperature, thresholds and type pairs, where the training fitted them',
        ko: '온도, 임계값, 유형 쌍(학습에서 맞춘 경우)',
      },
    ],
    ['FOLDER/onnx/model.onnx', { en: 'the graph with 32-bit weights', ko: '32비트 가중치의 그래프' }],
    [
      'FOLDER/onnx/model_quantized.onnx',
      { en: 'the graph with 8-bit weights, a quarter of the size', ko: '8비트 가중치의 그래프, 크기는 4분의 1' },
    ],
    [
      'FOLDER/README.md',
      {
        en: 'the model card: input, data, recipe, metrics with intervals, limits, licences',
        ko: '모델 카드: 입력, 데이터, 학습 설정, 구간을 곁들인 지표, 한계, 라이선스',
      },
    ],
  ],
  examples: [
    [
      'korex export --model baseline exported',
      {
        en: 'the best checkpoint of a run of the last `korex run`',
        ko: '마지막 `korex run`에서 한 학습의 가장 좋은 체크포인트',
      },
    ],
    [
      `korex export --model klue/${TRAINING_FOLDER}/tp exported --force`,
      { en: 'a run folder, over whatever is there', ko: '학습 폴더를, 이미 있는 것 위에' },
    ],
  ],
  run: exportTo,
};

async function exportTo(call: Call): Promise<CommandResult> {
  const { settings, options, switches, reporter, signal } = call;
  const model = await resolveModel(call, { newest: true });
  const folder = options.folder!;
  const files = await exportModel(model, folder, {
    force: settings.force,
    small: switches?.has('small') ?? false,
    licences: new Map(CANDIDATES.map(({ id, licence }) => [id, licence.name])),
    onPart: (part) => reporter.info({ en: `writing ${join(folder, part)}`, ko: `쓰는 중: ${join(folder, part)}` }),
    signal,
  });
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1)} MB`;
  return {
    text: `${model.name} → ${folder}\n\n${textTable(files.map(({ path, bytes }) => ({ file: path, size: megabytes(bytes) })))}`,
    json: { model: model.name, folder, files },
  };
}
