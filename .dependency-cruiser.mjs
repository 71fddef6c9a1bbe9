// Which code may import which, for dependency-cruiser (`npm run layers`). The one list of floors and rooms: change it here.

/** From the ground up: a room may import the rooms before it on its floor, and all floors below. */
export const FLOORS = {
  base: ['core', 'hub', 'storage', 'data', 'text', 'eval', 'charts', 'queue'],
  engine: ['nn', 'runtime', 'runs', 'train'],
  inference: ['predict', 'extract', 'batch', 'shards', 'export'],
  study: ['analysis', 'stages', 'report', 'pipeline', 'experiment', 'labelling'],
  app: ['serve', 'site', 'web', 'bench', 'cli'],
};

/** The page's own house, in the same order. */
export const PAGE_FLOORS = ['state', 'i18n', 'api', 'components', 'marking', 'views', 'shell'];

/** What of `src/` the page runs: code that needs nothing of Node's. Types it may take from anywhere. */
const PAGE_TAKES = [
  'base/core',
  'base/data',
  'base/text',
  'base/charts',
  'inference/predict',
  'inference/extract',
  'inference/batch',
  'study/analysis',
];
/** And what a page with a model in it runs beside that. */
const SITE_TAKES = [...PAGE_TAKES, 'engine/nn', 'engine/runtime', 'app/site', 'app/web'];

const floors = Object.keys(FLOORS);
const rooms = floors.flatMap((floor) => FLOORS[floor].map((room) => `${floor}/${room}`));
const test = '\\.test\\.tsx?$';

const downwards = rooms.slice(0, -1).map((room, i) => ({
  name: `imports-go-down-from-${room.replace('/', '-')}`,
  comment: `src/${room} may import the rooms before it in FLOORS alone.`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: test },
  to: { path: `^src/(${rooms.slice(i + 1).join('|')})/|^src/index\\.ts$|^web/` },
}));

const pageDownwards = PAGE_FLOORS.map((floor, i) => ({
  name: `page-imports-go-down-from-${floor}`,
  comment: `web/src/${floor} may import the floors before it in PAGE_FLOORS alone.`,
  severity: 'error',
  from: { path: `^web/src/${floor}/`, pathNot: test },
  to: { path: `^web/src/(${[...PAGE_FLOORS.slice(i + 1), '(main|docs)\\.tsx'].join('|')})|^web/site/` },
}));

const taken = (from, rooms) => ({
  name: `page-takes-of-src`,
  comment: `${from} runs code of ${rooms.join(', ')} alone; types it may take from anywhere in src/.`,
  severity: 'error',
  from: { path: from, pathNot: `${test}|vite\\.config\\.ts$` },
  to: { path: '^src/', pathNot: `^src/(${rooms.join('|')})/`, dependencyTypesNot: ['type-only'] },
});

export default {
  forbidden: [
    ...downwards,
    ...pageDownwards,
    taken('^web/src/', PAGE_TAKES),
    taken('^web/(site|entry)/', SITE_TAKES),
    {
      name: 'view-by-view',
      comment: 'A view of the page does not import another: what two of them need lies a floor below.',
      severity: 'error',
      from: { path: '^web/src/views/([^/]+)/', pathNot: test },
      to: { path: '^web/src/views/([^/]+)/', pathNot: '^web/src/views/$1/' },
    },
    {
      name: 'in-a-room',
      comment:
        'Every file of src/ but index.ts lies in a room of FLOORS, every one of web/src on a floor of PAGE_FLOORS.',
      severity: 'error',
      from: {},
      to: {
        path: '^src/|^web/src/',
        pathNot: `^src/(${rooms.join('|')})/|^src/index\\.ts$|^web/src/(${PAGE_FLOORS.join('|')}|styles|assets)/|^web/src/(main|docs)\\.tsx$`,
      },
    },
    {
      name: 'no-circles',
      comment: 'Files that import each other, by types alone too, cannot be read one after the other.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'inference-without-training',
      comment: 'A model answers without the set-up of a training: what both know of a run is in src/engine/runs.',
      severity: 'error',
      from: { path: '^src/inference/', pathNot: test },
      to: { path: '^src/engine/train/' },
    },
    {
      name: 'one-runtime',
      comment: 'src/engine/runtime is the only place that knows onnxruntime-node.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/engine/runtime/|${test}` },
      to: { path: 'onnxruntime-node' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
