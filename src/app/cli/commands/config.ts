import {
  DEFAULT_SETTINGS,
  flagOf,
  SETTING_GROUPS,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingRow,
  settingWords,
} from '../../../base/core/settings.ts';
import type { Language } from '../../../base/core/types.ts';
import type { Command } from '../command.ts';

export const configCommand: Command = {
  description: {
    en:
      'Prints the table that every command takes its options from. Each setting can stand on the command line (--train-rows 2000) or, by its name, ' +
      'in a JSON file for --config ({"trainRows": 2000}); the command line wins. Where a default is "auto", the values chosen for the encoder on ' +
      'validation rows are used.',
    ko: '모든 명령의 옵션이 나오는 표를 보인다. 설정은 명령줄에(--train-rows 2000), 또는 그 이름으로 --config의 JSON 파일에({"trainRows": 2000}) 쓴다. 명령줄이 우선한다. 기본값이 "auto"이면 검증 행에서 고른 인코더의 기본값을 쓴다.',
  },
  settings: [],
  writes: [],
  examples: [
    ['korex config', { en: 'the whole table', ko: '표 전체' }],
    [
      'korex config --json',
      {
        en: 'the same for programs; "defaults" is a ready config file',
        ko: '프로그램을 위한 같은 내용. "defaults"는 그대로 설정 파일이 된다',
      },
    ],
  ],
  run: async ({ settings: { lang } }) => ({
    text: SETTING_GROUPS.map((group) => groupText(group, lang)).join('\n\n'),
    json: { settings: SETTING_NAMES.map(settingJson), defaults: DEFAULT_SETTINGS },
  }),
};

const WORDS = {
  en: {
    range: 'range',
    fallback: 'default',
    none: 'none',
    switch: 'switch',
    number: 'number',
    integer: 'integer',
    text: 'text',
  },
  ko: { range: '범위', fallback: '기본값', none: '없음', switch: '켬·끔', number: '수', integer: '정수', text: '글' },
} as const;

function groupText(group: SettingRow['group'], lang: Language): string {
  const names = SETTING_NAMES.filter((name) => SETTINGS[name].group === group);
  return [group.toUpperCase(), ...names.map((name) => settingText(name, lang))].join('\n');
}

function settingText(name: SettingName, lang: Language): string {
  const row: SettingRow = SETTINGS[name];
  const { help, range } = settingWords(name, lang);
  const words = WORDS[lang];
  return [
    `  ${flagOf(name)} (${name}, ${words[typeOf(row)]})`,
    `      ${help}`,
    `      ${words.range}: ${range}; ${words.fallback}: ${row.default ?? words.none}`,
  ].join('\n');
}

function settingJson(name: SettingName) {
  const row: SettingRow = SETTINGS[name];
  const { group, range, help } = row;
  return { name, flag: flagOf(name), group, type: typeOf(row), range, default: row.default, meaning: help };
}

/** The type in a word, found by asking the schema. */
function typeOf({ schema, value }: SettingRow): 'switch' | 'number' | 'integer' | 'text' {
  if (value === undefined) return 'switch';
  const takes = (sample: unknown) => schema.safeParse(sample).success;
  if (takes(0.2) || takes(0.00001)) return 'number';
  if (takes(1) || takes(16)) return 'integer';
  return 'text';
}
