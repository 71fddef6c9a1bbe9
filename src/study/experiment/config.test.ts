import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { file } from '../../../test/support/dataFiles.ts';
import { KorexError } from '../../base/core/errors.ts';
import { readExperiment, VARIED_SETTINGS } from './config.ts';

const GOOD = {
  name: 'mine',
  rows: { train: 60, judged: 40 },
  base: { epochs: 3, marker: 'typed-punct' },
  seeds: [1, 2],
  techniques: [{ name: 'weighted', settings: { loss: 'weighted', epochs: 4 } }],
};

const read = (content: unknown) => readExperiment(file('mine.json', JSON.stringify(content)));

async function errorOf(content: unknown): Promise<string> {
  const path = file('mine.json', JSON.stringify(content));
  const error = await readExperiment(path).catch((thrown: unknown) => thrown);
  if (!(error instanceof KorexError)) throw new Error(`Expected a KorexError, got ${String(error)}`);
  expect(error.kind).toBe('usage');
  return `${error.message} ${error.hint}`.replaceAll(path, 'FILE');
}

test('techniques lie over the base, which is the baseline', async () => {
  expect(await read(GOOD)).toMatchObject({
    data: 'sample',
    rows: { train: 60, judged: 40, seed: 42 },
    baseline: { technique: 'baseline', settings: { epochs: 3, marker: 'typed-punct' } },
    techniques: [{ technique: 'weighted', settings: { epochs: 4, marker: 'typed-punct', loss: 'weighted' } }],
  });
});

test.each<[string, object, string]>([
  ['an unknown key', { seedz: [1] }, 'FILE: there is no key "seedz" here. Did you mean "seeds"?'],
  ['a key in a wrong place', { rows: { ...GOOD.rows, base: {} } }, 'FILE: rows: there is no key "base" here.'],
  ['a missing key', { seeds: undefined }, 'FILE: seeds: '],
  ['a wrong number', { rows: { train: 0, judged: 40 } }, 'FILE: rows.train: '],
  [
    'an unknown setting of the base',
    { base: { epoch: 3 } },
    'FILE: base: there is no setting "epoch". Did you mean "epochs"?',
  ],
  [
    'an unknown setting of a technique',
    { techniques: [...GOOD.techniques, { name: 'b', settings: { los: 'ce' } }] },
    'FILE: techniques[1].settings: there is no setting "los". Did you mean "loss"?',
  ],
  [
    'a value out of range',
    { techniques: [{ name: 'b', settings: { loss: 'heavy' } }] },
    'FILE: techniques[0].settings: loss (--loss) is "heavy"; expected ',
  ],
  ['a setting that decides no training', { base: { threads: 2 } }, 'FILE: base: threads cannot vary here.'],
  ['a seed that is there twice', { seeds: [1, 2, 1] }, 'FILE: seeds: 1 is given twice.'],
  [
    'a technique that is called as the baseline',
    { techniques: [{ name: 'baseline', settings: {} }] },
    'FILE: techniques: baseline is given twice. "baseline" is the name of the base alone.',
  ],
  ['a name that is no folder', { name: '../../up' }, 'FILE: name: expected letters'],
])('%s is named with the file', async (_, changes, message) => {
  expect(await errorOf({ ...GOOD, ...changes })).toContain(message);
});

test('whatever decides a training may vary', () => {
  expect(VARIED_SETTINGS).toEqual(
    expect.arrayContaining(['loss', 'schedule', 'layerDecay', 'head', 'marker', 'encoder']),
  );
  for (const name of ['seed', 'name', 'threads', 'out']) expect(VARIED_SETTINGS).not.toContain(name);
});

const folder = fileURLToPath(new URL('../../../experiments/', import.meta.url));

test('committed experiments are valid', async () => {
  const configs = (await readdir(folder)).filter((name) => /^[^.]+\.json$/.test(name));
  expect(configs.length).toBeGreaterThan(0);
  for (const name of configs) expect((await readExperiment(folder + name)).name).toBe(name.replace('.json', ''));
});

test('committed results hold no text of a row and no guid', async () => {
  for (const name of (await readdir(folder)).filter((entry) => entry.endsWith('.results.json'))) {
    const text = await readFile(folder + name, 'utf8');
    expect(text).not.toMatch(/klue-re-v1_|"sentence"|"guid"/);
    expect(text.length).toBeLessThan(400_000);
  }
});
