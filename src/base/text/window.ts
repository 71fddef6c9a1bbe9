/** Token indices; `end` is exclusive. */
export interface TokenSpan {
  readonly start: number;
  readonly end: number;
}

/** An entity with its markers: `open` and `close` hold every token of the two markers, the word is between them. */
export interface MarkedSpan {
  readonly open: TokenSpan;
  readonly close: TokenSpan;
}

/**
 * How a sentence came into the limit. `whole`: as it is; `window`: one stretch around both entities; `pieces`: each entity
 * with a stretch of its own, text between them dropped; `cut`: no context, and words lost their middle. Markers always stay.
 */
export type Fit = 'whole' | 'window' | 'pieces' | 'cut';

export interface Window {
  readonly fit: Fit;
  /** The stretches to keep, in order, neither overlapping nor touching. */
  readonly keep: readonly TokenSpan[];
}

/**
 * Chooses which of `length` tokens to keep so that at most `limit` remain, both marked entities first, then as much
 * context as fits, shared evenly over the sides that have any.
 *
 * Returns null where not even the markers fit.
 */
export function fitWindow(length: number, limit: number, subject: MarkedSpan, object: MarkedSpan): Window | null {
  if (length <= limit) return { fit: 'whole', keep: [{ start: 0, end: length }] };
  const [first, second] = subject.open.start <= object.open.start ? [subject, object] : [object, subject];
  const start = first.open.start;
  const end = Math.max(first.close.end, second.close.end);

  if (end - start <= limit) {
    const [left, right] = shareOut(limit - (end - start), [start, length - end]);
    return { fit: 'window', keep: [{ start: start - left!, end: end + right! }] };
  }

  const middle = Math.max(0, second.open.start - first.close.end);
  const spare = limit - (end - start - middle);
  if (spare >= 0) {
    const [left, afterFirst, beforeSecond, right] = shareOut(spare, [start, middle, middle, length - end]);
    return {
      fit: 'pieces',
      keep: merge([
        { start: start - left!, end: first.close.end + afterFirst! },
        { start: second.open.start - beforeSecond!, end: end + right! },
      ]),
    };
  }

  const markers = merge([first.open, first.close, second.open, second.close]);
  const words = [first, second].map(({ open, close }) => ({ start: open.end, end: Math.max(open.end, close.start) }));
  const room = limit - total(markers);
  if (room < 0) return null;
  const shares = shareOut(
    room,
    words.map(({ start, end }) => end - start),
  );
  const ends = words.flatMap(({ start, end }, i) => [
    { start, end: start + Math.ceil(shares[i]! / 2) },
    { start: end - Math.floor(shares[i]! / 2), end },
  ]);
  return { fit: 'cut', keep: merge([...markers, ...ends]) };
}

/** The position of token `index` within the window; the token must be one of those kept. */
export function indexInWindow(keep: readonly TokenSpan[], index: number): number {
  let before = 0;
  for (const { start, end } of keep) {
    if (index < end) return before + index - start;
    before += end - start;
  }
  throw new RangeError(`token ${index} is not in the window`);
}

/** Divides `amount` into equal shares, none above its capacity; what one cannot take goes to the others, the first ones first. */
function shareOut(amount: number, capacities: readonly number[]): number[] {
  const shares = capacities.map(() => 0);
  let rest = amount;
  while (rest > 0) {
    const open = capacities.flatMap((capacity, i) => (shares[i]! < capacity ? [i] : []));
    if (open.length === 0) break;
    const share = Math.max(1, Math.floor(rest / open.length));
    for (const i of open) {
      const given = Math.min(share, rest, capacities[i]! - shares[i]!);
      shares[i] = shares[i]! + given;
      rest -= given;
    }
  }
  return shares;
}

/** The union of spans as sorted stretches. */
function merge(spans: readonly TokenSpan[]): TokenSpan[] {
  const merged: TokenSpan[] = [];
  for (const span of spans.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && span.start <= last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

const total = (spans: readonly TokenSpan[]): number => spans.reduce((sum, { start, end }) => sum + end - start, 0);
