import { Command as Commander, CommanderError } from 'commander';
import stringWidth from 'string-width';
import { type KorexError, usageError } from '../../base/core/errors.ts';
import { flagOf, SETTING_GROUPS, SETTING_NAMES, SETTINGS, type SettingName } from '../../base/core/settings.ts';
import type { Language } from '../../base/core/types.ts';
import { VERSION } from '../../base/core/version.ts';
import {
  COMMAND_GROUPS,
  type Command,
  type CommandArgument,
  type CommandGroup,
  type CommandRow,
  EVERYWHERE,
  type Explained,
} from './command.ts';
import { commandOption, configOption, settingOptions, takesSettingsFile } from './options.ts';

export interface ProgramOutput {
  /** Takes help and version texts. */
  readonly writeOut: (text: string) => void;
  /** Columns to wrap help at. */
  readonly helpWidth: number;
  /** Of help and errors. */
  readonly lang: Language;
}

/** What the user typed: a command and its options as given. Null where help or the version was all they asked for. */
export type Typed = {
  readonly name: string;
  readonly command: Command;
  readonly given: Readonly<Record<string, unknown>>;
} | null;

/** The language that `--lang` names anywhere on a command line; null without it, or where it names none. */
export function typedLanguage(argv: readonly string[]): Language | null {
  const values = argv.flatMap((word, i) =>
    word === '--lang' ? [argv[i + 1]] : (/^--lang=(.*)/.exec(word)?.[1] ?? []),
  );
  const value = values.at(-1);
  return value === 'ko' || value === 'en' ? value : null;
}

/** Reads the arguments by the table of commands. Errors: `usage`, with the nearest known name. */
export async function parseArguments(
  rows: readonly CommandRow[],
  argv: readonly string[],
  output: ProgramOutput,
): Promise<Typed> {
  if (argv.length === 0)
    throw usageError(
      { en: 'No command given.', ko: '명령이 없다.' },
      {
        en: '`korex run` does everything; `korex --help` lists the commands.',
        ko: '`korex run`은 모든 단계를 하고, `korex --help`는 명령을 보인다.',
      },
    );
  if (argv.length === 1 && isGroup(argv[0]))
    throw usageError(
      { en: `korex ${argv[0]} needs one word more.`, ko: `korex ${argv[0]} 뒤에 단어가 하나 더 필요하다.` },
      {
        en: `\`korex ${argv[0]} --help\` lists what it can do.`,
        ko: `\`korex ${argv[0]} --help\`가 할 수 있는 일을 보인다.`,
      },
    );
  // Commander prints `help COMMAND` without its hook, so before the command is loaded.
  const [first, ...rest] = argv;
  const words = first === 'help' && rest.length > 0 ? [...rest, '--help'] : [...argv];
  const state: { typed: Typed } = { typed: null };
  try {
    await createProgram(rows, output, state).parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw await asUsageError(error, rows, words);
  }
  return state.typed;
}

/** All commands by name and summary; the one that is called gets its options when commander comes to it. */
function createProgram(rows: readonly CommandRow[], output: ProgramOutput, state: { typed: Typed }): Commander {
  const { lang, helpWidth, writeOut } = output;
  const words = WORDS[lang];
  const rowOf = new Map<Commander, CommandRow>();
  const complete = async (_parent: Commander, child: Commander) => {
    const row = rowOf.get(child);
    if (row === undefined) return;
    const command = await row.load();
    describeCommand(child, command, lang);
    child.action(() => {
      state.typed = { name: row.name, command, given: { ...child.opts(), ...givenArguments(child, command) } };
    });
  };
  const program = new Commander('korex')
    .description(words.description)
    .version(VERSION, '-V, --version', words.version)
    .helpOption('-h, --help', words.help)
    .helpCommand(`help [${words.command}]`, words.helpCommand)
    .usage(`[${words.options}] [${words.command}]`)
    .addHelpText('after', words.epilogue)
    .exitOverride()
    .hook('preSubcommand', complete)
    .configureHelp({
      displayWidth: stringWidth,
      styleTitle: (title) => new Map(Object.entries(words.titles)).get(title) ?? title,
    })
    .configureOutput({ writeOut, writeErr: () => {}, outputError: () => {}, getOutHelpWidth: () => helpWidth });
  const groupOf = (name: CommandGroup): Commander =>
    program.commands.find((command) => command.name() === name) ??
    program
      .command(name)
      .summary(COMMAND_GROUPS[name][lang])
      .usage(`<${words.command}>`)
      .helpOption('-h, --help', words.help)
      .helpCommand(false)
      .hook('preSubcommand', complete);
  for (const row of rows) {
    const [group, word] = row.name.split(' ');
    const parent = isGroup(group) ? groupOf(group) : program;
    // Without "[options]" behind each name of the list; the command's own help says it.
    const child = parent
      .command(word ?? row.name)
      .summary(row.summary[lang])
      .usage(' ');
    rowOf.set(child.helpOption('-h, --help', words.help), row);
  }
  return program;
}

function describeCommand(child: Commander, command: Command, lang: Language): void {
  const { options: optionsWord } = WORDS[lang];
  const taken = command.arguments ?? [];
  child
    .description(command.description[lang])
    .usage([`[${optionsWord}]`, ...taken.map(argumentText)].join(' '))
    .addHelpText('after', epilogue(command, lang));
  for (const argument of taken) child.argument(argumentText(argument), argument.help[lang]);
  for (const option of command.options ?? []) child.addOption(commandOption(option, lang));
  for (const name of byGroup([...command.settings, ...EVERYWHERE]))
    for (const option of settingOptions(name, lang)) child.addOption(option);
  if (takesSettingsFile(command)) child.addOption(configOption(lang));
}

const givenArguments = ({ args }: Commander, { arguments: taken = [] }: Command) =>
  Object.fromEntries(taken.map(({ name, repeatable }, i) => [name, repeatable ? args.slice(i) : args[i]]));

function argumentText({ value, required, repeatable = false }: CommandArgument): string {
  const text = repeatable ? `${value}...` : value;
  return required ? `<${text}>` : `[${text}]`;
}

const isGroup = (name: string | undefined): name is CommandGroup =>
  name !== undefined && Object.hasOwn(COMMAND_GROUPS, name);

/** Options of one heading stand together, headings in their order. */
const byGroup = (names: readonly SettingName[]): SettingName[] =>
  SETTING_GROUPS.flatMap((group) => names.filter((name) => SETTINGS[name].group === group));

const WORDS = {
  en: {
    description: 'Korean relation extraction: from KLUE-RE rows to a fine-tuned and evaluated model, in Node.',
    version: 'print the version',
    help: 'print help',
    command: 'command',
    options: 'options',
    helpCommand: 'print help for a command',
    titles: {},
    writes: 'Writes:',
    examples: 'Examples:',
    epilogue: `
Start here:
  korex predict --sentence "한빛전자는 2011년 서지우가 세운 회사이다." --subject 한빛전자/ORG --object 서지우/PER
                                what two names in a sentence have to do with each other
  korex serve                   the same in a browser and as a REST API
  korex run                     train and evaluate on the bundled sample, with a report at the end
  korex COMMAND --help          what a command does, and every option
  korex config                  every setting with its type, default, range and meaning

Help and messages are in Korean by default; --lang en has them in English.
Exit codes: 0 done, 1 failed, 2 wrong usage or bad input, 130 interrupted (Ctrl-C).`,
  },
  ko: {
    description: '한국어 관계 추출: KLUE-RE 행에서 미세조정하고 평가한 모델까지, Node에서.',
    version: '버전을 보인다',
    help: '도움말을 보인다',
    command: '명령',
    options: '옵션',
    helpCommand: '명령의 도움말을 보인다',
    titles: { 'Usage:': '사용법:', 'Options:': '옵션:', 'Commands:': '명령:', 'Arguments:': '인자:' },
    writes: '쓰는 파일:',
    examples: '예:',
    epilogue: `
처음이라면:
  korex predict --sentence "한빛전자는 2011년 서지우가 세운 회사이다." --subject 한빛전자/ORG --object 서지우/PER
                                문장 속 두 이름이 무슨 관계인지
  korex serve                   같은 일을 브라우저와 REST API에서
  korex run                     함께 들어 있는 표본으로 학습과 평가, 끝에 보고서
  korex 명령 --help             명령이 하는 일과 모든 옵션
  korex config                  모든 설정의 형식, 기본값, 범위, 뜻

도움말과 메시지를 영어로 보려면: --lang en
종료 코드: 0 완료, 1 실패, 2 잘못된 사용이나 입력, 130 중단(Ctrl-C).`,
  },
} as const satisfies Record<Language, Readonly<Record<string, string | Readonly<Record<string, string>>>>>;

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

/** Commander's complaint as ours, by its code: its suggestion becomes the hint. */
async function asUsageError(
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
