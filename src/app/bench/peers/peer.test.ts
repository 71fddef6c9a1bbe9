import { expect, test } from 'vitest';
import { z } from 'zod';
import { openPeer, type Peer } from './peer.ts';
import { openScript } from './python.ts';

const never = new AbortController().signal;
const answer = z.object({ twice: z.number() });

/** A process that doubles numbers; it also knows how to fail. */
const CHILD = `
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { number, deed } = JSON.parse(line);
  if (deed === 'fail') { console.error('Traceback: out of paper'); process.exit(3); }
  if (deed === 'complain') return console.log(JSON.stringify({ error: 'no such batch' }));
  if (deed === 'chatter') return console.log('Loading weights…');
  if (deed === 'hang') return;
  console.log(JSON.stringify({ twice: 2 * number }));
});`;

async function withChild(use: (peer: Peer) => Promise<void>, signal = never) {
  const peer = openPeer('doubler', process.execPath, ['-e', CHILD], signal);
  try {
    await use(peer);
  } finally {
    await peer.close();
  }
}

test('one line asks, one line answers', () =>
  withChild(async (peer) => {
    expect(await peer.ask({ number: 2 }, answer)).toEqual({ twice: 4 });
    expect(await peer.ask({ number: 21 }, answer)).toEqual({ twice: 42 });
  }));

test('an error that it reports, and an answer of another kind', () =>
  withChild(async (peer) => {
    await expect(peer.ask({ deed: 'complain' }, answer)).rejects.toMatchObject({
      kind: 'failed',
      message: 'doubler: no such batch.',
    });
    await expect(peer.ask({ deed: 'chatter' }, answer)).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('Loading weights'),
    });
    expect(await peer.ask({ number: 1 }, answer)).toEqual({ twice: 2 });
  }));

test('its end shows its last lines, at once and ever after', () =>
  withChild(async (peer) => {
    const ended = { kind: 'failed', message: expect.stringMatching(/exit code 3[\s\S]*out of paper/) };
    await expect(peer.ask({ deed: 'fail' }, answer)).rejects.toMatchObject(ended);
    await expect(peer.ask({ number: 1 }, answer)).rejects.toMatchObject(ended);
  }));

test('an interrupt ends it while it is waited for', async () => {
  const interrupts = new AbortController();
  await withChild(async (peer) => {
    const waiting = peer.ask({ deed: 'hang' }, answer);
    interrupts.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  }, interrupts.signal);
});

test('a program that is not there, and a Python without the packages', async () => {
  const gone = openPeer('nobody', '/no/such/program', [], never);
  await expect(gone.ask({}, answer)).rejects.toMatchObject({ kind: 'usage' });
  await gone.close();
  await expect(openScript('/no/such/python', 'torch_steps.py', never)).rejects.toMatchObject({
    kind: 'usage',
    hint: expect.stringContaining('-m pip install torch transformers'),
  });
});
