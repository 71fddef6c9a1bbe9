import stringWidth from 'string-width';
import type { Language } from '../../base/core/types.ts';
import { entityTypeName } from '../../base/data/relations.ts';
import { utf16Index } from '../../base/text/codePoints.ts';
import type { ExtractResponse, Relation } from '../../inference/predict/schema.ts';

export interface TextOptions {
  readonly lang: Language;
  /** Whether the terminal shows colours. */
  readonly color: boolean;
}

type Role = 'subject' | 'object' | 'other';
type Place = Pick<Relation['subject'], 'start' | 'end'> & { readonly role: Role };

/** SGR codes that read on light and on dark terminals. */
const COLORS: Record<Role, string> = { subject: '1;34', object: '1;35', other: '1;36' };
const DIM = '2';
const BAR = 24;

const WORDS = {
  ko: {
    decisions: { relation: '', no_relation: '', uncertain: '불확실' },
    below: (confidence: string, threshold: string) => `신뢰도 ${confidence} < 임계값 ${threshold}`,
    shortened: '문장이 모델의 입력보다 길어 두 엔티티 주위만 읽었다.',
    none: '찾은 관계가 없다.',
    pairs: (pairs: number) => `엔티티 쌍 ${pairs}개를 보았다.`,
  },
  en: {
    decisions: { relation: '', no_relation: '', uncertain: 'uncertain' },
    below: (confidence: string, threshold: string) => `confidence ${confidence} < threshold ${threshold}`,
    shortened: 'The sentence was longer than the model reads; it saw the parts around both entities.',
    none: 'No relations found.',
    pairs: (pairs: number) => `${pairs} pairs of entities were looked at.`,
  },
} as const;

/** The answer to one pair: the sentence with its entities, the relation in words, and the most probable ones with bars. */
export function relationText(sentence: string, answer: Relation, options: TextOptions): string {
  const { subject, object } = answer;
  const marked = markedSentence(
    sentence,
    [
      { ...subject, role: 'subject' },
      { ...object, role: 'object' },
    ],
    options,
  );
  const words = WORDS[options.lang];
  return [
    marked,
    '',
    `${entityText(subject, 'subject', options)} → ${entityText(object, 'object', options)}`,
    verdict(answer, options),
    ...topLines(answer, options),
    ...(answer.shortened ? [paint(words.shortened, DIM, options)] : []),
  ].join('\n');
}

/** The graph of a sentence: its entities, and a line for each relation. */
export function graphText({ sentence, entities, relations, pairs }: ExtractResponse, options: TextOptions): string {
  const words = WORDS[options.lang];
  const places = entities.map((entity) => ({ ...entity, role: 'other' as const }));
  const edges = relations.map(
    (edge) =>
      `${entityText(edge.subject, 'subject', options)} → ${entityText(edge.object, 'object', options)}  ${verdict(edge, options)}`,
  );
  return [
    markedSentence(sentence, places, options),
    '',
    ...(edges.length > 0 ? edges : [words.none]),
    paint(words.pairs(pairs), DIM, options),
  ].join('\n');
}

/** `org:founded_by 0.93 (what it says)`, or that the model is uncertain. */
function verdict({ relation, description, confidence, decision, threshold }: Relation, options: TextOptions): string {
  const { lang } = options;
  const words = WORDS[lang];
  const sure = `${paint(relation, '1', options)}  ${confidence.toFixed(2)}  ${description[lang]}`;
  if (decision !== 'uncertain') return sure;
  const below = words.below(confidence.toFixed(2), threshold.toFixed(2));
  return `${paint(`${words.decisions.uncertain}: ${below}`, '33', options)}  ${sure}`;
}

function topLines({ top }: Relation, options: TextOptions): string[] {
  const width = Math.max(...top.map(({ relation }) => stringWidth(relation)));
  return top.map(({ relation, probability }) => {
    const gap = ' '.repeat(width - stringWidth(relation));
    const bar = '█'.repeat(Math.round(probability * BAR));
    return `  ${relation}${gap}  ${probability.toFixed(4)}  ${paint(bar, COLORS.other, options)}`.trimEnd();
  });
}

function entityText({ word, type }: Relation['subject'], role: Role, options: TextOptions): string {
  const text = plain(word);
  return `${paint(text, COLORS[role], options)}${type === null ? '' : ` (${entityTypeName(type, options.lang)})`}`;
}

/** The sentence with its entities in colour, or in brackets where there are no colours; an entity within another has none. */
function markedSentence(sentence: string, places: readonly Place[], options: TextOptions): string {
  let text = '';
  let done = 0;
  for (const { start, end, role } of places.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const [from, to] = [utf16Index(sentence, start), utf16Index(sentence, end + 1)];
    if (from < done) continue;
    const word = plain(sentence.slice(from, to));
    text += plain(sentence.slice(done, from)) + (options.color ? paint(word, COLORS[role], options) : `[${word}]`);
    done = to;
  }
  return text + plain(sentence.slice(done));
}

/** A sentence may hold control characters, which a terminal would obey. */
export const plain = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');

export const paint = (text: string, code: string, { color }: TextOptions): string =>
  color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
