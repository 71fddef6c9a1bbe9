import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabelServing } from '../../src/app/serve/routes/label.ts';
import type { RunningServer, ServerOptions } from '../../src/app/serve/server.ts';
import { KLUE_ENTITY_TYPES, KLUE_LABELS } from '../../src/base/data/relations.ts';
import { codePointLength } from '../../src/base/data/span.ts';
import { createLabelling } from '../../src/study/labelling/labelling.ts';
import { openProject, type Project } from '../../src/study/labelling/project.ts';
import type { Suggester } from '../../src/study/labelling/suggester.ts';
import { startTinyServer } from './tinyServer.ts';

const NAMES: Readonly<Record<string, string>> = {
  한빛전자: 'ORG',
  서지우: 'PER',
  가람시: 'LOC',
  윤서진: 'PER',
  배한결: 'PER',
};

/** Finds invented names and takes every two people for a couple, every organisation and person for its founder. */
const toySuggester: Suggester = {
  model: 'toy',
  keyFor: () => 'toy',
  isCalibrated: () => true,
  knows: () => true,
  async suggest(text, given, { noRelation }) {
    const entities =
      given ??
      Object.entries(NAMES)
        .flatMap(([name, type]) => {
          const at = text.indexOf(name);
          const start = codePointLength(text.slice(0, at));
          return at < 0 ? [] : [{ start, end: start + name.length - 1, type }];
        })
        .sort((a, b) => a.start - b.start);
    const pairs = entities.flatMap((subject, i) =>
      entities.flatMap((object, j) => {
        if (i === j) return [];
        const types = `${subject.type}>${object.type}`;
        const relation =
          { 'PER>PER': 'per:spouse', 'ORG>PER': 'org:founded_by', 'ORG>LOC': 'org:place_of_headquarters' }[types] ??
          noRelation;
        const top = [
          { relation, probability: 0.8 },
          { relation: relation === noRelation ? 'per:title' : noRelation, probability: 0.1 },
        ];
        return [
          {
            subject: { start: subject.start, end: subject.end },
            object: { start: object.start, end: object.end },
            top,
          },
        ];
      }),
    );
    return { entities: [...entities], pairs };
  },
};

export interface LabelServer {
  readonly server: RunningServer;
  readonly project: Project;
  readonly asked: string[];
  close(): Promise<void>;
}

/** A label project over texts, with a toy that suggests, served on a free port. */
export async function startLabelServer(
  texts: readonly string[],
  changes: Partial<LabelServing> = {},
  options: Partial<ServerOptions> = {},
): Promise<LabelServer> {
  const folder = await mkdtemp(join(tmpdir(), 'korex-label-'));
  await Promise.all(texts.map((text, i) => writeFile(join(folder, `t${i}.txt`), text)));
  const project = await openProject(folder, {
    labels: KLUE_LABELS,
    noRelation: 'no_relation',
    entityTypes: KLUE_ENTITY_TYPES,
  });
  const asked: string[] = [];
  const labels: LabelServing = {
    ...{
      labelling: createLabelling(project, toySuggester),
      identity: { keys: [], header: null },
      model: 'toy',
      leastRows: 20,
    },
    rounds: async () => [],
    train: async (person) => void asked.push(`train ${person}`),
    promote: async (person, round) => void asked.push(`promote ${round} ${person}`),
    ...changes,
  };
  const server = await startTinyServer({ labels, ...options });
  return {
    ...{ server, project, asked },
    async close() {
      await server.close();
      project.close();
      await rm(folder, { recursive: true });
    },
  };
}
