import type { DeviceName } from '../../base/core/settings.ts';
import { Graph } from '../nn/graph/graph.ts';
import { opsOf } from '../nn/graph/ops.ts';
import { openSession } from './session.ts';

/**
 * Opens a graph of one operator on a device, so that a device that is not there is told before any work.
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
