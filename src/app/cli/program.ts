import { Command as Commander, CommanderError } from 'commander';
import { type KorexError, usageError } from '../../base/core/errors.ts';
import { flagOf, SETTING_GROUPS, SETTING_NAMES, SETTINGS, type SettingName } from '../../base/core/settings.ts';
import { VERSION } from '../../base/core/version.ts';
import { COMMAND_GROUPS, type Command, type CommandArgument, type CommandGroup, type CommandRow } from './command.ts';
import { commandOption, configOption, settingOptions, takesSettingsFile } from './options.ts';

export interface ProgramOutput {
  /** Takes help and version texts. */
  readonly writeOut: (text: string) => void;
  /** Columns to wrap help at. */
  readonly helpWidth: number;
}

/** What the user typed: a command and its options as given. Null where help or the version was all they asked for. */
export type Typed = {
  readonly name: string;
  readonly command: Command;
  readonly given: Readonly<Record<string, unknown>>;
} | null;

/** Reads the arguments by the table of commands. Errors: `usage`, with the nearest known name. */
export async function parseArguments(
  rows: readonly CommandRow[],
  argv: readonly string[],
  output: ProgramOutput,
): Promise<Typed> {
  let typed: Typed = null;
  const program = createProgram(rows, output, (chosen) => {
    typed = chosen;
  });
  if (argv.length === 0)
    throw usageError('No command given.', '`korex run` does everything; `korex --help` lists the commands.');
  if (argv.length === 1 && isGroup(argv[0]))
    throw usageError(`korex ${argv[0]} needs one word more.`, `\`korex ${argv[0]} --help\` lists what it can do.`);
  // Commander prints `help COMMAND` without its hook, so before the command is loaded.
  const [first, ...rest] = argv;
  const words = first === 'help' && rest.length > 0 ? [...rest, '--help'] : argv;
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw await asUsageError(error, rows);
  }
  return typed;
}

/** All commands by name and summary; the one that is called gets its options when commander comes to it. */
function createProgram(rows: readonly CommandRow[], output: ProgramOutput, chosen: (typed: Typed) => void): Commander {
  const rowOf = new Map<Commander, CommandRow>();
  const complete = async (_parent: Commander, child: Commander) => {
    const row = rowOf.get(child);
    if (row) describeCommand(child, await row.load(), (command, given) => chosen({ name: row.name, command, given }));
  };
  const program = new Commander('korex')
    .description('Korean relation extraction: from KLUE-RE rows to a fine-tuned and evaluated model, in Node.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', PROGRAM_EPILOGUE)
    .exitOverride()
    .hook('preSubcommand', complete)
    .configureOutput({
      writeOut: output.writeOut,
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => output.helpWidth,
    });
  for (const row of rows) {
    const words = row.name.split(' ');
    const parent = isGroup(words[0]) ? groupOf(program, words[0], complete) : program;
    rowOf.set(parent.command(words.at(-1)!).summary(row.summary).usage('[options]'), row);
  }
  return program;
}

function describeCommand(
  child: Commander,
  command: Command,
  chosen: (command: Command, given: Record<string, unknown>) => void,
): void {
  const taken = command.arguments ?? [];
  child
    .description(command.description)
    .usage(['[options]', ...taken.map(argumentText)].join(' '))
    .addHelpText('after', epilogue(command));
  for (const argument of taken) child.argument(argumentText(argument), argument.help);
  for (const option of command.options ?? []) child.addOption(commandOption(option));
  for (const name of byGroup(command.settings)) for (const option of settingOptions(name)) child.addOption(option);
  if (takesSettingsFile(command)) child.addOption(configOption());
  child.action(() => {
    const words = taken.map(
      ({ name, repeatable }, i) => [name, repeatable ? child.args.slice(i) : child.args[i]] as const,
    );
    chosen(command, { ...child.opts(), ...Object.fromEntries(words) });
  });
}

function argumentText({ value, required, repeatable = false }: CommandArgument): string {
  const text = repeatable ? `${value}...` : value;
  return required ? `<${text}>` : `[${text}]`;
}

/** The command that holds the commands of a group; made for the first of them. */
function groupOf(
  program: Commander,
  name: CommandGroup,
  complete: (parent: Commander, child: Commander) => Promise<void>,
): Commander {
  const existing = program.commands.find((command) => command.name() === name);
  return (
    existing ??
    program.command(name).summary(COMMAND_GROUPS[name]).usage('<command> [options]').hook('preSubcommand', complete)
  );
}

const isGroup = (name: string | undefined): name is CommandGroup =>
  name !== undefined && Object.hasOwn(COMMAND_GROUPS, name);

/** Options of one heading stand together, headings in their order. */
const byGroup = (names: readonly SettingName[]): SettingName[] =>
  SETTING_GROUPS.flatMap((group) => names.filter((name) => SETTINGS[name].group === group));

const PROGRAM_EPILOGUE = `
Start here:
  korex run                     everything on the boxed sample, with a report at the end
  korex run --help              what it does, and every option
  korex config                  every setting with its type, default, range and meaning

Exit codes: 0 done, 1 failed, 2 wrong usage or bad input, 130 interrupted (Ctrl-C).`;

function epilogue({ examples, writes }: Command): string {
  const blocks = [];
  if (writes.length > 0) blocks.push(`Writes:\n${columns(writes)}`);
  blocks.push(`Examples:\n${examples.map(([line, what]) => `  ${line}\n      ${what}`).join('\n')}`);
  return `\n${blocks.join('\n\n')}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

/** Commander's complaint as ours: its suggestion becomes the hint. */
async function asUsageError(error: CommanderError, rows: readonly CommandRow[]): Promise<KorexError> {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const flag = /^unknown option '(--[^'=]+)/.exec(message)?.[1];
  const setting = SETTING_NAMES.find((name) => flagOf(name) === flag);
  const takers = setting && (await commandsWith(setting, rows));
  const hint = takers?.length
    ? `${flag} is an option of: ${takers.join(', ')}.`
    : (suggestion?.replace(/^\((.*)\)$/, '$1') ?? '`--help` after the command lists what it takes.');
  return usageError(`${message[0]?.toUpperCase()}${message.slice(1)}.`, hint, error);
}

async function commandsWith(setting: SettingName, rows: readonly CommandRow[]): Promise<string[]> {
  const takes = await Promise.all(rows.map(async ({ load }) => (await load()).settings.includes(setting)));
  return rows.filter((_, i) => takes[i]).map(({ name }) => name);
}
