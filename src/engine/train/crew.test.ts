import { afterAll, expect, test } from 'vitest';
import { KorexError } from '../../base/core/errors.ts';
import { randomStream } from '../../base/core/random.ts';
import { DropoutMasks } from './dropoutMasks.ts';
import { denseGradient, type Gradient, tableGradient } from './gradient.ts';
import { openCrew, shareOut } from './kernels/crew.ts';
import { createOptimizer } from './optimizer.ts';

const crew = openCrew(3);
afterAll(() => crew.release());

// Two parameters are large enough for workers, one of them not a multiple of a vector; the others stay here.
const SIZES = { 'a.weight': 40_001, 'b.bias': 300, 'e.weight': 60_000, 'c.weight': 33_000 } as const;
const ROW = 100;

const values = (name: string, length: number) => {
  const stream = randomStream(5, name);
  return Float32Array.from({ length }, (_, i) => stream.normal(i));
};
const weightsOf = () => new Map(Object.entries(SIZES).map(([name, length]) => [name, values(name, length)]));

/** A step's gradients: of a table some rows alone. */
function gradientsOf(step: number): Map<string, Gradient> {
  const dense = (['a.weight', 'b.bias', 'c.weight'] as const).map(
    (name) => [name, denseGradient(values(`${name} ${step}`, SIZES[name]))] as const,
  );
  const table = tableGradient(new Float32Array(SIZES['e.weight']), ROW);
  for (const row of [step, 7, 500]) {
    table.table!.rows.add(row);
    table.values.set(values(`row ${row} ${step}`, ROW), row * ROW);
  }
  const [a, b, c] = dense;
  return new Map<string, Gradient>([a!, b!, ['e.weight', table], c!]);
}

const OPTIONS = { lr: 0.01, weightDecay: 0.1, clip: 1, rateShare: (name: string) => (name === 'c.weight' ? 0.5 : 1) };
const bytes = (arrays: Iterable<Float32Array>) =>
  Buffer.concat(
    Array.from(arrays, ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );

test('with workers an optimizer ends in the same bytes, one made again from its moments too', () => {
  const [alone, together, resumed] = [weightsOf(), weightsOf(), weightsOf()];
  const [one, many] = [createOptimizer(alone), createOptimizer(together)];
  for (let step = 0; step < 4; step++)
    expect(many.step(gradientsOf(step), OPTIONS, crew)).toBe(one.step(gradientsOf(step), OPTIONS));
  expect(bytes(together.values()).equals(bytes(alone.values()))).toBe(true);

  for (const [name, weight] of together) resumed.get(name)!.set(weight);
  const again = createOptimizer(resumed);
  again.steps = many.steps;
  for (const [name, { first, second }] of many.moments) {
    again.moments.get(name)!.first.set(first);
    again.moments.get(name)!.second.set(second);
  }
  one.step(gradientsOf(4), OPTIONS);
  again.step(gradientsOf(4), OPTIONS, crew);
  expect(bytes(resumed.values()).equals(bytes(alone.values()))).toBe(true);
  const momentsOf = ({ moments }: typeof one) =>
    bytes([...moments.values()].flatMap(({ first, second }) => [first, second]));
  expect(momentsOf(again).equals(momentsOf(one))).toBe(true);
});

test('with workers masks are the same bytes, whatever the batch', () => {
  const inputs = ['x', 'y', 'z'].map((name) => ({ name, shape: ['n', 512], keep: 0.9 }));
  const [alone, together] = [new DropoutMasks(inputs), new DropoutMasks(inputs)];
  for (const [draw, n] of [700, 900, 5, 800].entries()) {
    const [expected, found] = [alone.draw(3, draw, { n }), together.draw(3, draw, { n }, crew)];
    for (const { name } of inputs)
      expect(Buffer.compare(found[name]!.data as Uint8Array, expected[name]!.data as Uint8Array)).toBe(0);
  }
});

test('parts are of about the same size, the largest given away first; what the caller has to do counts', () => {
  expect(shareOut([1, 5, 4, 2], 1)).toEqual([0, 0, 1, 1]);
  expect(shareOut([4, 4, 4], 2)).toEqual([0, 1, 2]);
  expect(shareOut([4, 4, 4], 2, 100)).toEqual([1, 2, 1]);
});

test('one thread has no workers and takes its steps by itself', async () => {
  const none = openCrew(1);
  expect(none.workers).toBe(0);
  const [alone, together] = [weightsOf(), weightsOf()];
  createOptimizer(alone).step(gradientsOf(0), OPTIONS);
  createOptimizer(together).step(gradientsOf(0), OPTIONS, none);
  expect(bytes(together.values()).equals(bytes(alone.values()))).toBe(true);
  await none.release();
});

test('a worker that fails is an error of the training', async () => {
  const failing = openCrew(2);
  const [first, second, weight] = [0, 1, 2].map(() => new Float32Array(new SharedArrayBuffer(16)));
  const job = { kind: 'step', id: 9, weight: weight!, first: first!, second: second!, factors: [] } as const;
  expect(() => failing.run([[job]], () => {})).toThrow(KorexError);
  await failing.release();
});
