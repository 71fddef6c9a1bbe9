import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { failure } from '../../../base/core/errors.ts';
import type { CrewJob } from './crewWorker.js';

/**
 * Worker threads for what a training does between two runs of its graph, when all cores but one would wait: clipping,
 * AdamW, dropout masks. Who has which part changes no byte of the results.
 */
export interface Crew {
  readonly workers: number;
  /**
   * Does `own` here while each worker does its jobs, and returns when all are done. The caller's thread waits without its
   * event loop, so that a step stays one piece.
   *
   * Errors: `failed` where a worker fails or ends.
   */
  run(jobs: readonly (readonly CrewJob[])[], own: () => void): void;
  release(): Promise<void>;
}

/** More threads would only wait for memory. */
const MOST_WORKERS = 7;
/** No step takes so long: a worker that has not answered has ended. */
const PATIENCE_MS = 120_000;

/** Threads start with the first work. @param threads of the whole training; all cores when null */
export function openCrew(threads: number | null): Crew {
  const count = Math.min(MOST_WORKERS, (threads ?? availableParallelism()) - 1);
  const counts = new Int32Array(new SharedArrayBuffer(8));
  let workers: readonly Worker[] = [];
  const start = () =>
    Array.from({ length: count }, () => {
      const worker = new Worker(new URL('./crewWorker.js', import.meta.url), { workerData: counts });
      // Gradients that come back are dropped here; of a worker that failed `run` tells.
      worker.on('message', () => {}).on('error', () => {});
      // A worker that waits keeps no process alive.
      worker.unref();
      return worker;
    });
  return {
    workers: Math.max(0, count),
    run(jobs, own) {
      if (workers.length === 0) workers = start();
      Atomics.store(counts, 0, 0);
      let asked = 0;
      for (const [index, some] of jobs.entries()) {
        if (some.length === 0) continue;
        workers[index]!.postMessage({ jobs: some }, some.flatMap(movedBuffer));
        asked++;
      }
      own();
      for (let done = Atomics.load(counts, 0); done < asked; done = Atomics.load(counts, 0))
        if (Atomics.wait(counts, 0, done, PATIENCE_MS) === 'timed-out') throw workerFailed();
      if (Atomics.load(counts, 1) > 0) throw workerFailed();
    },
    async release() {
      const ended = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
      for (const worker of workers) {
        worker.ref();
        worker.postMessage({ close: true });
      }
      workers = [];
      await Promise.all(ended);
    },
  };
}

/** A gradient's memory moves: the runtime made it for this step alone. */
const movedBuffer = (job: CrewJob): ArrayBuffer[] =>
  job.kind === 'squares' && job.gradient.buffer instanceof ArrayBuffer ? [job.gradient.buffer] : [];

const workerFailed = () =>
  failure(
    { en: 'A worker thread of the training failed.', ko: '학습의 작업 스레드가 실패했다.' },
    { en: 'If memory ran out, use fewer --threads.', ko: '메모리가 모자랐다면 --threads를 줄인다.' },
  );

/** An array that threads share, of zeros. */
export const sharedFloats = (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * length));

/**
 * Parts pieces of work among the caller (0) and workers (from 1) so that each has about as much, the largest pieces first.
 *
 * @param already what the caller has to do besides
 * @returns whose each piece is
 */
export function shareOut(sizes: readonly number[], workers: number, already = 0): number[] {
  const loads = [already, ...new Array<number>(workers).fill(0)];
  const owners = new Array<number>(sizes.length).fill(0);
  const order = sizes.map((_, index) => index).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  for (const index of order) {
    const owner = loads.indexOf(Math.min(...loads));
    owners[index] = owner;
    loads[owner]! += sizes[index]!;
  }
  return owners;
}
