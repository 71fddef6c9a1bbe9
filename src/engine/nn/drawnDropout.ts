import { streamKeys } from '../../base/core/random.ts';
import type { Graph } from './graph/graph.ts';
import type { Tensor } from './graph/nodes.ts';
import type { Shape } from './graph/onnxModel.ts';
import { opsOf } from './graph/ops.ts';
import type { Value } from './graph/value.ts';

/** Random words, of which each gives a byte to each of four planes. */
interface Pool {
  readonly name: string;
  readonly words: Tensor;
  /** By plane and share kept: floats 0 or 1 / keep. */
  readonly masks: Map<string, Tensor>;
}

/** A dropout site: where in its plane its mask begins and ends is an input of the graph. */
interface DrawnSite {
  readonly name: string;
  readonly shape: Shape;
  readonly pool: number;
  readonly plane: number;
}

/** Which masks a graph draws. */
export interface DrawnMasks {
  readonly pools: number;
  readonly sites: readonly DrawnSite[];
}

const PLANES = 4;
/** A pool is as long as its longest plane: a layer of an encoder has three sites. */
const SITES_PER_PLANE = 3;

/** The golden ratio as a fraction of 2³²: neighbours are far apart. */
const SPREAD = 0x9e3779b1 | 0;
const ROUNDS = 3;
const HALF = 2 ** 16;

/**
 * Dropout whose masks the graph draws itself: from a few numbers a step instead of a byte for each value, which would have
 * to travel to a device.
 *
 * A word is a hash of its place and two keys, in 32-bit arithmetic that wraps: rounds of x ← x · (2x + k) with odd k, which
 * is a bijection (Rivest et al., 1998, "The RC6 Block Cipher", section 3), and of the upper half added to the lower. ONNX
 * runtimes have no exclusive or on devices; whole numbers give all of them the same masks.
 */
export function drawnMasks(graph: Graph) {
  const { add, mul, reshape } = opsOf(graph);
  const pools: Pool[] = [];
  const sites: DrawnSite[] = [];

  const newPool = (): Pool => {
    const name = `noise_${pools.length}`;
    const scalar = (part: string) => graph.input(`${name}_${part}`, [], 'int32');
    const range = [graph.wholeNumber(0), scalar('count'), graph.wholeNumber(1)];
    const places = graph.emitInference('Range', range, {}, [name], 'int32');
    const keys = [scalar('key0'), scalar('key1')] as const;
    let x = add(mul(places, graph.wholeNumber(SPREAD)), keys[0]);
    for (let round = 0; round < ROUNDS; round++) {
      x = mul(x, add(add(x, x), keys[round % 2]!));
      x = add(x, graph.emitInference('Div', [x, graph.wholeNumber(HALF)], {}, x.shape, 'int32'));
    }
    const pool: Pool = { name, words: x, masks: new Map() };
    pools.push(pool);
    return pool;
  };

  /** The upper byte of words times 256 to the power of the plane, against the share kept. */
  const maskOf = ({ name, words, masks }: Pool, plane: number, keep: number): Tensor => {
    const known = masks.get(`${plane} ${keep}`);
    if (known) return known;
    const bytes = plane === 0 ? words : mul(words, graph.wholeNumber((256 ** plane) | 0));
    const bound = graph.wholeNumber((keep * 2 ** 32 - 2 ** 31) | 0);
    const kept = graph.emitInference('Less', [bytes, bound], {}, [name], 'bool');
    const floats = graph.emitInference('Cast', [kept], { to: 'float32' }, [name], 'float32');
    const mask = mul(floats, graph.scalar(1 / keep));
    masks.set(`${plane} ${keep}`, mask);
    return mask;
  };

  const masked = (x: Tensor, keep: number): Tensor => {
    if (keep === 1) return x;
    const index = sites.length;
    const plane = Math.floor(index / SITES_PER_PLANE) % PLANES;
    const at = Math.floor(index / (SITES_PER_PLANE * PLANES));
    const pool = pools[at] ?? newPool();
    const name = `dropout_${index}`;
    sites.push({ name, shape: x.shape, pool: at, plane });
    const bounds = [`${name}_from`, `${name}_to`].map((bound) => graph.input(bound, [1], 'int64'));
    const part = graph.emitInference('Slice', [maskOf(pool, plane, keep), ...bounds], {}, [name], 'float32');
    return mul(x, reshape(part, x.shape));
  };
  return {
    masked,
    drawn: (): DrawnMasks => ({ pools: pools.length, sites }),
  };
}

/**
 * The inputs that masks are drawn from.
 *
 * @param draw counts the batches of the training
 * @param dims the sizes of the graph's named dimensions
 */
export function drawnInputs(
  { pools, sites }: DrawnMasks,
  seed: number,
  draw: number,
  dims: Readonly<Record<string, number>>,
): Record<string, Value> {
  const inputs: Record<string, Value> = {};
  const ends = Array.from({ length: pools }, () => new Array<number>(PLANES).fill(0));
  for (const { name, shape, pool, plane } of sites) {
    const count = shape.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : dims[dim]!), 1);
    const from = ends[pool]![plane]!;
    ends[pool]![plane] = from + count;
    inputs[`${name}_from`] = { data: BigInt64Array.of(BigInt(from)), dims: [1] };
    inputs[`${name}_to`] = { data: BigInt64Array.of(BigInt(from + count)), dims: [1] };
  }
  for (const [pool, planes] of ends.entries()) {
    const [key0, key1] = streamKeys(seed, ['dropout', draw, pool]);
    const whole = { count: Math.max(...planes), key0: key0 | 1, key1: key1 | 1 };
    for (const [part, value] of Object.entries(whole))
      inputs[`noise_${pool}_${part}`] = { data: Int32Array.of(value), dims: [] };
  }
  return inputs;
}
