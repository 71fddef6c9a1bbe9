import { RequestProblem } from './problem.ts';

/** What a body may be. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** How long a whole body may take to arrive. */
  readonly timeoutMs: number;
}

/** Errors: `unsupported-media-type` unless the body is said to be of one of the types, in UTF-8 and not compressed. */
export function requireType(headers: Headers, types: readonly string[]): void {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  if (!types.includes(type.trim()))
    throw new RequestProblem(
      'unsupported-media-type',
      type === '' ? 'The request has no Content-Type.' : `The Content-Type is ${JSON.stringify(type.trim())}.`,
      { hint: `Send ${types.join(' or ')}.` },
    );
  const charset = parameters.map((each) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/.exec(each)?.[1]).find(Boolean);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw new RequestProblem('unsupported-media-type', `The charset is ${JSON.stringify(charset)}.`, {
      hint: 'Send UTF-8.',
    });
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity')
    throw new RequestProblem('unsupported-media-type', `The Content-Encoding is ${JSON.stringify(encoding)}.`, {
      hint: 'Send the body uncompressed.',
    });
}

/**
 * The body as JSON.
 *
 * Errors: `too-large`, `timeout`; `invalid-json` where it is no UTF-8 or no JSON, with the place.
 */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<unknown> {
  return parseJson(await readBytes(request, limits));
}

/** Errors: `invalid-json` with the place. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new RequestProblem('invalid-json', 'The body is empty.', { hint: 'Send JSON.' });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RequestProblem('invalid-json', 'The body is no valid UTF-8.', { hint: 'Send JSON in UTF-8.' });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestProblem('invalid-json', `The body is no valid JSON: ${(error as SyntaxError).message}.`);
  }
}

async function readBytes(request: Request, { maxBytes, timeoutMs }: BodyLimits): Promise<Uint8Array> {
  const length = request.headers.get('content-length');
  if (length !== null && Number(length) > maxBytes) throw tooLarge(maxBytes);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(timeoutMs)), timeoutMs);
  });
  // Node's parser holds a body to its Content-Length; only one without has to be counted here.
  const isCounted = length === null || request.headers.has('transfer-encoding');
  const read = isCounted
    ? readCounted(request.body, maxBytes)
    : request.arrayBuffer().then((all) => new Uint8Array(all));
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
    read.catch(() => {});
  }
}

async function readCounted(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    bytes += chunk.value.length;
    if (bytes > maxBytes) {
      reader.cancel().catch(() => {});
      throw tooLarge(maxBytes);
    }
    chunks.push(chunk.value);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (maxBytes: number): RequestProblem =>
  new RequestProblem('too-large', `The body is larger than ${maxBytes} bytes.`, {
    hint: 'Send fewer requests at once, or stream them to /v1/batch.',
    headers: { Connection: 'close' },
  });

const tooSlow = (timeoutMs: number): RequestProblem =>
  new RequestProblem('timeout', `The body did not arrive within ${timeoutMs / 1000} s.`, {
    headers: { Connection: 'close' },
  });
