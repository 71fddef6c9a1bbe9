import {
  DEFAULT_SETTINGS,
  flagOf,
  SETTING_GROUPS,
  SETTING_NAMES,
  SETTINGS,
  type SettingRow,
} from '../../../base/core/settings.ts';
import type { Command } from '../command.ts';

export const configCommand: Command = {
  description: [
    'Prints the table that every command takes its options from. Each setting can stand on the command line',
    '(--train-rows 2000) or, by its name, in a JSON file for --config ({"trainRows": 2000}); the command line wins.',
    'Where a default is "auto", the encoder’s own recipe, chosen on validation rows, decides.',
  ].join('\n'),
  settings: ['json'],
  writes: [],
  examples: [
    ['korex config', 'the whole table'],
    ['korex config --json', 'the same for programs; "defaults" is a ready config file'],
  ],
  run: async () => ({
    text: SETTING_GROUPS.map(groupText).join('\n\n'),
    json: { settings: SETTING_NAMES.map(settingJson), defaults: DEFAULT_SETTINGS },
  }),
};

function groupText(group: SettingRow['group']): string {
  const names = SETTING_NAMES.filter((name) => SETTINGS[name].group === group);
  return [group.toUpperCase(), ...names.map(settingText)].join('\n');
}

function settingText(name: (typeof SETTING_NAMES)[number]): string {
  const row: SettingRow = SETTINGS[name];
  return [
    `  ${flagOf(name)} (${name}, ${typeOf(row)})`,
    `      ${row.help}`,
    `      range: ${row.range}; default: ${row.default ?? 'none'}`,
  ].join('\n');
}

function settingJson(name: (typeof SETTING_NAMES)[number]) {
  const row: SettingRow = SETTINGS[name];
  const { group, range, help } = row;
  return { name, flag: flagOf(name), group, type: typeOf(row), range, default: row.default, meaning: help };
}

/** The type in a word, found by asking the schema. */
function typeOf({ schema, value }: SettingRow): string {
  if (value === undefined) return 'switch';
  const takes = (sample: unknown) => schema.safeParse(sample).success;
  if (takes(0.2) || takes(0.00001)) return 'number';
  if (takes(1) || takes(16)) return 'integer';
  return 'text';
}
