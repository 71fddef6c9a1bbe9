import type { Session } from './session.ts';

/** Sessions that several callers share: each does one piece of work at a time, and earlier callers come first. */
export interface SessionPool {
  /**
   * Does all pieces, as many at a time as there are sessions; settles when none is being done any more.
   *
   * Errors: the first of `perform`, or the signal's reason; pieces not begun by then are left undone.
   */
  work<Piece>(
    pieces: Iterable<Piece>,
    perform: (session: Session, piece: Piece) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * Releases the sessions once they have ended what they are doing; others take their place and go on.
   *
   * Errors: those of `open`; all work fails with it then.
   */
  replace(open: () => readonly Session[]): Promise<void>;
  /** Releases the sessions once all work is done. */
  release(): Promise<void>;
}

interface Job {
  /** The next piece, as what a session is to do; null when there is none. */
  readonly take: () => ((session: Session) => Promise<void>) | null;
  readonly settle: () => void;
  running: number;
  failure: { readonly error: unknown } | null;
}

export function createSessionPool(first: Session): SessionPool {
  let sessions: readonly Session[] = [first];
  const idle: Session[] = [first];
  /** Jobs with pieces left, in the order in which they came. */
  const jobs: Job[] = [];
  let isPaused = false;
  /** Why there are no sessions any more. */
  let broken: { readonly error: unknown } | null = null;
  let onRest: (() => void) | null = null;
  /** Replacing and releasing, one after the other. */
  let change: Promise<unknown> = Promise.resolve();

  const dispatch = () => {
    while (!isPaused && idle.length > 0 && jobs.length > 0) {
      const job = jobs[0]!;
      const piece = job.failure ? null : job.take();
      if (piece) perform(job, piece, idle.pop()!);
      else {
        jobs.shift();
        if (job.running === 0) job.settle();
      }
    }
    if (idle.length === sessions.length && (isPaused || jobs.length === 0)) onRest?.();
  };

  const perform = (job: Job, piece: (session: Session) => Promise<void>, session: Session) => {
    job.running++;
    piece(session)
      .catch((error: unknown) => {
        job.failure ??= { error };
      })
      .finally(() => {
        job.running--;
        idle.push(session);
        if (job.failure && jobs.includes(job)) jobs.splice(jobs.indexOf(job), 1);
        if (job.running === 0 && !jobs.includes(job)) job.settle();
        dispatch();
      });
  };

  const fail = (job: Job, error: unknown) => {
    job.failure ??= { error };
    if (job.running === 0) job.settle();
  };

  const rest = () =>
    new Promise<void>((resolve) => {
      onRest = resolve;
      dispatch();
    }).finally(() => {
      onRest = null;
    });

  const exclusively = (work: () => Promise<void>): Promise<void> => {
    const done = change.then(work);
    change = done.catch(() => undefined);
    return done;
  };

  const releaseAll = async () => {
    const ended = idle.splice(0);
    sessions = [];
    await Promise.all(ended.map((session) => session.release()));
  };

  return {
    work<Piece>(
      pieces: Iterable<Piece>,
      perform: (session: Session, piece: Piece) => Promise<void>,
      signal?: AbortSignal,
    ): Promise<void> {
      const queue = pieces[Symbol.iterator]();
      return new Promise((resolve, reject) => {
        const job: Job = {
          running: 0,
          failure: null,
          take() {
            if (signal?.aborted) {
              job.failure = { error: signal.reason };
              return null;
            }
            const { value, done } = queue.next();
            return done ? null : (session) => perform(session, value);
          },
          settle: () => (job.failure ? reject(job.failure.error) : resolve()),
        };
        if (broken) return reject(broken.error);
        jobs.push(job);
        dispatch();
      });
    },
    replace: (open) =>
      exclusively(async () => {
        isPaused = true;
        try {
          await rest();
          await releaseAll();
          sessions = open();
          idle.push(...sessions);
        } catch (error) {
          broken = { error };
          for (const job of jobs.splice(0)) fail(job, error);
          throw error;
        } finally {
          isPaused = false;
          dispatch();
        }
      }),
    release: () =>
      exclusively(async () => {
        await rest();
        await releaseAll();
      }),
  };
}
