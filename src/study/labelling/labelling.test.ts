import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LabelDecision } from '../../inference/predict/api/labelSchema.ts';
import { createLabelling } from './labelling.ts';
import { openProject, type Project } from './project.ts';
import type { Suggester } from './suggester.ts';

const [A, B] = [
  { start: 0, end: 1 },
  { start: 4, end: 5 },
];
const BEGINNING = { labels: ['no_relation', 'spouse', 'title'], noRelation: 'no_relation', entityTypes: ['PER'] };
/** Finds the first and the third word, and is less sure the more often a sentence says 혹시. */
const suggester: Suggester = {
  model: 'toy',
  keyFor: () => 'toy',
  isCalibrated: () => true,
  knows: () => true,
  suggest: async (text) => {
    const sure = text.includes('혹시') ? 0.5 : 0.9;
    const top = [
      { relation: 'spouse', probability: sure },
      { relation: 'no_relation', probability: 1 - sure },
    ];
    return { entities: [A, B].map((span) => ({ ...span, type: 'PER' })), pairs: [{ subject: A, object: B, top }] };
  },
};

let folder: string;
let project: Project | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-label-'));
});
afterEach(async () => {
  project?.close();
  await rm(folder, { recursive: true });
});
const opened = async (texts: number) => {
  await writeFile(
    join(folder, 'a.jsonl'),
    Array.from(
      { length: texts },
      (_, i) => `${JSON.stringify({ id: `t${i}`, text: `가온은 나루${i % 5 === 4 ? ' 혹시' : ''} ${i}번이다.` })}\n`,
    ).join(''),
  );
  project = await openProject(folder, BEGINNING);
  return createLabelling(project, suggester);
};
const ENTITIES = { kind: 'entities' as const, entities: [A, B].map((span) => ({ ...span, type: 'PER' })) };
const said = (relation: string): LabelDecision[] => [{ subject: A, object: B, relation }];
const finish = (relation: string) => [
  ENTITIES,
  { kind: 'decide' as const, decisions: said(relation) },
  { kind: 'done' as const },
];

test('a sentence comes with what the model sees; what is begun comes again, what is done does not', async () => {
  const labelling = await opened(3);
  const { task } = await labelling.next('가', {});
  expect(task).toMatchObject({
    entities: [{ word: '가온', by: 'model' }, { word: '나루' }],
    reason: { kind: 'random' },
    model: 'toy',
    decisions: [],
  });
  expect(task!.pairs.map(({ top }) => top[0]?.relation)).toEqual(['spouse', undefined]);
  const act = (actions: Parameters<Project['act']>[1]['actions']) =>
    labelling.act('가', { sentence: task!.sentence, actions });
  await act([ENTITIES, { kind: 'decide', decisions: said('spouse') }]);
  expect((await labelling.next('가', {})).task).toMatchObject({ sentence: task!.sentence, reason: { kind: 'open' } });
  expect(await act([{ kind: 'done' }])).toMatchObject({
    status: 'done',
    decisions: [{ relation: 'spouse', by: '가' }],
  });
  const second = await labelling.next('가', {});
  expect(second.task!.sentence).not.toBe(task!.sentence);
  expect(second.counts).toMatchObject({ sentences: 3, done: 1, mine: 1, pairs: 1 });
  expect(await labelling.undo('가', 'label', null)).toMatchObject({ sentence: task!.sentence, status: 'open' });
});

test('two people never have the same sentence before them, unless it is one of those that several label', async () => {
  const labelling = await opened(2);
  const [first, second, third] = [
    await labelling.next('가', {}),
    await labelling.next('나', {}),
    await labelling.next('다', {}),
  ];
  expect(first.task!.sentence).not.toBe(second.task!.sentence);
  expect(third.task).toBeNull();
  labelling.project.change('가', { settings: { overlap_share: 1, overlap_people: 3 } });
  expect((await labelling.next('다', {})).task).not.toBeNull();
});

test('a filter’s sentences come in its order; disputed ones go to who decides', async () => {
  const labelling = await opened(4);
  const guids = ['t2@0', 't0@0'];
  const { task } = await labelling.next('가', { filter: { guids } });
  expect(task).toMatchObject({ guid: 't2@0', reason: { kind: 'filter' } });
  labelling.project.act('가', { sentence: task!.sentence, actions: finish('spouse') });
  expect((await labelling.next('가', { filter: { guids } })).task!.guid).toBe('t0@0');
  labelling.project.act('나', { sentence: task!.sentence, actions: finish('title') });
  const { task: disputed } = await labelling.next('다', { role: 'adjudicate' });
  expect(disputed).toMatchObject({
    guid: 't2@0',
    reason: { kind: 'adjudicate' },
    others: [{ person: '가' }, { person: '나' }],
  });
  expect(labelling.list({ disputed: true }, 0, 10)).toMatchObject({ total: 1, sentences: [{ people: ['가', '나'] }] });
  await labelling.act('다', { sentence: disputed!.sentence, actions: finish('spouse'), role: 'adjudicate' });
  expect((await labelling.next('다', { role: 'adjudicate' })).task).toBeNull();
});

test('after enough at random the unsure ones come first, once the model was asked', async () => {
  const labelling = await opened(40);
  await labelling.scoreAll(new AbortController().signal);
  expect(labelling.scored()).toBe(40);
  const ids = labelling.project
    .sentences()
    .filter(({ text }) => !text.includes('혹시'))
    .map(({ id }) => id);
  for (const sentence of ids.slice(0, 20)) labelling.project.act('가', { sentence, actions: finish('spouse') });
  const { task } = await labelling.next('가', {});
  expect(task).toMatchObject({ reason: { kind: 'uncertain' } });
  expect(task!.text).toContain('혹시');
});

test('agreement by relation and by couple; people against hidden gold rows', async () => {
  const entity = (word: string, start: number) => ({ word, start_idx: start, end_idx: start + 1, type: 'PER' });
  const rows = Array.from({ length: 6 }, (_, i) => ({
    guid: `g${i}`,
    sentence: '가온은 나루이다.',
    subject_entity: entity('가온', 0),
    object_entity: entity('나루', 4),
    label: i % 2 ? 'spouse' : 'title',
  }));
  await writeFile(join(folder, 'gold.json'), JSON.stringify(rows));
  const labelling = await opened(1);
  const gold = labelling.project.sentences().filter(({ gold }) => gold);
  expect(gold).toHaveLength(6);
  for (const { id, given } of gold) {
    labelling.project.act('가', { sentence: id, actions: finish(given![0]!.relation) });
    labelling.project.act('나', { sentence: id, actions: finish(id % 2 ? 'spouse' : given![0]!.relation) });
  }
  const found = labelling.agreement();
  expect(found.gold).toMatchObject([
    { person: '가', pairs: 6, right: 6 },
    { person: '나', pairs: 6 },
  ]);
  expect(found).toMatchObject({ pairs: 6, people: ['가', '나'], couples: [{ first: '가', second: '나', pairs: 6 }] });
  expect(found.relations.map(({ relation }) => relation)).toEqual(['spouse', 'title']);
  expect((await labelling.task('다', gold[0]!.id, 'label')).given).toEqual([]);
});
