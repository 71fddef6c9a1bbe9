// Compares recipes on validation rows: trains each row of the grid with `korex train`. Rows that RESULT.json holds are not
// trained again.
//
// Usage: node tools/recipes/choose.mjs DATA RESULT.json [korex options]   (after `npm run build`)
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GRID = [
  { head: 'entity-start', batchSize: 16, lr: 2e-4, epochs: 3 },
  { head: 'entity-start', batchSize: 16, lr: 4e-4, epochs: 3 },
  { head: 'entity-start', batchSize: 16, lr: 6e-4, epochs: 3 },
  { head: 'cls', batchSize: 16, lr: 4e-4, epochs: 3 },
  { head: 'entity-start', batchSize: 16, lr: 2e-4, epochs: 5 },
  { head: 'entity-start', batchSize: 16, lr: 3e-4, epochs: 5 },
  { head: 'entity-start', batchSize: 16, lr: 4e-4, epochs: 5 },
  { head: 'entity-start', batchSize: 8, lr: 2e-4, epochs: 5 },
  { head: 'entity-start', batchSize: 32, lr: 4e-4, epochs: 5 },
  { head: 'cls', batchSize: 16, lr: 1e-4, epochs: 5 },
  { head: 'entity-start', batchSize: 8, lr: 3e-4, epochs: 5 },
  { head: 'entity-start', batchSize: 8, lr: 2e-4, epochs: 8 },
];

const [data, result, ...options] = process.argv.slice(2);
const korex = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'korex-recipes-'));
const known = existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')).rows : [];

function train({ head, batchSize, lr, epochs }, index) {
  const same = (row) => row.head === head && row.batch_size === batchSize && row.lr === lr && row.epochs === epochs;
  const done = known.find(same);
  if (done) return done;
  const name = `recipe-${index}`;
  const choice = ['--head', head, '--batch-size', batchSize, '--lr', lr, '--epochs', epochs].map(String);
  const command = [korex, 'train', '--data', data, '--out', out, '--name', name, ...choice, ...options];
  execFileSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const summary = readFileSync(join(out, '06_klue_re_training', name, 'metrics_summary.json'), 'utf8');
  const { validation, best_epoch } = JSON.parse(summary);
  return { head, batch_size: batchSize, lr, epochs, best_epoch, validation };
}

const rows = [];
for (const [index, row] of GRID.entries()) {
  rows.push(train(row, index));
  rows.sort((a, b) => b.validation.macro_f1 - a.validation.macro_f1);
  // The data's name only: a path tells where somebody's files are.
  writeFileSync(result, `${JSON.stringify({ data: basename(data), options, rows }, null, 2)}\n`);
}
console.table(
  rows.map(({ validation, ...row }) => ({ ...row, macro_f1: validation.macro_f1, micro_f1: validation.micro_f1 })),
);
