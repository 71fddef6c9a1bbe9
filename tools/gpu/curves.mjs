// Trains the bundled encoder on the same few batches of the embedded sample, from the same start, on one device; writes
// each step's loss and time. Run it once a device and compare; losses without dropout, of which devices draw other masks.
//
// Usage: node tools/gpu/curves.mjs OUT.json DEVICE STEPS [BATCH] [THREADS] [DROPOUT]   (after `npm run build`)
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { openTrainingSide } from '../../dist/app/bench/trainingSide.js';
import { loadRows } from '../../dist/base/data/loadRows.js';
import { createRelationModel } from '../../dist/engine/nn/relationModel.js';
import { runtimeVersion } from '../../dist/engine/runtime/device.js';
import { epochBatches } from '../../dist/engine/train/batches.js';

const [out, device, steps, batchSize = '32', threads = availableParallelism(), dropoutRate = '0.1'] =
  process.argv.slice(2);
const FILE = fileURLToPath(new URL('../../data/sample/klue-re-sample_train.json', import.meta.url));
const ENCODER = fileURLToPath(new URL('../../models/encoder-ko', import.meta.url));
const SEED = 42;
const LR = 1e-4;
const DROPOUT = Number(dropoutRate);
/** As many shapes of batches; a device prepares each shape once. */
const BATCHES = 4;

const { rows, labelSet, entityTypes } = await loadRows(FILE, { onBadRow: 'error' });
const task = { labelSet, entityTypes, marker: 'typed-punct', head: 'entity-start', maxLength: 256 };
const model = await createRelationModel(ENCODER, task, { layers: null, seed: SEED });
const encoded = rows.map((row) => model.inputs.encode(row));
const lengths = encoded.map(({ ids }) => ids.length);
const batches = epochBatches(lengths, Number(batchSize), SEED, 0)
  .slice(0, BATCHES)
  .map((batch) => ({
    rows: batch.map((row) => encoded[row]),
    labels: batch.map((row) => labelSet.labels.indexOf(rows[row].label)),
  }));

const result = {
  device,
  steps: [],
  settings: {
    batch_size: Number(batchSize),
    batches: BATCHES,
    lr: LR,
    dropout: DROPOUT,
    seed: SEED,
    threads: Number(threads),
  },
  versions: { node: process.version, onnxruntime: runtimeVersion(), cpu: cpus()[0].model, cores: cpus().length },
};
const opened = performance.now();
const side = await openTrainingSide(model, DROPOUT, { device, threads: Number(threads) });
result.open_seconds = (performance.now() - opened) / 1000;
for (let step = 0; step < Number(steps); step++) {
  const { loss, seconds, gradientSeconds } = await side.step(batches[step % BATCHES], LR);
  result.steps.push({ loss, seconds, gradient_seconds: gradientSeconds });
  writeFileSync(out, `${JSON.stringify(result)}\n`);
  if (step < 3 || step % 10 === 9)
    console.log(`${device} step ${step + 1}: loss ${loss.toFixed(5)}, ${seconds.toFixed(3)} s`);
}
await side.release();
