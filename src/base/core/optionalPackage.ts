import { createRequire } from 'node:module';
import { asGiven, failure } from './errors.ts';
import type { Localized } from './types.ts';

const { resolve } = createRequire(import.meta.url);

/**
 * Packages that `npm install --omit=optional` leaves out are there: asked before a long work that needs them at its end,
 * and before they are imported.
 *
 * @param purpose what needs them, as the message begins: `Charts`
 *
 * Errors: `failed` where one of them is not installed, with the command that installs them.
 */
export function checkInstalled(names: readonly string[], purpose: Localized): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  throw failure(
    {
      en: `${purpose.en} need packages that are not installed: ${missing.join(', ')}.`,
      ko: `${purpose.ko}에 필요한 패키지가 설치되어 있지 않다: ${missing.join(', ')}.`,
    },
    asGiven(`npm install ${missing.join(' ')}`),
  );
}

function isInstalled(name: string): boolean {
  try {
    resolve(name);
    return true;
  } catch {
    return false;
  }
}
