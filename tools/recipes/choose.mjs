// Chooses a recipe on validation rows: trains each row of the grid with `korex train` and compares validation metrics.
//
// Usage: node tools/recipes/choose.mjs DATA EPOCHS RESULT.json [korex options]   (after `npm run build`)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GRID = [
  { head: 'entity-start', batchSize: 16, lr: 2e-4 },
  { head: 'entity-start', batchSize: 16, lr: 4e-4 },
  { head: 'entity-start', batchSize: 16, lr: 6e-4 },
  { head: 'cls', batchSize: 16, lr: 4e-4 },
];

const [data, epochs, result, ...options] = process.argv.slice(2);
const korex = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'korex-recipes-'));
const rows = GRID.map(({ head, batchSize, lr }, index) => {
  const name = `recipe-${index}`;
  const choice = ['--head', head, '--batch-size', batchSize, '--lr', lr, '--epochs', epochs].map(String);
  execFileSync(
    process.execPath,
    [korex, 'train', '--data', data, '--out', out, '--name', name, ...choice, ...options],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const folder = join(out, '06_klue_re_training', name);
  const { validation, best_epoch } = JSON.parse(readFileSync(join(folder, 'metrics_summary.json'), 'utf8'));
  return { head, batch_size: batchSize, lr, best_epoch, validation };
});
rows.sort((a, b) => b.validation.macro_f1 - a.validation.macro_f1);
// The data's name only: a path tells where somebody's files are.
const recorded = { data: data.split('/').at(-1), epochs: Number(epochs), options, chosen: rows[0], rows };
writeFileSync(result, `${JSON.stringify(recorded, null, 2)}\n`);
console.table(
  rows.map(({ validation, ...row }) => ({ ...row, macro_f1: validation.macro_f1, micro_f1: validation.micro_f1 })),
);
