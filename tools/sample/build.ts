import { randomStream, shuffled } from '../../src/base/core/random.ts';
import { LABELS, MIN_LENGTH, PLAN, SEED, SHARED_RENDERINGS } from './plan.ts';
import { type Rendered, render, type Span } from './render.ts';
import { SHARED } from './templates/shared.ts';
import { TEMPLATES } from './templates/tables.ts';
import type { Pair, Split } from './types.ts';

/** A row in KLUE-RE's layout. */
export interface SampleRow {
  readonly guid: string;
  readonly sentence: string;
  readonly subject_entity: Span;
  readonly object_entity: Span;
  readonly label: string;
  readonly source: string;
}

export type Sample = Readonly<Record<Split, readonly SampleRow[]>>;

/** Both files. No sentence is rendered twice, and no entity of dev is one of train. */
export function buildSample(): Sample {
  const sentences = new Set<string>();
  const train = buildSplit('train', sentences, new Set());
  const dev = buildSplit('dev', sentences, new Set(train.flatMap(entityWords)));
  return { train, dev };
}

const entityWords = (row: Omit<SampleRow, 'guid'>): string[] => [row.subject_entity.word, row.object_entity.word];

function buildSplit(split: Split, sentences: Set<string>, foreignWords: ReadonlySet<string>): SampleRow[] {
  const rows: Omit<SampleRow, 'guid'>[] = [];

  /** Rows of one template; draws again where the sentence is short or known, or an entity belongs to the other split. */
  const add = (template: string, pairs: readonly Pair[], turn: number) => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const rendered = render(template, split, randomStream(SEED, split, template, turn, attempt));
      const made = pairs.map((pair) => toRow(rendered, pair));
      if ([...rendered.sentence].length < MIN_LENGTH) continue;
      if (sentences.has(rendered.sentence) || made.flatMap(entityWords).some((word) => foreignWords.has(word)))
        continue;
      sentences.add(rendered.sentence);
      rows.push(...made);
      return;
    }
    throw new Error(`Too few ways to fill "${template}".`);
  };

  for (const { text, pairs } of SHARED[split])
    for (let turn = 0; turn < SHARED_RENDERINGS[split]; turn++) add(text, pairs, turn);
  for (const label of LABELS) {
    const templates = TEMPLATES[label]![split];
    const open = PLAN[label]![split] - rows.filter((row) => row.label === label).length;
    const order = shuffled(templates, randomStream(SEED, split, label));
    for (let i = 0; i < open; i++) add(order[i % order.length]!, [['S', 'O', label]], Math.floor(i / order.length));
  }
  return shuffled(rows, randomStream(SEED, split, 'order')).map((row, i) => ({
    guid: `korex-sample_${split}_${String(i).padStart(5, '0')}`,
    ...row,
  }));
}

function toRow({ sentence, spans, source }: Rendered, [subject, object, label]: Pair): Omit<SampleRow, 'guid'> {
  return { sentence, subject_entity: spans.get(subject)!, object_entity: spans.get(object)!, label, source };
}
