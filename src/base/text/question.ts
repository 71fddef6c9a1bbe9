import type { Example } from '../core/types.ts';
import { withAnd } from './particles.ts';

/**
 * The sentence that asks for the relation and names both entities, to stand before the marked sentence. Relations as
 * questions: Levy et al., 2017 (arXiv:1706.04115); Cohen et al., 2020 (arXiv:2010.04829). Here one question for all.
 *
 * @example questionOf(row) // '이순신과 조선의 관계는 무엇인가?'
 */
export const questionOf = ({ subject, object }: Pick<Example, 'subject' | 'object'>): string =>
  `${withAnd(subject.word)} ${object.word}의 관계는 무엇인가?`;
