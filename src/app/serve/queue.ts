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
  /** Waits for a place instead of being refused: for streams, which can slow their sender down. */
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

/** A request in the queue. */
interface Job<Row, Answer> {
  readonly rows: readonly Row[];
  readonly answers: Answer[];
  /** Rows handed to a batch, and rows answered. */
  taken: number;
  done: number;
  readonly finish: (error?: unknown) => void;
}

/** A row of a batch: which one of which request. */
interface Taken<Row, Answer> {
  readonly job: Job<Row, Answer>;
  readonly at: number;
}

/** Rows that no batch has taken yet, request by request in the order in which they came. */
class WaitingRows<Row, Answer> {
  readonly #jobs: Job<Row, Answer>[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(job: Job<Row, Answer>): void {
    this.#jobs.push(job);
    this.#count += job.rows.length;
  }

  /** Takes the first rows out, at most so many. */
  take(most: number): Taken<Row, Answer>[] {
    const batch: Taken<Row, Answer>[] = [];
    while (batch.length < most && this.#jobs.length > 0) {
      const job = this.#jobs[0]!;
      while (batch.length < most && job.taken < job.rows.length) batch.push({ job, at: job.taken++ });
      if (job.taken === job.rows.length) this.#jobs.shift();
    }
    this.#count -= batch.length;
    return batch;
  }

  /** Takes out what is left of a request; false where nothing is. */
  remove(job: Job<Row, Answer>): boolean {
    const index = this.#jobs.indexOf(job);
    if (index < 0) return false;
    this.#jobs.splice(index, 1);
    this.#count -= job.rows.length - job.taken;
    return true;
  }
}

/** Callers who wait until it is their turn, first come, first served. */
class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Settles at the caller's turn. Errors: the signal's reason. */
  wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal!.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(go);
    });
  }

  next(): void {
    this.#waiting.shift()?.();
  }

  all(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
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
export const createQueue = <Row, Answer>(options: QueueOptions<Row, Answer>): BatchQueue<Row, Answer> =>
  new JoiningQueue(options);

class JoiningQueue<Row, Answer> implements BatchQueue<Row, Answer> {
  readonly #options: QueueOptions<Row, Answer>;
  readonly #rows = new WaitingRows<Row, Answer>();
  readonly #patient = new Turns();
  /** Batches that are being answered. */
  #running = 0;
  #closed = false;
  #onIdle: (() => void) | null = null;
  /** Until when, and for how many rows, a batch that is not full waits. */
  #expected = { rows: 0, until: Number.NEGATIVE_INFINITY };
  #timer: { readonly due: number; readonly cancel: () => void } | null = null;
  #millisecondsPerRow = 0;

  constructor(options: QueueOptions<Row, Answer>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#rows.count;
  }

  async submit(rows: readonly Row[], { signal, patient = false }: Submission = {}): Promise<Answer[]> {
    if (rows.length === 0) return [];
    const { maxQueue } = this.#options;
    /** Whatever is allowed as one request finds a place in an empty queue. */
    const finds = (places: number) => this.waiting === 0 || this.waiting + rows.length <= places;
    while (patient && !this.#closed && !finds(maxQueue * PATIENT_SHARE)) await this.#patient.wait(signal);
    if (signal?.aborted) {
      // Its turn goes on to the next.
      this.#wakePatient();
      throw signal.reason;
    }
    if (this.#closed) throw new QueueClosed('The queue takes nothing more.');
    if (!finds(maxQueue)) throw new QueueFull(Math.max(1, Math.ceil((this.waiting * this.#millisecondsPerRow) / 1000)));
    return this.#place(rows, signal);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#patient.all();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      this.#tellIdle();
    });
  }

  #place(rows: readonly Row[], signal: AbortSignal | undefined): Promise<Answer[]> {
    return new Promise((resolve, reject) => {
      const leave = () => this.#drop(job, signal!.reason);
      const job: Job<Row, Answer> = {
        ...{ rows, answers: [], taken: 0, done: 0 },
        finish: (error) => {
          signal?.removeEventListener('abort', leave);
          if (error === undefined) resolve(job.answers);
          else reject(error);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#rows.add(job);
      this.#schedule();
      this.#wakePatient();
    });
  }

  /** Starts a batch now, or sets the time at which one starts. */
  #schedule(): void {
    const { maxBatch, parallel, clock } = this.#options;
    if (this.waiting === 0 || this.#running >= parallel) return;
    if (this.waiting >= maxBatch) {
      this.#start();
      return;
    }
    const now = clock.now();
    const due = this.waiting >= this.#expected.rows ? now : Math.max(now, this.#expected.until);
    if (this.#timer && this.#timer.due <= due) return;
    this.#timer?.cancel();
    this.#timer = { due, cancel: clock.after(due - now, () => this.#start()) };
  }

  #start(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const { maxBatch, parallel } = this.#options;
    if (this.waiting === 0 || this.#running >= parallel) return;
    const batch = this.#rows.take(maxBatch);
    this.#wakePatient();
    void this.#answer(batch);
    this.#schedule();
  }

  async #answer(batch: readonly Taken<Row, Answer>[]): Promise<void> {
    const { answer, clock, parallel, maxWaitMs, onBatch } = this.#options;
    this.#running++;
    const began = clock.now();
    try {
      const answers = await answer(batch.map(({ job, at }) => job.rows[at]!));
      for (const [index, { job, at }] of batch.entries()) {
        job.answers[at] = answers[index]!;
        if (++job.done === job.rows.length) job.finish();
      }
    } catch (error) {
      for (const { job } of batch) this.#drop(job, error);
    }
    this.#running--;
    const took = clock.now() - began;
    this.#millisecondsPerRow = took / batch.length / parallel;
    this.#expected = { rows: batch.length, until: clock.now() + maxWaitMs };
    onBatch?.(batch.length, took);
    this.#schedule();
    this.#tellIdle();
  }

  /** Ends a request with an error and takes what is left of it out of the queue. */
  #drop(job: Job<Row, Answer>, error: unknown): void {
    if (this.#rows.remove(job)) {
      this.#wakePatient();
      this.#tellIdle();
    }
    job.finish(error);
  }

  #wakePatient(): void {
    if (this.waiting < this.#options.maxQueue * PATIENT_SHARE) this.#patient.next();
  }

  #tellIdle(): void {
    if (this.#closed && this.#running === 0 && this.waiting === 0) this.#onIdle?.();
  }
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
