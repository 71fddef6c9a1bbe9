import { expect, test } from 'vitest';
import { lineIn } from '../../../base/core/reporter.ts';
import { reportingNotes } from './startingPoint.ts';

test('a note on the weights is reported once, however many models are made', async () => {
  const reported: string[] = [];
  const model = { notes: ['a', 'b'].map((en) => ({ en, ko: `${en}의 번역` })) };
  const make = reportingNotes(async () => model, { info: (message) => reported.push(lineIn(message, 'en')) });
  expect(await make()).toBe(model);
  await make();
  expect(reported).toEqual(['a', 'b']);
});
