import { expect, test } from 'vitest';
import { RELATION_GUIDE } from '../src/base/data/relationGuide.ts';
import { KLUE_LABELS } from '../src/base/data/relations.ts';
import { relationsPage } from './support/relationsPage.ts';

test('each of KLUE’s relations has its words and an example that names subject and object once', () => {
  expect(Object.keys(RELATION_GUIDE)).toEqual(KLUE_LABELS);
  for (const [label, { when, example }] of Object.entries(RELATION_GUIDE)) {
    const { sentence, subject, object } = example;
    for (const word of [subject, object]) expect(sentence.split(word).length, `${label}: ${word}`).toBe(2);
    expect(when.ko, label).toMatch(/[가-힣]\.$/);
    expect(when.en, label).toMatch(/^[\x20-\x7e“”’]+\.$/);
  }
});

test.each(['en', 'ko'] as const)('the guide’s page on relations is that of the tables (%s)', async (lang) => {
  await expect(relationsPage(lang)).toMatchFileSnapshot(`../docs/relations${lang === 'en' ? '' : '.ko'}.md`);
});
