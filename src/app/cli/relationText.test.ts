import { expect, test } from 'vitest';
import type { ExtractResponse, Relation } from '../../inference/predict/schema.ts';
import { graphText, relationText } from './relationText.ts';

const sentence = '😀 한빛전자는 서지우가\t세웠다.';
const answer: Relation = {
  relation: 'org:founded_by',
  description: { ko: '설립자', en: 'founder' },
  confidence: 0.75,
  decision: 'relation',
  threshold: 0.5,
  no_relation_probability: 0.25,
  top: [
    { relation: 'org:founded_by', probability: 0.75 },
    { relation: 'no_relation', probability: 0.25 },
  ],
  subject: { word: '한빛전자', start: 2, end: 5, type: 'ORG' },
  object: { word: '서지우', start: 8, end: 10, type: null },
  shortened: false,
  model: 'm',
};
const plain = { lang: 'en', color: false } as const;

test('one relation, entities in brackets where there are no colours', () => {
  expect(relationText(sentence, answer, plain)).toMatchInlineSnapshot(`
    "😀 [한빛전자]는 [서지우]가 세웠다.

    한빛전자 (organisation) → 서지우
    org:founded_by  0.75  founder
      org:founded_by  0.7500  ██████████████████
      no_relation     0.2500  ██████"
  `);
});

test('in colour, and uncertain', () => {
  const text = relationText(
    sentence,
    { ...answer, decision: 'uncertain', threshold: 0.8 },
    { lang: 'ko', color: true },
  );
  expect(text).toContain('\u001b[1;34m한빛전자\u001b[0m는 \u001b[1;35m서지우\u001b[0m가 세웠다.');
  expect(text).toContain('불확실: 신뢰도 0.75 < 임계값 0.80');
});

test('a graph, a name within a name marked once', () => {
  const graph: ExtractResponse = {
    sentence,
    entities: [answer.subject, { word: '한빛', start: 2, end: 3, type: null }, answer.object],
    relations: [{ ...answer, subject_index: 0, object_index: 2 }],
    pairs: 4,
    model: 'm',
  };
  expect(graphText(graph, plain)).toMatchInlineSnapshot(`
    "😀 [한빛전자]는 [서지우]가 세웠다.

    한빛전자 (organisation) → 서지우  org:founded_by  0.75  founder
    4 pairs of entities were looked at."
  `);
  expect(graphText({ ...graph, relations: [] }, plain)).toContain('No relations found.');
});
