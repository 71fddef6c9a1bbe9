import { expect, test } from 'vitest';
import { SETTING_NAMES } from '../../base/core/settings.ts';
import type { Language } from '../../base/core/types.ts';
import { EVERYWHERE } from './command.ts';
import { COMMANDS } from './commands.ts';
import { resolveSettings } from './options.ts';
import { parseArguments } from './program.ts';

const parse = (line: string) =>
  parseArguments(COMMANDS, wordsOf(line).slice(1), { writeOut: () => {}, helpWidth: 100, lang: 'en' });

/** Words as a shell sees them. */
const wordsOf = (line: string): string[] => (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));

test('every example in the help texts is a valid command line of its command', async () => {
  for (const { name, load } of COMMANDS) {
    const { examples } = await load();
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) {
      const typed = (await parse(line))!;
      expect(typed.name).toBe(name);
      const { config: _, ...options } = typed.given;
      await resolveSettings(typed.command, options);
    }
  }
});

test('every setting is an option of some command', async () => {
  const commands = await Promise.all(COMMANDS.map(({ load }) => load()));
  const taken = new Set([...EVERYWHERE, ...commands.flatMap(({ settings }) => settings)]);
  expect(SETTING_NAMES.filter((name) => !taken.has(name))).toEqual([]);
});

test('help of the whole pipeline and of training', async () => {
  const helpOf = async (name: string, lang: Language = 'en') => {
    let help = '';
    await parseArguments(COMMANDS, [name, '--help'], {
      writeOut: (text) => {
        help += text;
      },
      helpWidth: 100,
      lang,
    });
    return help;
  };
  expect(await helpOf('run')).toMatchSnapshot();
  expect(await helpOf('train')).toMatchSnapshot();
  expect(await helpOf('train', 'ko')).toMatchSnapshot();
});
