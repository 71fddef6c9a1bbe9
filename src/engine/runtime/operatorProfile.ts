import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure } from '../../base/core/errors.ts';

/** One run of one operator, as onnxruntime's profile has it. */
export interface OperatorRun {
  readonly op: string;
  /** What ran it: `CPUExecutionProvider`, … */
  readonly provider: string;
  readonly milliseconds: number;
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
}

/** One run of the whole graph. */
export interface GraphRun {
  readonly milliseconds: number;
  readonly operators: readonly OperatorRun[];
}

const shapesSchema = z.array(z.record(z.string(), z.array(z.number())));
const eventSchema = z.object({
  cat: z.string(),
  name: z.string(),
  ts: z.number(),
  dur: z.number().default(0),
  args: z
    .object({
      op_name: z.string(),
      provider: z.string(),
      input_type_shape: shapesSchema.default([]),
      output_type_shape: shapesSchema.default([]),
    })
    .partial()
    .catch({})
    .default({}),
});
type Event = z.output<typeof eventSchema>;

/**
 * Reads a profile (Chrome's trace format, times in microseconds): a run of the graph is a `model_run` event, its operators
 * are the `…_kernel_time` events within.
 *
 * Errors: `failed` where the text is no such profile.
 */
export function parseProfile(text: string): GraphRun[] {
  const parsed = z.array(z.unknown()).safeParse(JSON.parse(text));
  if (!parsed.success)
    throw failure({
      en: 'The runtime wrote a profile of an unknown format.',
      ko: '런타임이 모르는 형식의 프로파일을 썼다.',
    });
  const events = parsed.data.flatMap((event) => eventSchema.safeParse(event).data ?? []);
  const kernels = events
    .filter(({ cat, name, args }) => cat === 'Node' && name.endsWith('_kernel_time') && args.op_name !== undefined)
    .sort((a, b) => a.ts - b.ts);
  return events
    .filter(({ name }) => name === 'model_run')
    .sort((a, b) => a.ts - b.ts)
    .map((run) => ({
      milliseconds: run.dur / 1000,
      operators: kernels.filter(({ ts }) => ts >= run.ts && ts < run.ts + run.dur).map(operatorRun),
    }));
}

/** Runs something whose sessions write profiles with names that begin with the given prefix; gives all of their graph runs. */
export async function withProfile(scratch: string, run: (prefix: string) => Promise<void>): Promise<GraphRun[]> {
  const name = 'profile';
  await run(join(scratch, name));
  const files = (await readdir(scratch)).filter((file) => file.startsWith(name));
  if (files.length === 0)
    throw failure({ en: 'The runtime wrote no profile.', ko: '런타임이 프로파일을 쓰지 않았다.' });
  const runs: GraphRun[] = [];
  for (const file of files.sort()) {
    const path = join(scratch, file);
    runs.push(...parseProfile(await readFile(path, 'utf8')));
    await rm(path);
  }
  return runs;
}

const operatorRun = ({ dur, args }: Event): OperatorRun => ({
  op: args.op_name!,
  provider: args.provider ?? '',
  milliseconds: dur / 1000,
  inputs: (args.input_type_shape ?? []).map(dimensions),
  outputs: (args.output_type_shape ?? []).map(dimensions),
});

/** `{"float": [2, 3]}` → `[2, 3]`. */
const dimensions = (typed: Readonly<Record<string, readonly number[]>>): readonly number[] =>
  Object.values(typed)[0] ?? [];

export interface OperatorTime {
  readonly op: string;
  /** Runs of it in one run of the graph. */
  readonly calls: number;
  readonly milliseconds: number;
}

/** Mean time by operator in a run of the graph, the longest first. */
export function timeByOperator(runs: readonly GraphRun[]): OperatorTime[] {
  const sums = new Map<string, { calls: number; milliseconds: number }>();
  for (const { op, milliseconds } of runs.flatMap(({ operators }) => operators)) {
    const sum = sums.get(op) ?? { calls: 0, milliseconds: 0 };
    sums.set(op, { calls: sum.calls + 1, milliseconds: sum.milliseconds + milliseconds });
  }
  return [...sums]
    .map(([op, { calls, milliseconds }]) => ({
      op,
      calls: calls / runs.length,
      milliseconds: milliseconds / runs.length,
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
