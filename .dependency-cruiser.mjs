// Which code may import which, for dependency-cruiser (`npm run layers`). The one list of floors and rooms: change it here.

/** From the ground up: a room may import the rooms before it on its floor, and all floors below. */
export const FLOORS = {
  base: ['core', 'hub', 'data', 'text', 'eval', 'charts'],
  engine: ['nn', 'runtime', 'runs', 'train'],
  inference: ['predict', 'batch', 'export'],
  study: ['analysis', 'stages', 'report', 'pipeline', 'experiment'],
  app: ['serve', 'site', 'bench', 'cli'],
};

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

export default {
  forbidden: [
    ...downwards,
    {
      name: 'in-a-room',
      comment: 'Every file of src/ but index.ts lies in a room of FLOORS.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: `^src/(${rooms.join('|')})/|^src/index\\.ts$` },
    },
    {
      name: 'no-circles',
      comment: 'Files that import each other, by types alone too, cannot be read one after the other.',
      severity: 'error',
      from: {},
      to: { circular: true },
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
