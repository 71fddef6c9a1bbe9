import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeDataset, fakeStages } from '../../../test/support/fakeStages.ts';
import { runKorex } from '../../../test/support/runKorex.ts';
import { failure } from '../../base/core/errors.ts';
import { SETTING_NAMES, type Settings } from '../../base/core/settings.ts';
import type { StageContext } from '../../study/stages/stage.ts';
import type { Command } from './command.ts';
import { createStageCommands } from './commands/stages.ts';
import { COMMANDS } from './commands.ts';

let folder: string;
let seen: Settings | null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-cli-'));
  seen = null;
});
afterEach(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line over fake stages; `edaDoes` is what stage 01 does beside writing its file. */
async function korex(
  args: readonly string[],
  edaDoes: (context: StageContext) => void = () => {},
  aborted?: unknown,
): Promise<Ran> {
  const stages = fakeStages([], {
    eda: (context) => {
      seen = context.settings;
      edaDoes(context);
    },
  });
  const source = { stages, loadDataset: async () => fakeDataset() };
  const ofStages: Readonly<Record<string, Command>> = createStageCommands(source);
  const commands = COMMANDS.filter(({ name }) => name in ofStages || name === 'score' || name === 'config').map(
    (row) => {
      const command = ofStages[row.name];
      return command === undefined ? row : { ...row, load: async () => command };
    },
  );
  const interrupts = new AbortController();
  if (aborted !== undefined) interrupts.abort(aborted);
  return runKorex(args, { commands, signal: interrupts.signal });
}

const here = (...args: string[]) => [...args, '--out', join(folder, 'results')];

test('the list of commands', async () => {
  const { code, out, err } = await korex(['--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatchInlineSnapshot(`
    "Usage: korex [options] [command]

    Korean relation extraction: from KLUE-RE rows to a fine-tuned and evaluated model, in Node.

    Options:
      -V, --version   print the version
      -h, --help      print help

    Commands:
      run             everything: stages 01–08 and the report
      eda             stage 01: look at the rows before anything is built on them
      dataset         stage 02: mark the entities, number the labels, check the rows
      design          stage 03: follow one sentence through the application
      select          stage 04: rank candidate encoders by criteria that are settings
      baseline        stage 05: what can be had without training
      train           stage 06: fine-tune the encoder
      compare         stage 07: all systems in one table, with intervals and tests
      report          the report of all stages, as Markdown and as one HTML file
      score           the official metrics for any system’s predictions
      config          list every setting: type, range, default, meaning
      help [command]  print help for a command

    Start here:
      korex predict --sentence "한빛전자는 2011년 서지우가 세운 회사이다." --subject 한빛전자/ORG --object 서지우/PER
                                    what two names in a sentence have to do with each other
      korex serve                   the same in a browser and as a REST API
      korex run                     train and evaluate on the bundled sample, with a report at the end
      korex COMMAND --help          what a command does, and every option
      korex config                  every setting with its type, default, range and meaning

    Help and messages are in Korean by default; --lang en has them in English.
    Exit codes: 0 done, 1 failed, 2 wrong usage or bad input, 75 not now: try again, 130 interrupted (Ctrl-C).
    "
  `);
});

test('the help of a command teaches it', async () => {
  const { code, out } = await korex(['score', '--help']);
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "Usage: korex score [options]

    Scores predictions against a labelled file: accuracy, macro-F1 over all labels, micro-F1 over all
    but no_relation, and AUPRC where there are probabilities, each with its 95 % bootstrap interval.
    Figures equal scikit-learn’s. Predictions are JSONL or CSV rows with guid and label, or guid and
    probabilities (label → p). The labels come from relation_list.json beside the gold file, else KLUE’s
    30, else those of the gold rows.

    This command:
      --gold <FILE>         labelled rows, in any format that --data takes
      --predictions <FILE>  JSONL or CSV rows of guid and label or probabilities

    Rows:
      --on-bad-row <WHAT>   stop at invalid rows, or leave them out and list them in rejected_rows.jsonl
                            [error | skip; default error]
      --columns <COLUMNS>   how the file names its columns or keys, e.g.
                            sentence=문장,subject=주체,object=객체 [FIELD=COLUMN,…; fields: guid,
                            sentence, subject, object (each also with _start, _end, _type), label,
                            source]

    Running:
      --seed <N>            seed of everything random [0 …; default 42]
      --config <FILE>       settings as JSON, by the names of \`korex config\`; the command line wins

    Output:
      --lang <LANG>         language of help, messages and reports [ko | en; default ko]
      --json                one JSON object on stdout, everything else on stderr

    Options:
      -h, --help            print help

    Examples:
      korex score --gold klue-re-v1.1_dev.json --predictions predictions.jsonl
          four figures and a table by label
      korex score --gold dev.csv --predictions other.csv --json
          the same for programs
    "
  `);
});

test('no command, an unknown one, a misspelt one', async () => {
  expect(await korex([])).toMatchObject({ code: 2, err: expect.stringContaining('korex run') });
  expect(await korex(['rnu'])).toMatchObject({ code: 2, err: "Unknown command 'rnu'.\nDid you mean run?\n" });
  expect(await korex(['eda', 'extra'])).toMatchObject({ code: 2, out: '' });
});

test('the beginning of a command suggests it', async () => {
  expect(await korex(['sco'])).toMatchObject({ err: "Unknown command 'sco'.\nDid you mean score?\n" });
});

test('help and errors follow --lang, Korean where nothing else is asked', async () => {
  const inKorean = (...args: string[]) => runKorex(args, { lang: 'ko' });
  expect((await inKorean('--help')).out).toContain('사용법: korex [옵션] [명령]');
  expect((await inKorean('score', '--help')).out).toContain('라벨이 있는 행');
  expect((await inKorean('score', '--help', '--lang', 'en')).out).toContain('Usage: korex score [options]');
  const { err } = await inKorean('score');
  expect(err).toBe(
    '빠진 옵션: --gold <FILE>\n예: korex score --gold klue-re-v1.1_dev.json --predictions predictions.jsonl\n',
  );
  expect((await inKorean('score', '--lang=en')).err).toContain("Required option '--gold <FILE>' not specified.");
  expect((await inKorean('config', '--json', 'x')).err).toContain('단어가 너무 많다');
  expect((await inKorean('score', '--gold', 'none', '--predictions', 'y')).err).toContain('그런 파일이나 폴더가 없다');
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify({ lang: 'en', sede: 1 }));
  expect((await inKorean('score', '--gold', 'x', '--predictions', 'y', '--config', config)).err).toContain(
    '없는 설정 "sede"',
  );
});

test('unknown options are errors with the nearest known one, or the commands that take it', async () => {
  expect(await korex(['run', '--epoch', '3'])).toEqual({
    code: 2,
    out: '',
    err: "Unknown option '--epoch'.\nDid you mean --epochs?\n",
  });
  expect(await korex(['eda', '--epochs', '3'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--epochs is an option of: run, train, compare, report.'),
  });
  expect(await korex(['run', '--name', 'x'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--name is an option of: train.'),
  });
  expect(await korex(['score', '--gold', 'x'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--predictions'),
  });
});

test('values are checked strictly', async () => {
  const wrong = [
    ['--train-rows', '2k'],
    ['--train-rows', '0'],
    ['--train-rows', '1.5'],
    ['--train-rows', ''],
    ['--seed', '-1'],
    ['--lang', 'fr'],
    ['--marker', 'Entity'],
  ];
  for (const [flag, value] of wrong) {
    const { code, err } = await korex(here('eda', flag!, value!));
    expect(code).toBe(2);
    expect(err).toContain(
      `(${flag}) is ${JSON.stringify(Number.isNaN(Number(value || 'x')) ? value : Number(value))}; expected`,
    );
  }
  expect(seen).toBeNull();
});

test('options arrive typed, over the config file, over the defaults', async () => {
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify({ seed: 7, trainRows: 100, marker: 'typed-punct', epochs: 9, lang: 'en' }));
  expect(await korex(here('eda', '--config', config, '--train-rows', '2e2', '--lang', 'ko'))).toMatchObject({
    code: 0,
    err: '',
  });
  expect(seen).toMatchObject({ seed: 7, trainRows: 200, marker: 'typed-punct', lang: 'ko', evalRows: null });
  await writeFile(config, JSON.stringify({ force: true }));
  await korex(here('eda', '--config', config, '--no-force'));
  expect(seen).toMatchObject({ force: false });
});

test('config files with unknown keys, wrong values or no object are errors that name the file', async () => {
  const config = join(folder, 'config.json');
  const complaint = async (content: string) => {
    await writeFile(config, content);
    const { code, err } = await korex(here('eda', '--config', config));
    expect(code).toBe(2);
    return err.replaceAll(config, 'FILE');
  };
  expect(await complaint('{"trainRow": 5}')).toBe(
    'FILE: there is no setting "trainRow".\nDid you mean "trainRows"? `korex config` lists all.\n',
  );
  expect(await complaint('{"trainRows": "5"}')).toContain('FILE: trainRows (--train-rows) is "5"; expected 1 …');
  expect(await complaint('{"epochs": 0}')).toContain('epochs');
  expect(await complaint('[1]')).toContain('FILE holds no JSON object');
  expect(await complaint('{')).toContain('FILE is not valid JSON');
  expect((await korex(here('eda', '--config', join(folder, 'none.json')))).err).toContain('no such file');
});

test('a name for training stays inside its folder', async () => {
  expect(await korex(here('train', '--name', '../../escape'))).toMatchObject({ code: 2 });
  expect(await korex(here('train', '--name', '실험-1'))).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'results', '06_train', '실험-1', 'stage.json'))).toBe(true);
});

test('run ends with the table and the path of the report', async () => {
  const { code, out } = await korex(here('run'));
  expect(code).toBe(0);
  expect(out.replaceAll(folder, '…')).toMatchInlineSnapshot(`
    "
    name         accuracy  macro_f1   auprc
    ───────────  ────────  ────────  ──────
    다수 클래스    0.5000    0.0123       –
    미세조정       1.0000    0.7500  0.5000

    Report: …/results/09_report/index.html
    "
  `);
});

test('--json: one object on stdout, on failure too', async () => {
  const done = await korex(here('eda', '--json'));
  expect(done.err).toBe('');
  expect(JSON.parse(done.out)).toEqual({
    out: join(folder, 'results'),
    stages: { eda: { status: 'done', folder: join(folder, 'results', '01_eda'), result: { rows: 0 } } },
  });
  const usage = await korex(here('eda', '--json', '--seed', 'x'));
  expect(usage.code).toBe(2);
  expect(JSON.parse(usage.out).error).toMatchObject({ kind: 'usage', hint: expect.any(String) });
  const unknown = await korex(['eda', '--jsno', '--json']);
  expect(JSON.parse(unknown.out).error.kind).toBe('usage');
});

test('failures: exit 1, message and hint, no stack', async () => {
  const broken = await korex(here('eda'), () => {
    throw failure({ en: 'The disk is full.', ko: '디스크가 가득 찼다.' }, { en: 'Make room.', ko: '공간을 비운다.' });
  });
  expect(broken).toEqual({ code: 1, out: '', err: 'The disk is full.\nMake room.\n' });
  const bug = await korex(here('eda', '--json'), () => {
    throw new TypeError('x is undefined');
  });
  expect(bug.code).toBe(1);
  expect(bug.err).toContain('KOREX_DEBUG=1');
  expect(bug.err).not.toContain('    at ');
  expect(JSON.parse(bug.out).error.kind).toBe('unexpected');
});

test('interrupted: exit 130 and how to go on', async () => {
  const { code, err } = await korex(here('eda'), () => {}, new Error('stop'));
  expect(code).toBe(130);
  expect(err).toBe('Interrupted.\nWhat was finished is kept: the same command goes on from there.\n');
});

test('config lists every setting, as text and as JSON', async () => {
  const { out } = await korex(['config', '--lang', 'en']);
  const { settings, defaults } = JSON.parse((await korex(['config', '--json'])).out);
  expect(settings.map(({ name }: { name: string }) => name)).toEqual(SETTING_NAMES);
  expect(Object.keys(defaults)).toEqual(SETTING_NAMES);
  for (const { name, flag, meaning } of settings) {
    expect(out).toContain(`${flag} (${name}, `);
    expect(out).toContain(meaning);
  }
  expect(settings.find(({ name }: { name: string }) => name === 'lr')).toMatchObject({
    type: 'number',
    default: 'auto',
  });
  expect(settings.find(({ name }: { name: string }) => name === 'epochs')).toMatchObject({ type: 'integer' });
  expect(settings.find(({ name }: { name: string }) => name === 'force')).toMatchObject({ type: 'switch' });
  expect(settings.find(({ name }: { name: string }) => name === 'data')).toMatchObject({ type: 'text' });
});

test('the defaults that config prints are a valid config file', async () => {
  const config = join(folder, 'config.json');
  const { defaults } = JSON.parse((await korex(['config', '--json'])).out);
  await writeFile(config, JSON.stringify(defaults));
  expect(await korex(here('eda', '--config', config))).toMatchObject({ code: 0, err: '' });
});
