// How many labels for which F1: korex's selection of what to label next against a random one, KLUE-RE's training rows as the
// people who answer. The encoder has never seen KLUE-RE; both ways begin with the same random rows of a seed.
//
//   npm run build && node tools/labelling/labelsToF1.mjs --data shared/klue-re-v1.1 --out temp_result/labels-to-f1
//
// Results go to OUT/labels-to-f1.jsonl, a line for each training; what is there already is not done again.
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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
import { chooseNext } from '../../dist/study/labelling/whatComesNext.js';
import { prepareRuns } from '../../dist/study/stages/training/prepareRuns.js';
import { startingPoint } from '../../dist/study/stages/training/startingPoint.js';
import { fineTune } from '../../dist/study/stages/training.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'klue' },
    out: { type: 'string', default: 'temp_result/labels-to-f1' },
    encoder: { type: 'string', default: 'models/encoder-ko' },
    seeds: { type: 'string', default: '1,2,3' },
    sizes: { type: 'string', default: '100,200,500,1000,2000' },
    // Of the pool, what a model is asked about before each choice, and rows that judge; all of them where left out.
    pool: { type: 'string', default: '4000' },
    judging: { type: 'string' },
    epochs: { type: 'string', default: '10' },
    threads: { type: 'string' },
  },
});
const numbers = (text) => text.split(',').map(Number);
const sizes = numbers(values.sizes);
const file = join(values.out, 'labels-to-f1.jsonl');
await mkdir(values.out, { recursive: true });
const done = (await readFile(file, 'utf8').catch(() => ''))
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));

const source = await findDataSource(values.data, 'train');
const all = await loadRows(source.train, { onBadRow: 'skip' });
const judges = await loadRows(source.test, { labelSet: all.labelSet, entityTypes: all.entityTypes, onBadRow: 'skip' });
const { labelSet, entityTypes } = all;
const judging = shuffled(judges.rows, randomStream(0, 'judging')).slice(
  0,
  values.judging ? Number(values.judging) : undefined,
);
const byGuid = new Map(all.rows.map((row) => [row.guid, row]));

for (const seed of numbers(values.seeds)) {
  const order = shuffled(all.rows, randomStream(seed, 'labels to F1'));
  const pool = order.slice(0, Math.max(Number(values.pool), sizes.at(-1)));
  for (const way of ['random', 'korex']) {
    let labelled = pool.slice(0, sizes[0]);
    for (const [step, size] of sizes.entries()) {
      const known = done.find((line) => line.seed === seed && line.way === way && line.size === size);
      const model = known ? null : await trained(seed, way, size, labelled);
      if (!known) {
        const figures = await judged(model);
        const next = step + 1 < sizes.length ? await chosen(model, way, seed, pool, labelled, sizes[step + 1]) : [];
        const line = { seed, way, size, ...figures, next: next.map(({ guid }) => guid) };
        await appendFile(file, `${JSON.stringify(line)}\n`);
        done.push(line);
        console.log(
          `seed ${seed}, ${way}, ${size} labels: micro-F1 ${figures.micro_f1.toFixed(3)}, macro-F1 ${figures.macro_f1.toFixed(3)}`,
        );
      }
      const line = done.find((each) => each.seed === seed && each.way === way && each.size === size);
      labelled = [...labelled, ...line.next.map((guid) => byGuid.get(guid))];
    }
  }
}

const rows = sizes.map((size) => {
  const mean = (way, metric) => {
    const of = done.filter((line) => line.way === way && line.size === size).map((line) => line[metric]);
    return of.reduce((sum, value) => sum + value, 0) / of.length;
  };
  const cells = ['micro_f1', 'macro_f1'].flatMap((metric) =>
    [mean('random', metric), mean('korex', metric)].map((value) => value.toFixed(3)),
  );
  return `| ${[size, ...cells].join(' | ')} |`;
});
console.log(
  [
    '| labels | random, micro-F1 | korex, micro-F1 | random, macro-F1 | korex, macro-F1 |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n'),
);

/** A model of these rows alone, by the encoder's recipe. */
async function trained(seed, way, size, train) {
  const name = `${way}-${seed}-${size}`;
  const settings = {
    ...DEFAULT_SETTINGS,
    ...{ name, out: values.out, encoder: values.encoder, seed, trainingSeed: seed, epochs: Number(values.epochs) },
    threads: values.threads ? Number(values.threads) : DEFAULT_SETTINGS.threads,
  };
  const dataset = {
    name: 'klue',
    labelSet,
    entityTypes,
    train,
    test: judging,
    files: [],
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
    name,
    folder,
    plan: prepared.plans[name],
    rows: prepared.rows,
    start: startingPoint(context, prepared),
    resume: 'if-same',
  });
  // Thirty models are not kept.
  await rm(folder, { recursive: true, force: true });
  return openClassifier(model, settings);
}

async function judged(classifier) {
  const predictions = await classifier.predict(judging);
  const { accuracy, micro_f1, macro_f1 } = computeMetrics(
    judging.map(({ label }) => label),
    predictions,
    labelSet,
  );
  return { accuracy, micro_f1, macro_f1 };
}

/** The rows that are labelled next. */
async function chosen(classifier, way, seed, pool, labelled, size) {
  const taken = new Set(labelled.map(({ guid }) => guid));
  const free = pool.filter(({ guid }) => !taken.has(guid));
  if (way === 'random') return free.slice(0, size - labelled.length);
  const predictions = await classifier.predict(free);
  const candidates = free.map((row, id) => ({
    ...{ id, text: row.sentence, otherPairs: null },
    pairs: [{ subject: row.subject, object: row.object, top: ranked(predictions[id].probabilities) }],
  }));
  const stream = randomStream(seed, 'choice');
  const picked = new Set();
  const counts = new Map();
  for (const { label } of labelled) counts.set(label, (counts.get(label) ?? 0) + 1);
  const texts = labelled.map(({ sentence }) => sentence);
  while (picked.size < size - labelled.length) {
    const choice = chooseNext(
      candidates.filter(({ id }) => !picked.has(id)),
      {
        ...{
          labelled: labelled.length + picked.size,
          counts,
          texts: texts.slice(-200),
          noRelation: labelSet.noRelation,
          isCalibrated: true,
        },
        inverseOf,
        random: (purpose, id) => stream.uniform(id * 7919 + purpose.length),
      },
    );
    picked.add(choice.id);
    // The oracle answers.
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
