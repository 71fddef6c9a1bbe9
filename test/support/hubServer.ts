import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A repository as the test Hub serves it. */
export interface ServedRepository {
  readonly type?: 'model' | 'dataset';
  readonly id: string;
  readonly commit: string;
  /** Content by path; what is 1,000 bytes or longer counts as a large file, which another host serves. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Only requests with this token may read it; `gated` says so in the answer. */
  readonly token?: string;
  readonly gated?: boolean;
}

export interface Seen {
  readonly server: 'hub' | 'cdn';
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
}

/** Answers one request in place of the server. */
export type Fault = (request: IncomingMessage, response: ServerResponse, content: Uint8Array) => void;

export interface TestHub {
  readonly endpoint: string;
  /** Every request so far. */
  readonly seen: Seen[];
  readonly repositories: ServedRepository[];
  /** Lets the next request whose method and address match, such as `GET /big`, end as `fault` says. */
  disturb(matching: RegExp, fault: Fault): void;
}

/** Whole and large files alike have their digest as ETag, as on the Hub: git's for small ones, SHA-256 for large ones. */
export const isLarge = (content: Uint8Array): boolean => content.length >= 1_000;
export const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
export const gitShaOf = (content: Uint8Array): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
export const etagOf = (content: Uint8Array): string => (isLarge(content) ? sha256Of(content) : gitShaOf(content));

/**
 * Starts a Hub on this machine and, on a port of its own, the host that large files are redirected to. It speaks what
 * korex and Python's huggingface_hub ask for: `api/…/revision`, `api/…/tree`, `resolve` with its headers, ranges.
 */
export async function startHub(...repositories: ServedRepository[]): Promise<TestHub> {
  const seen: Seen[] = [];
  const served = [...repositories];
  const faults: { matching: RegExp; fault: Fault }[] = [];
  let cdn = '';

  const handler = (server: Seen['server']) => (request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url = '/', headers } = request;
    const path = decodeURIComponent(new URL(url, 'http://hub').pathname);
    seen.push({ server, method, path, range: headers.range ?? null, authorization: headers.authorization ?? null });
    const repository = served.find((one) => path.includes(`${one.id}/`));
    const file = repository && Object.keys(repository.files).find((name) => path.endsWith(`/${name}`));
    const content = (repository && file && repository.files[file]) || new Uint8Array();
    const disturbed = faults.findIndex(({ matching }) => matching.test(`${method} ${path}`));
    if (disturbed >= 0) return faults.splice(disturbed, 1)[0]!.fault(request, response, content);
    if (server === 'cdn') return sendBytes(request, response, content);
    if (!repository) return refuse(response, headers.authorization ? 404 : 401, 'RepoNotFound');
    if (repository.token && headers.authorization !== `Bearer ${repository.token}`)
      return refuse(response, repository.gated ? 403 : 401, repository.gated ? 'GatedRepo' : 'RepoNotFound');
    answer(request, response, { repository, path, file, content, cdn });
  };
  const hub = await listen(handler('hub'));
  cdn = await listen(handler('cdn'));
  return { endpoint: hub, seen, repositories: served, disturb: (matching, fault) => faults.push({ matching, fault }) };
}

interface Asked {
  readonly repository: ServedRepository;
  readonly path: string;
  readonly file: string | undefined;
  readonly content: Uint8Array;
  readonly cdn: string;
}

function answer(request: IncomingMessage, response: ServerResponse, asked: Asked) {
  const { repository, path, file, content, cdn } = asked;
  const kind = `${repository.type ?? 'model'}s`;
  const api = `/api/${kind}/${repository.id}`;
  const [, revision] = /\/(?:revision|tree|resolve|resolve-cache\/[^/]+\/[^/]+\/[^/]+)\/([^/]+)/.exec(path) ?? [];
  if (revision !== undefined && !['main', repository.commit].includes(revision))
    return refuse(response, 404, 'RevisionNotFound');
  if (path === `${api}/revision/${revision}`) {
    const siblings = Object.keys(repository.files).map((rfilename) => ({ rfilename }));
    return json(response, { id: repository.id, sha: repository.commit, siblings, tags: [], private: false });
  }
  if (path === `${api}/tree/${revision}`) return json(response, treeOf(repository));
  if (file === undefined) return refuse(response, 404, 'EntryNotFound', repository.commit);
  if (path.startsWith('/api/resolve-cache/')) {
    response.setHeader('x-repo-commit', repository.commit);
    return sendBytes(request, response, content);
  }
  const digest = etagOf(content);
  const large = isLarge(content);
  response
    .writeHead(large ? 302 : 307, {
      location: large
        ? `${cdn}/${repository.id}/${file}?signature=1`
        : `/api/resolve-cache/${kind}/${repository.id}/${repository.commit}/${file}`,
      'x-repo-commit': repository.commit,
      'x-linked-size': String(content.length),
      'x-linked-etag': `"${digest}"`,
    })
    .end();
}

/** The whole content or the range that was asked for. */
function sendBytes(request: IncomingMessage, response: ServerResponse, content: Uint8Array): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start > 0 && start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const part = content.subarray(start);
  const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start > 0 ? 206 : 200, {
    ...(start > 0 && range),
    etag: `W/"${etagOf(content)}"`,
    'content-length': String(part.length),
    'accept-ranges': 'bytes',
  });
  response.end(request.method === 'HEAD' ? undefined : part);
}

const treeOf = ({ files }: ServedRepository) =>
  Object.entries(files).map(([path, content]) => ({
    type: 'file',
    path,
    oid: gitShaOf(content),
    size: content.length,
    ...(isLarge(content) && { lfs: { oid: sha256Of(content), size: content.length, pointerSize: 134 } }),
  }));

function refuse(response: ServerResponse, status: number, code: string, commit?: string): void {
  response.writeHead(status, { 'x-error-code': code, ...(commit && { 'x-repo-commit': commit }) }).end();
}

const json = (response: ServerResponse, content: unknown): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(content));
};

/** An address where nobody answers. */
export async function nowhere(): Promise<string> {
  const server = createServer();
  const address = await addressOf(server);
  await new Promise((done) => server.close(done));
  return address;
}

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  return addressOf(server);
}

async function addressOf(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
