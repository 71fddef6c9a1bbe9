import { expect, test } from 'vitest';
import { openSession } from '../runtime/session.ts';
import { drawnInputs, drawnMasks } from './drawnDropout.ts';
import { Graph } from './graph/graph.ts';

const KEEPS = [230 / 256, 0.5, 230 / 256, 0.5];
const DIMS = { n: 160, b: 4 };

/** Four sites over ones, so that what they leave are their masks. */
async function openMasks() {
  const graph = new Graph();
  const ones = graph.input('ones', ['n', 64]);
  const { masked, drawn } = drawnMasks(graph);
  const outputs = Object.fromEntries(KEEPS.map((keep, site) => [`y${site}`, masked(ones, keep)]));
  const session = await openSession(graph.toOnnx(outputs), { device: 'cpu', threads: 1 });
  const x = { data: new Float32Array(DIMS.n * 64).fill(1), dims: [DIMS.n, 64] };
  return {
    draw: async (seed: number, draw: number) => {
      const inputs = { ones: x, ...drawnInputs(drawn(), seed, draw, DIMS) };
      const results = await session.run(inputs, Object.keys(outputs));
      return KEEPS.map((_, site) => results[`y${site}`]!);
    },
    release: () => session.release(),
  };
}

/** Between two masks, as a multiple of its standard deviation were they independent. */
function correlation(a: Float32Array, b: Float32Array, keep: number, shift: number): number {
  let sum = 0;
  for (let i = 0; i + shift < a.length; i++) sum += ((a[i]! > 0 ? 1 : 0) - keep) * ((b[i + shift]! > 0 ? 1 : 0) - keep);
  return Math.abs(sum) / (keep * (1 - keep) * Math.sqrt(a.length - shift));
}

test('masks are 0 and 1 / keep at the asked rate, by seed, draw and site', async () => {
  const masks = await openMasks();
  const first = await masks.draw(1, 7);
  for (const [site, mask] of first.entries()) {
    const keep = KEEPS[site]!;
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / keep)]));
    const kept = mask.filter((value) => value > 0).length;
    // Five standard deviations of a binomial draw.
    expect(Math.abs(kept - keep * mask.length)).toBeLessThan(5 * Math.sqrt(mask.length * keep * (1 - keep)));
  }
  expect(await masks.draw(1, 7)).toEqual(first);
  expect(await masks.draw(2, 7)).not.toEqual(first);
  expect(await masks.draw(1, 8)).not.toEqual(first);
  await masks.release();
});

test('neighbours, sites, planes and draws are uncorrelated', async () => {
  const masks = await openMasks();
  const [one, other] = [await masks.draw(1, 0), await masks.draw(1, 1)];
  for (const [site, keep] of KEEPS.entries()) {
    for (const shift of [1, 2, 3, 4, 64, 128]) expect(correlation(one[site]!, one[site]!, keep, shift)).toBeLessThan(5);
    for (const shift of [0, 1]) expect(correlation(one[site]!, other[site]!, keep, shift)).toBeLessThan(5);
  }
  expect(correlation(one[0]!, one[2]!, KEEPS[0]!, 0)).toBeLessThan(5);
  // The fourth site is in the next plane of the same words.
  expect(correlation(one[1]!, one[3]!, 0.5, 0)).toBeLessThan(5);
  await masks.release();
});
