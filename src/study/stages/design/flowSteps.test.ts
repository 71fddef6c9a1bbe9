import { expect, test } from 'vitest';
import { flowFigure } from './flowSteps.ts';

test.each(['ko', 'en'] as const)('the flow figure, %s', async (lang) => {
  await expect(flowFigure(lang)).toMatchFileSnapshot(`../../../../test/fixtures/flow.${lang}.svg`);
});

test('no text runs out of its box', () => {
  for (const lang of ['ko', 'en'] as const)
    for (const [, x, text] of flowFigure(lang).matchAll(/<text x="([\d.]+)"[^>]*font-size="13"[^>]*>([^<]+)</g)) {
      const ems = [...text!].reduce((sum, char) => sum + (/\p{Script=Hangul}/u.test(char) ? 0.92 : 0.5), 0);
      expect(ems * 13, `${text} at ${x}`).toBeLessThan(182);
    }
});
