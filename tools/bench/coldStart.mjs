// Seconds from a command to its answer, each time in a new process: `korex --help`, `korex predict` and a `korex serve`
// that is ready. With several checkouts (built), they take turns, and the ratios are those of the rounds.
//
//   node tools/bench/coldStart.mjs [--rounds 9] CHECKOUT [EARLIER_CHECKOUT]
//
// Besides the time on the clock, the CPU's: it depends less on what else the machine does.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '9' } },
});
const rounds = Number(values.rounds);
const checkouts = (positionals.length > 0 ? positionals : ['.']).map((path) => resolve(path));
const scratch = mkdtempSync(join(tmpdir(), 'korex-cold-'));

const SENTENCE = ['--sentence', '한빛전자는 2011년 서지우가 세운 회사이다.'];
const COMMANDS = {
  '--help': { args: ['--help'] },
  predict: { args: ['predict', ...SENTENCE, '--subject', '한빛전자/ORG', '--object', '서지우/PER'] },
  'serve, ready': { args: ['serve', '--port', '0'], ready: /http:\/\/127\.0\.0\.1:\d+/ },
};

/** The process prints its CPU time when it ends, on a stream of its own: Node has it of no other process. */
const METER = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   import { isMainThread } from 'node:worker_threads';
   if (isMainThread) process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String((user + system) / 1e6)); });`,
)}`;

/** Runs a command to its end, or until its output says that it is ready. */
function run(checkout, { args, ready }) {
  return new Promise((done, failed) => {
    const begun = performance.now();
    const main = join(checkout, 'dist/app/cli/main.js');
    const child = spawn(process.execPath, ['--import', METER, main, ...args], {
      cwd: scratch,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    let seconds = null;
    let said = '';
    let cpu = '';
    const stop = () => {
      seconds ??= (performance.now() - begun) / 1000;
    };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes) => {
        said += bytes;
        if (seconds !== null || !ready?.test(said)) return;
        stop();
        child.kill('SIGTERM');
      });
    child.stdio[3].on('data', (bytes) => {
      cpu += bytes;
    });
    child.on('error', failed);
    child.on('close', (code) => {
      stop();
      if (code !== 0 && !ready) failed(new Error(`${args[0]} of ${checkout} ended with ${code}:\n${said}`));
      else done({ wall: seconds, cpu: Number(cpu) });
    });
  });
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const rows = [];
try {
  for (const [name, command] of Object.entries(COMMANDS)) {
    const timings = checkouts.map(() => []);
    // The first round of each reads files that are not in memory yet.
    for (let round = -1; round < rounds; round++)
      for (const [at, checkout] of checkouts.entries()) {
        const timing = await run(checkout, command);
        if (round >= 0) timings[at].push(timing);
      }
    for (const [at, checkout] of checkouts.entries()) {
      const of = (measure) => median(timings[at].map((timing) => timing[measure]));
      const over = (measure) =>
        at === 0 ? 1 : median(timings[0].map((first, round) => first[measure] / timings[at][round][measure]));
      rows.push({
        command: name,
        checkout,
        'seconds (median)': of('wall').toFixed(2),
        'CPU seconds': of('cpu').toFixed(2),
        'first over it': over('wall').toFixed(2),
        'CPU, first over it': over('cpu').toFixed(2),
      });
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.table(rows);
