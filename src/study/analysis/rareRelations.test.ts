import { expect, test } from 'vitest';
import { LABEL_SET, madeAnalyzed, madeRow, TRAIN } from '../../../test/support/analysisRows.ts';
import { rareRelations } from './rareRelations.ts';
import { trainingFacts } from './trainingFacts.ts';

const training = trainingFacts(TRAIN)!;
const religion = (predicted: string, gold = 0.02) => madeAnalyzed({ label: 'per:religion' }, predicted, 0.5, gold);
const titles = Array.from({ length: 4 }, () => madeAnalyzed({ label: 'per:title' }, 'per:title'));
const adviceFor = (rows: Parameters<typeof rareRelations>[0]) => {
  const { relations, below } = rareRelations(rows, LABEL_SET, training);
  expect([below, relations.map(({ label }) => label)]).toEqual([0.01, ['per:religion']]);
  return relations[0]!;
};

test('remedies follow the measured pattern', () => {
  // 70 training rows of per:title, the only relation that is learned, against 2.
  expect(adviceFor([...titles, religion('per:title'), religion('per:title')])).toMatchObject({
    ...{ train_rows: 2, support: 2, recall: 0, f1: 0, taken_for: { label: 'per:title', count: 2 } },
    remedies: [
      { remedy: 'more_rows', rows: 68 },
      { remedy: 'sharper_definition', rows: 2, label: 'per:title' },
    ],
  });
  const missed = adviceFor([...titles, religion('no_relation', 0.4), religion('no_relation', 0.4)]);
  expect(missed.remedies.map(({ remedy }) => remedy)).toEqual(['more_rows', 'threshold']);
  const impossible = adviceFor([...titles, religion('org:members'), religion('per:origin')]);
  expect(impossible.remedies.map(({ remedy }) => remedy)).toEqual(['more_rows', 'type_mask']);
  expect(adviceFor([...titles, religion('per:religion')]).remedies).toEqual([
    { remedy: 'nothing', rows: null, label: null },
  ]);
  expect(adviceFor(titles).remedies.map(({ remedy }) => remedy)).toEqual(['unknown']);
});

test('a relation with an inverse can be had from its rows', () => {
  const labelSet = { labels: ['no_relation', 'per:children', 'per:parents'], noRelation: 'no_relation' };
  const rows = [
    ...Array.from({ length: 150 }, (_, i) => madeRow({ guid: `p${i}`, label: 'per:parents' })),
    madeRow({ guid: 'c', label: 'per:children' }),
  ];
  const { relations } = rareRelations([], labelSet, trainingFacts(rows)!);
  expect(relations).toMatchObject([
    {
      label: 'per:children',
      remedies: [{ remedy: 'inverse_augmentation', rows: 150, label: 'per:parents' }, { remedy: 'unknown' }],
    },
  ]);
});
