import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { asGiven, failure, KorexError, temporary, usageError } from '../core/errors.ts';
import { checkInstalled } from '../core/optionalPackage.ts';
import type { Reporter } from '../core/reporter.ts';
import { type Pause, Transient, withRetries } from '../hub/retries.ts';

export type S3Sdk = typeof import('@aws-sdk/client-s3');

/** What every request shares. */
export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** How often a request is tried at most. */
  readonly attempts: number;
  readonly pause: Pause;
}

/** Enough for a server that is away for two minutes: 1 + 2 + … + 64 s. */
const ATTEMPTS = 8;
const CONNECTION_TIMEOUT_MS = 10_000;
/** Without a byte for so long, a connection counts as broken. */
const SILENCE_MS = 30_000;

/**
 * Opens the SDK with what the environment says: credentials and region as all AWS tools find them, `AWS_ENDPOINT_URL_S3` or
 * `AWS_ENDPOINT_URL` for other servers than Amazon's, `AWS_MAX_ATTEMPTS`; `KOREX_S3_PATH_STYLE` = 1 or 0 puts buckets into the path or
 * the host's name (path for servers of one's own, which seldom have names for buckets).
 *
 * Errors: `failed` where the SDK is not installed; `usage` for variables that mean nothing.
 */
export async function connect(
  parts: Pick<S3Connection, 'reporter' | 'signal' | 'pause'>,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<S3Connection> {
  checkInstalled(['@aws-sdk/client-s3'], { en: 's3:// addresses', ko: 's3:// 주소' });
  const config = clientConfig(variables);
  const attempts = attemptsOf(variables);
  // korex runs on Node 20, whatever the SDK recommends; people would read that before each command.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  return { ...parts, sdk, client: new sdk.S3Client(config), attempts };
}

/** Errors: `usage` for variables that mean nothing. */
export function clientConfig(variables: NodeJS.ProcessEnv): S3ClientConfig {
  const endpoint = variables.AWS_ENDPOINT_URL_S3 || variables.AWS_ENDPOINT_URL;
  if (endpoint && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)))
    throw variableError('AWS_ENDPOINT_URL_S3', endpoint, 'http://HOST:PORT');
  const style = variables.KOREX_S3_PATH_STYLE ?? '';
  if (!/^[01]?$/.test(style)) throw variableError('KOREX_S3_PATH_STYLE', style, '0, 1');
  // Servers of one's own have no regions, yet requests are signed for one. Without either, the SDK looks into its own files.
  const region = variables.AWS_REGION || variables.AWS_DEFAULT_REGION || (endpoint ? 'us-east-1' : '');
  return {
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    forcePathStyle: style === '' ? Boolean(endpoint) : style === '1',
    followRegionRedirects: true,
    // `attempt` tries again: it names each fault, and goes on where a body broke off, which the SDK does not.
    maxAttempts: 1,
    // Servers and proxies that do not know `Expect: 100-continue` cost six seconds a part, those that do a connection.
    expectContinueHeader: false,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: SILENCE_MS },
  };
}

function attemptsOf({ AWS_MAX_ATTEMPTS: value }: NodeJS.ProcessEnv): number {
  if (value === undefined || value === '') return ATTEMPTS;
  if (/^[1-9]\d{0,2}$/.test(value)) return Number(value);
  throw variableError('AWS_MAX_ATTEMPTS', value, '1–999');
}

const variableError = (name: string, value: string, expected: string) =>
  usageError(
    {
      en: `${name} is "${value}"; expected ${expected}.`,
      ko: `${name}의 값이 "${value}"이다. 올바른 값: ${expected}.`,
    },
    { en: 'Correct or unset the variable.', ko: '변수를 고치거나 지운다.' },
  );

/**
 * A request, tried again with back-off where the server is busy or the connection breaks; each fault is named to the reporter.
 * Waits vary by chance, so that many workers do not come back at the same moment.
 *
 * Errors: `temporary` after all attempts; what `refusal` makes of the server's answer otherwise.
 */
export async function attempt<T>(connection: S3Connection, address: string, work: () => Promise<T>): Promise<T> {
  const { reporter, signal, attempts, pause } = connection;
  signal.throwIfAborted();
  try {
    return await withRetries(
      { retries: attempts - 1, reporter, signal, pause: (ms, until) => pause(ms * (0.5 + Math.random() / 2), until) },
      async () => {
        try {
          return await work();
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          throw transientOf(error, address) ?? error;
        }
      },
    );
  } catch (error) {
    if (error instanceof Transient)
      throw temporary(
        { en: `${error.message}, ${attempts} times.`, ko: `${error.message} (${attempts}번 시도)` },
        { en: 'Try again later: what is finished is kept.', ko: '나중에 다시 실행한다. 끝난 것은 남아 있다.' },
        error,
      );
    if (error instanceof KorexError || signal.aborted) throw error;
    throw refusal(error, address);
  }
}

/** What the SDK tells of an error. */
interface Facts {
  /** The server's code, `SlowDown`, or the system's, `ECONNRESET`. */
  readonly code: string;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly message: string;
}

export function factsOf(error: unknown): Facts {
  const { name, code, message, $metadata, Code } = error as {
    readonly name?: string;
    readonly code?: string;
    readonly message?: string;
    readonly Code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return {
    code: code ?? Code ?? name ?? 'Error',
    status: $metadata?.httpStatusCode ?? null,
    message: message ?? String(error),
  };
}

/** Answers that ask to come again. Source: Amazon S3 API Reference, "Error responses". */
const BUSY: ReadonlySet<string> = new Set([
  ...['SlowDown', 'ServiceUnavailable', 'InternalError', 'RequestTimeout', 'Throttling', 'ThrottlingException'],
  ...['TooManyRequests', 'OperationAborted', 'ConditionalRequestConflict', 'BandwidthLimitExceeded', 'BadDigest'],
]);
const BROKEN =
  /^(E(CONNRESET|CONNREFUSED|CONNABORTED|PIPE|TIMEDOUT|AI_AGAIN|NETUNREACH|HOSTUNREACH|PROTO)|ENOTFOUND|TimeoutError|ERR_STREAM_PREMATURE_CLOSE)$/;

/** Null where trying again is of no use. */
function transientOf(error: unknown, address: string): Transient | null {
  if (error instanceof Transient) return error;
  if (error instanceof KorexError) return null;
  const { code, status, message } = factsOf(error);
  if (BUSY.has(code) || (status !== null && (status >= 500 || status === 429 || status === 408)))
    return status === 501
      ? null
      : new Transient(`${address}: the server answered ${status ?? ''} ${code}`.trim(), { cause: error });
  if (BROKEN.test(code) || /socket hang up|aborted|premature close|terminated/i.test(message))
    return new Transient(`${address}: the connection failed (${code})`, { cause: error });
  // An answer that is no XML: a proxy's, or one that was cut.
  if (/Deserialization error|not expected|Unclosed|XML/i.test(message) && (status === null || status < 400))
    return new Transient(`${address}: the answer was cut or is not S3's`, { cause: error });
  return null;
}

const CREDENTIALS = {
  en: 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile or role, and what it may do with the bucket.',
  ko: 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN이나 프로필, 역할과, 버킷에 대한 권한을 확인한다.',
};

/** An answer that trying again does not change, for people. */
function refusal(error: unknown, address: string): KorexError {
  const { code, status, message } = factsOf(error);
  if (code === 'NoSuchBucket')
    return usageError(
      { en: `${address}: there is no such bucket.`, ko: `${address}: 그런 버킷이 없다.` },
      { en: 'Check its name, and AWS_ENDPOINT_URL_S3.', ko: '이름과 AWS_ENDPOINT_URL_S3를 확인한다.' },
      error,
    );
  if (code === 'PreconditionFailed')
    return usageError(
      { en: `${address} has changed since it was first read.`, ko: `${address}: 처음 읽은 뒤에 내용이 바뀌었다.` },
      {
        en: 'Leave the input as it is while korex reads it, and start over.',
        ko: '읽는 동안 입력을 그대로 두고, 다시 시작한다.',
      },
      error,
    );
  if (status === 404)
    return usageError(
      { en: `Cannot read ${address}: there is no such object.`, ko: `읽을 수 없다: ${address} (그런 객체가 없다)` },
      { en: 'Check the address.', ko: '주소를 확인한다.' },
      error,
    );
  if (status === 401 || status === 403 || /Credentials|Token/.test(code))
    return usageError(
      {
        en: `${address} is refused: ${code}${message && message !== code ? ` (${message})` : ''}.`,
        ko: `${address}: 거절되었다: ${code}${message && message !== code ? ` (${message})` : ''}.`,
      },
      CREDENTIALS,
      error,
    );
  if (/Region is missing/.test(message))
    return usageError(
      { en: `${address}: no region is known.`, ko: `${address}: 리전을 알 수 없다.` },
      asGiven('AWS_REGION=…'),
      error,
    );
  return failure(
    {
      en: `${address}: the server refused${status === null ? '' : ` with ${status}`}: ${code} (${message}).`,
      ko: `${address}: 서버가 거절했다${status === null ? '' : `(${status})`}: ${code} (${message}).`,
    },
    undefined,
    error,
  );
}
