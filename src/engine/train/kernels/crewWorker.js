// @ts-check
// JavaScript, since Node starts this file itself: in the sources when tests run, in dist otherwise. Used by crew.ts alone.
import { parentPort, workerData } from 'node:worker_threads';
import { adamWKernel, fillMask, squares } from './kernels.js';

/**
 * A worker's share of a piece of work. Arrays are shared with the thread that trains; gradients alone move here and, when
 * their step is done, back to be freed where they were made.
 *
 * @typedef {{ kind: 'squares', id: number, gradient: Float32Array, sums: Float64Array }} SquaresJob
 * @typedef {{ kind: 'step', id: number, weight: Float32Array, first: Float32Array, second: Float32Array, factors: readonly number[] }} StepJob
 * @typedef {{ kind: 'mask', mask: Uint8Array, keys: readonly [number, number], threshold: number }} MaskJob
 * @typedef {SquaresJob | StepJob | MaskJob} CrewJob
 */

/** Workers that are done, and those that failed. */
const counts = /** @type {Int32Array} */ (workerData);

/** @type {Map<number, Float32Array>} */
const gradients = new Map();

/** @param {CrewJob} job */
function work(job) {
  switch (job.kind) {
    case 'squares':
      gradients.set(job.id, job.gradient);
      job.sums[job.id] = squares(job.gradient, { from: 0, to: job.gradient.length });
      return;
    case 'step': {
      const gradient = /** @type {Float32Array} */ (gradients.get(job.id));
      adamWKernel(job.weight, gradient, job.first, job.second, { from: 0, to: gradient.length }, job.factors);
      return;
    }
    case 'mask':
      fillMask(job.mask, job.keys, job.threshold);
  }
}

/** @param {{ jobs: readonly CrewJob[] } | { close: true }} message */
function receive(message) {
  if ('close' in message) {
    parentPort?.close();
    return;
  }
  try {
    for (const job of message.jobs) work(job);
  } catch {
    Atomics.add(counts, 1, 1);
  }
  Atomics.add(counts, 0, 1);
  Atomics.notify(counts, 0);
  const isStepped = message.jobs.some(({ kind }) => kind === 'step');
  if (!isStepped) return;
  const buffers = [...gradients.values()].map(({ buffer }) => buffer);
  gradients.clear();
  parentPort?.postMessage(
    buffers,
    buffers.filter((buffer) => buffer instanceof ArrayBuffer),
  );
}

parentPort?.on('message', receive);
