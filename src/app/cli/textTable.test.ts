import { expect, test } from 'vitest';
import { asTable, resultText } from './resultText.ts';
import { displayWidth, textTable } from './textTable.ts';

test('columns align with Hangul, numbers to the right', () => {
  expect(
    textTable([
      { name: '다수 클래스', accuracy: 0.5, auprc: null, n: 400 },
      { name: 'Fine-tuned', accuracy: 1, auprc: 0.123456, n: 4 },
    ]),
  ).toBe(
    [
      'name         accuracy   auprc    n',
      '───────────  ────────  ──────  ───',
      '다수 클래스    0.5000       –  400',
      'Fine-tuned     1.0000  0.1235    4',
    ].join('\n'),
  );
});

test('control characters cannot reach the terminal', () => {
  expect(
    textTable([{ word: 'a\u001b[31m\nb' }])
      .split('\n')
      .at(-1),
  ).toBe('a [31m b');
});

test('display width', () => {
  expect(['abc', '관계', '漢字', '1…', 'é', '👩', '𠮷', '\u200b'].map(displayWidth)).toEqual([3, 4, 4, 2, 1, 2, 2, 0]);
});

test('results in words: facts, lists, tables, the chosen language', () => {
  const result = {
    max_length: 128,
    rows: { train: 10, test: 4 },
    ok: true,
    nothing: null,
    missing: [],
    names: ['a', 'b'],
    conclusion: { ko: '결론', en: 'conclusion' },
    systems: [{ system: { ko: '다수', en: 'majority' }, f1: 0.5, deviation: { f1: 0 } }],
  };
  expect(resultText(result, 'en')).toMatchInlineSnapshot(`
    "max length: 128
    rows: train 10, test 4
    ok: yes
    names: a, b
    conclusion: conclusion
    systems:
      system        f1
      ────────  ──────
      majority  0.5000"
  `);
  expect(asTable([], 'ko')).toBeNull();
});
