import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';
import { failure } from '../../base/core/errors.ts';
import type { DeviceName } from '../../base/core/settings.ts';
import { Graph } from '../nn/graph/graph.ts';
import { opsOf } from '../nn/graph/ops.ts';
import type { Value } from '../nn/graph/value.ts';
import { deviceUnavailable, knownDevices } from './device.ts';
import { type HeldValue, tensorOf } from './heldValue.ts';

export interface Session {
  /** Runs the graph; the outputs named in `fetch` are returned in new arrays. */
  run(
    inputs: Readonly<Record<string, Value | HeldValue>>,
    fetch: readonly string[],
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
 * onnxruntime's session of a model.
 *
 * @param locations of outputs that do not come back to the computer's memory
 * Errors: `usage` where the device is not available on this machine.
 */
export async function createSession(
  model: Uint8Array,
  options: SessionOptions,
  locations: Readonly<Record<string, ort.Tensor.DataLocation>> = {},
): Promise<ort.InferenceSession> {
  const { device } = options;
  // The runtime would leave out a device that it does not know, and go on on the CPU without a word.
  if (device !== 'cpu' && !knownDevices().includes(device)) throw deviceUnavailable(device);
  const settings = { ...sessionSettings(options), preferredOutputLocation: locations };
  return ort.InferenceSession.create(model, settings).catch((error: unknown) => {
    throw device === 'cpu'
      ? failure(
          {
            en: `The runtime refused the graph: ${reason(error)}.`,
            ko: `런타임이 그래프를 받지 않았다: ${reason(error)}.`,
          },
          undefined,
          error,
        )
      : deviceUnavailable(device, error);
  });
}

/**
 * Opens an ONNX model.
 *
 * Errors: `usage` where the device is not available on this machine.
 */
export async function openSession(model: Uint8Array, options: SessionOptions): Promise<Session> {
  const session = await createSession(model, options);
  return {
    async run(inputs, fetch) {
      const results = await session.run(mapValues(inputs, tensorOf), fetch).catch((error: unknown) => {
        throw runFailure(error);
      });
      return Object.fromEntries(fetch.map((name) => [name, results[name]!.data as Float32Array]));
    },
    async release() {
      if (options.profile !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

/**
 * Opens a graph of one operator on a device, so that a missing device is an error before any work.
 *
 * Errors: `usage` where the device cannot be used here, with what it takes.
 */
export async function checkDevice(device: DeviceName): Promise<void> {
  if (device === 'cpu') return;
  const graph = new Graph();
  const onnx = graph.toOnnx({ y: opsOf(graph).neg(graph.input('x', ['n'])) });
  const session = await openSession(onnx, { device, threads: 1 });
  await session.release();
}

/** What onnxruntime opens a model with, as plain data. */
export const sessionSettings = ({ device, threads, profile }: SessionOptions) => ({
  executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
  intraOpNumThreads: threads ?? availableParallelism(),
  interOpNumThreads: 1,
  // Patterns are kept for each shape of input: batches of many lengths would fill the memory with them.
  enableMemPattern: false,
  logSeverityLevel: 3 as const,
  ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
});

export const runFailure = (error: unknown) =>
  failure(
    { en: `The runtime failed: ${reason(error)}.`, ko: `런타임이 실패했다: ${reason(error)}.` },
    { en: 'If memory ran out, use a smaller batch size.', ko: '메모리가 모자랐다면 배치 크기를 줄인다.' },
    error,
  );

export const mapValues = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

export const reason = (error: unknown) => (error instanceof Error ? error.message.split('\n')[0] : String(error));
