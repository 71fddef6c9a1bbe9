import type { HubEnvironment } from './environment.ts';
import { fileUrl, folderNameOf, type Repository } from './repository.ts';
import type { Wanted } from './wanted.ts';

const PROXY = 'HTTPS_PROXY is set: Node heeds it from version 22.21 or 24 on, with NODE_USE_ENV_PROXY=1.';

/** What someone without a network can do: which files to get from where, and where to put them. */
export function byHandHint(repository: Repository, wanted: Wanted, { cache, endpoint }: HubEnvironment): string {
  const files = wanted.byHand.map(
    ({ path, note }) => `  ${fileUrl(endpoint, repository, path)}${note ? `  (${note})` : ''}`,
  );
  return [
    'Get these files where there is a network:',
    ...files,
    `Put them into one folder and name it with ${wanted.option} FOLDER. Or run \`${wanted.pull}\` there and copy`,
    `  ${folderNameOf(repository)}`,
    `from its cache (~/.cache/huggingface/hub) to ${cache}.`,
    ...(process.env.HTTPS_PROXY || process.env.https_proxy ? [PROXY] : []),
  ].join('\n');
}
