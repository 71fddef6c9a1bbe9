import type { Language, Localized } from '../../core/types.ts';

/** What a format may have no place for. The key is its name in JSON. */
export const LOSSES = {
  relations: { en: 'relations', ko: '관계' },
  entities_without_relation: { en: 'entities in no pair that is written', ko: '쓰이는 쌍에 들지 않은 엔티티' },
  texts_without_pair: { en: 'texts without a pair of entities', ko: '엔티티 쌍이 없는 글' },
  pairs_without_relation: {
    en: 'pairs without a relation that are not written as rows',
    ko: '행으로 쓰지 않은, 관계 없는 쌍',
  },
  unasked_pairs: {
    en: 'pairs that no row asks about, which a document says to have no relation',
    ko: '어느 행에도 없는 쌍(문서에서는 관계가 없다는 뜻이 된다)',
  },
  several_relations: { en: 'further relations of a pair that has one already', ko: '이미 관계가 있는 쌍의 다른 관계' },
  overlapping_pairs: { en: 'relations between entities that overlap', ko: '서로 겹치는 엔티티 사이의 관계' },
  overlapping_entities: { en: 'entities that overlap another one', ko: '다른 엔티티와 겹치는 엔티티' },
  same_entities: { en: 'further entities of the same place and type', ko: '자리와 유형이 같은 다른 엔티티' },
  dangling_relations: { en: 'relations of entities that are not there', ko: '없는 엔티티의 관계' },
  unnamed_relations: { en: 'relations without a name', ko: '이름이 없는 관계' },
  refused: { en: 'texts that the annotator rejected or skipped', ko: '주석자가 거절하거나 건너뛴 글' },
  gaps: { en: 'gaps in entities of several parts', ko: '여러 조각으로 된 엔티티의 빈자리' },
  types: { en: 'entity types', ko: '엔티티 유형' },
  missing_types: { en: 'that an entity has no type', ko: '엔티티에 유형이 없다는 것' },
  names: { en: 'names with characters that the format cannot write', ko: '형식이 쓸 수 없는 글자가 든 이름' },
  label_names: { en: 'relations of the list that no row has', ko: '목록에 있으나 어느 행에도 없는 관계' },
  unlabelled: { en: 'rows without a label', ko: '라벨이 없는 행' },
  unannotated: { en: 'that relations of a text were not annotated', ko: '글의 관계를 주석하지 않았다는 것' },
  empty_relations: { en: 'that a text was annotated and has no relation', ko: '주석했으나 관계가 없다는 것' },
  unsure: { en: 'pairs that annotators could not decide', ko: '주석자가 정하지 못한 쌍' },
  ids: { en: 'ids', ko: 'id' },
  sources: { en: 'sources', ko: '출처' },
  splits: { en: 'which rows are for training and which for testing', ko: '학습 행과 평가 행의 구분' },
  spacing: { en: 'texts whose white space tokens do not keep', ko: '토큰이 지키지 못하는 글의 공백' },
  order: { en: 'texts whose entities come in another order', ko: '엔티티의 차례가 바뀌는 글' },
  attributes: { en: 'attributes, events, notes and links of entities', ko: '엔티티의 속성, 사건, 메모, 연결' },
  further_annotations: { en: 'annotations of a text by others', ko: '같은 글에 대한 다른 사람의 주석' },
  other_fields: { en: 'fields that korex has no place for', ko: 'korex에 자리가 없는 필드' },
} as const satisfies Record<string, Localized>;

export type LossName = keyof typeof LOSSES;

/** Something that a format could not hold: how often, and where, at most the first five. */
export interface Loss {
  readonly what: LossName;
  readonly count: number;
  readonly where: readonly string[];
}

const SHOWN = 5;

/** Counts what is lost on the way. */
export class Losses {
  readonly #counts = new Map<LossName, { count: number; where: Set<string> }>();

  add(what: LossName, where: string, count = 1): void {
    if (count === 0) return;
    const entry = this.#counts.get(what) ?? { count: 0, where: new Set<string>() };
    entry.count += count;
    if (entry.where.size < SHOWN) entry.where.add(where);
    this.#counts.set(what, entry);
  }

  /** In the order of the table. */
  list(): readonly Loss[] {
    return (Object.keys(LOSSES) as LossName[]).flatMap((what) => {
      const found = this.#counts.get(what);
      return found === undefined ? [] : [{ what, count: found.count, where: [...found.where] }];
    });
  }
}

/** What was lost in reading a file, in a line; none where nothing was. */
export function lossNotes({
  name,
  lost = [],
}: {
  readonly name: string;
  readonly lost?: readonly Loss[];
}): Localized[] {
  if (lost.length === 0) return [];
  const words = (lang: Language) => lost.map(({ what, count }) => `${count} × ${LOSSES[what][lang]}`).join('; ');
  return [
    {
      en: `${name}: korex has no place for: ${words('en')}.`,
      ko: `${name}: korex에 자리가 없어 빠진 것: ${words('ko')}.`,
    },
  ];
}
