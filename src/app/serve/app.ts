import { randomUUID } from 'node:crypto';
import { type Context, Hono, type Next } from 'hono';
import { cors } from 'hono/cors';
import { percent } from '../../base/core/format.ts';
import { unknownShare, unknownVerdict } from '../../base/text/unknownTokens.ts';
import { LABEL_OPERATIONS } from '../../inference/predict/api/labelOperations.ts';
import { OPERATIONS, type Operation } from '../../inference/predict/api/operations.ts';
import type { Env, ServeContext } from './context.ts';
import { givenRequestId, requireKey, requireLoopbackHost, securityHeaders } from './guards.ts';
import { endingProblem, goneProblem, languageOf, problemOf, problemResponse, RequestProblem } from './problem.ts';
import { batchRoute } from './routes/batch.ts';
import { convertRoute } from './routes/convert.ts';
import { extractRoute } from './routes/extract.ts';
import { infoRoutes } from './routes/info.ts';
import { type LabelServing, labelRoutes } from './routes/label.ts';
import { predictRoute } from './routes/predict.ts';
import type { StaticFiles } from './staticFiles.ts';

export interface AppOptions extends ServeContext {
  /** Asked for where it is not null. */
  readonly apiKey: string | null;
  /** Origins whose pages may use the API. */
  readonly origins: readonly string[];
  /** Whether only names of this machine are answered to. */
  readonly loopbackOnly: boolean;
  /** The built page, where there is one. */
  readonly page: StaticFiles | null;
  /** What the page asks for beside the API, below `/app/api`. */
  readonly pageApi?: Hono<Env>;
  /** A label project that is served as well. */
  readonly labels?: LabelServing;
}

/** With those of labels: what a path is called does not hang on what is served. */
const operations: readonly Operation[] = [...OPERATIONS, ...LABEL_OPERATIONS];

/** The whole server without sockets: `app.request` answers in tests what the server answers over HTTP. */
export function createApp(options: AppOptions): Hono<Env> {
  const { apiKey, origins, loopbackOnly, page, pageApi, labels, state, log, metrics } = options;
  const app = new Hono<Env>();
  const keys = [...(apiKey === null ? [] : [apiKey]), ...(labels?.identity.keys.map(({ key }) => key) ?? [])];

  app.use(observe(options));
  app.use(securityHeaders());
  if (loopbackOnly)
    app.use(async (c, next) => {
      requireLoopbackHost(c.req.header('host') ?? null);
      return next();
    });
  if (origins.length > 0) app.use(crossOrigin(origins));
  app.use(async (c, next) => {
    if (isGuarded(c.req.path)) requireKey(c.req.raw.headers, keys);
    return next();
  });
  app.use('/v1/*', async (c, next) => {
    if (c.req.method !== 'POST') return next();
    if (state.draining) throw endingProblem();
    state.running++;
    try {
      await next();
    } finally {
      state.running--;
    }
  });

  infoRoutes(app, options, { isGuarded: keys.length > 0, labels: labels !== undefined });
  predictRoute(app, options);
  extractRoute(app, options);
  batchRoute(app, options);
  convertRoute(app, options);
  if (labels) labelRoutes(app, labels, { bodyMs: options.limits.bodyMs, origins });
  for (const { path, method } of [...OPERATIONS, ...(labels ? LABEL_OPERATIONS : [])])
    app.all(path, () => {
      throw wrongMethod(method);
    });
  if (pageApi) app.route('/app/api', pageApi);
  if (page) app.get('/docs', async (c) => (await page.respond('/docs.html', c.req.raw.headers)) ?? c.notFound());
  if (page) app.get('*', (c) => pageFile(c, page));

  app.notFound((c) => {
    throw new RequestProblem('not-found', `There is nothing at ${c.req.path}.`, {
      hint: 'GET /openapi.json lists what there is.',
    });
  });
  app.onError((error, c) => {
    const problem = c.req.raw.signal.aborted ? goneProblem() : problemOf(error, languageOf(c.req.raw.headers));
    metrics.refused(problem.kind);
    if (problem.kind === 'internal') log.error({ request_id: c.get('requestId'), err: error }, 'a request failed');
    return problemResponse(problem, c.get('requestId'));
  });
  return app;
}

/** Gives every request an id, and its answer headers, a line in the log and a place in the metrics. */
const observe =
  ({ state, log, metrics }: AppOptions) =>
  async (c: Context<Env>, next: Next): Promise<void> => {
    const began = performance.now();
    const requestId = givenRequestId(c.req.raw.headers) ?? randomUUID();
    c.set('requestId', requestId);
    await next();
    const { headers, status } = c.res;
    headers.set('X-Request-Id', requestId);
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
    if (state.draining) headers.set('Connection', 'close');
    const seconds = (performance.now() - began) / 1000;
    const { method } = c.req;
    const route = routeOf(c.req.path, status);
    const [rows, tokens] = [c.get('rows'), c.get('tokens')];
    if (rows !== undefined) metrics.rows(route, rows);
    if (tokens) metrics.tokens(tokens);
    // Logged where it says that sentences are read badly; the sentences themselves never are.
    const unread = tokens && unknownVerdict(tokens) !== 'fine' && { unknown_tokens: percent(unknownShare(tokens)) };
    metrics.request(route, method, status, seconds);
    const ms = Math.round(seconds * 1e4) / 10;
    log.info({ request_id: requestId, method, route, status, ms, rows, ...unread }, 'request');
  };

/** What metrics and logs call a path: never the path itself unless it is known, since there is no end of paths. */
function routeOf(path: string, status: number): string {
  if (operations.some((operation) => operation.path === path) || path === '/openapi.json') return path;
  if (path.startsWith('/app/api/')) return '/app/api';
  return status === 404 ? 'none' : 'page';
}

const isGuarded = (path: string): boolean =>
  path.startsWith('/v1/') ||
  path.startsWith('/app/api/') ||
  operations.some((operation) => operation.guarded && operation.path === path);

const crossOrigin = (origins: readonly string[]) =>
  cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['Authorization', 'Content-Type', 'X-API-Key', 'X-Korex-Person', 'X-Request-Id'],
    exposeHeaders: ['Retry-After', 'X-Request-Id'],
    maxAge: 600,
  });

const wrongMethod = (method: Operation['method']): RequestProblem => {
  const allowed = method === 'get' ? 'GET, HEAD' : 'POST';
  return new RequestProblem('method-not-allowed', `Only ${allowed} is allowed here.`, {
    headers: { Allow: allowed },
  });
};

/** A file of the page; addresses of its views, which have no ending, get the page itself. */
async function pageFile(c: Context<Env>, page: StaticFiles): Promise<Response> {
  const { headers } = c.req.raw;
  const file = await page.respond(c.req.path, headers);
  if (file) return file;
  const isView = !/\.\w+$|^\/(v1|app\/api)\//.test(c.req.path) && (headers.get('accept') ?? '').includes('text/html');
  return (isView && (await page.respond('/', headers))) || c.notFound();
}
