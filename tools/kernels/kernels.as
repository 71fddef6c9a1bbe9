// The inner loops of the optimizer and of dropout in AssemblyScript: SIMD on four values at a time, in one block of
// memory that the caller fills. `node tools/kernels/build.mjs` compiles them into src/engine/train/kernels/wasm.js.
// Counts are of values and a multiple of four, addresses are of bytes.

/** One AdamW step in place; the formulas and the order of operations are those of torch.optim.AdamW. */
export function adamW(
  weight: usize,
  gradient: usize,
  first: usize,
  second: usize,
  count: usize,
  scale: f32,
  decay: f32,
  stepSize: f32,
  correction: f32,
  beta1: f32,
  keep1: f32,
  beta2: f32,
  keep2: f32,
  epsilon: f32,
): void {
  for (let i: usize = 0, end = count << 2; i < end; i += 16) {
    const g = f32x4.mul(v128.load(gradient + i), f32x4.splat(scale));
    const m = f32x4.add(
      f32x4.mul(v128.load(first + i), f32x4.splat(beta1)),
      f32x4.mul(g, f32x4.splat(keep1)),
    );
    const v = f32x4.add(
      f32x4.mul(v128.load(second + i), f32x4.splat(beta2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(keep2)),
    );
    const denominator = f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(correction)), f32x4.splat(epsilon));
    const change = f32x4.div(f32x4.mul(m, f32x4.splat(stepSize)), denominator);
    v128.store(first + i, m);
    v128.store(second + i, v);
    v128.store(weight + i, f32x4.sub(f32x4.mul(v128.load(weight + i), f32x4.splat(decay)), change));
  }
}

/** mean + share · (value - mean), in place. */
export function average(mean: usize, value: usize, count: usize, share: f32): void {
  for (let i: usize = 0, end = count << 2; i < end; i += 16) {
    const m = v128.load(mean + i);
    const change = f32x4.mul(f32x4.sub(v128.load(value + i), m), f32x4.splat(share));
    v128.store(mean + i, f32x4.add(m, change));
  }
}

/** Σ x², summed in double precision. */
export function squares(values: usize, count: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i: usize = 0, end = count << 2; i < end; i += 16) {
    const x = v128.load(values + i);
    const a = f64x2.promote_low_f32x4(x);
    const b = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 0, 1));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** triple32, as `mix` in core/random.ts. */
function mix(value: v128): v128 {
  let x = i32x4.mul(v128.xor(value, i32x4.shr_u(value, 17)), i32x4.splat(0xed5ad4bb));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 11)), i32x4.splat(0xac4c1b51));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x31848bab));
  return v128.xor(x, i32x4.shr_u(x, 14));
}

/**
 * Four bytes of dropout mask from each random word of the stream with the keys k0 and k1, from word `from` on:
 * 1 where the byte is below the threshold.
 */
export function mask(to: usize, from: u32, words: usize, k0: u32, k1: u32, threshold: u32): void {
  let counter = i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(from));
  for (let i: usize = 0, end = words << 2; i < end; i += 16) {
    const random = mix(i32x4.add(mix(v128.xor(counter, i32x4.splat(k0))), i32x4.splat(k1)));
    v128.store(to + i, v128.and(i8x16.lt_u(random, i8x16.splat(<i8>threshold)), i8x16.splat(1)));
    counter = i32x4.add(counter, i32x4.splat(4));
  }
}
