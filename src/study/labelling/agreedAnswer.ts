import type { LabelEntity } from '../../inference/predict/api/labelSchema.ts';
import { type MadeDecision, pairKey, type SentenceState } from './sentenceState.ts';

/** What a sentence's people said, each by name. */
export type Answers = ReadonlyMap<string, SentenceState>;

/** What is taken as the answer to a sentence. */
export interface AgreedAnswer {
  readonly entities: readonly LabelEntity[] | null;
  readonly decisions: readonly MadeDecision[];
  /** Pairs on which people differ and nobody decided yet: neither right nor wrong. */
  readonly disputed: readonly MadeDecision[];
  readonly by: readonly string[];
}

/**
 * One answer out of what people said: that which was decided between them, else what more than half of those say who decided
 * the pair. Only finished sentences count.
 *
 * @param decided the adjudicated state; null without one
 */
export function agreedAnswer(answers: Answers, decided: SentenceState | null): AgreedAnswer | null {
  if (decided?.status === 'done')
    return {
      entities: decided.entities,
      decisions: [...decided.decisions.values()],
      disputed: [],
      by: namesIn([...decided.decisions.values()]),
    };
  const finished = [...answers].filter(([, { status }]) => status === 'done');
  if (finished.length === 0) return null;
  const pairs = new Map<string, MadeDecision[]>();
  for (const [, { decisions }] of finished)
    for (const [key, decision] of decisions) pairs.set(key, [...(pairs.get(key) ?? []), decision]);
  const decisions: MadeDecision[] = [];
  const disputed: MadeDecision[] = [];
  for (const said of pairs.values()) {
    const most = majority(said);
    if (most === null) disputed.push(...said);
    else decisions.push(most);
  }
  return {
    entities: joined(finished.map(([, { entities }]) => entities ?? [])),
    decisions,
    disputed,
    by: finished.map(([name]) => name),
  };
}

/** Whether people who finished a sentence answered a pair differently, and it was not decided between them. */
export const isDisputed = (answers: Answers, decided: SentenceState | null): boolean =>
  (agreedAnswer(answers, decided)?.disputed.length ?? 0) > 0;

function majority(said: readonly MadeDecision[]): MadeDecision | null {
  const counts = new Map<string, MadeDecision[]>();
  for (const decision of said) counts.set(decision.relation, [...(counts.get(decision.relation) ?? []), decision]);
  const [most] = [...counts.values()].sort((a, b) => b.length - a.length);
  return most && most.length * 2 > said.length ? most[0]! : null;
}

/** All entities that somebody marked; of those that overlap, the one that more people marked. */
function joined(lists: readonly (readonly LabelEntity[])[]): LabelEntity[] {
  const marked = new Map<string, { readonly entity: LabelEntity; count: number }>();
  for (const entity of lists.flat()) {
    const key = pairKey(entity, entity);
    const known = marked.get(key);
    if (known) known.count++;
    else marked.set(key, { entity, count: 1 });
  }
  const kept: LabelEntity[] = [];
  for (const { entity } of [...marked.values()].sort((a, b) => b.count - a.count))
    if (kept.every((other) => entity.end < other.start || other.end < entity.start)) kept.push(entity);
  return kept.sort((a, b) => a.start - b.start);
}

const namesIn = (decisions: readonly MadeDecision[]): string[] => [...new Set(decisions.map(({ by }) => by))];
