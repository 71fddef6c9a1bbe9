// What the page runs, imports of types left out: nothing that it reaches may need Node (`npm run layers`).

import { builtinModules } from 'node:module';

export default {
  forbidden: [
    {
      name: 'page-without-node',
      comment: 'What runs in a browser reaches nothing of Node’s, however long the chain of imports.',
      severity: 'error',
      from: { path: '^web/(src|site|entry)/', pathNot: '\\.test\\.tsx?$|vite\\.config\\.ts$' },
      to: { path: `^(${builtinModules.join('|')})$`, reachable: true },
    },
  ],
  options: {
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.tsx?$|vite\\.config\\.ts$' },
  },
};
