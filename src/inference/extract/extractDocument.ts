import { fieldError } from '../../base/core/errors.ts';
import type { PairEncoding } from '../../base/core/settings.ts';
import type { Entity } from '../../base/core/types.ts';
import { canBeReflexive } from '../../base/data/relationTraits.ts';
import { utf16Index } from '../../base/text/codePoints.ts';
import type { DocumentGraph, GraphRelation, Mention } from '../predict/documentSchema.ts';
import type { ModelResponse } from '../predict/schema.ts';
import type { Decoder } from './decoder.ts';
import { BEHIND, type Identity, type Joiner, leaveApart, MentionJoiner } from './join/joinMentions.ts';
import type { PairScorer } from './pairScorer.ts';
import { type AskedQuestion, crossQuestions, type SentenceMentions, sentenceQuestions } from './questions.ts';
import type { Recognizer } from './recognizer.ts';
import { inTextOrder, type TextSentence, textSentences } from './textSentences.ts';

// From a text to its graph:
//
//   text ─ textSentences ─▶ sentences ─ recognize ─▶ mentions ─ questions ─▶ pairs ─ score ─ decide ─▶ relations
//                                                        └─ join ─▶ entities
//
// Sentences are worked on in portions, so that only what was found of a text is in memory, whatever its length.

/** Who does the work: sessions of any runtime, alone or behind a server's queue. */
export interface DocumentParts {
  /** Null where only documents with entities can be answered. */
  readonly recognizer: Recognizer | null;
  readonly scorers: Readonly<Record<PairEncoding, PairScorer>>;
  readonly decide: Decoder;
  readonly model: Pick<ModelResponse, 'id' | 'type_pairs' | 'no_relation'>;
}

/** A text whose request was checked; its entities, where they are given, are at their places in it. */
export interface DocumentTask {
  readonly id: string;
  readonly text: string;
  /** Null where they are to be found. */
  readonly entities: readonly Entity[] | null;
  readonly pairs: 'typed' | 'all';
  readonly pairEncoding: PairEncoding;
  readonly window: number;
  readonly join: boolean;
  readonly uncertain: boolean;
  /** Null where the model's thresholds apply. */
  readonly threshold: number | null;
}

export interface DocumentOptions {
  readonly signal?: AbortSignal;
  /** Told of the characters (code points) that are done. */
  readonly onProgress?: (done: number) => void;
  /** Characters that all pairs may be read with, where there is a limit. */
  readonly maxPairCharacters?: number;
}

/** Sentences in a portion: enough to fill batches of similar length. */
const PORTION = 32;

/** A mention while its document is read. */
interface FoundMention extends Omit<Mention, 'id' | 'entity'> {
  /** The text right behind it, which may state another name. */
  readonly behind: string;
}

type FoundRelation = Omit<GraphRelation, 'subject' | 'object'> & { readonly subject: number; readonly object: number };

/** The graph of a text. Errors: the signal's reason; those of the models. */
export async function extractDocument(
  parts: DocumentParts,
  task: DocumentTask,
  options: DocumentOptions = {},
): Promise<DocumentGraph> {
  const { text, window } = task;
  const { no_relation } = parts.model;
  // What is told of progress here is the text's, not that of the models' batches.
  const run = options.signal ? { signal: options.signal } : {};
  const given = task.entities && inTextOrder(task.entities);
  const ask = { pairs: task.pairs, model: parts.model };
  const sentences: TextSentence[] = [];
  const mentions: FoundMention[] = [];
  const relations: FoundRelation[] = [];
  const joiner = task.join ? new MentionJoiner() : leaveApart();
  const identities: Identity[] = [];
  let [pairs, characters] = [0, 0];
  let recent: SentenceMentions[] = [];
  const take = (sentence: TextSentence, entities: readonly Named[]): AskedQuestion[] => {
    const own = entities.map((entity) => {
      const behind = textBehind(sentence, entity);
      const index = mentions.push({ ...entity, sentence: sentences.length, behind }) - 1;
      const identity = joiner.take({ ...entity, behind });
      identities.push(identity);
      return { index, entity, identity };
    });
    sentences.push(sentence);
    const part = { sentence, mentions: own };
    const across = recent.flatMap((earlier) => crossQuestions(text, earlier, part, ask));
    recent = window === 1 ? [] : [...recent, part].slice(1 - window);
    return [...sentenceQuestions(part, ask), ...across];
  };
  const entitiesOf = given ? givenEntities(given) : foundEntities(parts);
  for (const portion of portionsOf(textSentences(text, given ?? []))) {
    options.signal?.throwIfAborted();
    const entities = await entitiesOf(portion, run);
    const asked = portion.flatMap((sentence, i) => take(sentence, entities[i]!));
    for (const { question } of asked) characters += question.pairs.length * question.sentence.length;
    if (characters > (options.maxPairCharacters ?? Number.POSITIVE_INFINITY)) throw tooManyPairs();
    const scored = await parts.scorers[task.pairEncoding].score(
      asked.map(({ question }) => question),
      run,
    );
    for (const [i, { question, mentions: names }] of asked.entries())
      for (const decided of parts.decide(question.entities, scored[i]!, task)) {
        pairs++;
        const { subject, relation, object, confidence, decision } = decided;
        const isEdge = decision === 'relation' || (task.uncertain && decision === 'uncertain');
        const [from, to] = [names[subject]!, names[object]!];
        const isOfItself = identities[from]!.entity === identities[to]!.entity;
        if (!isEdge || relation === no_relation || (isOfItself && !canBeReflexive(relation))) continue;
        relations.push({ subject: from, relation, object: to, confidence, decision });
      }
    options.onProgress?.(portion.at(-1)!.end + 1);
  }
  return {
    ...{ id: task.id, text, sentences: sentences.map(({ start, end }) => ({ start, end })) },
    ...named(mentions, relations, joiner),
    ...{ pairs, model: parts.model.id, entity_model: given ? null : (parts.recognizer?.name ?? null) },
  };
}

/** An entity with its score, null for a given one. */
type Named = Entity & Pick<Mention, 'score'>;
type EntitiesOf = (
  portion: readonly TextSentence[],
  options: Pick<DocumentOptions, 'signal'>,
) => Promise<readonly (readonly Named[])[]>;

function givenEntities(entities: readonly Entity[]): EntitiesOf {
  let next = 0;
  const within = ({ end }: TextSentence): Named[] => {
    const own: Named[] = [];
    for (; next < entities.length && entities[next]!.start <= end; next++)
      own.push({ ...entities[next]!, score: null });
    return own;
  };
  return async (portion) => portion.map(within);
}

function foundEntities({ recognizer }: DocumentParts): EntitiesOf {
  if (recognizer === null) throw noRecognizer();
  return async (portion, options) => {
    const found = await recognizer.recognize(
      portion.map(({ text }) => text),
      options,
    );
    return portion.map(({ start }, i) =>
      found[i]!.map((entity) => ({ ...entity, start: start + entity.start, end: start + entity.end })),
    );
  };
}

/** The error where entities are to be found and no model is there that does. */
const noRecognizer = () =>
  fieldError(
    '/entities',
    {
      en: 'The text has no entities, and there is no model here that finds them.',
      ko: '글에 엔티티가 없고, 엔티티를 찾을 모델도 없다.',
    },
    { en: 'Give the entities, or name a model that finds them.', ko: '엔티티를 주거나, 엔티티를 찾는 모델을 준다.' },
  );

const tooManyPairs = () =>
  fieldError(
    '/entities',
    {
      en: 'The entities make more pairs than are answered in one request.',
      ko: '엔티티가 만드는 쌍이 요청 하나로 답하기에 너무 많다.',
    },
    { en: 'Divide the text, or name fewer entities.', ko: '글을 나누거나 엔티티를 줄인다.' },
  );

function textBehind({ text, start }: TextSentence, { end }: Entity): string {
  const from = utf16Index(text, end - start + 1);
  return text.slice(from, from + BEHIND);
}

/** Mentions, entities and relations by their names: m1, m2, … and e1, e2, … in the order of the text. */
function named(mentions: readonly FoundMention[], relations: readonly FoundRelation[], { entities }: Joiner) {
  const entityOf = new Map(
    entities.flatMap(({ mentions }, entity) => mentions.map((index) => [index, entity] as const)),
  );
  const mentionId = (index: number) => `m${index + 1}`;
  const entityId = (index: number) => `e${index + 1}`;
  return {
    mentions: mentions.map(({ word, start, end, type, score, sentence }, index) => {
      const [id, entity] = [mentionId(index), entityId(entityOf.get(index)!)];
      return { id, word, start, end, type, score, entity, sentence };
    }),
    entities: entities.map(({ name, type, mentions, joins }, index) => ({
      ...{ id: entityId(index), name, type, mentions: mentions.map(mentionId) },
      joins: joins.map(({ mention, to, reason, evidence }) => ({
        ...{ mention: mentionId(mention), to: mentionId(to), reason, evidence },
      })),
    })),
    relations: relations
      .toSorted((a, b) => a.subject - b.subject || a.object - b.object)
      .map(({ subject, object, ...relation }) => ({
        ...{ subject: mentionId(subject), relation: relation.relation, object: mentionId(object) },
        ...{ confidence: relation.confidence, decision: relation.decision },
      })),
  };
}

function* portionsOf(sentences: Iterable<TextSentence>): Generator<readonly TextSentence[], void, undefined> {
  let portion: TextSentence[] = [];
  for (const sentence of sentences) {
    portion.push(sentence);
    if (portion.length < PORTION) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}
