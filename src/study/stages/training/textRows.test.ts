import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../base/core/settings.ts';
import type { AnnotatedDocument, Dataset, LabelledExample } from '../../../base/core/types.ts';
import { splitTexts, textRows } from './textRows.ts';

const example = (sentence: string, label: string): LabelledExample => ({
  ...{ guid: sentence, sentence, label, source: null },
  subject: { word: '가람', start: 0, end: 1, type: 'PER' },
  object: { word: '미르', start: 3, end: 4, type: 'ORG' },
});
const document = (id: number): AnnotatedDocument => ({
  ...{ id: `d${id}`, text: `가람 미르 나루 ${id}`, source: null, unsure: [] },
  entities: [
    { word: '가람', start: 0, end: 1, type: 'PER' },
    { word: '미르', start: 3, end: 4, type: 'ORG' },
    { word: '나루', start: 6, end: 7, type: 'PER' },
  ],
  relations: [{ subject: 0, relation: 'per:employee_of', object: 1 }],
});
const documents = Array.from({ length: 100 }, (_, id) => document(id));
const rows = {
  train: [example('가람 미르 나루 0', 'per:employee_of')],
  validation: [example('가람 미르 나루 1', 'x')],
};
const dataset: Dataset = {
  name: 'rows',
  labelSet: { labels: ['no_relation', 'per:employee_of'], noRelation: 'no_relation' },
  entityTypes: ['PER', 'ORG'],
  train: rows.train,
  test: [],
  documents,
  files: [],
  digest: '',
};
const settings = { ...DEFAULT_SETTINGS, validation: 0.1, seed: 5 };

test('documents are split by text, apart from validation rows, the same for the same seed', () => {
  const { train, held } = splitTexts({ dataset, settings }, rows);
  expect(held).toHaveLength(10);
  expect(held.map(({ id }) => id)).not.toContain('d0');
  const ids = [...train, ...held].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(train.map(({ id }) => id)).not.toContain('d1');
  expect(splitTexts({ dataset, settings }, rows)).toEqual({ train, held });
  expect(splitTexts({ dataset, settings: { ...settings, seed: 6 } }, rows).held).not.toEqual(held);
});

test('every relation is a row, and a share of the possible pairs without one', () => {
  const all = textRows(documents, { dataset, settings });
  // Both persons with the organisation; of two persons, or from the organisation, nothing is known that could hold.
  expect(all).toHaveLength(200);
  const half = textRows(documents, { dataset, settings: { ...settings, textNegatives: 0.5 } });
  expect(half.filter(({ label }) => label === 'per:employee_of')).toHaveLength(100);
  const kept = half.length - 100;
  expect(kept).toBeGreaterThan(30);
  expect(kept).toBeLessThan(70);
  expect(textRows(documents, { dataset, settings: { ...settings, textNegatives: 0.5 } })).toEqual(half);
  expect(textRows(documents, { dataset, settings: { ...settings, textPairs: 'all' } })).toHaveLength(600);
});

test('refuses documents without annotated relations, and labels without one for none', () => {
  expect(() => textRows([{ ...document(1), relations: null }], { dataset, settings })).toThrow('no "relations"');
  const unnamed = { ...dataset, labelSet: { ...dataset.labelSet, noRelation: null } };
  expect(() => textRows(documents, { dataset: unnamed, settings })).toThrow('no label for pairs without a relation');
});
