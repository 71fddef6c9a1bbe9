import { expect, test } from 'vitest';
import { asTable, resultText, textTable } from './tables.ts';

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

test('wide and combining characters take the columns that a terminal gives them', () => {
  const cells = ['abc', '관계', '漢字', '1…', 'e\u0301', '👩', '𠮷', '\u200b'];
  const lines = textTable(cells.map((word) => ({ word, n: 1 })))
    .split('\n')
    .slice(2);
  const gaps = lines.map((line) => /( *)1$/.exec(line)![1]!.length);
  expect(gaps).toEqual([3, 2, 2, 4, 5, 4, 4, 6]);
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
