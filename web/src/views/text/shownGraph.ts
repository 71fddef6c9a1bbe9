import type { PairEncoding } from '../../../../src/base/core/settings.ts';
import { utf16Index } from '../../../../src/base/text/codePoints.ts';
import type { DocumentGraph, DocumentRequest, Mention } from '../../../../src/inference/predict/documentSchema.ts';
import type { Decision } from '../../../../src/inference/predict/schema.ts';
import { EMPTY_MARKING, type Mark, type Marking } from '../../marking/marking.ts';

/** A relation between two mentions, of one sentence or of neighbouring ones. */
export interface ShownRelation {
  readonly key: string;
  readonly subject: Mention;
  readonly relation: string;
  readonly object: Mention;
  readonly confidence: number;
  readonly decision: Decision;
  /** The sentence in which it begins, and the one in which it ends. */
  readonly sentence: number;
  readonly lastSentence: number;
}

/** A sentence of the text, with its entities at their places in it. */
export interface ShownSentence {
  /** UTF-16 units of the whole text before it. */
  readonly from: number;
  readonly marking: Marking;
}

export interface Wanted {
  /** Null: as the model decided. */
  readonly threshold: number | null;
  /** Whether relations below the threshold are shown, too. */
  readonly withUncertain: boolean;
}

/** The relations to show, the visitor's threshold applied. */
export function shownRelations(graph: DocumentGraph, { threshold, withUncertain }: Wanted): ShownRelation[] {
  const mentions = new Map(graph.mentions.map((mention) => [mention.id, mention]));
  return graph.relations.flatMap(({ subject, relation, object, confidence, decision: given }) => {
    const [from, to] = [mentions.get(subject)!, mentions.get(object)!];
    const decision: Decision = threshold === null ? given : confidence >= threshold ? 'relation' : 'uncertain';
    if (decision === 'uncertain' && !withUncertain) return [];
    const key = `${subject} ${relation} ${object}`;
    const [sentence, lastSentence] = [from.sentence, to.sentence].sort((a, b) => a - b) as [number, number];
    return [{ key, subject: from, relation, object: to, confidence, decision, sentence, lastSentence }];
  });
}

/** The same graph with these relations alone, for those that write or draw it. */
export const graphWith = (graph: DocumentGraph, relations: readonly ShownRelation[]): DocumentGraph => ({
  ...graph,
  relations: relations.map(({ subject, relation, object, confidence, decision }) => ({
    ...{ subject: subject.id, relation, object: object.id, confidence, decision },
  })),
});

/** The entities that a graph found, or was given, as marks of the whole text. */
export function marksOf({ text, mentions }: DocumentGraph): Mark[] {
  const at = utf16Places(text);
  return mentions.map(({ start, end, type, score }): Mark => {
    const place = { start: at(start), end: at(end + 1), type };
    return score === null ? place : { ...place, by: 'model' };
  });
}

/** Where code points begin, for many of one text. */
function utf16Places(text: string): (codePoint: number) => number {
  let [point, unit] = [0, 0];
  return (wanted) => {
    if (wanted < point) [point, unit] = [0, 0];
    unit += utf16Index(text.slice(unit), wanted - point);
    point = wanted;
    return unit;
  };
}

/** The sentences of a text with the marks in each. */
export function sentencesOf({ text, sentences }: DocumentGraph, marks: readonly Mark[]): ShownSentence[] {
  const at = utf16Places(text);
  return sentences.map(({ start, end }) => {
    const [from, to] = [at(start), at(end + 1)];
    const own = marks.filter((mark) => from <= mark.start && mark.end <= to);
    const inSentence = own.map((mark) => ({ ...mark, start: mark.start - from, end: mark.end - from }));
    return { from, marking: { ...EMPTY_MARKING, sentence: text.slice(from, to), marks: inSentence } };
  });
}

/** All marks of a text once those of one of its sentences are others. */
export function withSentence(marks: readonly Mark[], { from, marking }: ShownSentence, changed: Marking): Mark[] {
  const to = from + marking.sentence.length;
  const others = marks.filter((mark) => mark.start < from || mark.end > to);
  const own = changed.marks.map((mark) => ({ ...mark, start: mark.start + from, end: mark.end + from }));
  return [...others, ...own].sort((a, b) => a.start - b.start);
}

/** The relations of a sentence by the indices of its marks; those whose entities were corrected since are left out. */
export function drawnRelations(
  { from, marking }: ShownSentence,
  relations: readonly ShownRelation[],
  text: string,
): { readonly key: string; readonly from: number; readonly to: number; readonly of: ShownRelation }[] {
  const at = utf16Places(text);
  const places = new Map(marking.marks.map(({ start, end }, index) => [`${from + start}-${from + end}`, index]));
  const markOf = ({ start, end }: Mention) => places.get(`${at(start)}-${at(end + 1)}`);
  return relations.flatMap((of) => {
    const [subject, object] = [markOf(of.subject), markOf(of.object)];
    return subject === undefined || object === undefined ? [] : [{ key: of.key, from: subject, to: object, of }];
  });
}

/** The question about a text: entities are found unless the visitor corrected them. Null while it cannot be asked. */
export function requestOf(
  text: string,
  corrected: readonly Mark[] | null,
  window: number,
  needsTypes: boolean,
  pairEncoding: PairEncoding | null,
): DocumentRequest | null {
  if (text.trim() === '') return null;
  const asked = { text, window, uncertain: true, ...(pairEncoding !== null && { pair_encoding: pairEncoding }) };
  if (corrected === null) return asked;
  if (needsTypes && corrected.some(({ type }) => type === null)) return null;
  const entities = corrected.map(({ start, end, type }) => ({
    ...{ start, end, offsets: 'utf16' as const },
    ...(type !== null && { type }),
  }));
  return { ...asked, entities };
}

/** A relation in the text that the model read for it: its sentence, or from the first to the last; places in code points. */
export function inContext(
  { text, sentences }: DocumentGraph,
  { subject, object, sentence, lastSentence }: ShownRelation,
): { readonly sentence: string; readonly subject: Mention; readonly object: Mention } {
  const { start } = sentences[sentence]!;
  const { end } = sentences[lastSentence]!;
  const from = utf16Index(text, start);
  const within = (mention: Mention) => ({ ...mention, start: mention.start - start, end: mention.end - start });
  return {
    sentence: text.slice(from, from + utf16Index(text.slice(from), end + 1 - start)),
    ...{ subject: within(subject), object: within(object) },
  };
}
