import type { Example } from '../core/types.ts';
import { withAnd } from './particles.ts';

/**
 * The sentence that asks for the relation and names both entities, to stand before the marked sentence: what a model was
 * pretrained on about the names meets the names before it reads the sentence.
 *
 * @example questionOf(row) // '이순신과 조선의 관계는 무엇인가?'
 */
export const questionOf = ({ subject, object }: Pick<Example, 'subject' | 'object'>): string =>
  `${withAnd(subject.word)} ${object.word}의 관계는 무엇인가?`;
