import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { bundledFolder } from '../nn/bundledModels.ts';
import { recipeOf } from './recipes.ts';

test('a relation model in the box goes on with the marker and the head that it was trained with', async () => {
  const folder = bundledFolder('korex-small')!;
  const { korex } = JSON.parse(await readFile(`${folder}/config.json`, 'utf8'));
  for (const encoder of ['korex-small', folder])
    expect(recipeOf(encoder)).toMatchObject({ marker: korex.marker, head: korex.head });
});

test('encoders in the box share a recipe; any other has that of KLUE’s authors', () => {
  expect(recipeOf('encoder-ko-klue')).toBe(recipeOf('bundled'));
  expect(recipeOf('klue/roberta-base')).toMatchObject({ batchSize: 32, lr: 5e-5 });
});
