// Trains on the labels of a project over and over, each new model promoted, until it is killed; a line of output for each round.
import { silentReporter } from '../../dist/base/core/reporter.js';
import { DEFAULT_SETTINGS } from '../../dist/base/core/settings.js';
import { promotedModel } from '../../dist/inference/predict/promotedModel.js';
import { readBeginning } from '../../dist/study/labelling/beginning.js';
import { openProject } from '../../dist/study/labelling/project.js';
import { retrain } from '../../dist/study/labelling/retrain.js';

const [folder, model] = process.argv.slice(2);
const first = { folder: model, name: 'tiny' };
const project = await openProject(folder, await readBeginning(first));
const { signal } = new AbortController();
process.stdout.write('begun\n');
for (;;) {
  const from = (await promotedModel(folder)) ?? first;
  const options = { from, mix: 'none', promote: 'always', person: 'kill', reporter: silentReporter, signal };
  const { round } = await retrain(project, { ...options, settings: { ...DEFAULT_SETTINGS, epochs: 2, threads: 1 } });
  process.stdout.write(`${round}\n`);
}
