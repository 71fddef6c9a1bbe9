import { expect, test } from 'vitest';
import { duration } from '../../base/core/format.ts';
import { createReporter, lineReporter } from './reporter.ts';

function setup() {
  let time = 0;
  const lines: string[] = [];
  const wait = (ms: number) => {
    time += ms;
  };
  const stream = { write: (text: string) => lines.push(text.trimEnd()) };
  const reporter = lineReporter(stream, () => time, 'en');
  return { lines, reporter, wait };
}

test('a line for each tenth, but not more often than every two seconds', () => {
  const { lines, reporter, wait } = setup();
  const progress = reporter.progress('train', 1000, 'rows');
  for (let done = 1; done <= 1000; done++) {
    wait(10);
    progress.update(done, { loss: '1.5' });
  }
  progress.end();
  progress.end();
  expect(lines).toEqual([
    'train: 20 % · 200/1,000 rows · 100 rows/s · 8.0 s left · loss 1.5',
    'train: 40 % · 400/1,000 rows · 100 rows/s · 6.0 s left · loss 1.5',
    'train: 60 % · 600/1,000 rows · 100 rows/s · 4.0 s left · loss 1.5',
    'train: 80 % · 800/1,000 rows · 100 rows/s · 2.0 s left · loss 1.5',
    'train: 100 % · 1,000/1,000 rows · 100 rows/s · loss 1.5',
    'train: 1,000 rows in 10 s',
  ]);
});

test('slow work is heard of every fifteen seconds, quick work not at all', () => {
  const slow = setup();
  const progress = slow.reporter.progress('train', 1000, 'steps');
  for (let done = 1; done <= 20; done++) {
    slow.wait(3000);
    progress.update(done);
  }
  expect(slow.lines).toHaveLength(4);
  const quick = setup();
  const brief = quick.reporter.progress('read', 10, 'rows');
  brief.update(10);
  brief.end();
  expect(quick.lines).toEqual([]);
});

test('resumed work counts its rate from where it went on', () => {
  const { lines, reporter, wait } = setup();
  const progress = reporter.progress('train', 1000, 'steps');
  progress.update(500);
  wait(10_000);
  progress.update(600);
  expect(lines).toEqual(['train: 60 % · 600/1,000 steps · 10 steps/s · 40 s left']);
});

test('warnings are marked', () => {
  const { lines, reporter } = setup();
  reporter.info('one');
  reporter.warn('two');
  expect(lines).toEqual(['one', 'warning: two']);
});

test('on a terminal bars are drawn, and messages stand above them', () => {
  let written = '';
  const terminal = {
    isTTY: true,
    columns: 100,
    write: (text: string) => {
      written += text;
      return true;
    },
    on: () => terminal,
    cursorTo: () => true,
    moveCursor: () => true,
    clearLine: () => true,
  };
  const reporter = createReporter(terminal as unknown as NodeJS.WriteStream, 'en');
  const progress = reporter.progress('train', 10, 'steps');
  progress.update(5, { loss: '0.5' });
  reporter.info('a message');
  progress.update(10, { loss: '0.25' });
  progress.end();
  progress.end();
  reporter.info('after');
  expect(written).toContain('a message\n');
  expect(written).toContain('10/10 steps');
  expect(written).toContain('loss 0.25');
  expect(written.trimEnd().endsWith('after')).toBe(true);
});

test('durations as people say them', () => {
  expect([0.04, 9.94, 9.96, 59.4, 59.6, 200, 3599.6, 7500].map(duration)).toEqual([
    ...['0.0 s', '9.9 s', '10 s', '59 s', '1 min 00 s', '3 min 20 s', '1 h 00 min', '2 h 05 min'],
  ]);
});
