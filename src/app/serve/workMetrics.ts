import type { Registry } from 'prom-client';
import type { QueueState } from '../../base/queue/works.ts';

/**
 * Gauges of a queue: its works, workers and jobs. Returns what reads the queue, to be called before the metrics are given;
 * while Redis is away `korex_queue_up` is 0 and the others are left out.
 */
export function workMetrics(
  { Gauge }: typeof import('prom-client'),
  registry: Registry,
  read: () => Promise<QueueState>,
): () => Promise<void> {
  const registers = [registry];
  const ofWork = (name: string, help: string) =>
    new Gauge({ name: `korex_work_${name}`, help, labelNames: ['work', 'kind', 'state'], registers });
  const plain = (name: string, help: string) => new Gauge({ name: `korex_${name}`, help, registers });
  const done = ofWork('shards_done', 'Shards of a work that are done.');
  const total = ofWork('shards', 'Shards of a work, where they are counted.');
  const rows = ofWork('rows', 'Rows that a work’s coordinator has seen done.');
  const rejected = ofWork('rejected', 'Of these, rows that were rejected.');
  const rate = ofWork('rows_per_second', 'Rows a second of a work.');
  const left = ofWork('seconds_left', 'Seconds that a work will take yet, where that can be told.');
  const workers = plain('workers', 'Workers of the queue.');
  const slots = plain('worker_slots', 'Shards that they work on at a time.');
  const busy = plain('worker_slots_busy', 'Of these, those at work.');
  const up = plain('queue_up', 'Whether the queue’s Redis answers.');
  const jobs = new Gauge({ name: 'korex_queue_jobs', help: 'Jobs by state.', labelNames: ['state'], registers });
  const gauges = [done, total, rows, rejected, rate, left, workers, slots, busy, jobs];
  return async () => {
    for (const gauge of gauges) gauge.reset();
    const state = await read().catch(() => null);
    up.set(state === null ? 0 : 1);
    if (state === null) return;
    for (const { id, kind, state: now, progress } of state.works) {
      if (progress === null) continue;
      const labels = { work: id, kind, state: now };
      done.set(labels, progress.done);
      rows.set(labels, progress.rows);
      rejected.set(labels, progress.rejected);
      rate.set(labels, progress.rows_per_second);
      if (progress.total !== null) total.set(labels, progress.total);
      if (progress.time_left !== null) left.set(labels, progress.time_left);
    }
    workers.set(state.workers.length);
    slots.set(state.workers.reduce((sum, worker) => sum + worker.slots, 0));
    busy.set(state.workers.reduce((sum, worker) => sum + worker.busy, 0));
    for (const [name, count] of Object.entries(state.jobs)) jobs.set({ state: name }, count);
  };
}
