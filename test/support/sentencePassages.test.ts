import { expect, test } from 'vitest';
import { sentencePassages } from './sentencePassages.ts';

test('the passages are enough to tell splitters apart, and each is well formed', () => {
  const boundaries = sentencePassages.reduce((sum, { sentences }) => sum + sentences.length - 1, 0);
  expect(sentencePassages.length).toBeGreaterThanOrEqual(60);
  expect(boundaries).toBeGreaterThanOrEqual(200);
  expect(new Set(sentencePassages.map(({ id }) => id)).size).toBe(sentencePassages.length);
  for (const { id, text, sentences } of sentencePassages) {
    expect(sentences, id).not.toContain('');
    expect(text.trimStart(), id).toBe(text);
    // Nothing but white space between the sentences.
    expect(sentences.join('').replace(/\s/g, ''), id).toBe(text.replace(/\s/g, ''));
  }
});
