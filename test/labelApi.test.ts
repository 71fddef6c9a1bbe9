import { afterAll, beforeAll, expect, test } from 'vitest';
import { LABEL_SCHEMAS } from '../src/inference/predict/api/labelSchema.ts';
import { REST_SCHEMAS } from '../src/inference/predict/schema.ts';
import { type LabelServer, startLabelServer } from './support/labelServer.ts';

// The label API as pages and programs use it: who asks, what is done, what is refused.

let open: LabelServer;
let guarded: LabelServer;
beforeAll(async () => {
  open = await startLabelServer(['한빛전자는 서지우가 세운 회사이다.', '=윤서진은 배한결과 결혼하였다.']);
  guarded = await startLabelServer(['한빛전자는 서지우가 세운 회사이다.'], {
    identity: {
      keys: [
        { name: '가람', key: 'garam-key-1' },
        { name: '나루', key: 'naru-key-22' },
      ],
      header: null,
    },
  });
}, 60_000);
afterAll(() => Promise.all([open.close(), guarded.close()]));

const ask = (to: LabelServer, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${to.server.url}/v1/label/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const problem = async (response: Response, status: number) => {
  expect(response.status).toBe(status);
  return REST_SCHEMAS.Problem.parse(await response.json());
};
const SPAN = {
  founder: [
    { start: 0, end: 3 },
    { start: 6, end: 8 },
  ],
} as const;

test('a sentence is given out, labelled under the name that is said, and its history told', async () => {
  const headers = { 'x-korex-person': encodeURIComponent('다솜') };
  const { task } = LABEL_SCHEMAS.LabelNextResponse.parse(
    await (await ask(open, 'next', { filter: { text: '한빛' } }, headers)).json(),
  );
  const [subject, object] = SPAN.founder;
  const actions = [
    { kind: 'entities', entities: task!.entities.map(({ start, end, type }) => ({ start, end, type })) },
    { kind: 'decide', decisions: [{ subject, object, relation: 'org:founded_by' }] },
    { kind: 'done' },
  ];
  const request = { sentence: task!.sentence, actions, key: 'once-and-only' };
  for (let time = 0; time < 2; time++)
    expect(LABEL_SCHEMAS.LabelTask.parse(await (await ask(open, 'do', request, headers)).json())).toMatchObject({
      status: 'done',
    });
  const history = LABEL_SCHEMAS.LabelHistory.parse(
    await (await ask(open, 'history', { sentence: task!.sentence })).json(),
  );
  expect(history.events.map(({ person }) => person)).toEqual(['다솜']);
  const project = LABEL_SCHEMAS.LabelProject.parse(await (await ask(open, 'project', undefined, headers)).json());
  expect(project).toMatchObject({
    me: '다솜',
    counts: { done: 1, mine: 1, pairs: 1 },
    people: [{ name: '다솜', done: 1 }],
    model: 'toy',
  });
  expect(await (await ask(open, 'export', { format: 'klue' })).json()).toMatchObject([
    { label: 'org:founded_by', subject_entity: { word: '한빛전자', start_idx: 0, end_idx: 3, type: 'ORG' } },
  ]);
  const documents = await (await ask(open, 'export', { format: 'documents', people: true })).text();
  expect(JSON.parse(documents)).toMatchObject({ relations: [[0, 'org:founded_by', 1]], labelled_by: ['다솜'] });
});

test('cells of a CSV that a spreadsheet would take for a formula are text', async () => {
  const { task } = LABEL_SCHEMAS.LabelNextResponse.parse(
    await (await ask(open, 'next', { filter: { text: '=윤' } })).json(),
  );
  const [subject, object] = [
    { start: 1, end: 3 },
    { start: 6, end: 8 },
  ];
  const actions = [
    {
      kind: 'entities',
      entities: [
        { ...subject, type: 'PER' },
        { ...object, type: 'PER' },
      ],
    },
    { kind: 'decide', decisions: [{ subject, object, relation: 'per:spouse' }] },
    { kind: 'done' },
  ];
  await ask(open, 'do', { sentence: task!.sentence, actions });
  const response = await ask(open, 'export', { format: 'csv' });
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''.+-csv\.csv$/);
  expect(await response.text()).toContain("'=윤서진은 배한결과 결혼하였다.");
});

test('pages of other sites are refused, this server’s own are not', async () => {
  const { host } = new URL(open.server.url);
  expect(await problem(await ask(open, 'next', {}, { origin: 'https://evil.example' }), 403)).toMatchObject({
    title: 'The page is of another site',
  });
  expect(await problem(await ask(open, 'next', {}, { origin: 'null' }), 403)).toBeDefined();
  expect((await ask(open, 'next', {}, { origin: `http://${host}` })).status).toBe(200);
});

test('what does not fit is a problem with its field', async () => {
  for (const [path, body, field] of [
    ['do', { sentence: 1, actions: [] }, '/actions'],
    [
      'do',
      {
        sentence: 1,
        actions: [
          {
            kind: 'decide',
            decisions: [{ subject: { start: 0, end: 3 }, object: { start: 6, end: 8 }, relation: 'x' }],
          },
        ],
      },
      '/actions/0/decisions/0/relation',
    ],
    ['do', { sentence: 99, actions: [{ kind: 'done' }] }, '/sentence'],
    ['open', { sentence: 99 }, '/sentence'],
    ['next', { role: 'king' }, '/role'],
    [
      'add',
      {
        rows: [
          {
            guid: 'g',
            sentence: '가',
            subject: { start: 0, end: 0, type: null },
            object: { start: 4, end: 5, type: null },
            relation: null,
          },
        ],
      },
      '/rows/0/object',
    ],
  ] as const)
    expect((await problem(await ask(open, path, body), 422)).errors?.[0]?.field, path).toBe(field);
  expect((await problem(await fetch(`${open.server.url}/v1/label/next`), 405)).status).toBe(405);
});

test('with keys of people, a request needs one, and it says who asks', async () => {
  await problem(await ask(guarded, 'project'), 401);
  await problem(await ask(guarded, 'project', undefined, { 'x-korex-person': 'somebody' }), 401);
  const answer = await ask(guarded, 'project', undefined, {
    authorization: 'Bearer naru-key-22',
    'x-korex-person': 'somebody',
  });
  expect(await answer.json()).toMatchObject({ me: '나루', may_choose_name: false });
});

test('the API is in the document of the server', async () => {
  const { paths } = (await (await fetch(`${open.server.url}/openapi.json`)).json()) as {
    paths: Record<string, unknown>;
  };
  expect(Object.keys(paths).filter((path) => path.startsWith('/v1/label/'))).toHaveLength(14);
});
