import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { secureHeaders } from 'hono/secure-headers';
import { usageError } from '../../base/core/errors.ts';
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

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Compares keys in a time that does not depend on where they differ.
 *
 * Errors: `unauthorized` where the request has no key, or another one.
 */
export function requireKey(headers: Headers, key: string | null): void {
  if (key === null) return;
  const bearer = /^bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1];
  const given = bearer ?? headers.get('x-api-key');
  if (given !== null && timingSafeEqual(digest(given), digest(key))) return;
  throw new RequestProblem('unauthorized', given === null ? 'The request has no API key.' : 'The API key is wrong.', {
    hint: 'Send it as "Authorization: Bearer KEY" or "X-API-Key: KEY".',
    headers: { 'WWW-Authenticate': 'Bearer realm="korex"' },
  });
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** Whether an address to listen on can only be reached from this machine. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host.includes(':') ? `[${host}]` : host);

/**
 * A page of another site can let its own name lead to this machine (DNS rebinding) and then read what is served here; the
 * Host header gives it away.
 *
 * Errors: `wrong-host`.
 */
export function requireLoopbackHost(host: string | null): void {
  if (host === null || LOOPBACK.test(host)) return;
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
