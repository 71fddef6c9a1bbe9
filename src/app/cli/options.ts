import { Option } from 'commander';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { readJson } from '../../base/core/files.ts';
import {
  DEFAULT_SETTINGS,
  flagOf,
  SETTINGS,
  type SettingName,
  type SettingRow,
  type Settings,
  withSettings,
} from '../../base/core/settings.ts';
import type { Call, Command, CommandOption } from './command.ts';

const HEADINGS: Record<SettingRow['group'], string> = {
  rows: 'Rows:',
  model: 'Model:',
  training: 'Training:',
  running: 'Running:',
  output: 'Output:',
};

/** The options of a setting: `--name VALUE`, or a switch with its (unlisted) opposite for what a config file turned on. */
export function settingOptions(name: SettingName): Option[] {
  const row: SettingRow = SETTINGS[name];
  const heading = HEADINGS[row.group];
  const flag = flagOf(name);
  if (row.value === undefined)
    return [
      new Option(flag, row.help).helpGroup(heading),
      new Option(flag.replace('--', '--no-'), `not ${flag}`).hideHelp().helpGroup(heading),
    ];
  const fallback = row.default === null ? '' : `; default ${row.default}`;
  return [new Option(`${flag} <${row.value}>`, `${row.help} [${row.range}${fallback}]`).helpGroup(heading)];
}

/** An option of one command alone. */
export function commandOption({ name, value, help, required, repeatable = false }: CommandOption): Option {
  const flag = flagOf(name);
  const option = new Option(value === undefined ? flag : `${flag} <${value}>`, help);
  if (repeatable) option.argParser((next: string, before?: readonly string[]) => [...(before ?? []), next]);
  return option.makeOptionMandatory(required).helpGroup('This command:');
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
    if (value === true) switches.add(name);
    if (typeof value === 'string') values[name] = value;
    if (Array.isArray(value)) lists[name] = value;
  }
  return { options: values, lists, switches };
}

export const configOption = (): Option =>
  new Option('--config <FILE>', 'settings as JSON, by the names of `korex config`; the command line wins').helpGroup(
    'Running:',
  );

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
  { settings: takes, options = [] }: Pick<Command, 'settings' | 'options'>,
  given: Readonly<Record<string, unknown>>,
): Promise<Settings> {
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
  throw usageError(
    `${path} holds no JSON object; expected e.g. {"trainRows": 2000, "epochs": 3}.`,
    '`korex config` lists all settings.',
  );
}

/** A word of the command line as the type that its setting has: a number only where the setting takes no such text. */
function typed(name: SettingName, value: unknown): unknown {
  if (typeof value !== 'string' || SETTINGS[name].schema.safeParse(value).success) return value;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
}

const pick = (values: Readonly<Record<string, unknown>>, names: readonly SettingName[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
