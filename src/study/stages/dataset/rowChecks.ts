import type { LabelSet, Localized } from '../../../base/core/types.ts';
import { normalRow } from '../../../base/data/normalForm.ts';
import { overlap, spanText } from '../../../base/data/span.ts';
import type { Encoded } from '../../../base/text/inputEncoder.ts';
import { type EntityRole, MARKERS, unmark } from '../../../base/text/markers.ts';
import type { Tokenizer } from '../../../base/text/tokenizer.ts';
import type { PreparedRow } from './prepare.ts';

/** What the checks compare rows with. */
export interface RowContext {
  readonly labelSet: LabelSet;
  readonly entityTypes: readonly string[];
  readonly tokenizer: Tokenizer;
  readonly maxLength: number;
}

export interface RowCheck {
  readonly description: Localized;
  /** Status where a row violates the check. */
  readonly severity: 'warn' | 'fail';
  /** What is wrong with the row, or null. */
  readonly violation: (prepared: PreparedRow, context: RowContext) => string | null;
}

const ROLES: readonly EntityRole[] = ['subject', 'object'];

/** Checks that look at one row at a time, by the name they have in `quality_checks.json`. */
export const ROW_CHECKS = {
  offsets_match: {
    description: {
      ko: '오프셋 위치의 글자가 엔티티 단어와 같다',
      en: 'The text at the offsets is the entity’s word',
    },
    severity: 'fail',
    violation: ({ row }) =>
      firstOf(ROLES, (role) => {
        const { word, start, end } = row[role];
        const found = spanText(row.sentence, start, end);
        return found === word ? null : `${role}: "${found}" at ${start}–${end}, expected "${word}"`;
      }),
  },
  spans_apart: {
    description: { ko: '주체와 객체의 구간이 겹치지 않는다', en: 'Subject and object do not overlap' },
    severity: 'fail',
    violation: ({ row: { subject, object } }) =>
      overlap(subject, object) ? `subject ${subject.start}–${subject.end}, object ${object.start}–${object.end}` : null,
  },
  texts_not_blank: {
    description: { ko: '문장과 두 엔티티의 단어가 비어 있지 않다', en: 'Sentence and both words are not blank' },
    severity: 'fail',
    violation: ({ row }) =>
      firstOf(['sentence', ...ROLES] as const, (field) =>
        (field === 'sentence' ? row.sentence : row[field].word).trim() === '' ? `${field} is blank` : null,
      ),
  },
  labels_known: {
    description: { ko: '라벨이 라벨 집합에 있다', en: 'The label belongs to the label set' },
    severity: 'fail',
    violation: ({ row }, { labelSet }) => (labelSet.labels.includes(row.label) ? null : `label "${row.label}"`),
  },
  entity_types_known: {
    description: {
      ko: '엔티티 유형이 있고 유형 집합에 속한다',
      en: 'Entities have a type, one of the known types',
    },
    severity: 'warn',
    violation: ({ row }, { entityTypes }) =>
      firstOf(ROLES, (role) => {
        const { type } = row[role];
        return type !== null && entityTypes.includes(type) ? null : `${role}: type ${type ?? 'missing'}`;
      }),
  },
  encodable: {
    description: {
      ko: '마커를 넣고 최대 길이 안에서 토큰으로 바꿀 수 있다',
      en: 'The row can be marked and encoded within the maximum length',
    },
    severity: 'fail',
    violation: ({ problem }) => problem,
  },
  within_max_length: {
    description: { ko: '입력이 최대 길이를 넘지 않는다', en: 'The input is not longer than the maximum length' },
    severity: 'fail',
    violation: ({ encoded }, { maxLength }) =>
      encoded && encoded.ids.length > maxLength ? `${encoded.ids.length} tokens` : null,
  },
  markers_reversible: {
    description: {
      ko: '마커를 지우면 원래 문장과 구간이 그대로 나온다',
      en: 'Removing the markers restores the sentence and both spans',
    },
    severity: 'fail',
    violation: ({ row, encoded }) => {
      if (!encoded) return null;
      const { sentence, subject, object } = unmark(encoded.marked);
      const read = normalRow(row);
      const same = (role: EntityRole, restored: typeof subject) =>
        restored.word === read[role].word && restored.start === read[role].start && restored.end === read[role].end;
      return sentence === read.sentence && same('subject', subject) && same('object', object)
        ? null
        : `"${sentence}", subject ${subject.start}–${subject.end}, object ${object.start}–${object.end}`;
    },
  },
  marker_positions: {
    description: {
      ko: '주체와 객체 위치의 토큰이 각각의 여는 마커이다',
      en: 'The tokens at both entity positions are the opening markers',
    },
    severity: 'fail',
    violation: ({ row, encoded }) =>
      encoded &&
      firstOf(ROLES, (role) => {
        const { open } = fenceTexts(encoded, role, row[role].type);
        const found = textFrom(encoded, role);
        return found.includes(open) && found.indexOf(open) < firstTokenLength(encoded, role)
          ? null
          : `${role}: "${found.slice(0, 20)}" where "${open}" should be`;
      }),
  },
  markers_complete: {
    description: {
      ko: '여는 마커와 닫는 마커가 모두 잘리지 않고 남는다',
      en: 'The opening and closing markers of both entities are all in the input',
    },
    severity: 'fail',
    violation: ({ row, encoded }) =>
      encoded &&
      firstOf(ROLES, (role) => {
        const { open, close } = fenceTexts(encoded, role, row[role].type);
        const found = textFrom(encoded, role);
        return found.indexOf(close, found.indexOf(open) + open.length) >= 0 ? null : `${role}: "${close}" is missing`;
      }),
  },
  kept_whole: {
    description: {
      ko: '문장이 줄지 않고 그대로 들어간다(아니면 두 엔티티 주변만 남는다)',
      en: 'The sentence goes in as it is (otherwise a window around both entities does)',
    },
    severity: 'warn',
    violation: ({ encoded }) => (encoded && encoded.fit !== 'whole' ? encoded.fit : null),
  },
  words_whole: {
    description: { ko: '엔티티 단어가 잘리지 않는다', en: 'Entity words are not cut' },
    severity: 'warn',
    violation: ({ encoded }) => (encoded?.fit === 'cut' ? 'a word lost its middle' : null),
  },
} as const satisfies Record<string, RowCheck>;

/** The first violation to one of the items. */
function firstOf<T>(items: readonly T[], violation: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = violation(item);
    if (found !== null) return found;
  }
  return null;
}

const withoutSpaces = (text: string): string => text.replace(/\s+/g, '');

/** A role's markers as they show in joined tokens. */
function fenceTexts({ marked }: Encoded, role: EntityRole, type: string | null) {
  const { open, close } = MARKERS[marked.marker][role](type ?? '');
  return { open: withoutSpaces(open), close: withoutSpaces(close) };
}

/** A token's own characters: without SentencePiece's word mark and WordPiece's continuation mark. */
const surface = (token: string): string => withoutSpaces(token.replace(/^##(?=.)/, '').replaceAll('▁', ''));

const startOf = (encoded: Encoded, role: EntityRole): number =>
  role === 'subject' ? encoded.subjectStart : encoded.objectStart;

/** The text of the tokens from a role's position on. */
const textFrom = (encoded: Encoded, role: EntityRole): string =>
  encoded.tokens().slice(startOf(encoded, role)).map(surface).join('');

/** A marker may share its first token with a character before it, but not begin behind that token. */
const firstTokenLength = (encoded: Encoded, role: EntityRole): number =>
  Math.max(1, surface(encoded.tokens()[startOf(encoded, role)] ?? '').length);
