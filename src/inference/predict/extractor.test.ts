import { expect, test } from 'vitest';
import { asGiven, failure } from '../../base/core/errors.ts';
import { Extractor, type Logits } from './extractor.ts';
import { modelInfo, postprocessingOf } from './postprocessing.ts';

const labelSet = { labels: ['no_relation', 'a'], noRelation: 'no_relation' };
const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: [] } as const;
const request = { sentence: '가온은 나루이다.', subject: { word: '가온' }, object: { word: '나루' } };

test('a sentence that cannot be encoded is an error of its request, wherever it stands', async () => {
  const encode = () => {
    throw failure(asGiven('The markers are lost.'));
  };
  const model = { task, inputs: { encode } } as unknown as Logits['model'];
  const postprocessing = postprocessingOf('m', labelSet, null);
  const classifier: Logits = { model, logits: async () => [], release: async () => {} };
  const extractor = new Extractor(classifier, postprocessing, modelInfo(task, postprocessing, null, 'fp32'));
  const lost = (field: string) => expect.objectContaining({ kind: 'failed', message: 'The markers are lost.', field });
  expect(() => extractor.prepare(request, '/requests/3')).toThrow(lost('/requests/3'));
  await expect(extractor.predict([request])).rejects.toEqual(lost('/0'));
  const { sentence, subject, object } = request;
  await expect(extractor.extract({ sentence, entities: [subject, object] })).rejects.toEqual(lost(''));
});
