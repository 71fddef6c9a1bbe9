import { setMaxListeners } from 'node:events';
import { type Line, linesOf } from '../../base/data/lines.ts';
import { MAX_LINE_BYTES } from '../../inference/predict/api/limits.ts';
import { NDJSON_TYPE } from '../../inference/predict/api/operations.ts';
import type { LineProblem } from '../../inference/predict/schema.ts';
import { parseJson } from './body.ts';
import type { ServeContext } from './context.ts';
import { orderedQueue } from './orderedQueue.ts';
import { goneProblem, languageOf, problemBody, problemOf, RequestProblem } from './problem.ts';

/** What streams of lines are called. */
export const LINE_TYPES = [NDJSON_TYPE, 'application/jsonl'];

/** How the lines of a stream are answered. */
export interface LineAnswers {
  /** Lines in work at once. */
  readonly window: number;
  /** The answer to a line, counted from 1; the signal ends the work when nobody waits for it. */
  answer(value: unknown, line: number, signal: AbortSignal): Promise<unknown>;
  /** All lines are read, or the client is gone. */
  onEnd(): void;
}

/** A line of the body, or why no more lines come. */
type Read = Line | { readonly number: number; readonly error: unknown };

/** An answer a line, in order; a line that cannot be answered gets its problem, and the next ones are answered all the same. */
export function answeredLines(
  serve: Pick<ServeContext, 'limits' | 'log' | 'metrics'>,
  request: Request,
  requestId: string,
  answers: LineAnswers,
): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  // Every line that waits listens.
  setMaxListeners(0, gone.signal);

  const lang = languageOf(request.headers);
  const answer = async (read: Read): Promise<string> => {
    try {
      const answered = await answers.answer(parseJson(lineBytes(read)), read.number, gone.signal);
      return `${JSON.stringify(answered)}\n`;
    } catch (error) {
      const problem = gone.signal.aborted ? goneProblem() : problemOf(error, lang);
      serve.metrics.refused(problem.kind);
      const line = read.number;
      if (problem.kind === 'internal') serve.log.error({ request_id: requestId, line, err: error }, 'a line failed');
      return `${JSON.stringify({ ...problemBody(problem, requestId), line } satisfies LineProblem)}\n`;
    }
  };

  const texts = orderedQueue(answers.window);
  const stop = () => {
    gone.abort(new Error('The client is gone.'));
    texts.end();
  };
  request.signal.addEventListener('abort', stop, { once: true });
  const read = async (): Promise<void> => {
    for await (const line of linesRead(request, gone.signal, serve.limits.idleMs)) {
      await texts.push(answer(line));
      if (gone.signal.aborted) break;
    }
    texts.end();
    request.signal.removeEventListener('abort', stop);
    answers.onEnd();
  };

  const reading = read();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = await texts.next();
        if (text !== null) return controller.enqueue(encoder.encode(text));
        await reading;
        controller.close();
      },
      cancel: stop,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: serve.limits.batchBufferBytes }),
  );
}

/** The lines of a body; what keeps it from being read, such as a client that falls silent, comes as a last one. */
async function* linesRead(request: Request, gone: AbortSignal, idleMs: number): AsyncGenerator<Read> {
  const reader = request.body?.getReader();
  const chunks = async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    while (reader && !gone.aborted) {
      const chunk = await withinTime(reader.read(), idleMs);
      if (chunk.done) return;
      yield chunk.value;
    }
  };
  let last = 0;
  try {
    for await (const line of linesOf(chunks(), MAX_LINE_BYTES)) {
      last = line.number;
      yield line;
    }
  } catch (error) {
    // A client that is gone reads no problems; one that is slow does.
    if (!gone.aborted) yield { number: last + 1, error };
  } finally {
    reader?.cancel().catch(() => {});
  }
}

/** Errors: what kept the line from being read; `too-large`. */
function lineBytes(read: Read): Uint8Array {
  if ('error' in read) throw read.error;
  if (read.bytes) return read.bytes;
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
