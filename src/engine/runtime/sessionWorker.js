// @ts-check
// JavaScript, since Node starts this file itself: in the sources when tests run, in dist otherwise. Used by workerSessions.ts alone.
import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * @typedef {{ type: any, data: any, dims: readonly number[] }} Parts
 * @typedef {{ model: Uint8Array, settings: InferenceSession.SessionOptions }} Opening
 * @typedef {{ id: number, inputs: Readonly<Record<string, Parts>>, fetch: readonly string[] }} Request
 * @typedef {{ close: true }} Closing
 */

/** @type {Promise<InferenceSession>} */
let session;

/** Requests one after the other, and the end after the last: a thread that ends within the runtime takes the process along. */
let work = Promise.resolve();

/** @param {Opening | Request | Closing} message the first opens a model, the others run it, the last ends the thread */
function receive(message) {
  // The runtime takes no shared memory; the copy goes as soon as the session is open.
  if ('model' in message) session = InferenceSession.create(message.model.slice(), message.settings);
  else work = work.then(() => ('close' in message ? parentPort?.close() : answer(message)));
}

/** @param {Request} request */
async function answer({ id, inputs, fetch }) {
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]),
    );
    const results = await (await session).run(feeds, fetch);
    const outputs = Object.fromEntries(fetch.map((name) => [name, results[name]?.data]));
    parentPort?.postMessage({ id, outputs });
  } catch (error) {
    parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

parentPort?.on('message', receive);
