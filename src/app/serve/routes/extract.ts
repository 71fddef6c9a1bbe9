import type { Context, Hono } from 'hono';
import { sumCounts } from '../../../base/text/unknownTokens.ts';
import { extractDocument } from '../../../inference/extract/extractDocument.ts';
import { MAX_BODY_BYTES, MAX_TEXT_PAIR_CHARACTERS } from '../../../inference/predict/api/limits.ts';
import { NDJSON_TYPE } from '../../../inference/predict/api/operations.ts';
import type { DocumentGraph } from '../../../inference/predict/documentSchema.ts';
import { REST_SCHEMAS } from '../../../inference/predict/schema.ts';
import { readJsonBody, requireType } from '../body.ts';
import type { Env, ServeContext } from '../context.ts';
import { answeredLines, LINE_TYPES } from '../lineStream.ts';
import { RequestProblem } from '../problem.ts';
import { checked, withThreshold } from './predict.ts';

/** Documents of a stream in work at once: the sentences of the next fill the batches that those of one leave. */
const WINDOW = 2;

/** `POST /v1/extract`: a sentence with its entities, or a text; as lines a stream of documents. */
export function extractRoute(app: Hono<Env>, serve: ServeContext): void {
  const { documents, extractor, queue, limits } = serve;
  let open = 0;
  const begin = () => {
    if (open >= limits.documents)
      throw new RequestProblem('busy', `${open} documents are worked on already.`, {
        hint: 'Try again when one of them is done.',
        headers: { 'Retry-After': '5' },
      });
    open++;
  };

  const graphOf = (value: unknown, id: string, signal: AbortSignal): Promise<DocumentGraph> => {
    const request = withThreshold(checked(REST_SCHEMAS.DocumentRequest, value), serve);
    const options = { signal, maxPairCharacters: MAX_TEXT_PAIR_CHARACTERS };
    return extractDocument(documents.parts, documents.taskOf(request, id), options);
  };

  const stream = (c: Context<Env>) => {
    begin();
    serve.state.running++;
    let count = 0;
    const body = answeredLines(serve, c.req.raw, c.get('requestId'), {
      window: WINDOW,
      async answer(value, line, signal) {
        const graph = await graphOf(asText(value), `line-${line}`, signal);
        count++;
        serve.metrics.rows('/v1/extract', graph.pairs);
        return graph;
      },
      onEnd() {
        open--;
        serve.state.running--;
        serve.log.info({ request_id: c.get('requestId'), documents: count }, 'documents ended');
      },
    });
    return c.body(body, 200, { 'Content-Type': NDJSON_TYPE, 'X-Accel-Buffering': 'no' });
  };

  app.post('/v1/extract', async (c) => {
    requireType(c.req.raw.headers, ['application/json', ...LINE_TYPES]);
    const { signal, headers } = c.req.raw;
    if (!headers.get('content-type')!.toLowerCase().startsWith('application/json')) return stream(c);
    const value = asText(await readJsonBody(c.req.raw, { maxBytes: MAX_BODY_BYTES, timeoutMs: limits.bodyMs }));
    if (isText(value)) {
      begin();
      try {
        const graph = await graphOf(value, 'doc-1', signal);
        c.set('rows', graph.pairs);
        return c.json(graph);
      } finally {
        open--;
      }
    }
    const request = withThreshold(checked(REST_SCHEMAS.ExtractRequest, value), serve);
    const { rows, graph } = await extractor.encodePairs(request, signal);
    c.set('rows', rows.length);
    c.set('tokens', sumCounts(rows.map(({ encoded }) => encoded.counts)));
    return c.json(graph(await queue.submit(rows, { signal })));
  });
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): boolean => isFields(value) && Object.hasOwn(value, 'text');

/** A sentence without entities is a text. */
function asText(value: unknown): unknown {
  if (!isFields(value) || Object.hasOwn(value, 'entities') || !Object.hasOwn(value, 'sentence')) return value;
  const { sentence: text, ...rest } = value;
  return { text, ...rest };
}
