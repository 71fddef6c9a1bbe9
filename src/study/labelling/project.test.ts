import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KLUE_ENTITY_TYPES, KLUE_LABELS } from '../../base/data/relations.ts';
import { answerTo, historyOf, openProject, type Project } from './project.ts';

const BEGINNING = { labels: KLUE_LABELS, noRelation: 'no_relation', entityTypes: KLUE_ENTITY_TYPES };
const TEXT = '한빛전자는 2011년 서지우가 세운 회사이다. 본사는 가람시에 있다.';
const [ORG, PER] = [
  { start: 0, end: 3 },
  { start: 12, end: 14 },
];

let folder: string;
let open: Project[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-label-'));
});
afterEach(async () => {
  for (const project of open) project.close();
  open = [];
  await rm(folder, { recursive: true });
});
const opened = async () => {
  const project = await openProject(folder, BEGINNING);
  open.push(project);
  return project;
};

const MARKED = {
  kind: 'entities' as const,
  entities: [
    { ...ORG, type: 'ORG' },
    { ...PER, type: 'PER' },
  ],
};
const decide = (relation: string) => ({
  kind: 'decide' as const,
  decisions: [{ subject: ORG, object: PER, relation }],
});

test('texts, documents and rows of the folder become sentences, each file once', async () => {
  await writeFile(join(folder, 'a.txt'), TEXT);
  const document = {
    id: 'd',
    text: TEXT,
    entities: [
      { word: '한빛전자', ...ORG, type: 'ORG' },
      { word: '서지우', ...PER, type: 'PER' },
    ],
    relations: [[0, 'org:founded_by', 1]],
  };
  await writeFile(join(folder, 'b.jsonl'), `${JSON.stringify(document)}\n`);
  const row = {
    guid: 'r',
    sentence: '가온은 나루이다.',
    subject_entity: { word: '가온', start_idx: 0, end_idx: 1, type: 'PER' },
    object_entity: { word: '나루', start_idx: 4, end_idx: 5, type: 'PER' },
    label: 'per:spouse',
  };
  await writeFile(join(folder, 'c.json'), JSON.stringify([row]));
  const first = await opened();
  expect(first.sentences().map(({ guid }) => guid)).toEqual(['a.txt@0', 'a.txt@26', 'd@0', 'd@26', 'r']);
  expect(first.sentence(3)).toMatchObject({
    document: 'd',
    entities: [
      { ...ORG, type: 'ORG' },
      { ...PER, type: 'PER' },
    ],
    given: [
      { subject: ORG, object: PER, relation: 'org:founded_by' },
      { subject: PER, object: ORG, relation: 'no_relation' },
    ],
  });
  expect(first.sentence(5)?.pairs).toEqual([{ subject: { start: 0, end: 1 }, object: { start: 4, end: 5 } }]);
  expect((await opened()).sentences()).toHaveLength(5);
});

test('what was done is kept, taken back and told; two that have it open see the same', async () => {
  await writeFile(join(folder, 'a.txt'), TEXT);
  const [here, there] = [await opened(), await opened()];
  here.act('가', { sentence: 1, actions: [MARKED, decide('org:founded_by')], key: 'first-request' });
  here.act('가', { sentence: 1, actions: [MARKED, decide('org:founded_by')], key: 'first-request' });
  await new Promise(setImmediate);
  expect(there.state(1, '가', 'label').decisions.size).toBe(1);
  there.act('가', { sentence: 1, actions: [decide('org:product'), { kind: 'done' }] });
  await new Promise(setImmediate);
  expect([...here.state(1, '가', 'label').decisions.values()]).toMatchObject([{ relation: 'org:product', by: '가' }]);
  expect(here.undo('가', 'label', null)).toBe(1);
  expect(here.state(1, '가', 'label')).toMatchObject({
    status: 'open',
    decisions: new Map([['0-3>12-14', expect.objectContaining({ relation: 'org:founded_by' })]]),
  });
  expect(historyOf(here, 1).map(({ undone, undoes }) => [undone, undoes])).toEqual([
    [false, null],
    [true, null],
    [false, 3],
  ]);
  expect(here.undo('나', 'label', null)).toBe(null);
});

test('what does not fit is refused, all of it', async () => {
  await writeFile(join(folder, 'a.txt'), TEXT);
  const project = await opened();
  const act =
    (...actions: Parameters<Project['act']>[1]['actions']) =>
    () =>
      project.act('가', { sentence: 1, actions });
  expect(act(MARKED, decide('no:such'))).toThrow('no relation "no:such"');
  expect(act({ kind: 'entities', entities: [{ start: 0, end: 40, type: null }] })).toThrow('25 characters');
  expect(
    act({
      kind: 'entities',
      entities: [
        { start: 0, end: 3, type: null },
        { start: 2, end: 5, type: null },
      ],
    }),
  ).toThrow('overlaps');
  expect(() => project.act('가', { sentence: 9, actions: [{ kind: 'done' }] })).toThrow('no sentence 9');
  expect(project.history(1)).toEqual([]);
});

test('events can be neither deleted nor altered, not even in the file', async () => {
  await writeFile(join(folder, 'a.txt'), TEXT);
  const project = await opened();
  project.act('가', { sentence: 1, actions: [{ kind: 'skip' }] });
  expect(() => project.database.run('DELETE FROM events')).toThrow('never deleted');
  expect(() => project.database.run("UPDATE events SET at = ''")).toThrow('never altered');
  expect(() =>
    project.database.run("INSERT INTO events (at, person, role, sentence, actions) VALUES ('', 99, 'label', 1, '[]')"),
  ).toThrow('FOREIGN KEY');
});

test('several people: what most say is the answer, what they differ on is disputed until somebody decides', async () => {
  await writeFile(join(folder, 'a.txt'), TEXT);
  const project = await opened();
  const finish = (person: string, relation: string, role: 'label' | 'adjudicate' = 'label') =>
    project.act(person, { sentence: 1, actions: [MARKED, decide(relation), { kind: 'done' }], role });
  finish('가', 'org:founded_by');
  expect(answerTo(project, 1)?.decisions).toMatchObject([{ relation: 'org:founded_by' }]);
  finish('나', 'org:product');
  expect(answerTo(project, 1)).toMatchObject({ decisions: [], disputed: [{ by: '가' }, { by: '나' }] });
  finish('다', 'org:founded_by');
  expect(answerTo(project, 1)).toMatchObject({
    decisions: [{ relation: 'org:founded_by' }],
    disputed: [],
    by: ['가', '나', '다'],
  });
  finish('라', 'no_relation', 'adjudicate');
  expect(answerTo(project, 1)?.decisions).toMatchObject([{ relation: 'no_relation', by: '라' }]);
});

test('a project has relations of its own, with guidelines that can be changed', async () => {
  await writeFile(join(folder, 'a.txt'), TEXT);
  await writeFile(
    join(folder, 'relation_list.json'),
    JSON.stringify({ relations: ['no_relation', 'supplies', 'org:founded_by'] }),
  );
  const project = await opened();
  expect(project.config().relations.map(({ name, inverse }) => [name, inverse])).toEqual([
    ['supplies', null],
    ['org:founded_by', null],
  ]);
  const [supplies] = project.config().relations;
  project.change('가', { relation: { ...supplies!, when: { ko: '납품', en: 'delivers goods' } } });
  project.change('가', { remove_relation: 'org:founded_by', settings: { overlap_share: 0.5 } });
  expect(project.config()).toMatchObject({
    relations: [{ name: 'supplies', when: { ko: '납품' } }],
    settings: { overlap_share: 0.5, overlap_people: 2 },
  });
  expect(() => project.change('가', { remove_relation: 'x' })).toThrow('no relation "x"');
});

test('a folder without data, or with another program’s file, says so', async () => {
  await expect(openProject(folder, BEGINNING)).rejects.toThrow('holds nothing to label');
  await writeFile(join(folder, 'labels.sqlite'), 'no database at all, but long enough to be looked at');
  await expect(openProject(folder, BEGINNING)).rejects.toThrow('cannot be opened as a label project');
});
