import { expect, test } from 'vitest';
import type { Session } from './session.ts';
import { createSessionPool } from './sessionPool.ts';

/** A session by name that notes its release. */
const named = (name: string, released: string[] = []): Session & { readonly name: string } => ({
  name,
  run: async () => ({}),
  release: async () => void released.push(name),
});

/** Work that ends when it is told to. */
function controlled() {
  const open: { readonly session: string; readonly piece: string; end(error?: Error): void }[] = [];
  const perform = (session: Session, piece: string) =>
    new Promise<void>((resolve, reject) => {
      const entry = {
        session: (session as ReturnType<typeof named>).name,
        piece,
        end(error?: Error) {
          open.splice(open.indexOf(entry), 1);
          if (error) reject(error);
          else resolve();
        },
      };
      open.push(entry);
    });
  return { open, perform, pieces: () => open.map(({ piece }) => piece) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function poolOf(...names: string[]) {
  const released: string[] = [];
  const pool = createSessionPool(named('first', released));
  await pool.replace(() => names.map((name) => named(name, released)));
  return { pool, released };
}

test('a session does one piece at a time; a later call takes what an earlier one leaves idle', async () => {
  const { pool } = await poolOf('a', 'b');
  const { open, perform, pieces } = controlled();
  const early = pool.work(['1', '2', '3'], perform);
  const late = pool.work(['x', 'y'], perform);
  expect(pieces()).toEqual(['1', '2']);
  open[0]!.end();
  await turn();
  expect(pieces()).toEqual(['2', '3']);
  open[0]!.end();
  await turn();
  expect(pieces()).toEqual(['3', 'x']);
  open[1]!.end();
  await turn();
  expect(pieces()).toEqual(['3', 'y']);
  open[1]!.end();
  await late;
  open[0]!.end();
  await early;
});

test('a failure leaves what was not begun undone, and waits for what was', async () => {
  const { pool } = await poolOf('a', 'b');
  const { open, perform, pieces } = controlled();
  let settled = false;
  const failing = pool.work(['1', '2', '3'], perform).finally(() => {
    settled = true;
  });
  const other = pool.work(['x'], perform);
  open[0]!.end(new Error('broken'));
  await turn();
  expect(settled).toBe(false);
  expect(pieces()).toEqual(['2', 'x']);
  open[0]!.end();
  await expect(failing).rejects.toThrow('broken');
  open[0]!.end();
  await other;
});

test('an aborted call stops at its next piece', async () => {
  const pool = createSessionPool(named('only'));
  const { open, perform, pieces } = controlled();
  const aborts = new AbortController();
  const work = pool.work(['1', '2'], perform, aborts.signal);
  aborts.abort(new Error('no longer'));
  expect(pieces()).toEqual(['1']);
  open[0]!.end();
  await expect(work).rejects.toThrow('no longer');
  await pool.work([], perform);
});

test('sessions are replaced between two pieces, and released when all work is done', async () => {
  const released: string[] = [];
  const pool = createSessionPool(named('first', released));
  const { open, perform } = controlled();
  const work = pool.work(['1', '2'], perform);
  const replaced = pool.replace(() => [named('second', released)]);
  await turn();
  expect(released).toEqual([]);
  open[0]!.end();
  await replaced;
  expect(released).toEqual(['first']);
  expect(open.map(({ session, piece }) => session + piece)).toEqual(['second2']);
  const end = pool.release();
  await turn();
  expect(released).toEqual(['first']);
  open[0]!.end();
  await Promise.all([work, end]);
  expect(released).toEqual(['first', 'second']);
});

test('where others cannot be opened, work is refused rather than never done', async () => {
  const pool = createSessionPool(named('first'));
  const failed = pool.replace(() => {
    throw new Error('no memory');
  });
  await expect(failed).rejects.toThrow('no memory');
  await expect(pool.work(['1'], async () => {})).rejects.toThrow('no memory');
});
