import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { toJson } from '../src/base/core/files.ts';
import { buildSample, type Sample, type SampleRow } from '../tools/sample/build.ts';
import { appendText, endingOf, particle } from '../tools/sample/particles.ts';
import { LABELS, MIN_LENGTH } from '../tools/sample/plan.ts';
import { sampleReadme } from '../tools/sample/readme.ts';
import { CONTEXTS } from '../tools/sample/templates/context.ts';
import { SHARED } from '../tools/sample/templates/shared.ts';
import { TEMPLATES } from '../tools/sample/templates/tables.ts';
import type { Split } from '../tools/sample/types.ts';

const SPLITS: readonly Split[] = ['train', 'dev'];
let sample: Sample;
beforeAll(() => {
  sample = buildSample();
});

const committed = (name: string) => readFile(new URL(`../data/sample/${name}`, import.meta.url), 'utf8');
const rowsOf = (split: Split, label: string) => sample[split].filter((row) => row.label === label);
const words = (rows: readonly SampleRow[]) => rows.flatMap((row) => [row.subject_entity, row.object_entity]);
const typePair = (row: SampleRow) => `${row.subject_entity.type} ${row.object_entity.type}`;

test('the committed files are what the generator makes', async () => {
  for (const split of SPLITS) expect(await committed(`klue-re-sample_${split}.json`)).toBe(toJson(sample[split]));
  expect(await committed('relation_list.json')).toBe(toJson({ relations: LABELS }));
  expect(await committed('README.md')).toBe(sampleReadme(sample));
});

describe('rows', () => {
  test('words stand at their offsets, in code points, without overlap', () => {
    for (const { sentence, subject_entity: subject, object_entity: object } of [...sample.train, ...sample.dev]) {
      const points = [...sentence];
      for (const { word, start_idx, end_idx } of [subject, object])
        expect(points.slice(start_idx, end_idx + 1).join('')).toBe(word);
      expect(subject.end_idx < object.start_idx || object.end_idx < subject.start_idx).toBe(true);
      expect(points.length).toBeGreaterThanOrEqual(MIN_LENGTH);
    }
  });

  test('some sentences hold a character outside the BMP before an entity', () => {
    for (const split of SPLITS) {
      const shifted = sample[split].filter((row) =>
        [...row.sentence].slice(0, row.subject_entity.start_idx).some((point) => point.length === 2),
      );
      expect(shifted.length).toBeGreaterThanOrEqual(1);
    }
  });

  test('no slot, choice or particle mark is left in a sentence, and no space is doubled', () => {
    for (const { sentence } of [...sample.train, ...sample.dev])
      expect(sentence).not.toMatch(/[{}[\]|@]|[가-힣]\/[가-힣]| {2}|^ | $/);
  });

  test('guids are numbered, and no pair of a sentence stands twice', () => {
    for (const split of SPLITS)
      sample[split].forEach((row, i) => {
        expect(row.guid).toBe(`korex-sample_${split}_${String(i).padStart(5, '0')}`);
      });
    const keys = [...sample.train, ...sample.dev].map((row) =>
      JSON.stringify([row.sentence, row.subject_entity, row.object_entity]),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('a few sentences host several rows', () => {
    for (const split of SPLITS) {
      const sentences = new Set(sample[split].map((row) => row.sentence));
      const shared = sample[split].length - sentences.size;
      expect(shared).toBeGreaterThan(10);
      expect(shared).toBeLessThan(sample[split].length / 10);
    }
  });

  test('subjects stand before and behind objects', () => {
    const ahead = sample.train.filter((row) => row.subject_entity.start_idx < row.object_entity.start_idx).length;
    expect(ahead / sample.train.length).toBeGreaterThan(0.5);
    expect(ahead / sample.train.length).toBeLessThan(0.8);
  });
});

describe('labels', () => {
  test('there are enough rows of each, with the imbalance and the prior shift of KLUE-RE', () => {
    expect(LABELS).toHaveLength(30);
    expect(sample.train.length).toBeGreaterThanOrEqual(1200);
    expect(sample.dev.length).toBeGreaterThanOrEqual(400);
    for (const label of LABELS) {
      expect(rowsOf('train', label).length, label).toBeGreaterThanOrEqual(8);
      expect(rowsOf('dev', label).length, label).toBeGreaterThanOrEqual(4);
    }
    expect(rowsOf('train', 'no_relation').length / sample.train.length).toBeCloseTo(0.29, 1);
    expect(rowsOf('dev', 'no_relation').length / sample.dev.length).toBeCloseTo(0.6, 1);
  });

  test('subject types follow the label', () => {
    for (const row of [...sample.train, ...sample.dev])
      if (row.label !== 'no_relation') expect(row.subject_entity.type).toBe(row.label.slice(0, 3).toUpperCase());
  });

  test('the type pair does not give the label away', () => {
    const majority = new Map<string, string>();
    for (const pair of new Set(sample.train.map(typePair))) {
      const labels = sample.train.filter((row) => typePair(row) === pair).map((row) => row.label);
      const counts = LABELS.map((label) => labels.filter((other) => other === label).length);
      majority.set(pair, LABELS[counts.indexOf(Math.max(...counts))]!);
    }
    const f1 = LABELS.map((label) => {
      const predicted = sample.dev.filter((row) => majority.get(typePair(row)) === label);
      const right = predicted.filter((row) => row.label === label).length;
      return right === 0 ? 0 : (2 * right) / (predicted.length + rowsOf('dev', label).length);
    });
    expect(f1.reduce((sum, value) => sum + value, 0) / LABELS.length).toBeLessThan(0.2);
  });

  test('for each type pair of a relation there are pairs without one', () => {
    const unrelated = new Set(rowsOf('train', 'no_relation').map(typePair));
    const related = sample.train.filter((row) => row.label !== 'no_relation');
    expect(related.filter((row) => !unrelated.has(typePair(row)))).toEqual([]);
  });
});

describe('dev is other than train', () => {
  const templates = (split: Split): string[] => [
    ...LABELS.flatMap((label) => TEMPLATES[label]![split]),
    ...SHARED[split].map(({ text }) => text),
    ...Object.values(CONTEXTS[split]).flatMap(({ leads, tails }) => [...leads, ...tails]),
  ];

  test('no template is shared or written twice', () => {
    const all = [...templates('train'), ...templates('dev')].map((template) => template.replace(/^@\w+ /, ''));
    expect(new Set(all).size).toBe(all.length);
  });

  test('frequent labels have at least 12 training templates, rare ones 5; dev has 4 and 3', () => {
    const byFrequency = [...LABELS].sort((a, b) => rowsOf('train', b).length - rowsOf('train', a).length);
    byFrequency.forEach((label, rank) => {
      expect(TEMPLATES[label]!.train.length, label).toBeGreaterThanOrEqual(rank < 10 ? 12 : 5);
      expect(TEMPLATES[label]!.dev.length, label).toBeGreaterThanOrEqual(rank < 10 ? 4 : 3);
    });
    expect(TEMPLATES.no_relation!.train.length).toBeGreaterThanOrEqual(35);
    expect(TEMPLATES.no_relation!.dev.length).toBeGreaterThanOrEqual(20);
  });

  test('no marked entity of dev is marked in train, and no name of dev stands anywhere in train', () => {
    const trainWords = new Set(words(sample.train).map(({ word }) => word));
    expect(words(sample.dev).filter(({ word }) => trainWords.has(word))).toEqual([]);
    const trainText = sample.train.map((row) => row.sentence).join('\n');
    const names = words(sample.dev).filter(({ type }) => ['PER', 'ORG', 'LOC'].includes(type));
    expect(names.filter(({ word }) => trainText.includes(word))).toEqual([]);
  });
});

describe('particles', () => {
  test.each([
    ['박소온', '은/는', '은'],
    ['김하나', '은/는', '는'],
    ['서울', '으로/로', '로'],
    ['부산', '으로/로', '으로'],
    ['제주', '으로/로', '로'],
    ['물', '을/를', '을'],
    ['1998년', '과/와', '과'],
    ['오디바 S2', '이/가', '가'],
    ['무브링 3', '이/가', '이'],
    ['소리새 Q7', '으로/로', '로'],
    ['KHPU', '은/는', '는'],
    ['NSL', '으로/로', '로'],
    ['NSL', '을/를', '을'],
    ['IOM', '으로/로', '으로'],
    ['홍길동(洪吉童)', '은/는', '은'],
    ['《느린 기차》', '을/를', '를'],
    ['‘파도 소년’', '이라/라', '이라'],
  ])('%s + %s = %s', (before, pair, form) => {
    expect(particle(before, pair)).toBe(form);
  });

  test('agree with the final consonant that Unicode decomposes out of any syllable', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0xac00, max: 0xd7a3 }),
        fc.constantFrom('은/는', '이/가', '을/를', '과/와'),
        (code, pair) => {
          const syllable = String.fromCharCode(code);
          const hasFinal = [...syllable.normalize('NFD')].length === 3;
          expect(particle(syllable, pair)).toBe(pair.split('/')[hasFinal ? 0 : 1]);
          expect(particle(syllable, '으로/로')).toBe(
            hasFinal && !syllable.normalize('NFD').endsWith('\u11af') ? '으로' : '로',
          );
        },
      ),
    );
  });

  test('are chosen wherever a template marks them', () => {
    expect(appendText('나루', '은/는 강과/와 바다을/를 보았다')).toBe('나루는 강과 바다를 보았다');
  });

  test('a character without a known reading is an error', () => {
    expect(() => endingOf('잔치 🎉')).toThrow('No reading known');
  });
});
