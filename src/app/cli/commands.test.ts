import { expect, test } from 'vitest';
import { SETTING_NAMES } from '../../base/core/settings.ts';
import { COMMANDS } from './commands.ts';
import { resolveSettings } from './options.ts';
import { parseArguments } from './program.ts';

const parse = (line: string) =>
  parseArguments(COMMANDS, wordsOf(line).slice(1), { writeOut: () => {}, helpWidth: 100 });

/** Words as a shell sees them. */
const wordsOf = (line: string): string[] => (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));

test('every example in the help texts is a valid command line of its command', async () => {
  for (const { name, examples } of COMMANDS) {
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) {
      const typed = parse(line)!;
      expect(typed.command.name).toBe(name);
      const { config: _, ...options } = typed.given;
      await resolveSettings(typed.command, options);
    }
  }
});

test('every setting is an option of some command', () => {
  const taken = new Set(COMMANDS.flatMap(({ settings }) => settings));
  expect(SETTING_NAMES.filter((name) => !taken.has(name))).toEqual([]);
});

test('help of the whole pipeline and of training', () => {
  const helpOf = (name: string) => {
    let help = '';
    parseArguments(COMMANDS, [name, '--help'], {
      writeOut: (text) => {
        help += text;
      },
      helpWidth: 100,
    });
    return help;
  };
  expect(helpOf('run')).toMatchSnapshot();
  expect(helpOf('train')).toMatchSnapshot();
});
