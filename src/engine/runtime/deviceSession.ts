import { failure } from '../../base/core/errors.ts';
import type { DeviceName } from '../../base/core/settings.ts';
import { Graph } from '../nn/graph/graph.ts';
import type { Value } from '../nn/graph/value.ts';
import { type HeldValue, holding, isHeld, tensorOf } from './heldValue.ts';
import { createSession, mapValues, reason, type SessionOptions } from './session.ts';

/** Bytes of values that went to a device and came back, and the runs that took them. */
export interface Traffic {
  readonly runs: number;
  readonly toDevice: number;
  readonly toHost: number;
}

export interface DeviceSession {
  /**
   * Runs the graph on values from here and values on the device. Outputs that the session was opened to hold stay there;
   * those in `fetch` come back in new arrays.
   *
   * Errors: `failed` where the device does not do it, as when it is lost.
   */
  run(
    inputs: Readonly<Record<string, Value | HeldValue>>,
    fetch: readonly string[],
  ): Promise<{
    readonly held: Readonly<Record<string, HeldValue>>;
    readonly values: Readonly<Record<string, Float32Array>>;
  }>;
  /** So far. */
  traffic(): Traffic;
  release(): Promise<void>;
}

/** Devices that keep values between runs; for others, values that are held are kept in the computer's memory. */
export const keepsValues = (device: DeviceName): boolean => device === 'webgpu';

/**
 * Opens a graph some of whose outputs stay on the device.
 *
 * Errors: `usage` where the device is not available on this machine.
 */
export async function openDeviceSession(
  model: Uint8Array,
  held: readonly string[],
  options: SessionOptions,
): Promise<DeviceSession> {
  const location = keepsValues(options.device) ? 'gpu-buffer' : 'cpu';
  const session = await createSession(model, options, Object.fromEntries(held.map((name) => [name, location])));
  const traffic = { runs: 0, toDevice: 0, toHost: 0 };
  return {
    async run(inputs, fetch) {
      traffic.runs++;
      for (const value of Object.values(inputs)) if (!isHeld(value)) traffic.toDevice += value.data.byteLength;
      const feeds = mapValues(inputs, tensorOf);
      const results = await session.run(feeds, [...held, ...fetch]).catch((error: unknown) => {
        throw deviceFailure(options.device, error);
      });
      const values = Object.fromEntries(fetch.map((name) => [name, results[name]!.data as Float32Array]));
      for (const value of Object.values(values)) traffic.toHost += value.byteLength;
      return { held: Object.fromEntries(held.map((name) => [name, holding(results[name]!)])), values };
    },
    traffic: () => ({ ...traffic }),
    async release() {
      if (options.profile !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

const deviceFailure = (device: DeviceName, error: unknown) =>
  failure(
    {
      en: `The device ${device} failed: ${reason(error)}. Checkpoints are intact.`,
      ko: `장치 ${device}에서 실패했다: ${reason(error)}. 체크포인트는 그대로이다.`,
    },
    {
      en: 'Run the same command again to go on from the newest checkpoint (`korex train` with --resume), with a smaller --batch-size if memory ran out; --device cpu works everywhere.',
      ko: '같은 명령을 다시 실행하면 마지막 체크포인트에서 이어 간다(`korex train`에는 --resume을 붙인다). 메모리가 모자랐다면 --batch-size를 줄인다. --device cpu는 어디서나 쓸 수 있다.',
    },
    error,
  );

/** Holds values by name while `use` runs; where the device keeps none, as they are. */
export async function withHeld<T>(
  memory: DeviceMemory | null,
  values: Readonly<Record<string, Value>>,
  use: (inputs: Readonly<Record<string, Value | HeldValue>>) => Promise<T>,
): Promise<T> {
  if (!memory) return use(values);
  const held: Record<string, HeldValue> = {};
  try {
    for (const [name, value] of Object.entries(values)) held[name] = await memory.hold(value);
    return await use(held);
  } finally {
    for (const value of Object.values(held)) value.free();
  }
}

/** Takes values to a device and back. */
export interface DeviceMemory {
  hold(value: Value): Promise<HeldValue>;
  read(value: HeldValue): Promise<Float32Array>;
  traffic(): Traffic;
  release(): Promise<void>;
}

/** Errors: `usage` where the device is not available on this machine. */
export async function openDeviceMemory({ device, threads }: SessionOptions): Promise<DeviceMemory> {
  const open = (held: readonly string[]) =>
    Promise.all([1, 2].map((rank) => openDeviceSession(identity(rank), held, { device, threads })));
  const [up, down] = [await open(['y']), await open([])];
  const all = [...up, ...down];
  const sum = (count: (traffic: Traffic) => number) => all.reduce((total, each) => total + count(each.traffic()), 0);
  return {
    async hold(value) {
      return (await up[value.dims.length - 1]!.run({ x: value }, [])).held.y!;
    },
    async read(value) {
      return (await down[value.dims.length - 1]!.run({ x: value }, ['y'])).values.y!;
    },
    traffic: () => ({
      runs: sum(({ runs }) => runs),
      toDevice: sum(({ toDevice }) => toDevice),
      toHost: sum(({ toHost }) => toHost),
    }),
    async release() {
      for (const session of all) await session.release();
    },
  };
}

/** y = x of some rank. */
function identity(rank: number): Uint8Array {
  const graph = new Graph();
  return graph.toOnnx({
    y: graph.input(
      'x',
      Array.from({ length: rank }, (_, axis) => `d${axis}`),
    ),
  });
}
