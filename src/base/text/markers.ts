import { usageError } from '../core/errors.ts';
import type { MarkerName } from '../core/settings.ts';
import type { Entity, Example } from '../core/types.ts';
import { entityTypeName } from '../data/relations.ts';
import { codePointsBefore } from '../data/span.ts';
import { utf16Index } from './codePoints.ts';

export type EntityRole = 'subject' | 'object';

/** The marker directly before an entity's word and the one behind it. */
export interface Fence {
  readonly open: string;
  readonly close: string;
}

interface Marker {
  /** Shows the entity type, so that rows without types cannot take it. */
  readonly typed: boolean;
  /** Opening and closing markers are special tokens of their own, added to the vocabulary. */
  readonly special: boolean;
  readonly subject: (type: string) => Fence;
  readonly object: (type: string) => Fence;
  /** The role's sign and, where the marker shows it, the type, as short as can be: what is levitated (`levitatedFence`). */
  readonly levitated?: (type: string) => Readonly<Record<EntityRole, Fence>>;
}

/**
 * The four ways to show the model where subject and object are; the sentence around them is unchanged.
 * `entity`: Baldini Soares et al., 2019, arXiv:1906.03158; `entity-punct`, `typed-entity` and `typed-punct`:
 * Zhou and Chen, 2022, arXiv:2102.01373, the last with the type's Korean name.
 */
export const MARKERS: Readonly<Record<MarkerName, Marker>> = {
  entity: {
    typed: false,
    special: true,
    subject: () => ({ open: '[E1]', close: '[/E1]' }),
    object: () => ({ open: '[E2]', close: '[/E2]' }),
  },
  'entity-punct': {
    typed: false,
    special: false,
    subject: () => ({ open: '@ ', close: ' @' }),
    object: () => ({ open: '# ', close: ' #' }),
  },
  'typed-entity': {
    typed: true,
    special: true,
    subject: (type) => ({ open: `[S:${type}]`, close: `[/S:${type}]` }),
    object: (type) => ({ open: `[O:${type}]`, close: `[/O:${type}]` }),
  },
  'typed-punct': {
    typed: true,
    special: false,
    subject: (type) => ({ open: `@ * ${entityTypeName(type, 'ko')} * `, close: ' @' }),
    object: (type) => ({ open: `# ^ ${entityTypeName(type, 'ko')} ^ `, close: ' #' }),
    levitated: (type) => ({
      subject: { open: '@', close: entityTypeName(type, 'ko') },
      object: { open: '#', close: entityTypeName(type, 'ko') },
    }),
  },
};

/**
 * The marker of an entity where the text stays as it is and markers stand behind it ("levitated", Ye et al., 2022,
 * arXiv:2109.06067): `open` belongs to the place of the word's first token, `close` to that of its last one.
 *
 * Errors: `usage` where a typed marker meets an entity without a type.
 */
export function levitatedFence(marker: MarkerName, role: EntityRole, entity: Entity): Fence {
  const inline = fenceOf(marker, role, entity);
  const { open, close } = MARKERS[marker].levitated?.(entity.type ?? '')[role] ?? inline;
  return { open: open.trim(), close: close.trim() };
}

/** What cuts a text into tokens as this marker around the entity does, with one sign for both roles. */
export const boundaryFence = (marker: MarkerName, entity: Entity): Fence =>
  marker === 'typed-punct' ? MARKERS['entity-punct'].subject('') : fenceOf(marker, 'subject', entity);

/** The positions of an entity and its markers in a marked text, in UTF-16 units; ends are exclusive. */
export interface MarkedEntity {
  readonly type: string | null;
  readonly openStart: number;
  readonly wordStart: number;
  readonly wordEnd: number;
  readonly closeEnd: number;
}

/** A sentence with both entities marked. The spans, not the text, say what is marker: a sentence may hold `@` itself. */
export interface Marked {
  readonly marker: MarkerName;
  readonly text: string;
  readonly subject: MarkedEntity;
  readonly object: MarkedEntity;
}

type Unmarked = Pick<Example, 'sentence' | 'subject' | 'object'>;

/**
 * Puts the markers around both entities; `unmark` takes them away again.
 *
 * @example markExample(example, 'entity-punct').text // '# 조지 해리슨 #이 쓰고 @ 비틀즈 @가 부른 곡'
 * Errors: `usage` where a typed marker meets an entity without a type.
 */
export function markExample(example: Unmarked, marker: MarkerName): Marked {
  const { sentence } = example;
  const place = (role: EntityRole) => {
    const entity = example[role];
    return {
      role,
      type: entity.type,
      start: utf16Index(sentence, entity.start),
      end: utf16Index(sentence, entity.end + 1),
      ...fenceOf(marker, role, entity),
    };
  };
  const places = [place('subject'), place('object')].sort((a, b) => a.start - b.start);

  let text = '';
  let done = 0;
  const marked = {} as Record<EntityRole, MarkedEntity>;
  for (const { role, type, start, end, open, close } of places) {
    const openStart = text.length + start - done;
    const wordStart = openStart + open.length;
    const wordEnd = wordStart + end - start;
    marked[role] = { type, openStart, wordStart, wordEnd, closeEnd: wordEnd + close.length };
    text += sentence.slice(done, start) + open + sentence.slice(start, end) + close;
    done = end;
  }
  return { marker, text: text + sentence.slice(done), ...marked };
}

/** The sentence and both entities as they were before `markExample`. */
export function unmark({ text, subject, object }: Marked): Unmarked {
  const [first, second] = subject.openStart < object.openStart ? [subject, object] : [object, subject];
  const before = text.slice(0, first.openStart);
  const firstWord = text.slice(first.wordStart, first.wordEnd);
  const between = text.slice(first.closeEnd, second.openStart);
  const secondWord = text.slice(second.wordStart, second.wordEnd);
  const sentence = before + firstWord + between + secondWord + text.slice(second.closeEnd);
  const restore = ({ type, wordStart, wordEnd }: MarkedEntity, start: number): Entity => ({
    word: text.slice(wordStart, wordEnd),
    start: codePointsBefore(sentence, start),
    end: codePointsBefore(sentence, start + wordEnd - wordStart) - 1,
    type,
  });
  const restored = [
    restore(first, before.length),
    restore(second, before.length + firstWord.length + between.length),
  ] as const;
  return first === subject
    ? { sentence, subject: restored[0], object: restored[1] }
    : { sentence, subject: restored[1], object: restored[0] };
}

/**
 * The special tokens a marker needs in the vocabulary, in the order in which they are added: 4 for `entity`,
 * 4 for each entity type for `typed-entity`, none for the punctuation markers.
 */
export function markerTokens(marker: MarkerName, entityTypes: readonly string[]): readonly string[] {
  const { special, typed, subject, object } = MARKERS[marker];
  if (!special) return [];
  const fences = (typed ? entityTypes : ['']).flatMap((type) => [subject(type), object(type)]);
  return fences.flatMap(({ open, close }) => [open, close]);
}

/** Errors: `usage` where a typed marker meets rows with entities without a type: all of them at once, by guid. */
export function checkTyped(rows: readonly Example[], marker: MarkerName): void {
  if (!MARKERS[marker].typed) return;
  const without = rows.filter(({ subject, object }) => subject.type === null || object.type === null);
  const [first] = without;
  if (!first) return;
  const role = first.subject.type === null ? 'subject' : 'object';
  const others = without.slice(1, 4).map(({ guid }) => guid);
  const rest = without.length - 1 - others.length;
  const named = [`${first.guid} (${role} "${first[role].word}")`, ...others].join(', ');
  throw usageError(
    {
      en: `${without.length} of ${rows.length} rows have an entity without a type, which the marker "${marker}" shows: ${named}${rest > 0 ? ` and ${rest} more` : ''}.`,
      ko: `${rows.length}행 가운데 ${without.length}행에 마커 "${marker}"에 필요한 엔티티 유형이 없다: ${named}${rest > 0 ? ` 외 ${rest}행` : ''}.`,
    },
    {
      en: 'Give both entities a type, such as PER or ORG (subject_type and object_type in tables, "type" in JSON), or use the marker "entity" or "entity-punct".',
      ko: '두 엔티티에 PER, ORG 같은 유형을 주거나(표에서는 subject_type과 object_type, JSON에서는 "type"), 마커 "entity"나 "entity-punct"를 쓴다.',
    },
  );
}

function fenceOf(marker: MarkerName, role: EntityRole, { word, type }: Entity): Fence {
  const row = MARKERS[marker];
  if (row.typed && type === null)
    throw usageError(
      {
        en: `The marker "${marker}" shows entity types, but the ${role} "${word}" has none.`,
        ko: `마커 "${marker}"은(는) 엔티티 유형을 보여 주는데, ${role === 'subject' ? '주어' : '목적어'} "${word}"에 유형이 없다.`,
      },
      {
        en: 'Give a type (e.g. 비틀즈/ORG), or use a model whose marker is "entity" or "entity-punct".',
        ko: '유형을 주거나(예: 비틀즈/ORG), 마커가 "entity"나 "entity-punct"인 모델을 쓴다.',
      },
    );
  return row[role](type ?? '');
}
