import { readFile } from 'node:fs/promises';
import { secureHeaders } from 'hono/secure-headers';
import { usageError } from '../../base/core/errors.ts';
import { isLoopbackHost } from '../../base/core/loopback.ts';
import { givenKey, isKey } from './people.ts';
import { RequestProblem } from './problem.ts';

/** The API key in a file, without the white space around it. Errors: `usage` where there is none. */
export async function readKey(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw usageError(
      {
        en: `The API key in ${path} cannot be read: ${error.message}.`,
        ko: `API 키를 읽을 수 없다: ${path} (${error.message})`,
      },
      { en: '--api-key-file takes a file with one line.', ko: '--api-key-file에는 한 줄짜리 파일을 준다.' },
    );
  });
  const key = text.trim();
  if (/^\S+$/.test(key)) return key;
  throw usageError(
    {
      en: `${path} holds no API key: expected one line without spaces.`,
      ko: `${path}: API 키가 없다. 공백 없는 한 줄이어야 한다.`,
    },
    { en: 'E.g. `openssl rand -hex 32 > FILE`.', ko: '예: `openssl rand -hex 32 > FILE`.' },
  );
}

/** Errors: `unauthorized` where the request has no key, or none of these; without keys nothing is asked for. */
export function requireKey(headers: Headers, keys: readonly string[]): void {
  if (keys.length === 0) return;
  const given = givenKey(headers);
  if (given !== null && keys.some((key) => isKey(given, key))) return;
  throw new RequestProblem('unauthorized', given === null ? 'The request has no API key.' : 'The API key is wrong.', {
    hint: 'Send it as "Authorization: Bearer KEY" or "X-API-Key: KEY".',
    headers: { 'WWW-Authenticate': 'Bearer realm="korex"' },
  });
}

/**
 * What changes something is done for pages of this server alone, or of origins that were allowed: a page of another site can
 * have a browser send requests here, but not without its own Origin.
 *
 * Errors: `wrong-origin`.
 */
export function requireOwnOrigin(headers: Headers, origins: readonly string[]): void {
  const origin = headers.get('origin');
  if (origin === null || origins.includes(origin)) return;
  const own = URL.canParse(origin) ? new URL(origin).host : null;
  if (own !== null && own === headers.get('host')?.toLowerCase()) return;
  throw new RequestProblem('wrong-origin', `The request comes from a page of ${JSON.stringify(origin)}.`, {
    hint: '`--cors ORIGIN` allows a page of another origin, such as that of a proxy before this server.',
  });
}

/**
 * A page of another site can let its own name lead to this machine (DNS rebinding) and then read what is served here; the
 * Host header gives it away.
 *
 * Errors: `wrong-host`.
 */
export function requireLoopbackHost(host: string | null): void {
  if (host === null || isLoopbackHost(host)) return;
  throw new RequestProblem('wrong-host', `The request is for the host ${JSON.stringify(host)}.`, {
    hint: 'This server answers as localhost and 127.0.0.1; `--host` makes it answer to others.',
  });
}

/** What browsers may do with what is served: nothing from elsewhere, nowhere else. */
export const securityHeaders = () =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
    xFrameOptions: 'DENY',
    // Allowed origins may embed what is served, and a proxy before it decides on TLS.
    ...{ crossOriginResourcePolicy: false, strictTransportSecurity: false },
    // Nothing served here is concerned by these, or only in browsers of the past.
    ...{ originAgentCluster: false, xDnsPrefetchControl: false, xDownloadOptions: false },
    ...{ xPermittedCrossDomainPolicies: false, xXssProtection: false },
  });

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The id that a proxy or client gave, where it is harmless in logs. */
export const givenRequestId = (headers: Headers): string | null => {
  const id = headers.get('x-request-id');
  return id !== null && REQUEST_ID.test(id) ? id : null;
};
