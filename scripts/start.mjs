// `npm start -- …`: installs and builds what is missing, then runs `korex run …` in this very process,
// so that Ctrl-C and the exit code need no passing on.
import { fileURLToPath } from 'node:url';
import { build, checkNode, ensureInstalled } from './prepare.mjs';

checkNode();
await ensureInstalled();
const isBuilt = (await build()) === 0;
if (!isBuilt) process.exit(1);

const main = new URL('../dist/app/cli/main.js', import.meta.url);
process.argv.splice(1, 1, fileURLToPath(main), 'run');
await import(main.href);
