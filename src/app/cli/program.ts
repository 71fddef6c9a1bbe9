import { Command as Commander, CommanderError } from 'commander';
import stringWidth from 'string-width';
import { usageError } from '../../base/core/errors.ts';
import type { Language } from '../../base/core/types.ts';
import { VERSION } from '../../base/core/version.ts';
import { COMMAND_GROUPS, type Command, type CommandGroup, type CommandRow } from './command.ts';

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
    const { asUsageError } = await import('./usageHints.ts');
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
    const [command, { describeCommand }] = await Promise.all([row.load(), import('./commandHelp.ts')]);
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

const givenArguments = ({ args }: Commander, { arguments: taken = [] }: Command) =>
  Object.fromEntries(taken.map(({ name, repeatable }, i) => [name, repeatable ? args.slice(i) : args[i]]));

const isGroup = (name: string | undefined): name is CommandGroup =>
  name !== undefined && Object.hasOwn(COMMAND_GROUPS, name);

const WORDS = {
  en: {
    description: 'Korean relation extraction: from KLUE-RE rows to a fine-tuned and evaluated model, in Node.',
    version: 'print the version',
    help: 'print help',
    command: 'command',
    options: 'options',
    helpCommand: 'print help for a command',
    titles: {},
    epilogue: `
Start here:
  korex predict --sentence "한빛전자는 2011년 서지우가 세운 회사이다." --subject 한빛전자/ORG --object 서지우/PER
                                what two names in a sentence have to do with each other
  korex serve                   the same in a browser and as a REST API
  korex run                     train and evaluate on the bundled sample, with a report at the end
  korex COMMAND --help          what a command does, and every option
  korex config                  every setting with its type, default, range and meaning

Help and messages are in Korean by default; --lang en has them in English.
Exit codes: 0 done, 1 failed, 2 wrong usage or bad input, 75 not now: try again, 130 interrupted (Ctrl-C).`,
  },
  ko: {
    description: '한국어 관계 추출: KLUE-RE 행에서 미세조정하고 평가한 모델까지, Node에서.',
    version: '버전을 보인다',
    help: '도움말을 보인다',
    command: '명령',
    options: '옵션',
    helpCommand: '명령의 도움말을 보인다',
    titles: { 'Usage:': '사용법:', 'Options:': '옵션:', 'Commands:': '명령:', 'Arguments:': '인자:' },
    epilogue: `
처음이라면:
  korex predict --sentence "한빛전자는 2011년 서지우가 세운 회사이다." --subject 한빛전자/ORG --object 서지우/PER
                                문장 속 두 이름이 무슨 관계인지
  korex serve                   같은 일을 브라우저와 REST API에서
  korex run                     함께 들어 있는 표본으로 학습과 평가, 끝에 보고서
  korex 명령 --help             명령이 하는 일과 모든 옵션
  korex config                  모든 설정의 형식, 기본값, 범위, 뜻

도움말과 메시지를 영어로 보려면: --lang en
종료 코드: 0 완료, 1 실패, 2 잘못된 사용이나 입력, 75 지금은 안 됨(다시 하면 될 수 있다), 130 중단(Ctrl-C).`,
  },
} as const satisfies Record<Language, Readonly<Record<string, string | Readonly<Record<string, string>>>>>;
