import { availableParallelism } from 'node:os';
import type { Precision } from '../../base/core/settings.ts';
import { type Batch, collateTokens } from '../nn/batch.ts';
import type { TokenRow } from '../nn/headPooling.ts';
import { buildForward, type ModelSpec, type RelationSpec } from '../nn/model.ts';
import { answersOf, batchOf, type ModelRow } from '../nn/packedBatch.ts';
import { parameterSpecs, type Weights } from '../nn/parameters.ts';
import { keepsValues, openDeviceMemory, withHeld } from './deviceSession.ts';
import { lengthBatches } from './lengthBatches.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import { createSessionPool, type SessionPool } from './sessionPool.ts';
import { openWorkerSession, share, workerCounts } from './workerSessions.ts';

/** How rows are worked through. */
export interface ForwardOptions {
  /** The most rows in a batch; on the CPU, long rows make smaller ones. */
  readonly batchSize: number;
  /** Called after each batch with the number of rows that are done. */
  readonly onProgress?: (rows: number) => void;
  /** Many rows will follow: prepare now for what otherwise waits until so many come at once. */
  readonly expectMany?: boolean;
  /** Logits that are there already, by the index of their row; batches of such rows alone are left out. */
  readonly known?: ReadonlyMap<number, Float32Array>;
  /** Called after each batch with its logits, by the index of their row. */
  readonly onLogits?: (logits: ReadonlyMap<number, Float32Array>) => void;
  /** Stops the work between two batches; the call then fails with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface ForwardResult {
  /** Logits (labels) per row, in the order of the rows; of a packed row (pairs · labels), of tokens (ids · labels). */
  readonly logits: readonly Float32Array[];
  /** The states that the head reads, side by side, per row; none of rows whose logits were known, or of tokens. */
  readonly states: readonly Float32Array[];
}

export interface ForwardPass<Row = ModelRow> {
  /** Runs rows in batches of similar length and gives the results in the rows' order. Calls may overlap: a later one's batches fill what an earlier one leaves idle. */
  run(rows: readonly Row[], options: ForwardOptions): Promise<ForwardResult>;
  release(): Promise<void>;
}

/**
 * Bytes of a batch's widest values (tokens · intermediate size) that still go fast on a CPU: larger ones leave its caches
 * between two operators. A fifth faster than batches four times as large on a core with 1 MiB of L2 cache.
 */
const CACHE_BYTES = 3 * 2 ** 20;
/** From this many batches a worker thread on, in one run or in several, opening worker threads is worth its time. */
const WORKER_BATCHES = 8;

/**
 * A model ready to answer.
 *
 * @param weights `fixed` stores them in the graph, which is faster; `changing` reads the given arrays again at each run
 * @param precision of fixed weights
 */
export const openForwardPass = (
  spec: RelationSpec,
  weights: Weights,
  kind: WeightsKind,
  options: SessionOptions,
  precision: Precision = 'fp32',
): Promise<ForwardPass> =>
  openPass(spec, weights, { kind, precision, answersOf, batchOf: (rows) => batchOf(rows, spec) }, options);

/** The same for a model that answers every token. */
export const openTokenPass = (
  spec: ModelSpec,
  weights: Weights,
  kind: WeightsKind,
  options: SessionOptions,
  precision: Precision = 'fp32',
): Promise<ForwardPass<TokenRow>> =>
  openPass(
    spec,
    weights,
    { kind, precision, answersOf: ({ ids }) => ids.length, batchOf: (rows) => collateTokens(rows, spec.config) },
    options,
  );

type WeightsKind = 'fixed' | 'changing';

/** How a pass holds its weights and lays out its rows. */
interface PassKind<Row> {
  readonly kind: WeightsKind;
  readonly precision: Precision;
  /** The answers that a row asks for. */
  answersOf(row: Row): number;
  batchOf(rows: readonly Row[]): Batch;
}

async function openPass<Row extends TokenRow>(
  spec: ModelSpec,
  weights: Weights,
  { kind, precision, ...layOut }: PassKind<Row>,
  options: SessionOptions,
): Promise<ForwardPass<Row>> {
  // The states of all tokens would be many, and nothing reads them.
  const outputs = spec.head === 'tokens' ? ['logits'] : ['logits', 'states'];
  const build = () => buildForward(spec, kind === 'fixed' ? weights : undefined, precision);
  const parameters = kind === 'fixed' ? [] : parameterSpecs(spec.config, spec.head, spec.labels);
  const inputs = Object.fromEntries(
    parameters.map(({ name, shape }) => [name, { data: weights.get(name)!, dims: shape }]),
  );
  const tokens =
    options.device === 'cpu' ? CACHE_BYTES / (4 * spec.config.intermediate_size) : Number.POSITIVE_INFINITY;
  const { pool, prepare } = kind === 'fixed' ? await openWorkers(build, options) : await openOne(build, options);
  const memory = kind === 'changing' && keepsValues(options.device) ? await openDeviceMemory(options) : null;
  return {
    async run(rows, { batchSize, onProgress, expectMany = false, known, onLogits, signal }) {
      const logits = new Array<Float32Array>(rows.length);
      const states = new Array<Float32Array>(rows.length);
      const lengths = rows.map(({ ids }) => ids.length);
      const batches = lengthBatches(lengths, { rows: batchSize, tokens });
      const missing = batches.filter((batch) => !batch.every((index) => known?.has(index)));
      for (const [index, values] of known ?? []) logits[index] = values;
      let done = rows.length - missing.flat().length;
      const answer = async (session: Session, chosen: readonly number[], weightInputs: Inputs) => {
        const own = chosen.map((index) => rows[index]!);
        const batch = layOut.batchOf(own);
        const results = await session.run({ ...weightInputs, ...batch.inputs }, outputs);
        for (const [at, index] of chosen.entries()) {
          const share = layOut.answersOf(own[at]!) / batch.answers;
          logits[index] = rowOf(results.logits!, at, chosen.length, share);
          if (results.states) states[index] = rowOf(results.states, at, chosen.length, share);
        }
        done += chosen.length;
        onLogits?.(new Map(chosen.map((index) => [index, logits[index]!])));
        onProgress?.(done);
      };
      await prepare(batches.length, expectMany);
      // The longest first: what is left for a last session alone is then short.
      await withHeld(memory, inputs, (held) =>
        pool.work(missing.toReversed(), (session, chosen) => answer(session, chosen, held), signal),
      );
      return { logits, states };
    },
    async release() {
      await pool.release();
      await memory?.release();
    },
  };
}

type Inputs = Parameters<Session['run']>[0];

interface Sessions {
  readonly pool: SessionPool;
  /** Called before work of so many batches. */
  readonly prepare: (batches: number, expectMany: boolean) => Promise<void>;
}

async function openOne(build: () => Uint8Array, options: SessionOptions): Promise<Sessions> {
  return { pool: createSessionPool(await openSession(build(), options)), prepare: async () => {} };
}

/** One session with all threads, until there are so many batches that sessions of a thread each take its place. */
async function openWorkers(build: () => Uint8Array, options: SessionOptions): Promise<Sessions> {
  const model = build();
  const { device, profile } = options;
  const { workers, threads } = workerCounts(model.length, options.threads ?? availableParallelism());
  const isDivisible = device === 'cpu' && profile === undefined && workers > 1;
  const pool = createSessionPool(await openSession(model, options));
  const divide = () =>
    pool.replace(() => {
      const bytes = share(build());
      return Array.from({ length: workers }, () => openWorkerSession(bytes, { device, threads }));
    });
  let divided: Promise<void> | null = null;
  let seen = 0;
  return {
    pool,
    async prepare(batches, expectMany) {
      // A run of few batches is done sooner by one session with all threads than by some of many with one each.
      if (batches > 1 && 2 * batches >= workers) seen += batches;
      if (isDivisible && (expectMany || seen >= WORKER_BATCHES * workers)) divided ??= divide();
      await divided;
    },
  };
}

/** @param share of what each row has room for that is this row's own: the first part */
function rowOf(matrix: Float32Array, row: number, rows: number, share: number): Float32Array {
  const width = matrix.length / rows;
  return matrix.slice(row * width, row * width + Math.round(share * width));
}
