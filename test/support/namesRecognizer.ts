import { codePointLength } from '../../src/base/data/span.ts';
import type { EntityRecognizer } from '../../src/inference/extract/recognizer.ts';

const NAMES: Readonly<Record<string, string>> = { 가온: 'PER', 나루: 'ORG', 다솜: 'PER', '가온 대표': 'PER' };
const ANY = new RegExp(
  Object.keys(NAMES)
    .sort((a, b) => b.length - a.length)
    .join('|'),
  'gu',
);

/** Finds a few invented names, wherever they stand. */
export const namesRecognizer: EntityRecognizer = {
  name: 'names',
  entityTypes: ['PER', 'ORG'],
  recognize: async (sentences) =>
    sentences.map((sentence) =>
      [...sentence.matchAll(ANY)].map(({ 0: word, index }) => {
        const start = codePointLength(sentence.slice(0, index));
        return { word, start, end: start + codePointLength(word) - 1, type: NAMES[word]!, score: 0.9 };
      }),
    ),
  release: async () => {},
};
