/** Time as the queue sees it; tests pass their own. */
export interface Clock {
  now(): number;
  /** Calls back after so many milliseconds; 0 means once what has arrived already was taken in. */
  after(milliseconds: number, call: () => void): () => void;
}

export interface QueueOptions<Row, Answer> {
  /** Answers one batch, in the order of its rows. */
  readonly answer: (rows: readonly Row[]) => Promise<readonly Answer[]>;
  /** The most rows in a batch. */
  readonly maxBatch: number;
  /** Batches that are answered at once: a second one keeps the model busy while the first one's answers go out. */
  readonly parallel: number;
  /** How long rows may wait for others to join them while clients are busy. */
  readonly maxWaitMs: number;
  /** The most rows that may wait. */
  readonly maxQueue: number;
  readonly clock: Clock;
  /** Told of each batch as it is done. */
  readonly onBatch?: (rows: number, milliseconds: number) => void;
}

export interface Submission {
  /** Takes the rows out of the queue again, such as when the client is gone. */
  readonly signal?: AbortSignal;
  /** Waits for a place instead of being refused: for streams, which can slow down whoever sends. */
  readonly patient?: boolean;
}

export interface BatchQueue<Row, Answer> {
  /**
   * Answers rows, joined with those of others into batches.
   *
   * Errors: `QueueFull` at once where they find no place, the signal's reason where they were taken out, `QueueClosed`.
   */
  submit(rows: readonly Row[], submission?: Submission): Promise<Answer[]>;
  /** Rows that wait. */
  readonly waiting: number;
  /** Refuses what comes from now on and settles when all that was taken is done. */
  close(): Promise<void>;
}

/** There is no place in the queue; `retryAfterS` is when there may be. */
export class QueueFull extends Error {
  readonly retryAfterS: number;
  constructor(retryAfterS: number) {
    super('The queue is full.');
    this.retryAfterS = retryAfterS;
  }
}

/** The queue takes nothing more. */
export class QueueClosed extends Error {}

interface Job<Row, Answer> {
  readonly rows: readonly Row[];
  readonly answers: Answer[];
  /** Rows handed to a batch, and rows answered. */
  taken: number;
  done: number;
  readonly finish: (error?: unknown) => void;
}

/** Patient rows leave this share of the queue to those who would be refused. */
const PATIENT_SHARE = 0.5;

/**
 * Joins the rows of many requests into batches (dynamic batching).
 *
 * A model that has been idle starts at once with what is there. One that has just answered several rows waits up to
 * `maxWaitMs` for as many as it had then: clients that send their next row when they have their answer would otherwise be
 * split into a batch of one and a batch of all others. Rows are taken in the order in which they came.
 */
export function createQueue<Row, Answer>(options: QueueOptions<Row, Answer>): BatchQueue<Row, Answer> {
  const { answer, maxBatch, parallel, maxWaitMs, maxQueue, clock } = options;
  const jobs: Job<Row, Answer>[] = [];
  const patient: (() => void)[] = [];
  let waiting = 0;
  let running = 0;
  let closed = false;
  let onIdle: (() => void) | null = null;
  /** Until when, and for how many rows, a batch that is not full waits. */
  let expected = { rows: 0, until: Number.NEGATIVE_INFINITY };
  let timer: { readonly due: number; readonly cancel: () => void } | null = null;
  let millisecondsPerRow = 0;

  const schedule = () => {
    if (waiting === 0 || running >= parallel) return;
    if (waiting >= maxBatch) return start();
    const now = clock.now();
    const due = waiting >= expected.rows ? now : Math.max(now, expected.until);
    if (timer && timer.due <= due) return;
    timer?.cancel();
    timer = { due, cancel: clock.after(due - now, start) };
  };

  const start = () => {
    timer?.cancel();
    timer = null;
    if (waiting === 0 || running >= parallel) return;
    const batch = takeBatch();
    running++;
    const began = clock.now();
    answer(batch.map(({ job, at }) => job.rows[at]!))
      .then(
        (answers) => {
          for (const [index, { job, at }] of batch.entries()) {
            job.answers[at] = answers[index]!;
            if (++job.done === job.rows.length) job.finish();
          }
        },
        (error: unknown) => {
          for (const { job } of batch) drop(job, error);
        },
      )
      .finally(() => {
        running--;
        const took = clock.now() - began;
        millisecondsPerRow = took / batch.length / parallel;
        expected = { rows: batch.length, until: clock.now() + maxWaitMs };
        options.onBatch?.(batch.length, took);
        schedule();
        tellIdle();
      });
    schedule();
  };

  const tellIdle = () => {
    if (closed && running === 0 && waiting === 0) onIdle?.();
  };

  /** Ends a request with an error and takes what is left of it out of the queue. */
  const drop = (job: Job<Row, Answer>, error: unknown) => {
    const index = jobs.indexOf(job);
    if (index >= 0) {
      jobs.splice(index, 1);
      waiting -= job.rows.length - job.taken;
      wakePatient();
      tellIdle();
    }
    job.finish(error);
  };

  const takeBatch = () => {
    const batch: { readonly job: Job<Row, Answer>; readonly at: number }[] = [];
    while (batch.length < maxBatch && jobs.length > 0) {
      const job = jobs[0]!;
      while (batch.length < maxBatch && job.taken < job.rows.length) batch.push({ job, at: job.taken++ });
      if (job.taken === job.rows.length) jobs.shift();
    }
    waiting -= batch.length;
    wakePatient();
    return batch;
  };

  const wakePatient = () => {
    if (waiting < maxQueue * PATIENT_SHARE) patient.shift()?.();
  };

  const place = (rows: readonly Row[], signal: AbortSignal | undefined): Promise<Answer[]> =>
    new Promise((resolve, reject) => {
      const leave = () => drop(job, signal!.reason);
      const job: Job<Row, Answer> = {
        rows,
        answers: [],
        taken: 0,
        done: 0,
        finish: (error) => {
          signal?.removeEventListener('abort', leave);
          if (error === undefined) resolve(job.answers);
          else reject(error);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      jobs.push(job);
      waiting += rows.length;
      schedule();
      wakePatient();
    });

  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const wake = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        patient.splice(patient.indexOf(wake), 1);
        reject(signal!.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      patient.push(wake);
    });

  return {
    async submit(rows, { signal, patient: isPatient = false } = {}) {
      if (rows.length === 0) return [];
      while (isPatient && !closed && waiting > 0 && waiting + rows.length > maxQueue * PATIENT_SHARE)
        await turn(signal);
      if (signal?.aborted) {
        // Its turn goes on to the next.
        wakePatient();
        throw signal.reason;
      }
      if (closed) throw new QueueClosed('The queue takes nothing more.');
      // Whatever is allowed as one request finds a place in an empty queue.
      if (waiting > 0 && waiting + rows.length > maxQueue)
        throw new QueueFull(Math.max(1, Math.ceil((waiting * millisecondsPerRow) / 1000)));
      return place(rows, signal);
    },
    get waiting() {
      return waiting;
    },
    close() {
      closed = true;
      for (const wake of patient.splice(0)) wake();
      return new Promise((resolve) => {
        onIdle = resolve;
        if (running === 0 && waiting === 0) resolve();
      });
    },
  };
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    if (milliseconds > 0) {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    }
    const immediate = setImmediate(call);
    return () => clearImmediate(immediate);
  },
};
