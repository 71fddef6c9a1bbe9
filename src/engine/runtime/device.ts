import { env, listSupportedBackends } from 'onnxruntime-node';
import { usageError } from '../../base/core/errors.ts';
import { DEVICE_NAMES, type DeviceName } from '../../base/core/settings.ts';
import type { Dialect } from '../nn/graph/lower.ts';

/** What a device other than the CPU takes. */
const NEEDS: Readonly<Record<Exclude<DeviceName, 'cpu'>, string>> = {
  webgpu:
    'WebGPU takes a graphics driver: on Linux one for Vulkan, and libvulkan.so.1 (`apt install libvulkan1`); `vulkaninfo` lists what it finds.',
  cuda: 'CUDA takes Linux x64, an NVIDIA driver, CUDA 12 with cuDNN 9, and onnxruntime’s libraries: `ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node`.',
  coreml: 'CoreML is there on macOS alone.',
  dml: 'DirectML is there on Windows alone.',
};

/** The devices that this build of the runtime knows; whether they work here, `checkDevice` finds out. */
export function knownDevices(): DeviceName[] {
  const names = listSupportedBackends().map(({ name }) => name);
  return DEVICE_NAMES.filter((device) => names.includes(device));
}

/**
 * In which operators a device has a graph. onnxruntime's own are the CPU's; other devices lack some of them, but all have the
 * standard's, and the runtime joins these to its own where the device has such.
 */
export const dialectOf = (device: DeviceName): Dialect => (device === 'cpu' ? 'onnxruntime' : 'standard');

/** That a device cannot be used on this machine. */
export function deviceUnavailable(device: Exclude<DeviceName, 'cpu'>, cause?: unknown) {
  const known = knownDevices();
  const why = known.includes(device)
    ? messageOf(cause)
    : `onnxruntime-node for ${process.platform} ${process.arch} is built for ${known.join(', ')}`;
  return usageError(
    { en: `--device ${device} cannot be used here: ${why}.`, ko: `--device ${device}: 여기서는 쓸 수 없다: ${why}.` },
    {
      en: `${NEEDS[device]} --device cpu works everywhere.`,
      ko: `${NEEDS[device]} --device cpu는 어디서나 쓸 수 있다.`,
    },
    cause,
  );
}

/** The runtime's reason, without the place in its source and the condition there. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .trim()
    .replace(/^\/\S+:\d+ .* was false\. /s, '')
    .split('\n')[0]!
    .replace(/\.$/, '');

/** The version of onnxruntime that computes here. */
export const runtimeVersion = (): string => env.versions.node ?? env.versions.common;
