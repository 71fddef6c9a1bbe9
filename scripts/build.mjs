// `npm run build`, also before `npm pack`.
import { build, checkNode, ensureInstalled } from './prepare.mjs';

checkNode();
await ensureInstalled();
process.exit(await build());
