import type { Command as Commander } from 'commander';
import { SETTING_GROUPS, SETTINGS, type SettingName } from '../../base/core/settings.ts';
import type { Language } from '../../base/core/types.ts';
import { type Command, type CommandArgument, EVERYWHERE, type Explained } from './command.ts';
import { commandOption, configOption, settingOptions, takesSettingsFile } from './options.ts';

/**
 * Gives a command of commander's its help, options and arguments. Apart from the table of commands, since it takes the
 * settings with their schemas, which `korex --help` does without.
 */
export function describeCommand(child: Commander, command: Command, lang: Language): void {
  const words = WORDS[lang];
  const taken = command.arguments ?? [];
  child
    .description(command.description[lang])
    .usage([`[${words.options}]`, ...taken.map(argumentText)].join(' '))
    .addHelpText('after', epilogue(command, lang));
  for (const argument of taken) child.argument(argumentText(argument), argument.help[lang]);
  for (const option of command.options ?? []) child.addOption(commandOption(option, lang));
  for (const name of byGroup([...command.settings, ...EVERYWHERE]))
    for (const option of settingOptions(name, lang)) child.addOption(option);
  if (takesSettingsFile(command)) child.addOption(configOption(lang));
}

function argumentText({ value, required, repeatable = false }: CommandArgument): string {
  const text = repeatable ? `${value}...` : value;
  return required ? `<${text}>` : `[${text}]`;
}

/** Options of one heading stand together, headings in their order. */
const byGroup = (names: readonly SettingName[]): SettingName[] =>
  SETTING_GROUPS.flatMap((group) => names.filter((name) => SETTINGS[name].group === group));

const WORDS = {
  en: { options: 'options', writes: 'Writes:', examples: 'Examples:' },
  ko: { options: '옵션', writes: '쓰는 파일:', examples: '예:' },
} as const satisfies Record<Language, Readonly<Record<string, string>>>;

function epilogue({ examples, writes }: Command, lang: Language): string {
  const words = WORDS[lang];
  const blocks = [];
  if (writes.length > 0) blocks.push(`${words.writes}\n${columns(writes, lang)}`);
  const lines = examples.map(([line, what]) => `  ${line}\n      ${what[lang]}`);
  return `\n${[...blocks, `${words.examples}\n${lines.join('\n')}`].join('\n\n')}`;
}

function columns(rows: Explained, lang: Language): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right[lang]}`).join('\n');
}
