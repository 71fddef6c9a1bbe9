import { expect, test } from 'vitest';
import { beginTag, insideTag, UNKNOWN_TAG } from '../../base/text/bio.ts';
import { entityTargets, tagsOf } from './entityTask.ts';

const [PER, I_PER, LOC, I_LOC] = [beginTag(0), insideTag(0), beginTag(1), insideTag(1)];
const TAGS = 5;
const UNKNOWN = UNKNOWN_TAG;

// 김철수 는 서울 로: two names with a particle each, then another word.
const unit = (token: number, start: number, end: number) => ({ token, start, end });
const sentence = {
  ids: [0, 10, 11, 12, 13, 14, 15, 2],
  units: [unit(1, 0, 1), unit(2, 2, 2), unit(3, 3, 3), unit(4, 5, 6), unit(5, 7, 7), unit(6, 9, 10)],
};
const person = { word: '김철수', start: 0, end: 2, type: 'PER' };
const place = { word: '서울', start: 5, end: 6, type: 'LOC' };
const tagged = (entities: (typeof person)[], partial: boolean) =>
  tagsOf(sentence, { entities, partial }, ['PER', 'LOC']);

test('where all entities are known, all tags are', () => {
  const { tags, barred } = tagged([person, place], false);
  expect([...tags]).toEqual([UNKNOWN, PER, I_PER, 0, LOC, 0, 0, UNKNOWN]);
  expect([...barred].every((tag) => tag === UNKNOWN)).toBe(true);
});

test('where some are, their own tags, the particle behind them, and that the next word does not continue them', () => {
  const { tags, barred } = tagged([person], true);
  expect([...tags]).toEqual([UNKNOWN, PER, I_PER, 0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]);
  expect([...barred].every((tag) => tag === UNKNOWN)).toBe(true);
  // Of a name without a particle the next word is not barred from being an entity, but from being the rest of this one.
  const bare = tagsOf(
    { ...sentence, units: sentence.units.filter(({ token }) => token !== 5) },
    { entities: [place], partial: true },
    ['PER', 'LOC'],
  );
  expect(bare.barred[6]).toBe(I_LOC);
  expect(bare.tags[6]).toBe(UNKNOWN);
});

test('an entity that ends within a token leaves its tokens unknown; types that the model lacks are none', () => {
  expect(
    [
      ...tagged(
        [
          { ...person, end: 1, word: '김철' },
          { ...place, start: 6 },
        ],
        false,
      ).tags,
    ].slice(4, 6),
  ).toEqual([UNKNOWN, 0]);
  expect([...tagged([{ ...person, type: 'WORK' }], false).tags].slice(1, 4)).toEqual([0, 0, 0]);
});

const row = (tags: number[], barred: number[], soft?: number[][], weight = 1) => ({
  ids: tags.map((_, i) => i),
  tags: Int16Array.from(tags),
  barred: Int16Array.from(barred),
  ...(soft && { soft: Float32Array.from(soft.flat()) }),
  sentence: { id: '', sentence: '', entities: [], partial: true, weight },
});
const at = (targets: Float32Array, token: number) => [...targets.slice(token * TAGS, (token + 1) * TAGS)];

test('targets: the known tag alone, as a mean over the tokens that have one', () => {
  const none = [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN];
  const targets = entityTargets(
    [row([UNKNOWN, PER, UNKNOWN, UNKNOWN], none), row([UNKNOWN, 0, 0, UNKNOWN], none, undefined, 2)],
    4,
    TAGS,
    {
      distillWeight: null,
    },
  );
  expect(at(targets, 1)).toEqual([0, 0.2, 0, 0, 0].map(Math.fround));
  expect(at(targets, 2)).toEqual([0, 0, 0, 0, 0]);
  expect(at(targets, 5)[0]).toBeCloseTo(0.4);
});

test('targets with teachers: a share of known tags, less of unknown ones, and a barred tag taken out', () => {
  const soft = [0.2, 0.2, 0.2, 0.2, 0.2];
  const tags = [UNKNOWN, PER, UNKNOWN, UNKNOWN, UNKNOWN];
  const barred = [UNKNOWN, UNKNOWN, UNKNOWN, I_PER, UNKNOWN];
  const targets = entityTargets([row(tags, barred, [soft, soft, soft, soft, soft])], 5, TAGS, { distillWeight: 0.1 });
  // Weights 1, 0.1 and 1.
  const total = 2.1;
  expect(at(targets, 1)[PER]).toBeCloseTo((0.9 + 0.1 * 0.2) / total);
  expect(at(targets, 2)[0]).toBeCloseTo((0.1 * 0.2) / total);
  expect(at(targets, 3)[I_PER]).toBe(0);
  expect(at(targets, 3)[0]).toBeCloseTo(0.25 / total);
  // All of it is the mean of a loss: what tokens weigh adds up to one.
  expect(targets.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
});
