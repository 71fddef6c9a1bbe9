import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';
import { failure, usageError } from '../core/errors.ts';
import type { DeviceName } from '../core/settings.ts';
import type { Value } from '../nn/graph/value.ts';

export interface Session {
  /**
   * Runs the graph. `outputs` given as values are written in place (their shapes must be the graph's); outputs named in
   * `fetch` are returned in new arrays.
   */
  run(
    inputs: Readonly<Record<string, Value>>,
    fetch: readonly string[],
    outputs?: Readonly<Record<string, Value>>,
  ): Promise<Readonly<Record<string, Float32Array>>>;
  /** Frees the runtime's memory of this graph. */
  release(): Promise<void>;
}

export interface SessionOptions {
  readonly device: DeviceName;
  /** All cores when null. */
  readonly threads: number | null;
  /** Writes a profile of every operator to a file with this prefix. */
  readonly profile?: string;
}

/**
 * Opens an ONNX model. This module is the only one that knows onnxruntime.
 *
 * Errors: `usage` where the device is not available on this machine.
 */
export async function openSession(model: Uint8Array, options: SessionOptions): Promise<Session> {
  const providers = options.device === 'cpu' ? ['cpu'] : [options.device, 'cpu'];
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(model, {
      executionProviders: providers,
      intraOpNumThreads: options.threads ?? availableParallelism(),
      interOpNumThreads: 1,
      // Patterns are kept for each shape of input: batches of many lengths would fill the memory with them.
      enableMemPattern: false,
      logSeverityLevel: 3,
      ...(options.profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: options.profile }),
    });
  } catch (error) {
    if (options.device === 'cpu') throw failure(`The runtime refused the graph: ${reason(error)}.`, undefined, error);
    throw usageError(
      `The device "${options.device}" is not available here: ${reason(error)}.`,
      'Use --device cpu, or install what the device needs (see the README).',
      error,
    );
  }
  return {
    async run(inputs, fetch, outputs = {}) {
      const feeds = mapValues(inputs, toTensor);
      const fetches: Record<string, ort.Tensor | null> = { ...mapValues(outputs, toTensor) };
      for (const name of fetch) fetches[name] = null;
      const results = await session.run(feeds, fetches).catch((error: unknown) => {
        throw failure(`The runtime failed: ${reason(error)}.`, 'If memory ran out, use a smaller batch size.', error);
      });
      return Object.fromEntries(fetch.map((name) => [name, results[name]!.data as Float32Array]));
    },
    async release() {
      if (options.profile !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

function toTensor({ data, dims }: Value): ort.Tensor {
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, dims);
  if (data instanceof Uint8Array) return new ort.Tensor('uint8', data, dims);
  return new ort.Tensor('int64', data, dims);
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

const reason = (error: unknown) => (error instanceof Error ? error.message.split('\n')[0] : String(error));
