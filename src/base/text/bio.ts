import { usageError } from '../core/errors.ts';

/**
 * Entities as one tag for each token (Ramshaw and Marcus, 1995, cmp-lg/9505040, in the form IOB2): `B-TYPE` for its first
 * token, `I-TYPE` for the others, `O` outside. Tag ids: 0 for `O`, then two for each type in order.
 */

/** A tag that is not known: no part of the loss. */
export const UNKNOWN_TAG = -1;

export const beginTag = (type: number): number => 1 + 2 * type;
export const insideTag = (type: number): number => 2 + 2 * type;
/** Whether a tag continues an entity. */
export const isInside = (tag: number): boolean => tag > 0 && tag % 2 === 0;
/** The type of a tag other than `O`. */
export const typeOfTag = (tag: number): number => Math.floor((tag - 1) / 2);

/** The names of all tags, in id order. */
export const tagNames = (types: readonly string[]): string[] => [
  'O',
  ...types.flatMap((type) => [`B-${type}`, `I-${type}`]),
];

/** The types of tag names in id order. Errors: `usage` where the names are not those of `tagNames`. */
export function typesOfTags(names: readonly string[], where: string): string[] {
  const types = names.flatMap((name) => (name.startsWith('B-') ? [name.slice(2)] : []));
  const expected = tagNames(types);
  if (types.length > 0 && expected.length === names.length && expected.every((name, id) => name === names[id]))
    return types;
  throw usageError(
    {
      en: `${where}: the tags are ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}; expected O, then B-TYPE and I-TYPE of each type.`,
      ko: `${where}: 태그가 ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}이다. O 다음에 유형마다 B-TYPE과 I-TYPE이 와야 한다.`,
    },
    {
      en: 'Take the config.json that korex saved with the model.',
      ko: 'korex가 모델과 함께 저장한 config.json을 쓴다.',
    },
  );
}

/** An entity as token units: first and last, and its type's number. */
export interface TaggedSpan {
  readonly first: number;
  readonly last: number;
  readonly type: number;
}

/** The entities that tags say, one per unit; `I` without its `B` before it begins one, as in conlleval. */
export function spansOfTags(tags: ArrayLike<number>): TaggedSpan[] {
  const spans: TaggedSpan[] = [];
  for (let at = 0; at < tags.length; ) {
    const tag = tags[at]!;
    if (tag <= 0) {
      at++;
      continue;
    }
    const type = typeOfTag(tag);
    const first = at++;
    while (at < tags.length && tags[at] === insideTag(type)) at++;
    spans.push({ first, last: at - 1, type });
  }
  return spans;
}

/**
 * Log probabilities of the tags of some tokens (units · tags).
 *
 * @param logits of all tokens (tokens · tags)
 * @param units the tokens to score
 * @param temperature what logits are divided by
 */
export function unitScores(
  logits: Float32Array,
  units: readonly { readonly token: number }[],
  tags: number,
  temperature = 1,
): Float32Array {
  const scores = new Float32Array(units.length * tags);
  for (const [unit, { token }] of units.entries()) {
    const own = logits.subarray(token * tags, (token + 1) * tags);
    const largest = Math.max(...own);
    const sum = own.reduce((total, value) => total + Math.exp((value - largest) / temperature), 0);
    for (const [tag, value] of own.entries())
      scores[unit * tags + tag] = (value - largest) / temperature - Math.log(sum);
  }
  return scores;
}

/**
 * The most probable sequence of tags in which every `I` continues an entity of its type (Viterbi, 1967): the sum of the
 * units' log probabilities is largest.
 *
 * @param scores log probabilities (units · tags), row by row
 */
export function decodeTags(scores: ArrayLike<number>, tags: number): Int32Array {
  const units = scores.length / tags;
  const best = new Int32Array(units);
  if (units === 0) return best;
  const from = new Int32Array(units * tags);
  let sums = new Float64Array(tags);
  for (let tag = 0; tag < tags; tag++) sums[tag] = isInside(tag) ? -Infinity : scores[tag]!;
  for (let unit = 1; unit < units; unit++) {
    let top = 0;
    for (let tag = 1; tag < tags; tag++) if (sums[tag]! > sums[top]!) top = tag;
    const next = new Float64Array(tags);
    for (let tag = 0; tag < tags; tag++) {
      // An I follows the B or I of its type; O and B follow anything.
      const before = isInside(tag) ? (sums[tag - 1]! >= sums[tag]! ? tag - 1 : tag) : top;
      from[unit * tags + tag] = before;
      next[tag] = sums[before]! + scores[unit * tags + tag]!;
    }
    sums = next;
  }
  let tag = 0;
  for (let other = 1; other < tags; other++) if (sums[other]! > sums[tag]!) tag = other;
  for (let unit = units - 1; unit >= 0; unit--) {
    best[unit] = tag;
    tag = from[unit * tags + tag]!;
  }
  return best;
}

/**
 * How probable an entity is by its units: that its first begins it, that the others continue it and that the one behind it
 * does not, the units taken as independent of each other, as decoding does.
 *
 * @param scores log probabilities (units · tags)
 */
export function spanProbability(scores: ArrayLike<number>, tags: number, { first, last, type }: TaggedSpan): number {
  const inside = insideTag(type);
  let sum = scores[first * tags + beginTag(type)]!;
  for (let unit = first + 1; unit <= last; unit++) sum += scores[unit * tags + inside]!;
  const behind = (last + 1) * tags + inside;
  return Math.exp(sum) * (behind < scores.length ? 1 - Math.exp(scores[behind]!) : 1);
}
