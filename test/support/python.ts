import { spawnSync } from 'node:child_process';

const FIND = 'import importlib.util, sys; sys.exit(not all(importlib.util.find_spec(name) for name in sys.argv[1:]))';

/** Whether `python3` is there with these packages; they are looked for, not imported, which takes seconds. */
export const pythonHas = (...packages: readonly string[]): boolean =>
  spawnSync('python3', ['-c', FIND, ...packages]).status === 0;

/** Runs a script to its end. Errors: with what Python wrote to stderr. */
export function runPython(script: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('python3', [script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`python3 ${script} failed:\n${stderr}`);
  return stdout;
}
