import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { failure } from '../../base/core/errors.ts';
import { tensorParts } from '../nn/graph/value.ts';
import { isHeld } from './heldValue.ts';
import { runFailure, type Session, type SessionOptions, sessionSettings } from './session.ts';

/** The models of all worker threads together stay below this, unless one alone is larger. */
const MODEL_BYTES = 2 ** 30;

export interface WorkerCounts {
  readonly workers: number;
  /** The runtime's own threads in each worker. */
  readonly threads: number;
}

/** How many worker threads, and threads of the runtime in each, make the most of `threads` without too many copies of a model. */
export function workerCounts(modelBytes: number, threads: number): WorkerCounts {
  const workers = Math.max(1, Math.min(threads, Math.floor(MODEL_BYTES / modelBytes)));
  return { workers, threads: Math.max(1, Math.floor(threads / workers)) };
}

/** Bytes that threads can read without a copy of their own. */
export function share(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/**
 * Opens a model in a worker thread of its own, so that several answer side by side: two cores with a batch each are done
 * sooner than two cores that share every operator, which wait for one another a thousand times a batch.
 */
export function openWorkerSession(model: Uint8Array<SharedArrayBuffer>, options: SessionOptions): Session {
  const worker = new Worker(new URL('./sessionWorker.js', import.meta.url));
  worker.postMessage({ model, settings: sessionSettings(options) });
  // A worker that waits for work keeps no process alive.
  worker.unref();
  const waiting = new Map<number, PromiseWithResolvers<Outputs>>();
  let runs = 0;
  const settle = (id: number, finish: (promise: PromiseWithResolvers<Outputs>) => void) => {
    const promise = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (promise) finish(promise);
  };
  const failAll = (error: unknown) => {
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(error));
  };
  worker.on('message', ({ id, outputs, error }: Answer) =>
    settle(id, ({ resolve, reject }) => (outputs ? resolve(outputs) : reject(runFailure(new Error(error))))),
  );
  worker.on('error', (error) => failAll(runFailure(error)));
  let hasEnded = false;
  worker.on('exit', () => {
    hasEnded = true;
    failAll(
      failure(
        { en: 'A worker thread of the runtime ended.', ko: '런타임의 작업 스레드가 끝났다.' },
        { en: 'If memory ran out, use fewer --threads.', ko: '메모리가 모자랐다면 --threads를 줄인다.' },
      ),
    );
  });
  return {
    run(inputs, fetch) {
      const id = runs++;
      const promise = withResolvers<Outputs>();
      waiting.set(id, promise);
      worker.ref();
      const parts = Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => {
          if (isHeld(value)) throw new Error('A worker takes no values that another thread holds.');
          return [name, tensorParts(value)];
        }),
      );
      worker.postMessage({ id, inputs: parts, fetch });
      return promise.promise;
    },
    async release() {
      if (hasEnded) return;
      const end = once(worker, 'exit');
      worker.ref();
      worker.postMessage({ close: true });
      await end;
    },
  };
}

type Outputs = Readonly<Record<string, Float32Array>>;

interface Answer {
  readonly id: number;
  readonly outputs?: Outputs;
  readonly error?: string;
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise;
    reject = rejectPromise;
  });
  return { promise, resolve, reject };
}
