import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { Batch } from '../nn/batch.ts';
import { tensorParts } from '../nn/graph/value.ts';

/** A model in a browser: logits of encoded rows, in order, of each row one after the other what it asks for. */
export interface WebSession<Row> {
  logits(rows: readonly Row[]): Promise<Float32Array[]>;
  release(): Promise<void>;
}

/** How rows are laid out for a model, and how many answers each asks for. */
export interface WebRows<Row> {
  batchOf(rows: readonly Row[]): Batch;
  answersOf(row: Row): number;
}

/**
 * Opens the graph of `buildPageGraph` in onnxruntime's WebAssembly build, on the page's own thread: a page that is opened
 * from disk can start no workers.
 *
 * @param runtime bytes of the WebAssembly module
 */
export async function openWebSession<Row>(
  runtime: Uint8Array<ArrayBuffer>,
  onnx: Uint8Array,
  { batchOf, answersOf }: WebRows<Row>,
): Promise<WebSession<Row>> {
  env.wasm.wasmBinary = runtime.buffer;
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  const session = await InferenceSession.create(onnx, { executionProviders: ['wasm'], enableMemPattern: false });
  return {
    async logits(rows) {
      const { inputs, answers } = batchOf(rows);
      const tensors = Object.entries(inputs).map(([name, value]) => {
        const { type, data, dims } = tensorParts(value);
        return [name, new Tensor(type, data, dims)] as const;
      });
      const { logits } = await session.run(Object.fromEntries(tensors), ['logits']);
      const all = logits!.data as Float32Array;
      const width = all.length / rows.length;
      return rows.map((own, row) => all.slice(row * width, row * width + (answersOf(own) * width) / answers));
    },
    release: () => session.release(),
  };
}
