import { setMaxListeners } from 'node:events';
import type { Hono } from 'hono';
import { type Line, linesOf } from '../../../base/data/lines.ts';
import { MAX_LINE_BYTES } from '../../../inference/predict/api/limits.ts';
import { NDJSON_TYPE } from '../../../inference/predict/api/operations.ts';
import { type LineProblem, REST_SCHEMAS } from '../../../inference/predict/api/schemas.ts';
import { parseJson, requireType } from '../body.ts';
import type { ServeContext, Variables } from '../context.ts';
import { goneProblem, problemBody, problemOf, RequestProblem } from '../problem.ts';
import { orderedPump } from '../pump.ts';
import { checked, encoded } from './predict.ts';

/** `POST /v1/batch`: a line in, a line out, in order, with a window of lines in memory. */
export function batchRoute(app: Hono<{ Variables: Variables }>, serve: ServeContext): void {
  let open = 0;
  app.post('/v1/batch', (c) => {
    requireType(c.req.raw.headers, [NDJSON_TYPE, 'application/jsonl']);
    if (open >= serve.limits.batches)
      throw new RequestProblem('busy', `${open} batches are running already.`, {
        hint: 'Try again when one of them has ended.',
        headers: { 'Retry-After': '5' },
      });
    open++;
    serve.state.running++;
    const body = answers(serve, c.req.raw, c.get('requestId'), (rows) => {
      open--;
      serve.state.running--;
      serve.log.info({ request_id: c.get('requestId'), rows }, 'batch ended');
    });
    return c.body(body, 200, { 'Content-Type': NDJSON_TYPE, 'X-Accel-Buffering': 'no' });
  });
}

/** Windows of lines in work, in batches of the model: one is answered while the next is read. */
const WINDOWS = 2;

function answers(
  serve: ServeContext,
  request: Request,
  requestId: string,
  onEnd: (rows: number) => void,
): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  // Every line that waits listens.
  setMaxListeners(0, gone.signal);
  const stop = () => gone.abort(new Error('The client is gone.'));
  request.signal.addEventListener('abort', stop, { once: true });
  const pump = orderedPump(serve.maxBatch * WINDOWS);
  gone.signal.addEventListener('abort', () => pump.end(), { once: true });
  let rows = 0;

  const answer = async (line: Line): Promise<string> => {
    try {
      const request = checked(REST_SCHEMAS.PredictRequest, parseJson(lineBytes(line)));
      const row = encoded(request, serve);
      rows++;
      serve.metrics.rows('/v1/batch', 1);
      const [relation] = await serve.queue.submit([row], { signal: gone.signal, patient: true });
      return `${JSON.stringify(relation)}\n`;
    } catch (error) {
      return lineProblem(error, line.number);
    }
  };
  const lineProblem = (error: unknown, line: number): string => {
    const problem = gone.signal.aborted ? goneProblem() : problemOf(error);
    serve.metrics.refused(problem.kind);
    if (problem.kind === 'internal') serve.log.error({ request_id: requestId, line, err: error }, 'a line failed');
    return `${JSON.stringify({ ...problemBody(problem, requestId), line } satisfies LineProblem)}\n`;
  };

  const read = async (): Promise<void> => {
    const reader = request.body?.getReader();
    let last = 0;
    const chunks = async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
      while (reader && !gone.signal.aborted) {
        const chunk = await withinTime(reader.read(), serve.limits.idleMs);
        if (chunk.done) return;
        yield chunk.value;
      }
    };
    try {
      for await (const line of linesOf(chunks(), MAX_LINE_BYTES)) {
        last = line.number;
        await pump.push(answer(line));
        if (gone.signal.aborted) return;
      }
    } catch (error) {
      // A client that is gone reads no problems; one that is slow does.
      if (!gone.signal.aborted) await pump.push(Promise.resolve(lineProblem(error, last + 1)));
    } finally {
      pump.end();
      reader?.cancel().catch(() => {});
      request.signal.removeEventListener('abort', stop);
      onEnd(rows);
    }
  };

  const reading = read();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = await pump.next();
        if (text !== null) return controller.enqueue(encoder.encode(text));
        await reading;
        controller.close();
      },
      cancel: stop,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: serve.limits.batchBufferBytes }),
  );
}

function lineBytes({ bytes }: Line): Uint8Array {
  if (bytes) return bytes;
  throw new RequestProblem('too-large', `The line is longer than ${MAX_LINE_BYTES} bytes.`);
}

/** Errors: `timeout` where nothing came for so long. */
async function withinTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new RequestProblem('timeout', `No line came for ${milliseconds / 1000} s.`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
