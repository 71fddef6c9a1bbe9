import type { Localized } from '../core/types.ts';
import type { HubEnvironment } from './environment.ts';
import { fileUrl, folderNameOf, type Repository } from './repository.ts';

/** Which files of a repository are needed, and how to get them without a network. */
export interface FileSelection {
  /** For messages: "an encoder". */
  readonly what: Localized;
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

const PROXY = {
  en: 'HTTPS_PROXY is set: Node uses it only with NODE_USE_ENV_PROXY=1, from version 22.21 (or 24) on.',
  ko: 'HTTPS_PROXY가 있다. Node는 22.21판(또는 24판)부터 NODE_USE_ENV_PROXY=1일 때만 이를 쓴다.',
};

/** Manual download instructions: which files to get from where, and where to put them. */
export function manualDownloadHint(
  repository: Repository,
  selection: FileSelection,
  { cache, endpoint }: HubEnvironment,
): Localized {
  const files = selection.manual.map(
    ({ path, note }) => `  ${fileUrl(endpoint, repository, path)}${note ? `  (${note})` : ''}`,
  );
  const folder = folderNameOf(repository);
  const hasProxy = Boolean(process.env.HTTPS_PROXY || process.env.https_proxy);
  return {
    en: [
      'Download these files where there is a network:',
      ...files,
      `Put them into one folder and name it with ${selection.option} FOLDER. Or run \`${selection.pull}\` there and copy`,
      `  ${folder}`,
      `from its cache (~/.cache/huggingface/hub) to ${cache}.`,
      ...(hasProxy ? [PROXY.en] : []),
    ].join('\n'),
    ko: [
      '네트워크가 되는 곳에서 이 파일들을 내려받는다:',
      ...files,
      `한 폴더에 넣고 ${selection.option} FOLDER로 준다. 또는 그곳에서 \`${selection.pull}\`을 실행하고, 그 캐시(~/.cache/huggingface/hub)의`,
      `  ${folder}`,
      `폴더를 ${cache}에 복사한다.`,
      ...(hasProxy ? [PROXY.ko] : []),
    ].join('\n'),
  };
}
