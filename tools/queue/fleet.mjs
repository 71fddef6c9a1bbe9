// A fleet on paper: how long a large corpus takes with 100 to 10,000 workers, what it costs, and which part becomes the limit: Redis, the
// coordinator's window, the object store's requests, or the shards, which are too few or too many. No Redis and no network here: workers,
// coordinator and Redis are events of a seeded simulation, so that the same options print the same table.
//   node tools/queue/fleet.mjs [--rows 1e8] [--rate 70] [--workers 100,300,…] [--seed 42] … [--json]
// All that it assumes is an option; `--help` prints them with their defaults and where they come from.
import { parseArgs } from 'node:util';

/** As shard.ts and s3Upload.ts have them. */
const MOST_SHARD_BYTES = 8 * 2 ** 20;
const PART_BYTES = 8 * 2 ** 20;

/** Name: default, and what it is. */
const INPUTS = {
  rows: [1e8, 'rows (sentences with one pair) of the corpus'],
  rowBytes: [300, 'bytes of a row of input'],
  answerBytes: [900, 'bytes of an answer of a row'],
  rate: [
    70,
    'rows a second of one worker of two cores: 70 in floats, 150 in 8 bits (BENCHMARKS.md, 12x384); texts with both models 17 sentences (docs/extract.md)',
  ],
  spread: [0.15, 'how much the time of shards differs, as the standard deviation of its logarithm'],
  workers: ['100,300,1000,3000,10000', 'sizes of the fleet to try'],
  shardBytes: [0, 'bytes of input in a shard; 0: so many that each worker has `shardsEach`, 8 MiB at most'],
  shardsEach: [20, 'shards for each worker where shardBytes is 0'],
  start: [20, 'seconds until a worker has its model: start of the machine is not in it'],
  lifeHours: [24, 'mean hours until a worker is taken away (spot machines); its shard begins anew'],
  notice: [45, 'seconds until a lost shard is handed out again: lease of 30 s and the next look at it'],
  back: [120, 'seconds until another machine is in its place'],
  jobMicros: [450, 'microseconds of Redis for a shard in all: added, taken, finished, settled (BullMQ scripts)'],
  renewMicros: [40, 'microseconds of Redis for a renewal of a lease'],
  renewEvery: [15, 'seconds between renewals of a lease'],
  beatMicros: [30, 'microseconds of Redis for a sign of life of a worker'],
  beatEvery: [2, 'seconds between signs of life'],
  window: [40_000, 'most shards that the coordinator has in the queue (coordinate.ts)'],
  ahead: [2, 'shards in the queue for each worker, below `window`'],
  settleMicros: [300, 'microseconds of the coordinator for a shard that came back'],
  connections: [3, 'connections of a worker to Redis'],
  jobBytes: [2500, 'bytes of Redis for a shard in the queue'],
  workerBytes: [30000, 'bytes of Redis for a worker: its connections and its sign of life'],
  files: [1000, 'files of the input, which each task of an array job lists'],
  writes: [2, 'writing requests to the object store for a shard beside those of its results: its record, its rejects'],
  reads: [3, 'reading requests for a shard: is it finished, head, bytes'],
  writesPerSecond: [
    3500,
    'writing requests a second below one prefix (Amazon S3 User Guide, "Optimizing performance")',
  ],
  readsPerSecond: [5500, 'reading and listing requests a second below one prefix (the same)'],
  listMillis: [150, 'milliseconds for a page of 1,000 names'],
  coreHour: [0.02, 'price of a core for an hour, in dollars (spot; on demand is about 0.04)'],
  writePrice: [5e-6, 'dollars for a writing or listing request'],
  readPrice: [4e-7, 'dollars for a reading request'],
  gigabyteMonth: [0.023, 'dollars for a gigabyte kept for a month'],
  queueHour: [0.2, 'price of the machine of Redis and coordinator for an hour, in dollars'],
  seed: [42, 'of all that is drawn'],
};

const { values } = parseArgs({
  options: {
    ...Object.fromEntries(Object.keys(INPUTS).map((name) => [name, { type: 'string' }])),
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  for (const [name, [value, meaning]] of Object.entries(INPUTS)) console.log(`--${name} ${value}\n    ${meaning}`);
  process.exit(0);
}
const given = Object.fromEntries(
  Object.entries(INPUTS).map(([name, [value]]) => [
    name,
    name === 'workers' ? (values.workers ?? value) : Number(values[name] ?? value),
  ]),
);
const sizes = given.workers.split(',').map(Number);
const wrong = [...Object.entries(given), ...sizes.map((size) => ['workers', size])].filter(
  ([name, value]) => (name !== 'workers' || typeof value === 'number') && !(value >= 0),
);
if (wrong.length > 0 || sizes.some((size) => !(size >= 1))) {
  console.error(`No number: ${wrong.map(([name]) => `--${name}`).join(', ') || '--workers'}`);
  process.exit(2);
}

const results = sizes.map((workers) => ({ workers, ...fleet(given, workers) }));
if (values.json) console.log(JSON.stringify({ inputs: given, results }, null, 2));
else print(results);

/** What becomes of a corpus with so many workers. */
function fleet(inputs, workers) {
  const shardBytes =
    inputs.shardBytes ||
    Math.max(
      64 * 1024,
      Math.min(MOST_SHARD_BYTES, Math.floor((inputs.rows * inputs.rowBytes) / (workers * inputs.shardsEach))),
    );
  const shards = Math.ceil((inputs.rows * inputs.rowBytes) / shardBytes);
  const seconds = inputs.rows / shards / inputs.rate;
  const simulated = simulate(inputs, workers, shards, seconds);

  const { makespan, busySeconds, lost } = simulated;
  const hours = makespan / 3600;
  const done = shards + lost;
  const answer = (shardBytes / inputs.rowBytes) * inputs.answerBytes;
  // In parts where they are larger than one: to look for leftovers, to begin, the parts, to complete.
  const uploads = answer > PART_BYTES ? Math.ceil(answer / PART_BYTES) + 3 : 1;
  const [writes, reads] = [done * (inputs.writes + uploads), done * inputs.reads];
  const pages = Math.ceil(shards / 1000);
  const inputPages = Math.ceil(inputs.files / 1000);
  const gigabytes = (inputs.rows * (inputs.rowBytes + inputs.answerBytes)) / 1e9;
  const money = {
    machines: workers * 2 * hours * inputs.coreHour,
    queue: hours * inputs.queueHour,
    requests: writes * inputs.writePrice + reads * inputs.readPrice + pages * inputs.writePrice,
    month: gigabytes * inputs.gigabyteMonth,
  };
  const facts = {
    shard_bytes: shardBytes,
    shards,
    shard_seconds: seconds,
    hours,
    busy: busySeconds / (workers * makespan),
    lost_shards: lost,
    redis_load: simulated.redisLoad,
    redis_peak: simulated.redisPeak,
    wait_p99_seconds: simulated.waitP99,
    starved: simulated.starved,
    coordinator_load: simulated.coordinatorLoad,
    connections: workers * inputs.connections,
    redis_megabytes:
      (Math.min(inputs.window, inputs.ahead * workers) * inputs.jobBytes + workers * inputs.workerBytes) / 1e6,
    writes_per_second: writes / makespan,
    reads_per_second: reads / makespan,
    // The merge lists the records of all shards.
    merge_list_seconds: (pages * inputs.listMillis) / 1000,
    // Tasks of an array job that begin at once each list the input.
    array_list_seconds: Math.max(
      (inputPages * inputs.listMillis) / 1000,
      (inputPages * workers) / inputs.readsPerSecond,
    ),
    manifest_megabytes: (shards * 600) / 1e6,
    dollars: Object.fromEntries(Object.entries(money).map(([name, value]) => [name, Math.round(value * 100) / 100])),
  };
  return { ...facts, limits: limitsOf(inputs, workers, facts) };
}

/** What is near its end, and what to set then. */
function limitsOf(inputs, workers, facts) {
  const limits = [];
  const say = (isSo, limit, what) => isSo && limits.push(`${limit}: ${what}`);
  say(
    facts.shards < workers * 5,
    'shards',
    'fewer than five a worker, so that the last ones are waited for; a smaller --shard-size',
  );
  say(facts.shard_seconds < 5, 'shards', 'shorter than five seconds; a larger --shard-size');
  say(
    facts.starved > 0.02,
    'window',
    `workers wait for work ${(facts.starved * 100).toFixed(0)} % of the time; more than ${inputs.window} shards must be in the queue at once: several queues (--queue-prefix), each with a part of the input`,
  );
  say(
    facts.redis_peak > 0.7,
    'Redis',
    'more than 70 % of a core in its busiest minute; larger shards, or several queues',
  );
  say(
    facts.connections > 10_000,
    'connections',
    `${facts.connections} are more than Redis takes by itself; maxclients and the limit of open files (or several workers in a process: --workers)`,
  );
  say(facts.coordinator_load > 0.7, 'coordinator', 'it settles more shards than it can; larger shards');
  say(
    facts.writes_per_second > inputs.writesPerSecond * 0.7,
    'object store',
    'writes below one prefix; several prefixes, larger shards',
  );
  say(
    facts.array_list_seconds > 60,
    'listing',
    'tasks of an array job wait for the list of the input; fewer, larger files, or the queue, whose coordinator alone lists',
  );
  return limits;
}

/**
 * Workers, a coordinator with a window, and a Redis that does one thing after the other. Each shard is taken, worked on and given back; a
 * worker that is taken away loses its shard.
 */
function simulate(inputs, workers, shards, seconds) {
  const random = randomOf(inputs.seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const mean = Math.exp(inputs.spread ** 2 / 2);
  const events = heap();
  const window = Math.max(16, Math.min(inputs.window, inputs.ahead * workers));
  // Renewals and signs of life leave the rest of Redis's time to the shards.
  const steady = (workers * (inputs.renewMicros / inputs.renewEvery + inputs.beatMicros / inputs.beatEvery)) / 1e6;
  const stretch = 1 / Math.max(0.01, 1 - steady);
  let [redisFree, redisBusy, coordinatorFree, coordinatorBusy] = [0, 0, 0, 0];
  const perMinute = new Map();
  const redis = (now, micros) => {
    const work = micros / 1e6;
    redisBusy += work;
    const minute = Math.floor(now / 60);
    perMinute.set(minute, (perMinute.get(minute) ?? 0) + work);
    redisFree = Math.max(redisFree, now) + work * stretch;
    return redisFree;
  };
  let [fed, out, queued, done, lost, busySeconds, idleSeconds] = [0, 0, 0, 0, 0, 0, 0];
  const idle = [];
  const waits = [];
  let now = 0;
  const take = (worker, since) => {
    const at = redis(now, inputs.jobMicros / 3);
    if (waits.length < 200_000) waits.push(at - since);
    // While there is work left to hand out, waiting is the queue's fault; afterwards it is the end.
    if (fed < shards) idleSeconds += at - since;
    const takes = (seconds * Math.exp(inputs.spread * normal())) / mean;
    const dies = -Math.log(1 - random()) * inputs.lifeHours * 3600;
    if (dies < takes) events.push(at + dies, { kind: 'gone', worker });
    else {
      busySeconds += takes;
      events.push(at + takes, { kind: 'finished', worker });
    }
  };
  const ask = (worker) => {
    if (queued > 0) {
      queued--;
      take(worker, now);
    } else idle.push({ worker, since: now });
  };
  const fill = () => {
    const more = Math.min(window - out, shards - fed);
    if (more <= 0) return;
    fed += more;
    out += more;
    const at = redis(now, (inputs.jobMicros / 3) * more);
    events.push(at, { kind: 'added', count: more });
  };
  for (let worker = 0; worker < workers; worker++)
    events.push(inputs.start * (0.5 + random()), { kind: 'ready', worker });
  fill();
  while (done < shards) {
    const next = events.pop();
    now = next.at;
    const { kind, worker, count } = next.what;
    if (kind === 'ready') ask(worker);
    else if (kind === 'added' || kind === 'again') {
      queued += count;
      while (queued > 0 && idle.length > 0) {
        queued--;
        const first = idle.shift();
        take(first.worker, first.since);
      }
    } else if (kind === 'finished') {
      const at = redis(now, inputs.jobMicros / 3);
      coordinatorFree = Math.max(coordinatorFree, at) + inputs.settleMicros / 1e6;
      coordinatorBusy += inputs.settleMicros / 1e6;
      events.push(coordinatorFree, { kind: 'settled' });
      events.push(at, { kind: 'ready', worker });
    } else if (kind === 'settled') {
      done++;
      out--;
      fill();
    } else {
      lost++;
      events.push(now + inputs.notice, { kind: 'again', count: 1 });
      events.push(now + inputs.back + inputs.start, { kind: 'ready', worker });
    }
  }
  waits.sort((a, b) => a - b);
  const steadyLoad = Math.min(1, steady);
  return {
    makespan: now,
    busySeconds,
    lost,
    redisLoad: Math.min(1, redisBusy / now + steadyLoad),
    redisPeak: Math.min(1, Math.max(...perMinute.values()) / Math.min(60, now) + steadyLoad),
    waitP99: waits[Math.floor(waits.length * 0.99)] ?? 0,
    starved: idleSeconds / (workers * now),
    coordinatorLoad: coordinatorBusy / now,
  };
}

/** Mulberry32 (Tommy Ettinger, public domain). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Events by time; those of the same time in the order in which they were added. */
function heap() {
  const items = [];
  let added = 0;
  const before = (a, b) => a.at < b.at || (a.at === b.at && a.order < b.order);
  const swap = (i, j) => {
    [items[i], items[j]] = [items[j], items[i]];
  };
  return {
    push(at, what) {
      items.push({ at, what, order: added++ });
      for (let i = items.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (!before(items[i], items[parent])) break;
        swap(i, parent);
        i = parent;
      }
    },
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0) {
        items[0] = last;
        for (let i = 0; ; ) {
          let least = i;
          for (const child of [2 * i + 1, 2 * i + 2])
            if (child < items.length && before(items[child], items[least])) least = child;
          if (least === i) break;
          swap(i, least);
          i = least;
        }
      }
      return first;
    },
  };
}

function print(results) {
  const columns = {
    workers: ({ workers }) => String(workers),
    shards: ({ shards }) => String(shards),
    's/shard': ({ shard_seconds }) => shard_seconds.toFixed(0),
    hours: ({ hours }) => hours.toFixed(2),
    'busy %': ({ busy }) => (busy * 100).toFixed(1),
    lost: ({ lost_shards }) => String(lost_shards),
    'Redis %': ({ redis_load }) => (redis_load * 100).toFixed(1),
    'peak %': ({ redis_peak }) => (redis_peak * 100).toFixed(0),
    'Redis MB': ({ redis_megabytes }) => redis_megabytes.toFixed(0),
    connections: ({ connections }) => String(connections),
    'writes/s': ({ writes_per_second }) => writes_per_second.toFixed(0),
    'merge list s': ({ merge_list_seconds }) => merge_list_seconds.toFixed(1),
    'array list s': ({ array_list_seconds }) => array_list_seconds.toFixed(1),
    'manifest MB': ({ manifest_megabytes }) => manifest_megabytes.toFixed(0),
    dollars: ({ dollars }) => (dollars.machines + dollars.queue + dollars.requests).toFixed(0),
  };
  const cells = results.map((result) => Object.values(columns).map((cell) => cell(result)));
  const names = Object.keys(columns);
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padStart(widths[i])).join(' | ')} |`;
  console.log(line(names));
  console.log(line(widths.map((width) => `${'-'.repeat(width - 1)}:`)));
  for (const row of cells) console.log(line(row));
  for (const { workers, limits } of results) for (const limit of limits) console.log(`${workers} workers: ${limit}`);
}
