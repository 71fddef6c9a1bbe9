// How many labels for which F1: korex's selection of what to label next against a random one, KLUE-RE's training rows as the
// people who answer. The encoder has never seen KLUE-RE's labels; both ways begin with the same random rows of a seed.
//
//   npm run build && node tools/labelling/labelsToF1.mjs --data shared/klue-re-v1.1 --out temp_result/labels-to-f1
//
// OUT/labels-to-f1.jsonl has a line for each training; what is there already is not done again. Once all trainings that the
// options ask for are there, the record (tools/labelling/labels-to-f1.json), the charts (docs/images/) and the tables of
// docs/label.md and its twin are written, unless --no-write is given.
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeJson } from '../../dist/base/core/files.js';
import { randomStream, shuffled } from '../../dist/base/core/random.js';
import { silentReporter } from '../../dist/base/core/reporter.js';
import { DEFAULT_SETTINGS } from '../../dist/base/core/settings.js';
import { findDataSource } from '../../dist/base/data/dataSource.js';
import { datasetDigest } from '../../dist/base/data/digest.js';
import { loadRows } from '../../dist/base/data/loadRows.js';
import { inverseOf } from '../../dist/base/data/relationTraits.js';
import { computeMetrics } from '../../dist/base/eval/metrics.js';
import { runFolder } from '../../dist/engine/runs/runFolder.js';
import { openClassifier } from '../../dist/inference/predict/classifier.js';
import { share } from '../../dist/study/labelling/labelling.js';
import { chooseNext } from '../../dist/study/labelling/whatComesNext.js';
import { prepareRuns } from '../../dist/study/stages/training/prepareRuns.js';
import { startingPoint } from '../../dist/study/stages/training/startingPoint.js';
import { fineTune } from '../../dist/study/stages/training.js';
import { writeShown } from './labelsToF1Shown.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'klue' },
    out: { type: 'string', default: 'temp_result/labels-to-f1' },
    encoder: { type: 'string', default: 'encoder-ko-klue' },
    layers: { type: 'string', default: '4' },
    freeze: { type: 'string', default: '2' },
    seeds: { type: 'string', default: '1,2,3' },
    sizes: { type: 'string', default: '100,200,500,1000,2000' },
    // Rows that may be labelled, and rows of the test file that judge.
    pool: { type: 'string', default: '2500' },
    judging: { type: 'string', default: '1000' },
    threads: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
  },
});
const numbers = (text) => text.split(',').map(Number);
const [sizes, seeds] = [numbers(values.sizes), numbers(values.seeds)];
const WAYS = ['random', 'korex'];
/** Optimizer steps that a training aims at, and the epochs that this may take: nearly as `korex retrain` does. */
const STEPS = 200;
const EPOCHS = { least: 2, most: 15 };
const BATCH = 8;
const VALIDATION = 0.1;

const recipe = {
  ...{ encoder: values.encoder, encoderLayers: Number(values.layers), freezeLayers: Number(values.freeze) },
  ...{ marker: 'typed-punct', head: 'start-mean', sampling: 'sqrt', maxLength: 128 },
  ...{ batchSize: BATCH, lr: 2e-4, validation: VALIDATION },
};
const file = join(values.out, 'labels-to-f1.jsonl');
const saidFile = (seed, size) => join(values.out, `said-${seed}-${size}.json`);
await mkdir(values.out, { recursive: true });
const done = (await readFile(file, 'utf8').catch(() => ''))
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const find = (seed, way, size) => done.find((line) => line.seed === seed && line.way === way && line.size === size);

const source = await findDataSource(values.data, 'train');
const all = await loadRows(source.train, { onBadRow: 'skip' });
const judges = await loadRows(source.test, { labelSet: all.labelSet, entityTypes: all.entityTypes, onBadRow: 'skip' });
const { labelSet, entityTypes } = all;
const judging = shuffled(judges.rows, randomStream(0, 'judging')).slice(0, Number(values.judging));
const byGuid = new Map(all.rows.map((row) => [row.guid, row]));

for (const seed of seeds) {
  const pool = shuffled(all.rows, randomStream(seed, 'labels to F1')).slice(
    0,
    Math.max(Number(values.pool), sizes.at(-1)),
  );
  for (const way of WAYS) {
    let labelled = pool.slice(0, sizes[0]);
    for (const [step, size] of sizes.entries()) {
      const more = (sizes[step + 1] ?? size) - size;
      const line = find(seed, way, size) ?? (await round(seed, way, step, pool, labelled, more));
      // A random choice is the next ones of the pool, which is in random order.
      const next = way === 'random' ? pool.slice(size, size + more) : line.next.map((guid) => byGuid.get(guid));
      labelled = [...labelled, ...next];
    }
  }
}

const lines = seeds.flatMap((seed) => WAYS.flatMap((way) => sizes.map((size) => find(seed, way, size))));
const record = {
  ...{ data: 'klue-re-v1.1', sizes, seeds, pool: Number(values.pool), judging: judging.length },
  recipe: { ...recipe, steps: STEPS, epochs: EPOCHS },
  ...{ processor: cpus()[0]?.model ?? '', cores: cpus().length },
  runs: lines.map(({ seed, way, size, accuracy, micro_f1, macro_f1, seconds }) => ({
    ...{ seed, way, size, accuracy, micro_f1, macro_f1, seconds },
  })),
};
if (values['no-write']) console.log(JSON.stringify(record, null, 2));
else {
  await writeJson(fileURLToPath(new URL('labels-to-f1.json', import.meta.url)), record);
  await writeShown(record);
}

/** A training, its figures, and for korex's way the rows that are labelled next. */
async function round(seed, way, step, pool, labelled, more) {
  const size = sizes[step];
  // Before the first choice both ways have the same rows, and so the same model.
  const same =
    step === 0
      ? find(
          seed,
          WAYS.find((other) => other !== way),
          size,
        )
      : undefined;
  const begun = performance.now();
  const needsModel = same === undefined || (way === 'korex' && more > 0);
  const classifier = needsModel ? await trained(seed, way, size, labelled) : null;
  const figures = same
    ? { accuracy: same.accuracy, micro_f1: same.micro_f1, macro_f1: same.macro_f1 }
    : await judged(classifier);
  const next = way === 'korex' && more > 0 ? await chosen(classifier, seed, step, pool, labelled, more) : [];
  await classifier?.release();
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const line = { seed, way, size, ...figures, seconds, next: next.map(({ guid }) => guid) };
  await appendFile(file, `${JSON.stringify(line)}\n`);
  done.push(line);
  console.log(
    `seed ${seed}, ${way}, ${size} labels: micro-F1 ${figures.micro_f1.toFixed(3)}, macro-F1 ${figures.macro_f1.toFixed(3)}, ${seconds} s`,
  );
  return line;
}

/** A model of these rows alone. */
async function trained(seed, way, size, train) {
  const name = `${way}-${seed}-${size}`;
  const perEpoch = Math.ceil((size * (1 - VALIDATION)) / BATCH);
  const settings = {
    ...DEFAULT_SETTINGS,
    ...{ name, out: values.out, seed, trainingSeed: seed, ...recipe },
    epochs: Math.min(EPOCHS.most, Math.max(EPOCHS.least, Math.ceil(STEPS / perEpoch))),
    threads: values.threads ? Number(values.threads) : DEFAULT_SETTINGS.threads,
  };
  const dataset = {
    ...{ name: 'klue', labelSet, entityTypes, train, test: judging, files: [] },
    digest: datasetDigest(labelSet, entityTypes, train, judging),
  };
  const context = {
    settings,
    dataset,
    out: values.out,
    reporter: silentReporter,
    signal: new AbortController().signal,
  };
  const prepared = await prepareRuns(context);
  const folder = runFolder(values.out, name);
  const { model } = await fineTune(context, {
    ...{ name, folder, plan: prepared.plans[name], rows: prepared.rows },
    start: startingPoint(context, prepared),
    resume: 'if-same',
  });
  // Thirty models are not kept.
  await rm(folder, { recursive: true, force: true });
  return openClassifier(model, settings);
}

async function judged(classifier) {
  const predictions = await classifier.predict(judging);
  const gold = judging.map(({ label }) => label);
  const { accuracy, micro_f1, macro_f1 } = computeMetrics(gold, predictions, labelSet);
  return { accuracy, micro_f1, macro_f1 };
}

/** The rows that korex has labelled next, one choice after the other. */
async function chosen(classifier, seed, step, pool, labelled, more) {
  const taken = new Set(labelled.map(({ guid }) => guid));
  const free = pool.filter(({ guid }) => !taken.has(guid));
  const predictions = await classifier.predict(free);
  const tops = predictions.map(({ probabilities }) => ranked(probabilities));
  // What the model says of the pool now is another model's word at the next choice.
  await writeJson(
    saidFile(seed, sizes[step]),
    Object.fromEntries(free.map(({ guid }, i) => [guid, tops[i].slice(0, 1)])),
  );
  const before = step === 0 ? {} : JSON.parse(await readFile(saidFile(seed, sizes[step - 1]), 'utf8'));
  const candidates = free.map((row, id) => {
    const pair = { subject: row.subject, object: row.object };
    const other = before[row.guid];
    return {
      ...{ id, text: row.sentence, pairs: [{ ...pair, top: tops[id] }] },
      otherPairs: other ? [{ ...pair, top: other }] : null,
    };
  });
  const picked = new Set();
  const counts = new Map();
  for (const { label } of labelled) counts.set(label, (counts.get(label) ?? 0) + 1);
  const texts = labelled.map(({ sentence }) => sentence);
  while (picked.size < more) {
    const known = {
      ...{ labelled: labelled.length + picked.size, counts, texts: texts.slice(-200) },
      ...{ noRelation: labelSet.noRelation, isCalibrated: true, inverseOf },
      random: (purpose, id) => share(`${seed} ${purpose}`, id),
    };
    const choice = chooseNext(
      candidates.filter(({ id }) => !picked.has(id)),
      known,
    );
    picked.add(choice.id);
    // KLUE's label is the answer.
    const { label, sentence } = free[choice.id];
    counts.set(label, (counts.get(label) ?? 0) + 1);
    texts.push(sentence);
  }
  return [...picked].map((id) => free[id]);
}

function ranked(probabilities) {
  return labelSet.labels
    .map((relation, i) => ({ relation, probability: probabilities[i] }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 12);
}
