import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { z } from 'zod';
import { readJson } from '../../../base/core/files.ts';
import type { Reporter } from '../../../base/core/reporter.ts';
import { runsFolder } from '../../../engine/runs/runFolder.ts';
import { comparisonFile } from '../../../study/stages/comparison/schema.ts';
import type { Env } from '../context.ts';
import { languageOf, problemResponse, statusOf } from '../problem.ts';
import { acceptsGzip } from '../staticFiles.ts';
import { answerPage, readAnswered } from './answerRows.ts';
import { dataFigures, interpretationsOf } from './dataFacts.ts';
import { type DataSets, type LoadedSet, openDataSets } from './dataSets.ts';
import { fileInside, isRunName } from './folderInside.ts';
import { checkedQuery, filesProblem, notFound, queryCount } from './query.ts';
import { packJson, rowColumns } from './rowColumns.ts';
import { readErrorAnalysis, runDetail } from './runDetail.ts';
import { findRun, listRuns } from './runList.ts';
import { entriesAfter, lastStep, readLog } from './runLog.ts';
import type { DataFacts, DataSetEntry, PageFeatures, RunLog } from './shapes.ts';
import { type WorkServing, workRoutes } from './workRoutes.ts';

export interface PageOptions {
  /** The `--out` folder: its runs are shown, and nothing outside of it. */
  readonly out: string;
  /** What `--data` means; null for the embedded sample alone. */
  readonly data: string | null;
  readonly reporter: Reporter;
  /** Whether a label project is served, where rows can be corrected. */
  readonly labels?: boolean;
  /** A queue whose works are shown, and steered from pages of the server's own. */
  readonly work?: WorkServing | undefined;
}

/** The most answers that one request gives; a test set has a few thousand rows. */
const MOST_ANSWERS = 1000;

/** The most runs whose answers are joined: outcomes are told apart by colour and place. */
const MOST_RUNS = 12;

const answerQuery = z.strictObject({
  /** Names of runs, which have no commas. */
  runs: z
    .string()
    .max(4000)
    .transform((names) => names.split(','))
    .pipe(z.array(z.string()).min(1).max(MOST_RUNS)),
  gold: z.string().max(200).optional(),
  predicted: z.string().max(200).optional(),
  by: queryCount(MOST_RUNS - 1).optional(),
  text: z.string().max(1000).optional(),
  outcome: z
    .string()
    .regex(/^(all|differ|[01]{1,12})$/, 'expected all, differ, or a digit a run')
    .default('all'),
  offset: queryCount(100_000_000).default(0),
  limit: queryCount(MOST_ANSWERS).default(200),
});
const logQuery = z.strictObject({ after: queryCount(1_000_000_000).default(0) });
const noQuery = z.strictObject({});

/**
 * What the page's views of data, runs and works read, mounted under `/app/api`; works are steered there as well. Every answer
 * has an ETag, so that what has not changed is not sent again. Errors are problem details (RFC 9457).
 */
export function pageRoutes({ out, data, reporter, labels = false, work }: PageOptions): Hono<Env> {
  const app = new Hono<Env>();
  const root = runsFolder(out);
  let sets: Promise<DataSets> | null = null;
  const dataSets = () => {
    sets ??= openDataSets(data);
    return sets;
  };

  app.onError((error, c) => {
    const problem = filesProblem(error, languageOf(c.req.raw.headers));
    if (statusOf(problem) === 500) reporter.warn(`${c.req.method} ${c.req.path}: ${error.message}`);
    return problemResponse(problem, c.get('requestId') ?? randomUUID());
  });
  app.use(async (c, next) => {
    await next();
    // To be asked for each time, then answered with 304 where nothing changed.
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'private, no-cache');
  });
  app.use(etag());

  app.get('/data', async (c) => {
    checkedQuery(c, noQuery);
    const { ids, source } = await dataSets();
    const entries = await Promise.all(ids.map(async (id): Promise<DataSetEntry> => entryOf(id, await source(id))));
    return c.json(entries);
  });
  const readSet = async (id: string): Promise<LoadedSet> => {
    const known = await dataSets();
    if (!known.ids.includes(id)) throw notFound(`data set ${JSON.stringify(id)}`);
    return known.load(id);
  };
  const packed = onceForEach((set: LoadedSet) => packJson(rowColumns(set)));
  app.get('/data/:set/rows', async (c) => {
    checkedQuery(c, noQuery);
    const set = await readSet(c.req.param('set'));
    const { plain, gzip } = await packed(set);
    const isPacked = acceptsGzip(c.req.raw.headers);
    return c.body(isPacked ? gzip : plain, 200, {
      'content-type': 'application/json; charset=utf-8',
      vary: 'accept-encoding',
      // Weak: both forms are the same rows.
      etag: `W/"${set.digest}"`,
      ...(isPacked && { 'content-encoding': 'gzip' }),
    });
  });
  const figures = onceForEach(dataFigures);
  app.get('/data/:set/facts', async (c) => {
    checkedQuery(c, noQuery);
    const set = await readSet(c.req.param('set'));
    const answer: DataFacts = { ...figures(set), interpretations: await interpretationsOf(set, out) };
    return c.json(answer);
  });

  app.get('/runs', async (c) => {
    checkedQuery(c, noQuery);
    return c.json(await listRuns(out));
  });
  app.get('/runs/:name', async (c) => {
    checkedQuery(c, noQuery);
    return c.json(await runDetail(out, runName(c.req.param('name'))));
  });
  app.get('/runs/:name/log', async (c) => {
    const { after } = checkedQuery(c, logQuery);
    const name = runName(c.req.param('name'));
    const { status, steps } = await findRun(out, name);
    const { head, log } = (await readLog(root, name)) ?? { head: null, log: [] };
    const answer: RunLog = {
      status,
      steps,
      steps_per_epoch: head?.steps_per_epoch ?? null,
      last_step: lastStep(log),
      log: entriesAfter(log, after),
    };
    return c.json(answer);
  });
  app.get('/runs/:name/analysis', async (c) => {
    checkedQuery(c, noQuery);
    const name = runName(c.req.param('name'));
    await findRun(out, name);
    // None yet, or one of another version: nothing that a page should complain of.
    return c.json(await readErrorAnalysis(out, name));
  });
  app.get('/answers', async (c) => {
    const { runs, ...query } = checkedQuery(c, answerQuery);
    return c.json(answerPage(await readAnswered(root, runs.map(runName), await dataSets()), query));
  });
  app.get('/features', (c) => {
    checkedQuery(c, noQuery);
    const answer: PageFeatures = { labels, work: work !== undefined };
    return c.json(answer);
  });
  if (work) workRoutes(app, work);
  app.get('/comparison', async (c) => {
    checkedQuery(c, noQuery);
    const path = await fileInside(out, comparisonFile.folder, comparisonFile.name);
    const parsed = path ? comparisonFile.schema.safeParse(await readJson(path)) : null;
    // None yet, or one of another version: nothing that a page should complain of.
    return c.json(parsed?.success ? parsed.data : null);
  });
  app.all('*', (c) => {
    throw notFound(`page API at ${c.req.path}`);
  });
  return app;
}

const entryOf = (id: string, { name, train, test }: Awaited<ReturnType<DataSets['source']>>): DataSetEntry => ({
  id,
  name,
  train: train && baseName(train),
  test: test && baseName(test),
});

/** Where files lie on this machine is not the page's business. */
const baseName = (path: string): string => path.split(/[\\/]/).at(-1)!;

function runName(name: string): string {
  if (!isRunName(name)) throw notFound(`run ${JSON.stringify(name)}`);
  return name;
}

/** Remembers what was made of a data set for as long as that is in memory. */
function onceForEach<T>(make: (set: LoadedSet) => T): (set: LoadedSet) => T {
  const made = new WeakMap<LoadedSet, T>();
  return (set) => {
    const value = made.get(set) ?? make(set);
    made.set(set, value);
    return value;
  };
}
