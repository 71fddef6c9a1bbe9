import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { COMMANDS } from '../src/app/cli/commands.ts';
import { parseArguments } from '../src/app/cli/program.ts';
import { lacks, lacksPython } from './support/needs.ts';
import { runPython } from './support/python.ts';

// Five linters, each of which takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

const isThere = (program: string) => spawnSync(program, ['--version']).status === 0;
const lacksAny =
  lacksPython('botocore', 'compose_spec', 'yaml', 'kubernetes_validate') ||
  lacks('hadolint and shellcheck', isThere('hadolint') && isThere('shellcheck'));

describe.skipIf(lacksAny)('deploy/', () => {
  test('is what the tools of its formats expect, with command lines that korex knows', async () => {
    const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
    const { problems, commands } = JSON.parse(runPython(path('support/lint_deploy.py'), path('../deploy'))) as {
      problems: string[];
      commands: string[][];
    };
    expect(problems).toEqual([]);
    expect(commands.length).toBeGreaterThan(5);
    const output = { writeOut: () => {}, helpWidth: 100, lang: 'en' } as const;
    for (const words of commands) await parseArguments(COMMANDS, words, output);
  });
});
