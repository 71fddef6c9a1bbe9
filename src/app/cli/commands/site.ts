import { join } from 'node:path';
import { CANDIDATES } from '../../../study/stages/selection/candidates.ts';
import { writeSite } from '../../site/writeSite.ts';
import { calledModel, MODEL_HELP } from '../calledModel.ts';
import type { Call, Command, CommandResult } from '../command.ts';

export const siteCommand: Command = {
  description:
    'Writes the page’s views Try and Explain together with a trained model in 8-bit weights, which run in the visitor’s browser (WebAssembly): no server, ' +
    'no requests to anywhere, no sentence leaves the browser. The folder works on any static host, below any path, and opened from disk by a double click on ' +
    'index.html. The weights are stored in 8 bits and computed with in floats, so the answers are nearly those of 32 bits. The folder is written whole or not at all. A folder that is not an earlier page is ' +
    'replaced only with --force.',
  settings: ['out', 'force', 'json'],
  options: [
    {
      name: 'model',
      value: 'MODEL',
      help: MODEL_HELP,
      required: false,
    },
  ],
  arguments: [{ name: 'folder', value: 'FOLDER', help: 'the folder to write', required: true }],
  writes: [
    ['FOLDER/index.html, assets/', 'the page'],
    ['FOLDER/runtime/', 'onnxruntime’s WebAssembly module'],
    ['FOLDER/data/', 'the model, its tokenizer, labels and calibration'],
    ['FOLDER/README.md', 'what it is, how to publish it, what the model is and under which licence'],
    ['FOLDER/LICENSE.txt, NOTICE.txt, LICENSES.md', 'licences of korex and of the libraries in the page'],
  ],
  examples: [
    ['korex site page', 'the model in the box as a page; open page/index.html'],
    ['korex site --model baseline docs/demo', 'a run by its name, into a folder that a static host serves'],
  ],
  run: site,
};

async function site(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const model = await calledModel(call);
  const folder = options.folder!;
  const { sent, graph } = await writeSite(model, folder, {
    force: settings.force,
    licences: new Map(CANDIDATES.map(({ id, licence }) => [id, licence.name])),
    onPart: (part) => reporter.info(`writing ${part}`),
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
