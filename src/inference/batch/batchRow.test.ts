import { expect, test } from 'vitest';
import { asGiven, KorexError } from '../../base/core/errors.ts';
import { type BatchModel, batchRow } from './batchRow.ts';

test('a row whose sentence the model cannot encode is rejected as a whole, with the model’s reason', () => {
  const encode = () => {
    throw new KorexError('failed', asGiven('The markers are lost.'), undefined, undefined, '');
  };
  const model = { encode } as unknown as BatchModel;
  const value = { sentence: '가 나', subject: { word: '가' }, object: { word: '나' } };
  expect(batchRow({ number: 7, value }, { file: 'rows.jsonl' }, model, {})).toEqual({
    ...{ file: 'rows.jsonl', row: 7, value },
    problems: [
      {
        field: 'row',
        found: expect.objectContaining({ en: expect.stringContaining('"sentence":"가 나"') }),
        expected: {
          en: 'what the model can take: The markers are lost.',
          ko: '모델이 읽을 수 있는 것: The markers are lost.',
        },
      },
    ],
  });
});
