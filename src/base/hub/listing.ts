import { z } from 'zod';
import { failure, inBoth } from '../core/errors.ts';
import type { Localized } from '../core/types.ts';
import { firstIssue } from '../core/validate.ts';
import type { RemoteFile } from './download.ts';
import { apiUrl, fileUrl, isCommit, isSafePath, type Repository } from './repository.ts';
import { connectionError, type HubClient, type HubRequest, request, watch } from './request.ts';
import { withRetries } from './retries.ts';

const LIST_RETRIES = 2;

const listingSchema = z.object({
  sha: z.string().refine(isCommit, 'is no commit'),
  siblings: z.array(z.object({ rfilename: z.string() })),
});

/** A revision's commit and the paths of its files. */
export interface Listing {
  readonly commit: string;
  readonly paths: readonly string[];
}

/** Asks the Hub for a revision's commit and files, without paths that would lead out of a folder. */
export async function listFiles(client: HubClient, repository: Repository): Promise<Listing> {
  const url = apiUrl(client.environment.endpoint, repository);
  const text = await ask(client, repository, url, {}, (response) => response.text());
  const parsed = listingSchema.safeParse(parseJson(text));
  if (!parsed.success)
    throw notAHub(
      url,
      inBoth(
        (lang) => `${{ en: 'no list of files', ko: '파일 목록이 없다' }[lang]} (${firstIssue(parsed.error)[lang]})`,
      ),
    );
  const { sha, siblings } = parsed.data;
  return { commit: sha, paths: siblings.map(({ rfilename }) => rfilename).filter(isSafePath) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Size and checksum of a file, from the headers that the Hub sends before it redirects to where large files are. */
export async function describeFile(client: HubClient, repository: Repository, path: string): Promise<RemoteFile> {
  const url = fileUrl(client.environment.endpoint, repository, path);
  const headers = await ask(client, repository, url, { method: 'HEAD', elsewhere: 'stop' }, async (response) => {
    const header = (name: string) => response.headers.get(name);
    // The length of a redirect, or of a compressed answer, is not that of the file.
    const isFile = response.status < 300 && header('content-encoding') === null;
    return {
      etag: header('x-linked-etag') ?? header('etag') ?? '',
      size: header('x-linked-size') ?? (isFile ? header('content-length') : null),
    };
  });
  const etag = headers.etag.replace(/^W\//, '').replaceAll('"', '');
  if (!/^[\w-][\w.-]*$/.test(etag))
    throw notAHub(url, { en: `its ETag is "${headers.etag}"`, ko: `ETag가 "${headers.etag}"` });
  return { path, url, etag, size: headers.size !== null && /^\d+$/.test(headers.size) ? Number(headers.size) : null };
}

/** Sends a request and reads its answer, with retries. */
const ask = <T>(
  client: HubClient,
  repository: Repository,
  url: string,
  details: HubRequest,
  read: (response: Response) => Promise<T>,
): Promise<T> =>
  withRetries({ ...client, retries: LIST_RETRIES }, async () => {
    const watchdog = watch(client);
    try {
      const response = await request(client, repository, url, details, watchdog);
      return await read(response).catch((error) => {
        throw connectionError(error, client, url);
      });
    } finally {
      watchdog.stop();
    }
  });

const notAHub = (url: string, what: Localized) =>
  failure(
    {
      en: `${url} did not answer as the Hugging Face Hub does: ${what.en}.`,
      ko: `${url}: Hugging Face Hub의 답이 아니다: ${what.ko}.`,
    },
    {
      en: 'Check HF_ENDPOINT, and whether a proxy or a login page of the network answers instead.',
      ko: 'HF_ENDPOINT를 확인하고, 프록시나 네트워크의 로그인 페이지가 대신 답하는지 살핀다.',
    },
  );
