import type { LabelReason, LabelSuggestion } from '../../inference/predict/api/labelSchema.ts';
import { pairKey } from './sentenceState.ts';

/** A sentence that may be labelled next. */
export interface Candidate {
  readonly id: number;
  readonly text: string;
  /** What the model that answers says; null where it was not asked yet. */
  readonly pairs: readonly LabelSuggestion[] | null;
  /** What another model says of the same pairs, such as the one that answered before. */
  readonly otherPairs: readonly LabelSuggestion[] | null;
}

/** What is known by now. */
export interface Known {
  /** Sentences that were finished. */
  readonly labelled: number;
  /** How often each relation was decided. */
  readonly counts: ReadonlyMap<string, number>;
  /** Texts of finished sentences; the last ones are enough. */
  readonly texts: readonly string[];
  readonly noRelation: string;
  /** The relation of the other direction; null where there is none. */
  inverseOf(relation: string): string | null;
  /** A number in [0, 1) for a sentence and a purpose, always the same. */
  random(purpose: string, id: number): number;
  /** Whether the model's confidences can be relied on: it was calibrated, on these relations. */
  readonly isCalibrated: boolean;
}

export interface Choice {
  readonly id: number;
  readonly reason: Extract<LabelReason, 'random' | 'uncertain' | 'directions' | 'models' | 'rare' | 'different'>;
  /** How strongly it speaks for the sentence, in [0, 1]; null for a random one. */
  readonly value: number | null;
}

/** Sentences that are labelled at random before anything else is looked at: they show what the data is like. */
export const RANDOM_FIRST = 20;

/**
 * Whose turn it is, over and over. Every fifth is random for good: what was chosen for being hard says nothing of how
 * good a model is on the rest.
 */
const TURNS = [
  'uncertain',
  'directions',
  'different',
  'rare',
  'random',
  'uncertain',
  'models',
  'different',
  'uncertain',
  'random',
] as const;

/** The most candidates that are looked at for one choice. */
const LOOKED_AT = 2_000;

/**
 * The sentence to label next: at random while the model is not calibrated or too little is labelled, then by turns those of
 * which the model is unsure, whose two directions or two models contradict each other, which may have a rare relation, and
 * which are unlike those that are labelled.
 */
export function chooseNext(candidates: readonly Candidate[], known: Known): Choice | null {
  if (candidates.length === 0) return null;
  const turn = TURNS[known.labelled % TURNS.length]!;
  const asked = sampled(candidates, known).filter(({ pairs }) => pairs !== null);
  if (turn === 'random' || !known.isCalibrated || known.labelled < RANDOM_FIRST || asked.length === 0)
    return randomChoice(candidates, known);
  const score = SCORES[turn];
  const by = score(known);
  let best: Choice | null = null;
  for (const candidate of asked) {
    const value = by(candidate);
    if (value > 0 && value > (best?.value ?? 0)) best = { id: candidate.id, reason: turn, value };
  }
  if (best) return best;
  const unsure = SCORES.uncertain(known);
  const [first] = asked
    .map((candidate) => ({ id: candidate.id, value: unsure(candidate) }))
    .sort((a, b) => b.value - a.value);
  return first && first.value > 0 ? { ...first, reason: 'uncertain' } : randomChoice(candidates, known);
}

function randomChoice(candidates: readonly Candidate[], known: Known): Choice {
  const first = candidates.reduce((best, each) =>
    known.random('order', each.id) < known.random('order', best.id) ? each : best,
  );
  return { id: first.id, reason: 'random', value: null };
}

function sampled(candidates: readonly Candidate[], known: Known): readonly Candidate[] {
  if (candidates.length <= LOOKED_AT) return candidates;
  const drawn = candidates.map((candidate) => ({
    candidate,
    at: known.random(`sample ${known.labelled}`, candidate.id),
  }));
  return drawn
    .sort((a, b) => a.at - b.at)
    .slice(0, LOOKED_AT)
    .map(({ candidate }) => candidate);
}

type Score = (known: Known) => (candidate: Candidate) => number;

const SCORES: Readonly<Record<Exclude<(typeof TURNS)[number], 'random'>, Score>> = {
  /** The least margin between the two most probable answers of a pair: 1 − (p₁ − p₂) (Scheffer et al., 2001, margin sampling). */
  uncertain:
    () =>
    ({ pairs }) =>
      most(pairs, ({ top }) => (top.length < 2 ? 0 : 1 - (top[0]!.probability - top[1]!.probability))),
  /** Both directions are sure of answers that do not go together. */
  directions:
    (known) =>
    ({ pairs }) => {
      const byKey = keyed(pairs);
      return most(pairs, ({ subject, object, top: [first] }) => {
        const [back] = byKey.get(pairKey(object, subject))?.top ?? [];
        if (!first || !back || first.relation === known.noRelation) return 0;
        const inverse = known.inverseOf(first.relation);
        return inverse === null || back.relation === inverse ? 0 : first.probability * back.probability;
      });
    },
  /** Two models are sure of different answers. */
  models:
    () =>
    ({ pairs, otherPairs }) => {
      const byKey = keyed(otherPairs);
      return most(pairs, ({ subject, object, top: [first] }) => {
        const [other] = byKey.get(pairKey(subject, object))?.top ?? [];
        return first && other && first.relation !== other.relation ? first.probability * other.probability : 0;
      });
    },
  /** A relation that was seldom decided: its probability, the more the rarer it is. */
  rare: (known) => {
    const rareness = (relation: string) => 1 / (1 + (known.counts.get(relation) ?? 0));
    return ({ pairs }) =>
      most(pairs, ({ top }) =>
        Math.max(
          0,
          ...top.map(({ relation, probability }) =>
            relation === known.noRelation ? 0 : probability * rareness(relation),
          ),
        ),
      );
  },
  /** How unlike the labelled sentences it is: 1 − the greatest cosine of counts of character pairs (core-set choice, Sener and Savarese, 2018). */
  different: (known) => {
    const nearest = nearestOf(known.texts);
    return ({ text }) => 1 - nearest(text);
  },
};

const most = (pairs: Candidate['pairs'], of: (pair: LabelSuggestion) => number): number =>
  (pairs ?? []).reduce((best, pair) => Math.max(best, of(pair)), 0);
const keyed = (pairs: Candidate['pairs']) =>
  new Map((pairs ?? []).map((pair) => [pairKey(pair.subject, pair.object), pair]));

/** Counts of neighbouring characters without blanks, of length 1. */
function bigrams(text: string): Map<string, number> {
  const letters = [...text.replace(/\s+/g, '')];
  const counts = new Map<string, number>();
  for (let i = 1; i < letters.length; i++) {
    const pair = `${letters[i - 1]}${letters[i]}`;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const length = Math.sqrt([...counts.values()].reduce((sum, count) => sum + count ** 2, 0));
  return new Map([...counts].map(([pair, count]) => [pair, count / length]));
}

/** The greatest cosine of a text with any of these; each of its character pairs meets only the texts that have it, too. */
function nearestOf(texts: readonly string[]): (text: string) => number {
  const places = new Map<string, { readonly text: number; readonly value: number }[]>();
  for (const [text, counts] of texts.map(bigrams).entries())
    for (const [pair, value] of counts) {
      const at = places.get(pair);
      if (at) at.push({ text, value });
      else places.set(pair, [{ text, value }]);
    }
  const cosines = new Float64Array(texts.length);
  return (own) => {
    cosines.fill(0);
    for (const [pair, value] of bigrams(own))
      for (const place of places.get(pair) ?? []) cosines[place.text]! += value * place.value;
    return cosines.reduce((most, cosine) => Math.max(most, cosine), 0);
  };
}
