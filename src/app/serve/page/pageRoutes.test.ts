import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analysisInput } from '../../../../test/support/analysisRows.ts';
import { sampleSides, someLog, somePlan, writeFinishedRun, writeLiveRun } from '../../../../test/support/runFolders.ts';
import { silentReporter } from '../../../base/core/reporter.ts';
import type { Dataset } from '../../../base/core/types.ts';
import { mcnemarOf } from '../../../base/eval/significance.ts';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { analyzeErrors } from '../../../study/analysis/analyzeErrors.ts';
import { withLock } from '../../../study/pipeline/lock.ts';
import { ANALYSIS_FILE, analysisFolder, writeAnalysis } from '../../../study/stages/analysis/analysisFiles.ts';
import { pageRoutes } from './pageRoutes.ts';
import type {
  AnswerPage,
  AnswerRow,
  DataFacts,
  DataSetEntry,
  RowColumns,
  RunDetail,
  RunEntry,
  RunLog,
} from './shapes.ts';

let folder: string;
let out: string;
let sample: Dataset;
let app: ReturnType<typeof pageRoutes>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-page-'));
  out = join(folder, 'out');
  sample = await sampleSides(out, 60);
  await writeFinishedRun(out, 'baseline', sample, { skill: 0.8, plan: somePlan(), isCalibrated: true });
  await writeFinishedRun(out, 'weighted', sample, { skill: 0.4, plan: somePlan({ loss: 'weighted' }) });
  await writeLiveRun(out, 'following', 15, 40);
  app = pageRoutes({ out, data: null, reporter: silentReporter });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
async function json<T>(path: string): Promise<T> {
  const response = await get(path);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as T;
}

test('the error analysis of a run, where there is one', async () => {
  expect(await json('/runs/weighted/analysis')).toBeNull();
  await writeAnalysis(out, await analyzeErrors(analysisInput({ run: 'weighted' })));
  expect(await json('/runs/weighted/analysis')).toMatchObject({ version: 2, run: 'weighted', errors: 9 });
  await writeFile(join(analysisFolder(out, 'weighted'), ANALYSIS_FILE), '{"version":0}');
  expect(await json('/runs/weighted/analysis')).toBeNull();
  expect((await get('/runs/unknown/analysis')).status).toBe(404);
  expect((await get('/runs/weighted/analysis?x=1')).status).toBe(422);
});

test('data sets are named without their folders', async () => {
  const sets = await json<DataSetEntry[]>('/data');
  expect(sets[0]).toEqual({
    ...{ id: 'sample', name: 'sample' },
    ...{ train: 'klue-re-sample_train.json', test: 'klue-re-sample_dev.json' },
  });
});

test('rows come by column, whole, compressed where that is accepted, and once', async () => {
  const response = await get('/data/sample/rows', { 'accept-encoding': 'gzip, br' });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  const packed = JSON.parse(gunzipSync(Buffer.from(await response.arrayBuffer())).toString()) as RowColumns;
  const rows = await json<RowColumns>('/data/sample/rows');
  expect(packed).toEqual(rows);
  expect(rows.train_rows).toBe(sample.train.length);
  const lengths = Object.values(rows).flatMap((column) => (Array.isArray(column) ? column.length : []));
  expect(lengths.filter((length) => length === 1306 + 456)).toHaveLength(10);
  const first = sample.train[0]!;
  expect(rows.guid[0]).toBe(first.guid);
  expect(rows.labels[rows.label[0]!]).toBe(first.label);
  expect(rows.types[rows.object_type[0]!]).toBe(first.object.type);
  expect([...rows.sentence[0]!].slice(rows.subject_start[0]!, rows.subject_end[0]! + 1).join('')).toBe(
    first.subject.word,
  );

  const again = await get('/data/sample/rows', { 'if-none-match': response.headers.get('etag')! });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
});

test('the facts of stage 01 come with its words only where it ran on the same rows', async () => {
  const facts = await json<DataFacts>('/data/sample/facts');
  expect(facts.labels).toMatchObject({ largest: 'no_relation' });
  expect(facts.repetition.shared.rows).toBeGreaterThanOrEqual(0);
  expect(facts.interpretations).toBeNull();
});

test('a folder given with --data comes first; what cannot be read is a problem that says why', async () => {
  const data = join(folder, 'rows.csv');
  await writeFile(data, 'sentence\nhello\n');
  const own = pageRoutes({ out, data, reporter: silentReporter });
  const sets = (await (await own.request('/data')).json()) as DataSetEntry[];
  expect(sets.map(({ id }) => id).slice(0, 2)).toEqual(['data', 'sample']);
  const response = await own.request('/data/data/rows');
  expect(response.status).toBe(500);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.json()).toMatchObject({ status: 500, detail: expect.stringContaining('rows.csv') });
});

test('runs are listed with their state, finished or not', async () => {
  const runs = await json<RunEntry[]>('/runs');
  expect(runs.map(({ name, status }) => [name, status])).toEqual([
    ['baseline', 'finished'],
    ['weighted', 'finished'],
    ['following', 'interrupted'],
  ]);
  expect(runs[0]).toMatchObject({
    title: { en: 'Fine-tuned (baseline)' },
    dataset: 'sample',
    trained_rows: 80,
    step: 20,
  });
  expect(runs[0]!.metrics!.accuracy).toBeGreaterThan(runs[1]!.metrics!.accuracy);
  expect(runs[1]!.plan).toMatchObject({ loss: 'weighted' });
  expect(runs[2]).toMatchObject({ metrics: null, step: 15, steps: 40, trained_rows: 80, plan: { lr: 0.0002 } });
  await withLock(out, async () => {
    const busy = await json<RunEntry[]>('/runs');
    expect(busy.map(({ status }) => status)).toEqual(['finished', 'finished', 'training']);
  });
});

test('a log comes in parts: what is new after a step, and the validation of that step', async () => {
  const whole = await json<RunLog>('/runs/following/log');
  expect(whole.log).toEqual(someLog(15));
  expect(whole).toMatchObject({ status: 'interrupted', steps: 40, steps_per_epoch: 10, last_step: 15 });
  const { log } = await json<RunLog>('/runs/following/log?after=10');
  expect(log.map(({ step }) => step)).toEqual([10, 11, 12, 13, 14, 15]);
  expect('validation' in log[0]!).toBe(true);
  const response = await get('/runs/following/log?after=15');
  const unchanged = await get('/runs/following/log?after=15', { 'if-none-match': response.headers.get('etag')! });
  expect(unchanged.status).toBe(304);
  await writeLiveRun(out, 'following', 16, 40);
  expect((await json<RunLog>('/runs/following/log?after=15')).log).toHaveLength(1);
});

test('a finished run tells its classes, confusions, and calibration', async () => {
  const detail = await json<RunDetail>('/runs/baseline');
  expect(detail.labels).toEqual(sample.labelSet.labels);
  expect(detail.confusion.flat().reduce((a, b) => a + b)).toBe(60);
  expect(detail.classes).toHaveLength(30);
  expect(detail.calibration).toMatchObject({ temperature: 1.4, rows: 120 });
  expect((await json<RunDetail>('/runs/weighted')).calibration).toBeNull();
});

test('the sentences behind a cell are those of its rows, the most confident first', async () => {
  const { labels, confusion } = await json<RunDetail>('/runs/weighted');
  const gold = labels.indexOf('no_relation');
  const predicted = confusion[gold]!.findIndex((count, p) => count > 0 && p !== gold);
  const query = new URLSearchParams({ runs: 'weighted', gold: labels[gold]!, predicted: labels[predicted]! });
  const { total, data, p, rows } = await json<AnswerPage>(`/answers?${query}`);
  expect([total, data, p]).toEqual([confusion[gold]![predicted], 'sample', null]);
  const example = sample.test.find(({ guid }) => guid === rows[0]!.guid)!;
  const { sentence, subject, object } = example;
  expect(rows[0]).toMatchObject({ gold: example.label, sentence, subject, object });
  const [answer] = rows[0]!.answers;
  expect(answer!.confidence).toBeCloseTo(0.6, 6);
  expect(answer!.runner_up).not.toBe(answer!.predicted);

  const wrong = await json<AnswerPage>('/answers?runs=weighted&outcome=0&limit=5&offset=2');
  const runs = await json<RunEntry[]>('/runs');
  expect(wrong.total).toBe(60 - Math.round(60 * runs[1]!.metrics!.accuracy));
  expect(wrong.rows).toHaveLength(5);
});

test('rows that one run has right and another wrong, by who is right, answer and text', async () => {
  const asked = (query: string) => json<AnswerPage>(`/answers?runs=baseline,weighted&limit=1000&${query}`);
  const all = await asked('');
  const isRight = ({ gold, answers }: AnswerRow) =>
    answers.map(({ predicted }) => (predicted === gold ? 1 : 0)).join('');
  expect([all.total, all.joint, all.apart]).toEqual([60, 60, 0]);
  const counts = (outcome: string) => all.rows.filter((row) => isRight(row) === outcome).length;
  expect(new Map(all.outcomes.map(({ outcome, rows }) => [outcome, rows]))).toEqual(
    new Map(['11', '10', '01', '00'].flatMap((outcome) => (counts(outcome) > 0 ? [[outcome, counts(outcome)]] : []))),
  );
  expect(all.p).toBeCloseTo(mcnemarOf(counts('10'), counts('01')).p, 12);
  const differing = await asked('outcome=differ');
  expect(differing.total).toBe(counts('10') + counts('01'));
  expect(differing.rows.every(({ answers: [one, two] }) => one!.predicted !== two!.predicted)).toBe(true);
  // The first run is calibrated, so its confidence is not that of its file.
  expect(differing.rows[0]!.answers.map(({ confidence }) => confidence! < 0.59)).toEqual([true, false]);
  const [row] = differing.rows;
  const predicted = encodeURIComponent(row!.answers[1]!.predicted);
  const ofSecond = await asked(`predicted=${predicted}&by=1`);
  expect(ofSecond.rows.every(({ answers }) => answers[1]!.predicted === row!.answers[1]!.predicted)).toBe(true);
  expect((await asked(`predicted=${predicted}`)).total).toBeGreaterThanOrEqual(ofSecond.total);
  const found = await asked(`text=${encodeURIComponent(row!.sentence!.slice(2, 12))}`);
  expect(found.rows.map(({ guid }) => guid)).toContain(row!.guid);
  expect(found.total).toBeLessThan(60);
});

test('rows of a data set that is not at hand come without their sentences, and are apart from those of other runs', async () => {
  const foreign = { ...sample, test: sample.test.map((row) => ({ ...row, guid: `other-${row.guid}` })) };
  await writeFinishedRun(out, 'foreign', foreign, { skill: 0.5, plan: somePlan() });
  const { data, rows } = await json<AnswerPage>('/answers?runs=foreign&limit=1');
  expect(data).toBeNull();
  expect(rows[0]).toMatchObject({ sentence: null, subject: null });
  expect(await json<AnswerPage>('/answers?runs=baseline,foreign')).toMatchObject({ joint: 0, apart: 120, rows: [] });
  await rm(join(out, TRAINING_FOLDER, 'foreign'), { recursive: true });
});

test.each([
  ['/runs/none', 404],
  ['/runs/following', 404],
  ['/runs/..', 404],
  ['/runs/..%2f..%2fetc', 404],
  ['/runs/%2e%2e/log', 404],
  ['/runs/.hidden/log', 404],
  ['/runs/baseline%00/log', 404],
  ['/answers?runs=a%2Fb', 404],
  ['/answers?runs=baseline,following', 404],
  ['/data/none/rows', 404],
  ['/data/__proto__/rows', 404],
  ['/nothing', 404],
  ['/runs/baseline/log?after=-1', 422],
  ['/runs/baseline/log?after=1e9', 422],
  ['/runs/baseline/log?before=1', 422],
  ['/answers?runs=baseline&limit=100000', 422],
  ['/answers', 422],
  ['/answers?runs=baseline&outcome=maybe', 422],
  ['/data?x=1', 422],
])('%s is refused with %i as a problem', async (path, status) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as { status: number; detail: string };
  expect(problem.status).toBe(status);
  expect(problem.detail).not.toContain(folder);
});

test('no link leads out of the folder', async () => {
  const outside = join(folder, 'outside');
  await mkdir(outside, { recursive: true });
  await writeFile(join(outside, 'training_log.jsonl'), '{"step":1,"epoch":1,"loss":1,"lr":1,"norm":1}\n');
  await symlink(outside, join(out, TRAINING_FOLDER, 'linked'));
  const inner = join(out, TRAINING_FOLDER, 'inner');
  await mkdir(inner);
  await symlink(join(outside, 'training_log.jsonl'), join(inner, 'training_log.jsonl'));
  expect((await json<RunEntry[]>('/runs')).map(({ name }) => name)).not.toEqual(expect.arrayContaining(['linked']));
  for (const name of ['linked', 'inner']) expect((await get(`/runs/${name}/log`)).status).toBe(404);
});

test('the comparison of stage 07 is null before there is one', async () => {
  expect(await json('/comparison')).toBeNull();
});

test('other methods find nothing', async () => {
  expect((await app.request('/runs', { method: 'POST' })).status).toBe(404);
  expect((await app.request('/runs/baseline', { method: 'DELETE' })).status).toBe(404);
});
