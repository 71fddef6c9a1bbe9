import type { CommanderError } from 'commander';
import { type KorexError, usageError } from '../../base/core/errors.ts';
import { flagOf, SETTING_NAMES, type SettingName } from '../../base/core/settings.ts';
import type { CommandRow } from './command.ts';

/** Commander's complaint as ours, by its code: its suggestion becomes the hint. */
export async function asUsageError(
  error: CommanderError,
  rows: readonly CommandRow[],
  words: readonly string[],
): Promise<KorexError> {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const quoted = /'([^']+)'/.exec(message)?.[1] ?? '';
  const en = `${message[0]?.toUpperCase()}${message.slice(1)}.`;
  const ko = COMPLAINTS[error.code]?.(quoted) ?? en;
  return usageError({ en, ko }, await hintFor(error.code, quoted, suggestion, rows, words), error);
}

const COMPLAINTS: Readonly<Record<string, (quoted: string) => string>> = {
  'commander.unknownCommand': (name) => `없는 명령: ${name}`,
  'commander.unknownOption': (flag) => `없는 옵션: ${flag}`,
  'commander.missingArgument': (name) => `빠진 인자: ${name}`,
  'commander.missingMandatoryOptionValue': (flags) => `빠진 옵션: ${flags}`,
  'commander.optionMissingArgument': (flags) => `값이 없는 옵션: ${flags}`,
  'commander.excessArguments': () => '단어가 너무 많다. 띄어쓰기가 있는 값은 따옴표로 묶는다.',
};

async function hintFor(
  code: string,
  quoted: string,
  suggestion: string | undefined,
  rows: readonly CommandRow[],
  words: readonly string[],
): Promise<{ en: string; ko: string }> {
  const meant = (names: string) => ({ en: `Did you mean ${names}?`, ko: `혹시 ${names}?` });
  if (code === 'commander.unknownCommand') {
    const longer = rows.filter(({ name }) => name.startsWith(quoted)).map(({ name }) => name);
    if (longer.length > 0) return meant(longer.join(' · '));
  }
  const setting = SETTING_NAMES.find((name) => flagOf(name) === quoted);
  if (code === 'commander.unknownOption' && setting) {
    const takers = (await commandsWith(setting, rows)).join(', ');
    return { en: `${quoted} is an option of: ${takers}.`, ko: `${quoted} 옵션을 받는 명령: ${takers}.` };
  }
  const names = /Did you mean (?:one of )?(.*)\?/.exec(suggestion ?? '')?.[1];
  if (names !== undefined) return meant(names);
  if (code.startsWith('commander.missing')) {
    const row = rows.find(({ name }) => words.join(' ').startsWith(name));
    const example = (await row?.load())?.examples[0]?.[0];
    if (example !== undefined) return { en: `For example: ${example}`, ko: `예: ${example}` };
  }
  return {
    en: '`--help` after the command lists what it takes.',
    ko: '명령 뒤의 `--help`가 받을 수 있는 것을 보인다.',
  };
}

async function commandsWith(setting: SettingName, rows: readonly CommandRow[]): Promise<string[]> {
  const takes = await Promise.all(rows.map(async ({ load }) => (await load()).settings.includes(setting)));
  return rows.filter((_, i) => takes[i]).map(({ name }) => name);
}
