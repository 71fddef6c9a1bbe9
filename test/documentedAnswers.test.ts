import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runKorex } from './support/runKorex.ts';

// Where README or guide show `npx korex predict …` and what it prints, it prints exactly that, with the model in the box.

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8');

/** Pairs of a command and the block after it. */
const shown = (file: string) =>
  [...read(file).matchAll(/^```\nnpx korex (predict .*)\n```\n\n```\n([\s\S]*?)^```$/gm)].map(
    ([, command, printed]) => [command!, printed!] as const,
  );

const words = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

const cases = [
  ['README.md', 1],
  ['README.ko.md', 1],
  ['docs/predict.md', 2],
  ['docs/predict.ko.md', 2],
] as const;

test.each(cases)('%s', async (file, count) => {
  const pairs = shown(file);
  expect(pairs).toHaveLength(count);
  for (const [command, printed] of pairs)
    expect(await runKorex(words(command))).toMatchObject({ code: 0, out: printed });
});
