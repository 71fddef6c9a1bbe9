import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import { usageError } from '../../../base/core/errors.ts';
import { packagePath } from '../../../base/core/packagePath.ts';
import { openPeer, type Peer } from './peer.ts';

/** The scripts in `tools/bench/`, each with the Python packages that it imports. */
export const SCRIPTS = {
  'torch_steps.py': ['torch', 'transformers', 'safetensors'],
  'trainer_epoch.py': ['torch', 'transformers', 'safetensors', 'accelerate'],
  'torch_inference.py': ['torch', 'transformers', 'safetensors'],
  'text_pipeline.py': ['torch', 'transformers', 'safetensors'],
} as const satisfies Record<string, readonly string[]>;
export type ScriptName = keyof typeof SCRIPTS;

/** A program in `tools/bench/`. Errors: `usage` where it is missing. */
export function toolPath(name: string): string {
  const path = packagePath(`tools/bench/${name}`);
  if (existsSync(path)) return path;
  const hint = {
    en: 'The programs of the other systems come with the repository, not with the package.',
    ko: '다른 시스템의 프로그램은 패키지가 아니라 저장소에 들어 있다.',
  };
  throw usageError({ en: `${path} is missing.`, ko: `${path}: 파일이 없다.` }, hint);
}

/**
 * Starts a script. Errors: `usage` where Python, a package or (in an installed korex) the script itself is missing, with
 * the command that gets it.
 */
export async function openScript(python: string, script: ScriptName, signal: AbortSignal): Promise<Peer> {
  const path = toolPath(script);
  await checkPython(python, SCRIPTS[script]);
  return openPeer(script, python, ['-u', path], signal);
}

const FIND =
  'import importlib.util, json, sys; print(json.dumps([m for m in sys.argv[1:] if not importlib.util.find_spec(m)]))';

async function checkPython(python: string, packages: readonly string[]): Promise<void> {
  const install = `\`${python} -m pip install ${packages.join(' ')}\``;
  const hint = {
    en: `Install them with ${install}, or name another Python with --python.`,
    ko: `${install}로 설치하거나, --python으로 다른 파이썬을 준다.`,
  };
  const ran = await promisify(execFile)(python, ['-c', FIND, ...packages]).catch((error: unknown) => {
    throw usageError(
      { en: `Python does not start as ${python}.`, ko: `파이썬이 시작되지 않는다: ${python}.` },
      { en: `It needs ${packages.join(', ')}. ${hint.en}`, ko: `필요한 패키지: ${packages.join(', ')}. ${hint.ko}` },
      error,
    );
  });
  const missing = z.array(z.string()).parse(JSON.parse(ran.stdout));
  if (missing.length > 0)
    throw usageError(
      {
        en: `${python} lacks the packages ${missing.join(', ')}.`,
        ko: `${python}에 없는 패키지: ${missing.join(', ')}.`,
      },
      hint,
    );
}
