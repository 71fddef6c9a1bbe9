import type { Sample } from './build.ts';
import { LABELS, SEED } from './plan.ts';
import { SHARED } from './templates/shared.ts';
import { TEMPLATES } from './templates/tables.ts';
import type { Split } from './types.ts';

/** `data/sample/README.md`, with the counts of the sample at hand. */
export function sampleReadme(sample: Sample): string {
  const rows = LABELS.map(
    (label) => `| \`${label}\` | ${cells(sample, 'train', label)} | ${cells(sample, 'dev', label)} |`,
  );
  return `# The embedded sample

${sample.train.length.toLocaleString('en-US')} training and ${sample.dev.length} dev rows in the layout of KLUE-RE: 30 labels, offsets in code points, end inclusive.
Not a row or sentence of KLUE-RE is in it. The sentences were written for this project, so \`korex\` runs, teaches and tests itself without a download.
Scores on it say that the pipeline works; they say nothing about Korean at large.

## How it is made

\`npm run sample\` writes this folder from \`tools/sample/\`: hand-written Korean sentence templates, lists of names, and a seeded
generator (seed ${SEED}). The same code gives the same bytes; a test holds the files to it.

- **Names** of people, organisations, works and products are invented; whoever bears one is not meant. Towns and countries are real.
- **Particles** (은/는, 이/가, 을/를, 과/와, 으로/로 …) follow the last sound of the word before them, digits and Latin letters included.
- **Dates** of one sentence are in order: birth, graduation, career, death.
- **Dev is other than train**: no template, no text around one, and no marked entity of dev is one of train.
- **Priors shift as in KLUE-RE**: \`no_relation\` is ${percent(sample, 'train')} of train and ${percent(sample, 'dev')} of dev.
- **\`no_relation\` is hard**: most of its rows have the types and words of a relation that is denied, rumoured, failed, or holds between
  others in the sentence. A few sentences host several rows, related and not.

## Rows and templates

Templates that host several rows count for each of their labels.

| label | train rows | templates | dev rows | templates |
| --- | ---: | ---: | ---: | ---: |
${rows.join('\n')}

## Licence

Apache-2.0, as the project. The label set follows KLUE-RE (Park et al. 2021, [KLUE: Korean Language Understanding Evaluation](https://arxiv.org/abs/2105.09680)).
`;
}

function cells(sample: Sample, split: Split, label: string): string {
  return `${count(sample, split, label)} | ${templateCount(split, label)}`;
}

const count = (sample: Sample, split: Split, label: string) =>
  sample[split].filter((row) => row.label === label).length;

/** Templates that give rows of a label. */
function templateCount(split: Split, label: string): number {
  const shared = SHARED[split].filter(({ pairs }) => pairs.some((pair) => pair[2] === label));
  return TEMPLATES[label]![split].length + shared.length;
}

const percent = (sample: Sample, split: Split) =>
  `${((100 * count(sample, split, 'no_relation')) / sample[split].length).toFixed(1)} %`;
