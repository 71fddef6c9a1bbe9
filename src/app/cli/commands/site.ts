import { join } from 'node:path';
import { bundledFolder } from '../../../engine/nn/bundledModels.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { findEntityModel } from '../../../inference/extract/openDocumentExtractor.ts';
import { BOXED_ENTITIES, type FoundModel } from '../../../inference/predict/findModel.ts';
import { CANDIDATES } from '../../../study/stages/selection/candidates.ts';
import { writeSite } from '../../site/writeSite.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { ENTITY_MODEL_OPTION, MODEL_OPTION, resolveModel } from '../modelOptions.ts';

export const siteCommand: Command = {
  description: {
    en:
      'Writes the page’s views Try, Text and Explain together with a trained model in 8-bit weights, which run in the visitor’s browser (WebAssembly): no server, ' +
      'no requests to anywhere, no sentence leaves the browser. The folder works on any static host, below any path, and opened from disk by a double click on ' +
      'index.html. The weights are stored in 8 bits and computed with in floats, so the answers are nearly those of 32 bits. The folder is written whole or not at all. A folder that is not an earlier page is ' +
      'replaced only with --force.',
    ko: '웹 화면의 해 보기, 글, 설명을 8비트 가중치의 학습된 모델과 함께 쓴다. 모델은 방문자의 브라우저에서 돈다(WebAssembly): 서버도 없고, 어디에도 요청하지 않으며, 문장은 브라우저를 떠나지 않는다. 폴더는 어느 정적 호스트의 어느 경로에서나, 그리고 디스크의 index.html을 두 번 눌러도 열린다. 가중치는 8비트로 저장하고 실수로 계산하므로 답은 32비트와 거의 같다. 폴더는 온전히 쓰이거나 아예 쓰이지 않는다. 전에 만든 페이지가 아닌 폴더는 --force일 때만 바꾼다.',
  },
  settings: ['out', 'force'],
  options: [MODEL_OPTION, ENTITY_MODEL_OPTION],
  arguments: [{ name: 'folder', value: 'FOLDER', help: { en: 'the folder to write', ko: '쓸 폴더' }, required: true }],
  writes: [
    ['FOLDER/index.html, assets/', { en: 'the page', ko: '페이지' }],
    ['FOLDER/runtime/', { en: 'onnxruntime’s WebAssembly module', ko: 'onnxruntime의 WebAssembly 모듈' }],
    ['FOLDER/data/', { en: 'the model, its tokenizer, labels and calibration', ko: '모델, 토크나이저, 라벨, 보정' }],
    [
      'FOLDER/README.md',
      {
        en: 'what it is, how to publish it, what the model is and under which licence',
        ko: '이것이 무엇이고 어떻게 공개하는지, 모델은 무엇이고 어느 라이선스인지',
      },
    ],
    [
      'FOLDER/LICENSE.txt, NOTICE.txt, LICENSES.md',
      { en: 'licences of korex and of the libraries in the page', ko: 'korex와 페이지에 든 라이브러리의 라이선스' },
    ],
  ],
  examples: [
    [
      'korex site page',
      {
        en: 'the model in the box as a page; open page/index.html',
        ko: '함께 들어 있는 모델의 페이지. page/index.html을 연다',
      },
    ],
    [
      'korex site --model baseline docs/demo',
      {
        en: 'a run by its name, into a folder that a static host serves',
        ko: '학습 이름으로, 정적 호스트가 내보내는 폴더에',
      },
    ],
  ],
  run: site,
};

async function site(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const model = await resolveModel(call);
  const folder = options.folder!;
  const entities = await entityModel(call);
  const { sent, graph } = await writeSite(model, folder, {
    entities,
    force: settings.force,
    licences: new Map(CANDIDATES.map(({ id, licence }) => [id, licence.name])),
    onPart: (part) => reporter.info({ en: `writing ${part}`, ko: `쓰는 중: ${part}` }),
    signal,
  });
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return {
    text: [
      `${model.name} → ${folder}`,
      `The model has ${megabytes(graph)} in 8-bit weights; a browser loads ${megabytes(sent)} before the first answer.`,
      `Open ${join(folder, 'index.html')}, or put the folder on any static host.`,
    ].join('\n'),
    json: { model: model.name, folder, model_bytes: graph, sent_bytes: sent },
  };
}

/** The model that `--entity-model` names, else the one in the box, where it has one. */
async function entityModel({ settings, options, reporter, signal }: Call): Promise<FoundModel | null> {
  const named = options.entityModel ?? null;
  if (named === null && bundledFolder(BOXED_ENTITIES.name) === undefined) return null;
  return findEntityModel(named, join(settings.out, TRAINING_FOLDER), { reporter, signal });
}
