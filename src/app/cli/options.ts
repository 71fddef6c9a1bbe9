import { Option } from 'commander';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { readJson } from '../../base/core/files.ts';
import {
  DEFAULT_SETTINGS,
  flagOf,
  SETTINGS,
  type SettingGroup,
  type SettingName,
  type SettingRow,
  type Settings,
  settingWords,
  withSettings,
} from '../../base/core/settings.ts';
import type { Language, Localized } from '../../base/core/types.ts';
import { type Call, type Command, type CommandOption, EVERYWHERE } from './command.ts';

const HEADINGS: Record<SettingGroup | 'own', Localized> = {
  own: { en: 'This command:', ko: '이 명령:' },
  rows: { en: 'Rows:', ko: '행:' },
  model: { en: 'Model:', ko: '모델:' },
  training: { en: 'Training:', ko: '학습:' },
  running: { en: 'Running:', ko: '실행:' },
  output: { en: 'Output:', ko: '출력:' },
};

/** The options of a setting: `--name VALUE`, or a switch with its (unlisted) opposite for what a config file turned on. */
export function settingOptions(name: SettingName, lang: Language): Option[] {
  const row: SettingRow = SETTINGS[name];
  const { help, range } = settingWords(name, lang);
  const heading = HEADINGS[row.group][lang];
  const flag = flagOf(name);
  if (row.value === undefined)
    return [
      new Option(flag, help).helpGroup(heading),
      new Option(flag.replace('--', '--no-'), `not ${flag}`).hideHelp().helpGroup(heading),
    ];
  const fallback = row.default === null ? '' : `; ${lang === 'ko' ? '기본값' : 'default'} ${row.default}`;
  return [new Option(`${flag} <${row.value}>`, `${help} [${range}${fallback}]`).helpGroup(heading)];
}

/** An option of one command alone. */
export function commandOption(
  { name, value, help, required, repeatable = false }: CommandOption,
  lang: Language,
): Option {
  const flag = flagOf(name);
  const option = new Option(value === undefined ? flag : `${flag} <${value}>`, help[lang]);
  if (repeatable) option.argParser((next: string, before?: readonly string[]) => [...(before ?? []), next]);
  return option.makeOptionMandatory(required).helpGroup(HEADINGS.own[lang]);
}

/** What was given of a command's own options and arguments: values, lists and switches apart. */
export function ownOptions(
  { options = [], arguments: words = [] }: Pick<Command, 'options' | 'arguments'>,
  given: Readonly<Record<string, unknown>>,
): Required<Pick<Call, 'options' | 'lists' | 'switches'>> {
  const values: Record<string, string> = {};
  const lists: Record<string, readonly string[]> = {};
  const switches = new Set<string>();
  for (const { name } of [...options, ...words]) {
    const value = given[name];
    // Commander keeps `--no-join` as `join`, which is false.
    if (value === true || given[withoutNo(name)] === false) switches.add(name);
    if (typeof value === 'string') values[name] = value;
    if (Array.isArray(value)) lists[name] = value;
  }
  return { options: values, lists, switches };
}

const withoutNo = (name: string): string => name.replace(/^no([A-Z])/, (_, first: string) => first.toLowerCase());

export const configOption = (lang: Language): Option =>
  new Option(
    '--config <FILE>',
    lang === 'ko'
      ? '설정을 적은 JSON 파일, 이름은 `korex config`대로. 명령줄이 우선한다'
      : 'settings as JSON, by the names of `korex config`; the command line wins',
  ).helpGroup(HEADINGS.running[lang]);

/** Whether `--config` names a file of settings; a command may mean another file by it. */
export const takesSettingsFile = ({ options = [] }: Pick<Command, 'options'>): boolean =>
  options.every(({ name }) => name !== 'config');

/**
 * The settings of a call: the table's defaults, over them the config file, over it the command line. Of the config file
 * every known name is allowed, so that one file serves all commands; a command sees those that it takes.
 *
 * Errors: `usage` for unknown names, wrong types and values out of range.
 */
export async function resolveSettings(
  { settings: own, options = [] }: Pick<Command, 'settings' | 'options'>,
  given: Readonly<Record<string, unknown>>,
): Promise<Settings> {
  const takes = [...own, ...EVERYWHERE];
  let settings = DEFAULT_SETTINGS;
  if (takesSettingsFile({ options }) && typeof given.config === 'string') {
    const checked = withSettings(settings, await readConfig(given.config), given.config);
    settings = withSettings(settings, pick(checked, takes), given.config);
  }
  const values = Object.entries(pick(given, takes)).map(([name, value]) => [name, typed(name as SettingName, value)]);
  return withSettings(settings, Object.fromEntries(values), 'command line');
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  const config = z.record(z.string(), z.unknown()).safeParse(await readJson(path));
  if (config.success) return config.data;
  const example = '{"trainRows": 2000, "epochs": 3}';
  throw usageError(
    {
      en: `${path} holds no JSON object; expected e.g. ${example}.`,
      ko: `${path}에 JSON 객체가 없다. 예: ${example}`,
    },
    { en: '`korex config` lists all settings.', ko: '`korex config`가 모든 설정을 보인다.' },
  );
}

/** A word of the command line as the type that its setting has: a number only where the setting takes no such text. */
function typed(name: SettingName, value: unknown): unknown {
  if (typeof value !== 'string' || SETTINGS[name].schema.safeParse(value).success) return value;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
}

const pick = (values: Readonly<Record<string, unknown>>, names: readonly SettingName[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
