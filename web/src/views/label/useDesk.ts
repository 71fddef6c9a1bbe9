import { useEffect, useRef, useState } from 'preact/hooks';
import type {
  LabelAction,
  LabelCounts,
  LabelFilter,
  LabelRole,
  LabelTask,
} from '../../../../src/inference/predict/api/labelSchema.ts';
import { act, nextTask, openTask, undoLast } from '../../api/labelProject.ts';

export interface DeskState {
  /** Undefined while it is asked for; null where nothing is left. */
  readonly task: LabelTask | null | undefined;
  readonly counts: LabelCounts | null;
  readonly error: unknown;
}

/** The sentence at hand and what is done to it, one thing after the other: keys pressed meanwhile wait their turn. */
export function useDesk(role: LabelRole, filter: LabelFilter | undefined) {
  const [state, setState] = useState<DeskState>({ task: undefined, counts: null, error: null });
  const latest = useRef(state);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const put = (changes: Partial<DeskState>) => {
    latest.current = { ...latest.current, ...changes };
    setState(latest.current);
  };
  /** Runs when all that was begun before has ended; what it needs it takes from `latest`. */
  const enqueue = (work: () => Promise<void>): Promise<void> => {
    queue.current = queue.current.then(async () => {
      try {
        await work();
        if (latest.current.error !== null) put({ error: null });
      } catch (error) {
        put({ error });
      }
    });
    return queue.current;
  };
  const wanted = { role, ...(filter && { filter }) };
  const next = async () => put(await nextTask(wanted));

  useEffect(() => {
    enqueue(next);
  }, [role, JSON.stringify(filter)]);

  return {
    ...state,
    next: () => enqueue(next),
    /** Does what `actions` makes of the sentence as it is then; behind a finished or skipped one comes the next. */
    do: (actions: (task: LabelTask) => readonly LabelAction[]) =>
      enqueue(async () => {
        const { task } = latest.current;
        if (!task) return;
        const given = actions(task);
        if (given.length === 0) return;
        const after = await act(task.sentence, given, role, crypto.randomUUID());
        if (given.some(({ kind }) => kind === 'done' || kind === 'skip')) await next();
        else put({ task: { ...after, reason: task.reason } });
      }),
    undo: () =>
      enqueue(async () => {
        const { task, counts } = await undoLast(role);
        put(task === null ? { counts } : { task, counts });
      }),
    open: (sentence: number) => enqueue(async () => put({ task: await openTask(sentence, role) })),
  };
}
