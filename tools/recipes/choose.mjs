// Compares recipes on validation rows: trains each row of a grid (`grids.json`) with `korex train`. Rows that RESULT.json
// holds are not trained again.
//
// Usage: node tools/recipes/choose.mjs GRID DATA RESULT.json [korex options]   (after `npm run build`)
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [grid, data, result, ...options] = process.argv.slice(2);
const GRIDS = JSON.parse(readFileSync(new URL('grids.json', import.meta.url), 'utf8'));
if (!(grid in GRIDS)) throw new Error(`No grid "${grid}"; there are ${Object.keys(GRIDS).join(', ')}.`);
const korex = fileURLToPath(new URL('../../dist/app/cli/main.js', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'korex-recipes-'));
const earlier = existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : null;
if (earlier !== null && (earlier.data !== basename(data) || earlier.options.join(' ') !== options.join(' ')))
  throw new Error(`${result} holds a comparison on ${earlier.data} with other options: ${earlier.options.join(' ')}`);
const known = earlier?.rows ?? [];

function train(recipe, index) {
  const settings = Object.entries(recipe);
  const done = known.find((row) => settings.every(([name, value]) => row[name] === value));
  if (done) return done;
  const name = `recipe-${index}`;
  const choice = settings.flatMap(([name, value]) => [`--${name.replaceAll('_', '-')}`, String(value)]);
  const command = [korex, 'train', '--data', data, '--out', out, '--name', name, ...choice, ...options];
  execFileSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const summary = readFileSync(join(out, '06_klue_re_training', name, 'metrics_summary.json'), 'utf8');
  const { validation, best_epoch } = JSON.parse(summary);
  return { ...recipe, best_epoch, validation };
}

const rows = [];
for (const [index, recipe] of GRIDS[grid].entries()) {
  rows.push(train(recipe, index));
  rows.sort((a, b) => b.validation.macro_f1 - a.validation.macro_f1);
  // The data's name only: a path tells where somebody's files are.
  writeFileSync(result, `${JSON.stringify({ data: basename(data), options, rows }, null, 2)}\n`);
}
console.table(
  rows.map(({ validation, ...row }) => ({ ...row, macro_f1: validation.macro_f1, micro_f1: validation.micro_f1 })),
);
