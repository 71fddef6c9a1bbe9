import type { Entity } from '../../base/core/types.ts';
import { codePointLength, type Span, spanText } from '../../base/data/span.ts';
import { type Pair, pairsOf } from '../predict/extraction.ts';
import type { ModelResponse } from '../predict/schema.ts';
import type { Identity } from './join/joinMentions.ts';
import type { PairQuestion } from './pairScorer.ts';
import type { TextSentence } from './textSentences.ts';

/** A question, and which mentions of the document its entities are. */
export interface AskedQuestion {
  readonly question: PairQuestion;
  readonly mentions: readonly number[];
}

/** A sentence of a document with the mentions in it: their indices, and their places in the whole text. */
export interface SentenceMentions {
  readonly sentence: TextSentence;
  readonly mentions: readonly AskedMention[];
}

export interface AskedMention {
  readonly index: number;
  readonly entity: Entity;
  readonly identity: Identity;
}

export interface AskOptions {
  readonly pairs: 'typed' | 'all';
  readonly model: Pick<ModelResponse, 'type_pairs' | 'no_relation'>;
}

/** Code points of a stretch that pairs are asked in; what lies further apart in a long sentence is no pair. */
export const STRETCH = 400;

/** The pairs within one sentence; of a long one those in windows that overlap by half, each pair in the window around it. */
export const sentenceQuestions = (part: SentenceMentions, options: AskOptions): AskedQuestion[] =>
  questionsIn(part.sentence, part.mentions, options, () => true);

/** The pairs between an earlier and a later sentence of a text, asked with all that stands between them. */
export function crossQuestions(
  text: string,
  earlier: SentenceMentions,
  later: SentenceMentions,
  options: AskOptions,
): AskedQuestion[] {
  const { from, start } = earlier.sentence;
  const { end } = later.sentence;
  const between = text.slice(from, later.sentence.from + later.sentence.text.length);
  const isEarlier = (entity: Entity) => entity.start < later.sentence.start;
  return questionsIn(
    { text: between, from, start, end },
    [...earlier.mentions, ...later.mentions],
    options,
    (a, b) => isEarlier(a) !== isEarlier(b),
  );
}

function questionsIn(
  { text, start: origin }: TextSentence,
  mentions: SentenceMentions['mentions'],
  { pairs: kind, model }: AskOptions,
  wanted: (a: Entity, b: Entity) => boolean,
): AskedQuestion[] {
  const entities = mentions.map(({ entity }) => ({
    ...entity,
    start: entity.start - origin,
    end: entity.end - origin,
  }));
  const pairs = pairsOf(entities, kind, model).filter(
    ([a, b]) => areTwo(mentions[a]!, mentions[b]!) && wanted(mentions[a]!.entity, mentions[b]!.entity),
  );
  const length = codePointLength(text);
  if (length <= STRETCH) return pairs.length === 0 ? [] : [asked(text, 0, entities, mentions, pairs)];
  const byWindow = new Map<number, Pair[]>();
  for (const pair of pairs) {
    const window = windowOf(entities[pair[0]]!, entities[pair[1]]!, length);
    if (window === null) continue;
    const known = byWindow.get(window);
    if (known) known.push(pair);
    else byWindow.set(window, [pair]);
  }
  return [...byWindow]
    .sort(([a], [b]) => a - b)
    .map(([start, pairs]) => {
      const window = spanText(text, start, Math.min(length, start + STRETCH) - 1);
      return asked(window, start, entities, mentions, pairs);
    });
}

/** Nothing is asked of an entity and itself by the same name; what it is called elsewhere may be another name of it. */
const areTwo = ({ identity: a }: AskedMention, { identity: b }: AskedMention): boolean =>
  a.entity !== b.entity || a.name !== b.name;

/** Where the window begins in whose middle a pair lies; null for a pair that none holds. */
function windowOf(a: Span, b: Span, length: number): number | null {
  const half = STRETCH / 2;
  const [first, last] = [Math.min(a.start, b.start), Math.max(a.end, b.end)];
  const middle = (first + last) / 2;
  const starts = Array.from({ length: Math.ceil(length / half) - 1 }, (_, i) => i * half).filter(
    (start) => start <= first && last < start + STRETCH,
  );
  const distance = (start: number) => Math.abs(start + half - middle);
  return starts.sort((x, y) => distance(x) - distance(y))[0] ?? null;
}

/** A question with the entities that its pairs name, at their places in its text. */
function asked(
  sentence: string,
  from: number,
  entities: readonly Entity[],
  mentions: SentenceMentions['mentions'],
  pairs: readonly Pair[],
): AskedQuestion {
  const used = [...new Set(pairs.flat())].sort((a, b) => a - b);
  const at = new Map(used.map((index, place) => [index, place]));
  return {
    question: {
      sentence,
      entities: used.map((index) => {
        const entity = entities[index]!;
        return { ...entity, start: entity.start - from, end: entity.end - from };
      }),
      pairs: pairs.map(([a, b]) => [at.get(a)!, at.get(b)!]),
    },
    mentions: used.map((index) => mentions[index]!.index),
  };
}
