import type { Sample } from './build.ts';
import { LABELS, SEED } from './plan.ts';
import { SHARED } from './templates/shared.ts';
import { TEMPLATES } from './templates/tables.ts';
import type { Split } from './types.ts';

/** `data/sample/README.md`, a dataset card of the Hugging Face Hub, with the counts of the sample at hand. */
export function sampleReadme(sample: Sample): string {
  const rows = LABELS.map(
    (label) => `| \`${label}\` | ${cells(sample, 'train', label)} | ${cells(sample, 'dev', label)} |`,
  );
  return `---
license: apache-2.0
language: ko
pretty_name: korex sample of Korean relation extraction
task_categories:
- text-classification
tags:
- relation-extraction
- korean
- synthetic
size_categories:
- 1K<n<10K
configs:
- config_name: default
  data_files:
  - split: train
    path: klue-re-sample_train.json
  - split: validation
    path: klue-re-sample_dev.json
---

# The embedded sample

${sample.train.length.toLocaleString('en-US')} training and ${sample.dev.length} dev rows in the layout of KLUE-RE: 30 labels, offsets in code points, end inclusive.
Not a row or sentence of KLUE-RE is in it. The sentences were written for this project, so \`korex\` runs, teaches and tests itself without a download.
Scores on it say that the pipeline works; they say nothing about Korean at large.

## A row

\`\`\`json
${JSON.stringify(sample.train[0], null, 1)}
\`\`\`

The label says what the subject is to the object. \`start_idx\` and \`end_idx\` count code points from 0, \`end_idx\` is the last character's. \`relation_list.json\` has the labels in the order of their ids.

## What it is for, and what not

For trying out, teaching and testing: every stage of korex runs on it in minutes. It is no benchmark. Sentences come from templates, so a model that does well here may still read real text badly, and most labels have four to nine dev rows.

## How it is made

\`npm run sample\` writes this folder from \`tools/sample/\`: hand-written Korean sentence templates, lists of names, and a seeded
generator (seed ${SEED}). The same code gives the same bytes; a test holds the files to it.

- **Names** of people, organisations, works and products are invented; any likeness to real ones is chance. Towns and countries are real.
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
