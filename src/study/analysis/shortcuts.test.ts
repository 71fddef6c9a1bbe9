import { expect, test } from 'vitest';
import { LABEL_SET, madeAnalyzed, madeAnswer, madeRow, TRAIN } from '../../../test/support/analysisRows.ts';
import { spanText } from '../../base/data/span.ts';
import { reduced, shortcutFigures } from './shortcuts.ts';
import { trainingFacts } from './trainingFacts.ts';

test('rows keep their entities in code points when the sentence is taken away or the names are hidden', () => {
  const row = madeRow({ guid: 'a', label: 'per:title', words: ['비틀즈😀', '조지 해리슨'], before: '😀 어제 ' });
  const alone = reduced(row, 'entities_only');
  expect(alone).toMatchObject({ guid: 'a', label: 'per:title', sentence: '비틀즈😀 조지 해리슨' });
  const hidden = reduced(row, 'masked');
  expect(hidden.sentence).toBe('😀 어제 ○○ 은 ○○ 다');
  for (const { sentence, subject, object } of [row, alone, hidden])
    for (const { word, start, end } of [subject, object]) expect(spanText(sentence, start, end)).toBe(word);
  expect(hidden.object.type).toBe('POH');
  const swapped = reduced({ ...row, subject: row.object, object: row.subject }, 'entities_only');
  expect([swapped.sentence, swapped.subject.start, swapped.object.start]).toEqual(['비틀즈😀 조지 해리슨', 5, 0]);
});

test('right answers that stay right, and errors that the sentence did not change', () => {
  const rows = [
    madeAnalyzed({ guid: 'a', label: 'per:title' }, 'per:title'),
    madeAnalyzed({ guid: 'b', label: 'per:title' }, 'per:title'),
    madeAnalyzed({ guid: 'c', label: 'per:origin' }, 'per:title', 0.7),
    madeAnalyzed({ guid: 'd', label: 'no_relation' }, 'per:title', 0.9),
  ];
  const answers = (labels: readonly string[]) =>
    labels.map((label, i) => madeAnswer(rows[i]!.example.guid, label, 0.9));
  const figures = shortcutFigures(
    {
      rows,
      sampled: false,
      answers: {
        entities_only: answers(['per:title', 'no_relation', 'per:title', 'per:title']),
        masked: answers(['no_relation', 'no_relation', 'no_relation', 'no_relation']),
      },
    },
    LABEL_SET,
    trainingFacts(TRAIN),
  );
  expect(figures).toMatchObject({
    ...{ rows: 4, right: 2, right_with_entities_only: 1, right_with_masked: 0 },
    ...{ wrong: 2, wrong_same_with_entities_only: 2, cases: ['d', 'c'] },
    labels: [{ label: 'per:title', right: 2, kept: 1 }],
  });
  expect([figures.full, figures.entities_only, figures.masked].map(({ accuracy }) => accuracy)).toEqual([
    0.5, 0.25, 0.25,
  ]);
  // Most training rows of PER and POH have no relation.
  expect(figures.type_rule?.accuracy).toBe(0.25);
});
