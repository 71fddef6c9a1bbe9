import { expect, test } from 'vitest';
import { DEVICE_NAMES } from '../../base/core/settings.ts';
import { deviceUnavailable, knownDevices } from './device.ts';
import { checkDevice } from './session.ts';

const foreign = DEVICE_NAMES.filter((device) => !knownDevices().includes(device));

test('the CPU is always there', async () => {
  expect(knownDevices()).toContain('cpu');
  await checkDevice('cpu');
});

// The runtime itself would run on the CPU without a word.
test.each(foreign)('%s, which this build does not know, is refused with those that it knows', async (device) => {
  await expect(checkDevice(device)).rejects.toMatchObject({
    kind: 'usage',
    message: `--device ${device} cannot be used here: onnxruntime-node for ${process.platform} ${process.arch} is built for ${knownDevices().join(', ')}.`,
    hint: expect.stringContaining('--device cpu works everywhere'),
  });
});

test('of the runtime’s message stays the reason', () => {
  const cause = new Error(
    '/src/webgpu_context.cc:136 void f() status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n\n',
  );
  // Windows and Linux builds know it; elsewhere the build is the reason.
  if (knownDevices().includes('webgpu'))
    expect(deviceUnavailable('webgpu', cause).message).toBe(
      '--device webgpu cannot be used here: Failed to get a WebGPU adapter: No supported adapters.',
    );
});
