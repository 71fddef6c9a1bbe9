import { failure } from '../core/errors.ts';
import type { Reporter } from '../core/reporter.ts';
import { VERSION } from '../core/version.ts';
import type { HubEnvironment } from './environment.ts';
import { refusalError } from './refusals.ts';
import type { Repository } from './repository.ts';
import { type Pause, Transient } from './retries.ts';

/** What all requests share. */
export interface HubClient {
  readonly environment: HubEnvironment;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly pause: Pause;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly patience: number;
}

export interface HubRequest {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * For a redirect that describes the file at another host, where the Hub keeps large files: follow it, or return the
   * redirect itself. Others, as of a mirror that moved, are always followed.
   */
  readonly elsewhere?: 'follow' | 'stop';
}

const REDIRECTS = 10;
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const UNREACHABLE: ReadonlySet<string> = new Set([
  ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'],
]);

/**
 * One request to the Hub. The token goes to the Hub's own origin alone, never along with a redirect elsewhere.
 * `watchdog` ends the request where nothing arrives for `patience`; the caller feeds it while it reads the body.
 *
 * Errors: `Transient` where a retry may help; `usage` or `failed` for a refusal.
 */
export async function request(
  client: HubClient,
  repository: Repository,
  address: string,
  { method = 'GET', headers = {}, elsewhere = 'follow' }: HubRequest,
  watchdog: Watchdog,
): Promise<Response> {
  const { environment } = client;
  const home = new URL(environment.endpoint).origin;
  let url = address;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const authorization =
      environment.token && new URL(url).origin === home ? { authorization: `Bearer ${environment.token.value}` } : {};
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: watchdog.signal,
      // Compressed answers have no known size and no ranges.
      headers: { ...headers, ...authorization, 'accept-encoding': 'identity', 'user-agent': `korex/${VERSION}` },
    }).catch((error) => {
      throw connectionError(error, client, url);
    });
    watchdog.feed();
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null && URL.canParse(location, url)) {
      const target = new URL(location, url);
      const describes = response.headers.has('x-linked-etag') || response.headers.has('etag');
      if (elsewhere === 'stop' && describes && target.origin !== home) return response;
      await response.body?.cancel();
      url = target.href;
      continue;
    }
    if (response.ok || response.status === 416) return response;
    await response.body?.cancel();
    if (TRANSIENT_STATUS.has(response.status))
      throw new Transient(`${new URL(url).host} answered ${response.status}`, { wait: waitOf(response.headers) });
    const [code, message] = [response.headers.get('x-error-code'), response.headers.get('x-error-message')];
    throw refusalError({ status: response.status, code, message, url: address }, repository, environment);
  }
  throw failure(
    { en: `${address} redirects more than ${REDIRECTS} times.`, ko: `${address}: 넘겨주기가 ${REDIRECTS}번을 넘었다.` },
    { en: 'Check HF_ENDPOINT and the network.', ko: 'HF_ENDPOINT와 네트워크를 확인한다.' },
  );
}

/**
 * Milliseconds that a server asks to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), or the reset time
 * `t` of the Hub's `RateLimit: "api";r=0;t=55`. Null where it says nothing.
 */
export function waitOf(headers: Headers, now = Date.now()): number | null {
  const after = headers.get('retry-after') ?? /;\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1] ?? '';
  if (/^\d+$/.test(after)) return Number(after) * 1000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** The error of a broken connection: that of Ctrl-C, `failed` for a certificate, `Transient` for the rest, which may pass. */
export function connectionError(error: unknown, { signal }: HubClient, url: string): unknown {
  if (signal.aborted) return signal.reason;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = String((cause as { code?: unknown }).code ?? '');
  const { host } = new URL(url);
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return failure(
      {
        en: `${host} has a certificate that cannot be verified (${code}).`,
        ko: `${host}: 인증서를 확인할 수 없다(${code}).`,
      },
      {
        en: 'Behind a proxy of your organisation, name its certificate with NODE_EXTRA_CA_CERTS=FILE.',
        ko: '회사나 학교의 프록시 뒤라면 NODE_EXTRA_CA_CERTS=FILE로 그 인증서를 알려 준다.',
      },
      error,
    );
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Transient(`The connection to ${host} failed (${code || reason})`, {
    unreachable: UNREACHABLE.has(code),
    cause: error,
  });
}

/** Ends a request that has not been fed for `patience`, or when the user presses Ctrl-C. */
export interface Watchdog {
  readonly signal: AbortSignal;
  feed(): void;
  stop(): void;
}

export function watch({ patience, signal }: Pick<HubClient, 'patience' | 'signal'>): Watchdog {
  const stalled = new AbortController();
  const timer = setTimeout(
    () => stalled.abort(new Error(`nothing arrived for ${Math.round(patience / 1000)} s`)),
    patience,
  );
  return {
    signal: AbortSignal.any([signal, stalled.signal]),
    feed: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}
