// `npm test -- …`: everything that must hold before a commit; arguments after `--` go to vitest.
import { build, checkNode, ensureInstalled, tool } from './prepare.mjs';

checkNode();
await ensureInstalled();
const layers = (rules, ...folders) => tool('depcruise', ['--config', rules, '--output-type', 'err-long', ...folders]);
const checks = [
  ['format and lint', () => tool('biome', ['ci', '--error-on-warnings', '.'])],
  ['layers', () => layers('.dependency-cruiser.mjs', 'src', 'web')],
  ['nothing of Node’s in the page', () => layers('web/.dependency-cruiser.mjs', 'web/src', 'web/site', 'web/entry')],
  ['types', () => tool('tsc', ['-p', 'tsconfig.json'])],
  ['types of the page', () => tool('tsc', ['-p', 'web/tsconfig.json'])],
  ['build', build],
  ['tests', () => tool('vitest', ['run', ...process.argv.slice(2)])],
];
const failed = [];
for (const [name, check] of checks) {
  console.error(`\n▸ ${name}`);
  const code = await check();
  if (code > 128) process.exit(code);
  if (code !== 0) failed.push(name);
}
console.error(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);
