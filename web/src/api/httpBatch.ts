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
    for await (const line of linesOf(response.body!)) {
      yield JSON.parse(line) as LineAnswer;
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

/** The lines of a text as its bytes arrive; blank ones are left out. */
export async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = bytes
    .pipeThrough(new TextDecoderStream('utf-8', { fatal: true }) as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  try {
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
      const lines = (rest + value).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line.trim() !== '') yield line;
    }
    if (rest.trim() !== '') yield rest;
  } finally {
    reader.cancel().catch(() => {});
  }
}
