import PQueue from 'p-queue';
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

/** What went wrong first; null as long as nothing did. */
type Failure = { readonly error: unknown } | null;

export function createSessionPool(first: Session): SessionPool {
  const idle: Session[] = [first];
  /** Runs as many pieces at a time as there are sessions, so that an idle one is there for each. */
  const queue = new PQueue({ concurrency: 1 });
  /** Why there are no sessions any more. */
  let broken: Failure = null;

  const useSession = async (perform: (session: Session) => Promise<void>) => {
    if (broken) throw broken.error;
    const session = idle.pop()!;
    await perform(session).finally(() => idle.push(session));
  };

  /** Replacing and releasing, one after the other. */
  let change: Promise<unknown> = Promise.resolve();
  const exclusively = (work: () => Promise<void>): Promise<void> => {
    const done = change.then(work);
    change = done.catch(() => undefined);
    return done;
  };
  const releaseAll = () => Promise.all(idle.splice(0).map((session) => session.release()));

  return {
    async work(pieces, perform, signal) {
      const job: { failure: Failure } = { failure: null };
      const attempt = async (piece: Parameters<typeof perform>[1]) => {
        if (job.failure) return;
        try {
          signal?.throwIfAborted();
          await useSession((session) => perform(session, piece));
        } catch (error) {
          job.failure ??= { error };
        }
      };
      await Promise.all(Array.from(pieces, (piece) => queue.add(() => attempt(piece))));
      if (job.failure) throw job.failure.error;
    },
    replace: (open) =>
      exclusively(async () => {
        queue.pause();
        try {
          await queue.onPendingZero();
          await releaseAll();
          idle.push(...open());
          queue.concurrency = idle.length;
        } catch (error) {
          broken = { error };
          throw error;
        } finally {
          queue.start();
        }
      }),
    release: () =>
      exclusively(async () => {
        await queue.onIdle();
        await releaseAll();
      }),
  };
}
