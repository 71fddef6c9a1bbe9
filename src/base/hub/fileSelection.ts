import type { HubEnvironment } from './environment.ts';
import { fileUrl, folderNameOf, type Repository } from './repository.ts';

/** Which files of a repository are needed, and how to get them without a network. */
export interface FileSelection {
  /** For messages: "an encoder". */
  readonly what: string;
  /** Chooses from the repository's paths. */
  readonly choose: (paths: readonly string[]) => Choice;
  /** The files to download manually into one folder, each with a note. */
  readonly manual: readonly { readonly path: string; readonly note?: string }[];
  /** The option that takes that folder: `--encoder`. */
  readonly option: string;
  /** The command that downloads the files. */
  readonly pull: string;
}

/** The chosen paths, or the needed file that is missing, in words. */
export type Choice = { readonly paths: readonly string[] } | { readonly missing: string };

const PROXY = 'HTTPS_PROXY is set: Node uses it only with NODE_USE_ENV_PROXY=1, from version 22.21 (or 24) on.';

/** Manual download instructions: which files to get from where, and where to put them. */
export function manualDownloadHint(
  repository: Repository,
  selection: FileSelection,
  { cache, endpoint }: HubEnvironment,
): string {
  const files = selection.manual.map(
    ({ path, note }) => `  ${fileUrl(endpoint, repository, path)}${note ? `  (${note})` : ''}`,
  );
  return [
    'Download these files where there is a network:',
    ...files,
    `Put them into one folder and name it with ${selection.option} FOLDER. Or run \`${selection.pull}\` there and copy`,
    `  ${folderNameOf(repository)}`,
    `from its cache (~/.cache/huggingface/hub) to ${cache}.`,
    ...(process.env.HTTPS_PROXY || process.env.https_proxy ? [PROXY] : []),
  ].join('\n');
}
