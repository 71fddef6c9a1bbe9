import { expect, test } from 'vitest';
import { parseProfile, timeByOperator } from './operatorProfile.ts';

const kernel = (op: string, ts: number, dur: number, inputs: number[][] = [], outputs: number[][] = []) => ({
  cat: 'Node',
  name: `${op}_7_kernel_time`,
  ts,
  dur,
  args: {
    op_name: op,
    provider: 'CPUExecutionProvider',
    input_type_shape: inputs.map((shape) => ({ float: shape })),
    output_type_shape: outputs.map((shape) => ({ float: shape })),
  },
});

// As onnxruntime 1.30 writes it, cut down.
const PROFILE = JSON.stringify([
  { cat: 'Session', name: 'model_loading_array', ts: 0, dur: 50, args: {} },
  { cat: 'Session', name: 'model_run', ts: 100, dur: 1000, args: {} },
  kernel('Gemm', 110, 400, [[4, 2], [3, 2], [3]], [[4, 3]]),
  { cat: 'Node', name: 'Gemm_7_fence_before', ts: 105, dur: 2, args: { op_name: 'Gemm' } },
  { cat: 'Node', name: 'Gemm_7_thread_scheduling_stats', ts: 111, args: { thread_scheduling_stats: '' } },
  { cat: 'Session', name: 'model_run', ts: 2000, dur: 800, args: {} },
  kernel('Add', 2010, 100),
  kernel('Gemm', 2200, 200, [[4, 2], [3, 2], [3]], [[4, 3]]),
  kernel('Gemm', 2500, 200, [[4, 2], [3, 2], [3]], [[4, 3]]),
]);

test('a profile is runs of the graph with their operators', () => {
  const runs = parseProfile(PROFILE);
  expect(runs.map(({ milliseconds, operators }) => [milliseconds, operators.map(({ op }) => op)])).toEqual([
    [1, ['Gemm']],
    [0.8, ['Add', 'Gemm', 'Gemm']],
  ]);
  expect(runs[0]!.operators[0]).toEqual({
    op: 'Gemm',
    provider: 'CPUExecutionProvider',
    milliseconds: 0.4,
    inputs: [[4, 2], [3, 2], [3]],
    outputs: [[4, 3]],
  });
  expect(timeByOperator(runs)).toEqual([
    { op: 'Gemm', calls: 1.5, milliseconds: 0.4 },
    { op: 'Add', calls: 0.5, milliseconds: 0.05 },
  ]);
});
