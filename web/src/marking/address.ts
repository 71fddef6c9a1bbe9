import { utf16Index } from '../../../src/base/text/codePoints.ts';
import { MAX_SENTENCE } from '../../../src/inference/predict/api/limits.ts';
import type { MarkedEntity } from '../components/MarkedSentence.tsx';
import { EMPTY_MARKING, type Mark, type Marking } from './marking.ts';
import { isInsidePair } from './words.ts';

/** What an address of the Try and Explain views carries, so that a link shows the same to others. */
export interface Inquiry extends Marking {
  /** Null: the model's own thresholds. */
  readonly threshold: number | null;
  readonly topK: number;
  /** Also pairs of types that training never had. */
  readonly allPairs: boolean;
}

export const DEFAULT_TOP_K = 5;
export const EMPTY_INQUIRY: Inquiry = { ...EMPTY_MARKING, threshold: null, topK: DEFAULT_TOP_K, allPairs: false };

/** `s` the sentence, `e` the entities as `start-end-type`, with `?` behind a guessed type, `r` the roles, `t` the threshold, `k` top-k, `p=all` all pairs. */
export function paramsOf({ sentence, marks, subject, object, threshold, topK, allPairs }: Inquiry): URLSearchParams {
  const params = new URLSearchParams();
  if (sentence !== '') params.set('s', sentence);
  if (marks.length > 0)
    params.set(
      'e',
      marks
        .map(({ start, end, type, by }) =>
          [start, end, ...(type === null ? [] : [by === 'guess' ? `${type}?` : type])].join('-'),
        )
        .join('~'),
    );
  if (marks.length > 1 && (subject !== 0 || object !== 1)) params.set('r', `${subject}-${object}`);
  if (threshold !== null) params.set('t', String(threshold));
  if (topK !== DEFAULT_TOP_K) params.set('k', String(topK));
  if (allPairs) params.set('p', 'all');
  return params;
}

interface MarkedRow {
  readonly sentence: string;
  readonly subject: MarkedEntity;
  readonly object: MarkedEntity;
}

/** The same for a sentence with two entities whose offsets are in code points, as rows and answers have them. */
export function tryParams({ sentence, subject, object }: MarkedRow): URLSearchParams {
  const mark = ({ start, end, type }: MarkedEntity) => ({
    start: utf16Index(sentence, start),
    end: utf16Index(sentence, end + 1),
    type,
  });
  const isSubjectFirst = subject.start < object.start;
  const marks = (isSubjectFirst ? [subject, object] : [object, subject]).map(mark);
  const roles = isSubjectFirst ? { subject: 0, object: 1 } : { subject: 1, object: 0 };
  return paramsOf({ ...EMPTY_INQUIRY, ...roles, sentence, marks });
}

/** Addresses may come from anywhere: what does not fit the sentence is left out. */
export function inquiryOf(params: URLSearchParams): Inquiry {
  const sentence = cut(params.get('s') ?? '');
  const marks = marksOf(params.get('e') ?? '', sentence);
  const [, subject, object] = /^(\d+)-(\d+)$/.exec(params.get('r') ?? '') ?? [];
  const threshold = numberIn(params.get('t'), 0, 1);
  const topK = numberIn(params.get('k'), 1, 1000);
  const hasRoles =
    subject !== undefined &&
    object !== undefined &&
    subject !== object &&
    +subject < marks.length &&
    +object < marks.length;
  return {
    sentence,
    marks,
    subject: hasRoles ? +subject : 0,
    object: hasRoles ? +object : 1,
    threshold,
    topK: topK === null ? DEFAULT_TOP_K : Math.round(topK),
    allPairs: params.get('p') === 'all',
  };
}

const cut = (text: string): string =>
  text.length <= MAX_SENTENCE ? text : Array.from(text).slice(0, MAX_SENTENCE).join('');

function marksOf(text: string, sentence: string): Mark[] {
  const marks: Mark[] = [];
  for (const part of text.split('~')) {
    const [, start, end, type, guess] = /^(\d+)-(\d+)(?:-(.+?)(\?)?)?$/u.exec(part) ?? [];
    if (start === undefined || end === undefined) continue;
    const mark: Mark = { start: +start, end: +end, type: type ?? null, ...(guess && { by: 'guess' as const }) };
    const isInside = mark.start < mark.end && mark.end <= sentence.length;
    const splits = isInsidePair(sentence, mark.start) || isInsidePair(sentence, mark.end);
    if (isInside && !splits && mark.start >= (marks.at(-1)?.end ?? 0)) marks.push(mark);
  }
  return marks;
}

function numberIn(text: string | null, least: number, most: number): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
