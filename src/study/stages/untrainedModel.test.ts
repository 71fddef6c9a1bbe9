import { expect, test } from 'vitest';
import { silentReporter } from '../../base/core/reporter.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import { tellingNotes } from './untrainedModel.ts';

test('what is out of the ordinary is told once, however many models are made', async () => {
  const told: string[] = [];
  const model = { notes: ['a', 'b'] } as unknown as RelationModel;
  const make = tellingNotes(async () => model, { ...silentReporter, info: (message) => told.push(message) });
  expect(await make()).toBe(model);
  await make();
  expect(told).toEqual(['a', 'b']);
});
