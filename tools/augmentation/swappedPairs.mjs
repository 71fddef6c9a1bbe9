// Counts, for each relation of the training rows, the rows whose sentence is there again with subject and object swapped,
// and what these are labelled: the figures behind `src/base/data/relationTraits.ts`, as a Markdown table.
//
// Usage: node tools/augmentation/swappedPairs.mjs DATA   (after `npm run build`)
import { silentReporter } from '../../dist/base/core/reporter.js';
import { DEFAULT_SETTINGS } from '../../dist/base/core/settings.js';
import { groupBy, tally } from '../../dist/base/data/grouping.js';
import { loadDataset } from '../../dist/base/data/loadDataset.js';
import { inverseOf } from '../../dist/base/data/relationTraits.js';

const { train, labelSet } = await loadDataset({ ...DEFAULT_SETTINGS, data: process.argv[2] }, silentReporter);
const keyOf = (sentence, ...entities) => JSON.stringify([sentence, ...entities.map(({ start, end }) => [start, end])]);
const byPlaces = groupBy(train, ({ sentence, subject, object }) => keyOf(sentence, subject, object));
const pairs = train.flatMap(({ sentence, subject, object, label }) =>
  (byPlaces.get(keyOf(sentence, object, subject)) ?? []).map((swapped) => ({ label, swapped: swapped.label })),
);
console.log('| relation | inverse | swapped pairs | labelled | |\n| --- | --- | ---: | --- | ---: |');
for (const label of labelSet.labels) {
  const labels = pairs.filter((pair) => pair.label === label).map(({ swapped }) => swapped);
  if (labels.length === 0) continue;
  const counts = [...tally(labels)].sort((a, b) => b[1] - a[1]);
  const inverse = inverseOf(label);
  const share =
    inverse === null
      ? '–'
      : `${((100 * labels.filter((each) => each === inverse).length) / labels.length).toFixed(0)} %`;
  const found = counts.slice(0, 3).map(([name, count]) => `\`${name}\` ${count}`);
  console.log(
    `| \`${label}\` | ${inverse === null ? '–' : `\`${inverse}\``} | ${labels.length} | ${found.join(', ')} | ${share} |`,
  );
}
