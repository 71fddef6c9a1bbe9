import { join } from 'node:path';
import { CALIBRATION_FILE } from '../../../engine/runs/calibration.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { exportModel } from '../../../inference/export/exportModel.ts';
import { CANDIDATES } from '../../../study/stages/selection/candidates.ts';
import { calledModel } from '../calledModel.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { textTable } from '../textTable.ts';

export const exportCommand: Command = {
  description:
    'Writes a trained model where others can load it: transformers.js opens it with pipeline(‘text-classification’), in 32-bit floats or 8-bit integers; ' +
    'Python’s transformers opens models of the head cls as AutoModelForSequenceClassification; any ONNX runtime runs the graphs, which take input_ids and ' +
    'attention_mask and use operators of the ONNX standard alone. The folder is written whole or not at all. A folder that is not an earlier export is ' +
    'replaced only with --force.',
  settings: ['out', 'force', 'json'],
  options: [
    {
      name: 'model',
      value: 'MODEL',
      help: 'a checkpoint folder, a run folder, a run’s name below --out, or ORG/NAME[@REVISION] of the Hub; the newest run there without it',
      required: false,
    },
    {
      name: 'small',
      help: 'the graph with 8-bit weights alone, without the 32-bit ones; korex opens it as it is',
      required: false,
    },
  ],
  arguments: [{ name: 'folder', value: 'FOLDER', help: 'the folder to write', required: true }],
  writes: [
    ['FOLDER/config.json, model.safetensors, tokenizer*.json', 'the model, as transformers and korex read it'],
    [`FOLDER/${CALIBRATION_FILE}`, 'temperature, thresholds and type pairs, where the training fitted them'],
    ['FOLDER/onnx/model.onnx', 'the graph with 32-bit weights'],
    ['FOLDER/onnx/model_quantized.onnx', 'the graph with 8-bit weights, a quarter of the size'],
    ['FOLDER/README.md', 'the model card: input, data, recipe, metrics with intervals, limits, licences'],
  ],
  examples: [
    ['korex export --model baseline exported', 'the best checkpoint of a run of the last `korex run`'],
    [`korex export --model klue/${TRAINING_FOLDER}/tp exported --force`, 'a run folder, over whatever is there'],
  ],
  run: exportTo,
};

async function exportTo(call: Call): Promise<CommandResult> {
  const { settings, options, switches, reporter, signal } = call;
  const model = await calledModel(call, { newest: true });
  const folder = options.folder!;
  const files = await exportModel(model, folder, {
    force: settings.force,
    small: switches?.has('small') ?? false,
    licences: new Map(CANDIDATES.map(({ id, licence }) => [id, licence.name])),
    onPart: (part) => reporter.info(`writing ${join(folder, part)}`),
    signal,
  });
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1)} MB`;
  return {
    text: `${model.name} → ${folder}\n\n${textTable(files.map(({ path, bytes }) => ({ file: path, size: megabytes(bytes) })))}`,
    json: { model: model.name, folder, files },
  };
}
