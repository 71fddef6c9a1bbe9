import { expect, test } from 'vitest';
import { queueAddress } from './address.ts';

const read = (text: string, more: Partial<Parameters<typeof queueAddress>[1]> = {}) =>
  queueAddress(text, { insecure: false, prefix: 'korex', password: undefined, ...more });

test('an address has its parts, and is shown without its password', () => {
  expect(read('rediss://ann:s%40cret@queue.example:6380/2')).toEqual({
    ...{ host: 'queue.example', port: 6380, db: 2, username: 'ann', password: 's@cret' },
    ...{ tls: true, prefix: 'korex', shown: 'rediss://queue.example:6380/2' },
  });
  expect(read('redis://[::1]')).toMatchObject({ host: '::1', port: 6379, db: 0, tls: false, shown: 'redis://[::1]' });
});

test('the environment’s password stands in where the address has none', () => {
  expect(read('redis://127.0.0.1', { password: 'env' }).password).toBe('env');
  expect(read('redis://:own@127.0.0.1', { password: 'env' }).password).toBe('own');
});

test('other machines are reached in the clear only where that is asked for', () => {
  expect(() => read('redis://ann:secret@10.0.0.7')).toThrow('sends texts and passwords there in the clear');
  expect(read('redis://10.0.0.7', { insecure: true }).host).toBe('10.0.0.7');
  for (const host of ['localhost', '127.0.0.1', '127.9.8.7', '[::1]']) expect(read(`redis://${host}`).tls).toBe(false);
});

test.each(['', 'http://x', 'redis://', 'redis://h/zero', 'redis://h/1/2', '127.0.0.1:6379', 'redis://a:b@h/x'])(
  'no address: %j',
  (text) => {
    expect(() => read(text)).toThrow('--queue is no address of a Redis');
    expect(() => read(text)).not.toThrow('a:b');
  },
);

test('a prefix is a word', () => {
  expect(() => read('redis://localhost', { prefix: 'a b' })).toThrow('--queue-prefix is "a b"');
});
