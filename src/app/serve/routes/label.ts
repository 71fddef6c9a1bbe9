import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { KorexError } from '../../../base/core/errors.ts';
import {
  LABEL_SCHEMAS,
  type LabelProject,
  type LabelRound,
  type LabelTrain,
} from '../../../inference/predict/api/labelSchema.ts';
import { MAX_BODY_BYTES } from '../../../inference/predict/api/limits.ts';
import { exportLabels } from '../../../study/labelling/labelledData.ts';
import type { Labelling } from '../../../study/labelling/labelling.ts';
import { historyOf } from '../../../study/labelling/project.ts';
import { readJsonBody, requireType } from '../body.ts';
import type { Env } from '../context.ts';
import { requireOwnOrigin } from '../guards.ts';
import { type Identity, mayChooseName, personOf } from '../people.ts';
import { languageOf, RequestProblem } from '../problem.ts';
import { checked } from './predict.ts';

/** A label project, and what else belongs to it on this machine. */
export interface LabelServing {
  readonly labelling: Labelling;
  readonly identity: Identity;
  /** What answers. */
  readonly model: string;
  /** Decided pairs from which a training is possible. */
  readonly leastRows: number;
  rounds(): Promise<readonly LabelRound[]>;
  /** Errors: `usage` where it cannot be begun now. */
  train(person: string, request: LabelTrain): Promise<void>;
  /** Errors: `usage` where the round has no model. */
  promote(person: string, round: number): Promise<void>;
}

/** The label API. What changes something is done for pages of this server alone. */
export function labelRoutes(
  app: Hono<Env>,
  { labelling, identity, model, leastRows, rounds, train, promote }: LabelServing,
  { bodyMs, origins }: { readonly bodyMs: number; readonly origins: readonly string[] },
): void {
  const { project } = labelling;
  const read = async <Schema extends z.ZodType>(c: Context<Env>, schema: Schema): Promise<z.output<Schema>> => {
    requireOwnOrigin(c.req.raw.headers, origins);
    requireType(c.req.raw.headers, ['application/json']);
    return checked(schema, await readJsonBody(c.req.raw, { maxBytes: MAX_BODY_BYTES, timeoutMs: bodyMs }));
  };
  const person = (c: Context<Env>) => personOf(c.req.raw.headers, identity);

  const projectFor = async (name: string): Promise<LabelProject> => {
    const { relations, noRelation, entityTypes, settings } = project.config();
    const done = new Map<string, number>();
    for (const id of project.touched())
      for (const [who, { status }] of project.answers(id))
        if (status === 'done') done.set(who, (done.get(who) ?? 0) + 1);
    return {
      ...{ name: project.name, me: name, may_choose_name: mayChooseName(identity) },
      people: project.people().map((who) => ({ name: who, done: done.get(who) ?? 0 })),
      ...{ relations: [...relations], no_relation: noRelation, entity_types: [...entityTypes], settings },
      ...{
        counts: labelling.counts(name),
        model,
        scored: labelling.scored(),
        rounds: [...(await rounds())],
        least_rows: leastRows,
      },
    };
  };

  app.get('/v1/label/project', async (c) => c.json(await projectFor(person(c))));
  app.get('/v1/label/agreement', (c) => c.json(labelling.agreement()));
  app.post('/v1/label/next', async (c) => {
    const request = await read(c, LABEL_SCHEMAS.LabelNext);
    return c.json(await labelling.next(person(c), request));
  });
  app.post('/v1/label/open', async (c) => {
    const { sentence, role = 'label' } = await read(c, LABEL_SCHEMAS.LabelOpen);
    return c.json(await labelling.task(person(c), sentence, role));
  });
  app.post('/v1/label/do', async (c) => {
    const request = await read(c, LABEL_SCHEMAS.LabelDo);
    return c.json(await labelling.act(person(c), request));
  });
  app.post('/v1/label/undo', async (c) => {
    const { sentence, role = 'label' } = await read(c, LABEL_SCHEMAS.LabelUndo);
    const name = person(c);
    const task = await labelling.undo(name, role, sentence ?? null);
    return c.json({ task, counts: labelling.counts(name) });
  });
  app.post('/v1/label/suggest', async (c) => {
    const { sentence, entities } = await read(c, LABEL_SCHEMAS.LabelSuggest);
    return c.json(await labelling.suggest(sentence, entities, c.req.raw.signal));
  });
  app.post('/v1/label/list', async (c) => {
    const { filter, offset = 0, limit = 100 } = await read(c, LABEL_SCHEMAS.LabelList);
    return c.json(labelling.list(filter, offset, limit));
  });
  app.post('/v1/label/history', async (c) => {
    const { sentence } = await read(c, LABEL_SCHEMAS.LabelOpen);
    const events = historyOf(project, sentence).map(({ undoes, ...event }) => ({
      ...event,
      actions: [...event.actions],
    }));
    return c.json({ events });
  });
  app.post('/v1/label/change', async (c) => {
    const change = await read(c, LABEL_SCHEMAS.LabelChange);
    project.change(person(c), change);
    return c.json(await projectFor(person(c)));
  });
  app.post('/v1/label/add', async (c) => {
    const { rows } = await read(c, LABEL_SCHEMAS.LabelAdd);
    return c.json(labelling.add(rows));
  });
  app.post('/v1/label/export', async (c) => {
    const { format, people = false } = await read(c, LABEL_SCHEMAS.LabelExport);
    const { name, content } = exportLabels(project, format, people);
    return c.body(content, 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    });
  });
  app.post('/v1/label/train', async (c) => {
    const request = await read(c, LABEL_SCHEMAS.LabelTrain);
    await orConflict(c, train(person(c), request));
    return c.json(await projectFor(person(c)));
  });
  app.post('/v1/label/promote', async (c) => {
    const { round } = await read(c, LABEL_SCHEMAS.LabelPromote);
    await orConflict(c, promote(person(c), round));
    return c.json(await projectFor(person(c)));
  });
}

/** What cannot be done now is no failure of the server. */
const orConflict = (c: Context<Env>, work: Promise<void>): Promise<void> =>
  work.catch((error: unknown) => {
    if (!(error instanceof KorexError) || error.field !== undefined) throw error;
    const { message, hint } = error.in(languageOf(c.req.raw.headers));
    throw new RequestProblem('conflict', message, { hint });
  });
