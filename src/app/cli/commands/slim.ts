import { failure, usageError } from '../../../base/core/errors.ts';
import {
  foreignBinaries,
  installedBinaries,
  ownPlatform,
  removeBinaries,
} from '../../../engine/runtime/foreignBinaries.js';
import { type Call, type Command, type CommandResult, option } from '../command.ts';
import { textTable } from '../tables.ts';

export const slimCommand: Command = {
  description: {
    en:
      'Takes other systems’ and processors’ binaries out of the installed onnxruntime-node: its package holds those of all platforms, and one machine ' +
      'uses those of one. Nothing is downloaded, and nothing else is changed. A later `npm install` of onnxruntime-node brings them back.',
    ko:
      '설치된 onnxruntime-node에서 다른 시스템과 프로세서의 바이너리를 지운다. 패키지에는 모든 플랫폼의 것이 들어 있고, 한 컴퓨터는 하나만 쓴다. ' +
      '내려받는 것은 없고, 그 밖의 것은 바꾸지 않는다. onnxruntime-node를 다시 설치하면 돌아온다.',
  },
  settings: [],
  options: [
    option(
      'keep',
      'OS/CPU',
      {
        en: 'a platform to keep, as Node names it, e.g. linux/arm64; this machine’s without it',
        ko: '남길 플랫폼, Node가 부르는 이름으로(예: linux/arm64). 없으면 이 컴퓨터의 것',
      },
      { repeatable: true },
    ),
    option('dryRun', undefined, {
      en: 'say what would be removed, and remove nothing',
      ko: '지울 것을 보이기만 하고 지우지 않는다',
    }),
  ],
  writes: [],
  examples: [
    ['korex slim --dry-run', { en: 'what would go, and how much that is', ko: '무엇이 지워지고 얼마나 줄어드는지' }],
    [
      'korex slim',
      {
        en: 'once after `npm install`, e.g. as a line of a Dockerfile',
        ko: '`npm install` 뒤에 한 번, 예컨대 Dockerfile의 한 줄로',
      },
    ],
    [
      'korex slim --keep linux/x64 --keep linux/arm64',
      { en: 'for a folder that is copied to other machines', ko: '다른 컴퓨터로 복사할 폴더라면' },
    ],
  ],
  run: slim,
};

async function slim({ settings: { lang }, lists, switches }: Call): Promise<CommandResult> {
  const keep = lists?.keep ?? [ownPlatform];
  const installed = installedBinaries();
  const known = installed.map(({ platform }) => platform);
  const missing = keep.find((platform) => !known.includes(platform));
  if (missing !== undefined) throw unknownPlatform(missing, known);
  const foreign = foreignBinaries(installed, keep);
  const isTrial = switches?.has('dryRun') ?? false;
  if (!isTrial) remove(foreign);
  const bytes = foreign.reduce((sum, each) => sum + each.bytes, 0);
  const rows = foreign.map(({ platform, bytes }) => ({ platform, MB: Math.round(bytes / 1e6) }));
  const words = WORDS[lang];
  return {
    text:
      foreign.length === 0
        ? words.nothing(keep.join(', '))
        : `${textTable(rows)}\n\n${(isTrial ? words.would : words.removed)(Math.round(bytes / 1e6))}`,
    json: { kept: keep, removed: foreign.map(({ platform, bytes }) => ({ platform, bytes })), bytes, dry_run: isTrial },
  };
}

const WORDS = {
  en: {
    nothing: (kept: string) => `Nothing to remove: onnxruntime-node holds the binaries of ${kept} alone.`,
    would: (megabytes: number) => `${megabytes} MB would be removed; run it without --dry-run to do so.`,
    removed: (megabytes: number) => `${megabytes} MB removed.`,
  },
  ko: {
    nothing: (kept: string) => `지울 것이 없다. onnxruntime-node에는 ${kept}의 바이너리만 들어 있다.`,
    would: (megabytes: number) => `${megabytes} MB를 지울 수 있다. --dry-run 없이 실행하면 지운다.`,
    removed: (megabytes: number) => `${megabytes} MB를 지웠다.`,
  },
};

function remove(foreign: ReturnType<typeof foreignBinaries>): void {
  try {
    removeBinaries(foreign);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw failure(
      { en: `Not all could be removed: ${message}.`, ko: `다 지우지 못했다: ${message}.` },
      {
        en: 'Run it as the user who installed the packages.',
        ko: '패키지를 설치한 사용자로 실행한다.',
      },
      error,
    );
  }
}

const unknownPlatform = (platform: string, known: readonly string[]) =>
  usageError(
    {
      en: `onnxruntime-node has no binaries of ${platform} here.`,
      ko: `여기의 onnxruntime-node에 없는 플랫폼: ${platform}.`,
    },
    { en: `It has: ${known.join(', ')}.`, ko: `있는 것: ${known.join(', ')}.` },
  );
