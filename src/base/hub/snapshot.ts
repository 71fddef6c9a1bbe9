import { mkdir, readFile, stat, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failure, usageError } from '../core/errors.ts';
import { tryLock } from '../core/fileLock.ts';
import { writeFailure, writeFileAtomic } from '../core/files.ts';
import { type Reporter, silentReporter } from '../core/reporter.ts';
import { exists, findSnapshot, pointTo, type RepositoryCache, repositoryCache } from './cache.ts';
import { download, type RemoteFile } from './download.ts';
import { type HubEnvironment, hubEnvironment } from './environment.ts';
import { type FileSelection, manualDownloadHint } from './fileSelection.ts';
import { describeFile, listFiles } from './listing.ts';
import { isCommit, nameOf, pageUrl, type Repository } from './repository.ts';
import type { HubClient } from './request.ts';
import { gaveUp, type Pause, pause, Transient } from './retries.ts';

/** Reporting and cancelling of a download; tests set the rest. */
export interface HubOptions {
  readonly reporter?: Reporter;
  readonly signal?: AbortSignal;
  readonly environment?: HubEnvironment;
  readonly pause?: Pause;
  readonly patience?: number;
}

/** A repository's files at one commit, all in the cache. */
export interface Snapshot {
  readonly folder: string;
  readonly commit: string;
  /** Bytes downloaded by this call; 0 where the cache had all. */
  readonly fetched: number;
}

const PATIENCE_MS = 30_000;
const LOCK_POLL_MS = 500;
const MB = 1e6;

/**
 * Downloads the selected files of a repository into the cache that all Hugging Face libraries share and brings a branch up to
 * date. Cached files are not fetched again, interrupted downloads are resumed. One process at a time works on a
 * repository; others wait.
 *
 * Errors: `usage` without a network (with manual download instructions), where the Hub refuses and where the repository
 * lacks a needed file; `failed` for damaged content, a full disk and a Hub that keeps failing.
 */
export async function pullSnapshot(
  repository: Repository,
  selection: FileSelection,
  options: HubOptions = {},
): Promise<Snapshot> {
  const client = clientOf(options);
  const { environment } = client;
  if (environment.offline) {
    const cached = await findSnapshot(environment.cache, repository, selection);
    if (cached !== null) return { folder: cached, commit: basename(cached), fetched: 0 };
    throw usageError(
      {
        en: `${nameOf(repository)} is not in the cache (${environment.cache}), and HF_HUB_OFFLINE is set.`,
        ko: `${nameOf(repository)}: 캐시(${environment.cache})에 없는데 HF_HUB_OFFLINE이 켜져 있다.`,
      },
      manualDownloadHint(repository, selection, environment),
    );
  }
  const cache = repositoryCache(environment.cache, repository);
  return whileLocked(client, cache.lock, nameOf(repository), async () => {
    try {
      return await pullFiles(client, repository, selection, cache);
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      if (!error.unreachable)
        throw gaveUp({ en: `Downloading ${nameOf(repository)}`, ko: `${nameOf(repository)} 내려받기` }, error);
      throw usageError(
        {
          en: `${nameOf(repository)} cannot be downloaded to ${environment.cache}: the Hub is out of reach. ${error.message}.`,
          ko: `${nameOf(repository)}: Hub에 닿지 않아 ${environment.cache}에 내려받을 수 없다. ${error.message}.`,
        },
        manualDownloadHint(repository, selection, environment),
        error,
      );
    }
  });
}

const clientOf = ({ reporter, signal, environment, ...rest }: HubOptions): HubClient => ({
  environment: environment ?? hubEnvironment(),
  reporter: reporter ?? silentReporter,
  signal: signal ?? new AbortController().signal,
  pause: rest.pause ?? pause,
  patience: rest.patience ?? PATIENCE_MS,
});

/** Does a work that one process at a time does; others wait. */
export async function whileLocked<T>(
  client: Pick<HubClient, 'reporter' | 'pause' | 'signal'>,
  path: string,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  let isReported = false;
  for (;;) {
    const lock = await tryLock(path);
    if ('release' in lock) return work().finally(lock.release);
    if (!isReported)
      client.reporter.info({
        en: `Another korex process downloads ${name}; waiting for it`,
        ko: `다른 korex가 ${name}을(를) 내려받고 있어 기다린다`,
      });
    isReported = true;
    await client.pause(LOCK_POLL_MS, client.signal);
  }
}

async function pullFiles(
  client: HubClient,
  repository: Repository,
  selection: FileSelection,
  cache: RepositoryCache,
): Promise<Snapshot> {
  const listing = await listFiles(client, repository);
  const choice = selection.choose(listing.paths);
  if ('missing' in choice)
    throw usageError(
      {
        en: `${nameOf(repository)} is not ${selection.what.en}: it lacks ${choice.missing}. It holds: ${listing.paths.slice(0, 20).join(', ') || 'nothing'}${listing.paths.length > 20 ? ', …' : ''}.`,
        ko: `${nameOf(repository)}: ${selection.what.ko}이(가) 아니다. 없는 것: ${choice.missing}. 있는 것: ${listing.paths.slice(0, 20).join(', ') || '없음'}${listing.paths.length > 20 ? ', …' : ''}.`,
      },
      {
        en: `${pageUrl(client.environment.endpoint, repository)}/tree/${listing.commit} lists its files.`,
        ko: `파일 목록: ${pageUrl(client.environment.endpoint, repository)}/tree/${listing.commit}`,
      },
    );
  const { commit } = listing;
  const folder = cache.snapshot(commit);
  const missing: RemoteFile[] = [];
  for (const path of choice.paths) {
    // A commit never changes: what its folder holds is up to date.
    if (await exists(join(folder, path))) continue;
    const file = await describeFile(client, { ...repository, revision: commit }, path);
    const blob = join(cache.blobs, file.etag);
    if (await exists(blob)) await pointTo(blob, join(folder, path));
    else missing.push(file);
  }
  const fetched = await downloadAll(client, repository, missing, cache, folder);
  // Last, so that a branch never names a commit whose files are still on their way.
  if (!isCommit(repository.revision) && (await readFile(cache.ref, 'utf8').catch(() => '')) !== commit)
    await writeFileAtomic(cache.ref, commit);
  return { folder, commit, fetched };
}

async function downloadAll(
  client: HubClient,
  repository: Repository,
  files: readonly RemoteFile[],
  cache: RepositoryCache,
  folder: string,
): Promise<number> {
  const total = files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  if (files.length === 0) return 0;
  await mkdir(cache.blobs, { recursive: true }).catch((error) => {
    throw writeFailure(cache.blobs, error);
  });
  await checkSpace(cache.blobs, total);
  const bar = client.reporter.progress(nameOf(repository), Math.max(total, 1) / MB, 'MB');
  let [before, fetched] = [0, 0];
  try {
    for (const file of files) {
      const blob = join(cache.blobs, file.etag);
      const show = (bytes: number) => bar.update((before + bytes) / MB, { file: file.path });
      // Two paths may hold the same bytes.
      if (!(await exists(blob))) {
        await download(client, repository, file, blob, show);
        // Not every server says a size beforehand.
        fetched += (await stat(blob)).size;
      }
      await pointTo(blob, join(folder, file.path));
      before += file.size ?? 0;
    }
  } finally {
    bar.end();
  }
  return fetched;
}

async function checkSpace(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(folder).catch(() => null);
  const free = disk === null ? Infinity : disk.bavail * disk.bsize;
  if (free >= bytes) return;
  throw failure(
    {
      en: `The download takes ${Math.ceil(bytes / MB)} MB, but the disk of ${folder} has only ${Math.floor(free / MB)} MB left.`,
      ko: `내려받을 크기는 ${Math.ceil(bytes / MB)} MB인데, ${folder}의 디스크에 ${Math.floor(free / MB)} MB만 남아 있다.`,
    },
    {
      en: 'Free some space, or set HF_HOME to a folder on another disk.',
      ko: '공간을 비우거나, HF_HOME에 다른 디스크의 폴더를 준다.',
    },
  );
}
