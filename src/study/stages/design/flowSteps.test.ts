import { expect, test } from 'vitest';
import { flowFigure } from './flowSteps.ts';

test.each(['ko', 'en'] as const)('the flow figure, %s', async (lang) => {
  await expect(flowFigure(lang)).toMatchFileSnapshot(`../../../../test/fixtures/flow.${lang}.svg`);
});

test.each(['ko', 'en'] as const)('no text runs out of its box, %s', (lang) => {
  const texts = [...flowFigure(lang).matchAll(/<text [^>]*font-size="13"[^>]*>([^<]+)</g)].map((match) => match[1]!);
  expect(texts.length).toBeGreaterThanOrEqual(15);
  const widthOf = (text: string) =>
    13 * [...text].reduce((sum, char) => sum + (/\p{Script=Hangul}/u.test(char) ? 0.92 : 0.5), 0);
  expect(texts.filter((text) => widthOf(text) >= 182)).toEqual([]);
});
