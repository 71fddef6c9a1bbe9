import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { tensorParts } from '../../src/engine/nn/graph/value.ts';
import { answersOf, batchOf, type ModelRow, type RowLayout } from '../../src/engine/nn/packedBatch.ts';

/** A model in the page: logits (labels) of encoded rows, in order; of a packed row (pairs · labels). */
export interface PageSession {
  logits(rows: readonly ModelRow[]): Promise<Float32Array[]>;
}

/**
 * Opens the graph of `buildPageGraph` in onnxruntime's WebAssembly build, on the page's own thread: a page that is opened
 * from disk can start no workers.
 *
 * @param runtime bytes of the WebAssembly module
 */
export async function openPageSession(
  runtime: Uint8Array<ArrayBuffer>,
  onnx: Uint8Array,
  layout: RowLayout,
): Promise<PageSession> {
  env.wasm.wasmBinary = runtime.buffer;
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  const session = await InferenceSession.create(onnx, { executionProviders: ['wasm'], enableMemPattern: false });
  return {
    async logits(rows) {
      const { inputs, answers } = batchOf(rows, layout);
      const tensors = Object.entries(inputs).map(([name, value]) => {
        const { type, data, dims } = tensorParts(value);
        return [name, new Tensor(type, data, dims)] as const;
      });
      const { logits } = await session.run(Object.fromEntries(tensors), ['logits']);
      const all = logits!.data as Float32Array;
      const width = all.length / rows.length;
      return rows.map((own, row) => all.slice(row * width, row * width + (answersOf(own) * width) / answers));
    },
  };
}
