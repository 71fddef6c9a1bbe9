import type { LabelledExample, LabelSet } from '../../base/core/types.ts';
import type { TypePair } from './answer.ts';

/** Relations by pair of entity types, as rows have them, in the order of types and labels; null where rows have no types. */
export function typePairsOf(rows: readonly LabelledExample[], { labels }: LabelSet): TypePair[] | null {
  const pairs = new Map<string, { subject: string; object: string; seen: Set<string> }>();
  for (const { subject, object, label } of rows) {
    if (subject.type === null || object.type === null) continue;
    const key = JSON.stringify([subject.type, object.type]);
    const pair = pairs.get(key) ?? { subject: subject.type, object: object.type, seen: new Set() };
    pair.seen.add(label);
    pairs.set(key, pair);
  }
  if (pairs.size === 0) return null;
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { subject, object, seen }]) => ({
      subject,
      object,
      relations: labels.filter((label) => seen.has(label)),
    }));
}
