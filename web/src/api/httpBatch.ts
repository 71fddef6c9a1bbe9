import { linesOf } from '../../../src/base/data/lines.ts';
import { utf8Text } from '../../../src/base/data/utf8.ts';
import { ApiError, request } from './http.ts';
import type { BatchSender, LineAnswer } from './predictor.ts';

/** Attempts while the server is busy before its answer is shown. */
const ATTEMPTS = 6;

/** `POST /v1/batch` of the server below `base`: a line in, a line out, in order. Waits where the server asks for it. */
export const httpBatch = (base: string): BatchSender =>
  async function* send(requests, signal) {
    const body = requests.map((line) => `${JSON.stringify(line)}\n`).join('');
    const response = await patiently(
      () => request(`${base}/v1/batch`, { method: 'POST', body, contentType: 'application/x-ndjson', signal }),
      signal,
    );
    let answered = 0;
    for await (const { bytes } of linesOf(piecesOf(response.body!))) {
      yield JSON.parse(utf8Text(bytes!)) as LineAnswer;
      answered++;
    }
    // A stream that ends early ends without an error when the server closed it in an orderly way.
    if (answered < requests.length) throw new ApiError(0, null);
  };

async function patiently<T>(send: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const wait = error instanceof ApiError && error.status === 429 ? (error.retryAfter ?? 1) : null;
      if (wait === null || attempt === ATTEMPTS) throw error;
      await pause(wait * 1000, signal);
    }
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('The batch was stopped.', 'AbortError'));
    });
  });

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}
