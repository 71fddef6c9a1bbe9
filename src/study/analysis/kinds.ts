import type { Language, Localized } from '../../base/core/types.ts';
import { UNKNOWN_SOURCE, UNTYPED } from '../../base/data/profile.ts';
import { entityTypeName } from '../../base/data/relations.ts';

/** What an analysis distinguishes: the names in its file, and those for people, which report, figures and page share. */

/** Classes of errors, in the order in which their rules are tried (`taxonomy.ts`). */
export const ERROR_CLASSES = [
  'strong_disagreement',
  'type_inconsistent',
  'wrong_direction',
  'missed',
  'invented',
  'rare_label',
  'sibling',
  'other',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

export const CLASS_NAMES: Readonly<Record<ErrorClass, Localized>> = {
  strong_disagreement: { ko: '모델이 강하게 반대함', en: 'the model strongly disagrees' },
  type_inconsistent: { ko: '유형에 맞지 않는 답', en: 'answer that the types rule out' },
  wrong_direction: { ko: '방향이 뒤바뀜', en: 'wrong direction' },
  missed: { ko: '있는 관계를 놓침', en: 'missed relation' },
  invented: { ko: '없는 관계를 있다고 답함', en: 'false relation' },
  rare_label: { ko: '드문 라벨을 다른 관계로 답함', en: 'rare label taken for another' },
  sibling: { ko: '같은 계열의 다른 관계로 답함', en: 'sibling relation' },
  other: { ko: '그 밖의 혼동', en: 'other' },
};

/** The rule of each class, in a sentence. */
export const CLASS_RULES: Readonly<Record<ErrorClass, Localized>> = {
  strong_disagreement: {
    ko: '모델이 높은 신뢰도로 정답과 다른 답을 했거나, 같은 문장·같은 엔티티 쌍에 다른 라벨이 붙은 행이 있다',
    en: 'the model answers otherwise with a high confidence, or another row has the same sentence and entities with a different label',
  },
  type_inconsistent: {
    ko: '학습 행에서 그 유형 쌍에 한 번도 나오지 않은 관계로 답했다',
    en: 'the answer is a relation that no training row has between entities of these types',
  },
  wrong_direction: {
    ko: '주체와 객체를 바꾸어야 성립하는 관계로 답했다',
    en: 'the answer holds with subject and object exchanged',
  },
  missed: { ko: '관계가 있는데 관계 없음으로 답했다', en: 'there is a relation, the answer was none' },
  invented: { ko: '관계가 없는데 있다고 답했다', en: 'there is no relation, the answer was one' },
  rare_label: {
    ko: '정답이 학습 행의 1% 미만인 관계인데 다른 관계로 답했다',
    en: 'the gold relation has less than 1% of the training rows and was taken for another one',
  },
  sibling: {
    ko: '같은 계열(per: 또는 org:)의 다른 관계로 답했다',
    en: 'the answer is another relation of the same family (per: or org:)',
  },
  other: { ko: '위의 어디에도 들지 않는다', en: 'none of the above' },
};

/** Ways to divide the test rows (`slices.ts`). */
export const SLICINGS = ['type_pair', 'length', 'distance', 'order', 'novelty', 'source', 'frequency'] as const;
export type Slicing = (typeof SLICINGS)[number];

/** The value of the small parts of a slicing by type pair or source, joined. */
export const OTHERS = 'others';

export const SLICING_NAMES: Readonly<Record<Slicing, Localized>> = {
  type_pair: { ko: '유형 쌍(주체→객체)', en: 'type pair (subject→object)' },
  length: { ko: '문장 길이(글자)', en: 'sentence length (characters)' },
  distance: { ko: '두 엔티티의 거리(글자)', en: 'characters between the entities' },
  order: { ko: '엔티티의 순서', en: 'order of the entities' },
  novelty: { ko: '엔티티가 학습에 나왔는지', en: 'entities known from training' },
  source: { ko: '출처', en: 'source' },
  frequency: { ko: '정답 라벨의 학습 빈도', en: 'frequency of the gold label in training' },
};

const VALUE_NAMES: Readonly<Record<string, Localized>> = {
  subject_first: { ko: '주체가 먼저', en: 'subject first' },
  object_first: { ko: '객체가 먼저', en: 'object first' },
  pair_known: { ko: '같은 쌍이 학습에 있음', en: 'pair known' },
  words_known: { ko: '둘 다 있으나 쌍은 처음', en: 'both known, pair new' },
  subject_new: { ko: '주체가 처음', en: 'subject new' },
  object_new: { ko: '객체가 처음', en: 'object new' },
  both_new: { ko: '둘 다 처음', en: 'both new' },
  none: { ko: '관계 없음', en: 'no relation' },
  frequent: { ko: '자주(5% 이상)', en: 'frequent (5% or more)' },
  middle: { ko: '보통(1–5%)', en: 'medium (1–5%)' },
  rare: { ko: '드묾(1% 미만)', en: 'rare (less than 1%)' },
  [OTHERS]: { ko: '나머지', en: 'all others' },
  [UNTYPED]: { ko: '유형 없음', en: 'untyped' },
  [UNKNOWN_SOURCE]: { ko: '알 수 없음', en: 'unknown' },
};

/** A part of a slicing in words; what has no words of its own is its own name. */
export function sliceName(slicing: Slicing, value: string, lang: Language): string {
  // A source may happen to have the name of another slicing's part.
  const hasWords = slicing !== 'source' || value === OTHERS || value === UNKNOWN_SOURCE;
  if (hasWords && Object.hasOwn(VALUE_NAMES, value)) return VALUE_NAMES[value]![lang];
  if (slicing !== 'type_pair') return value;
  return value
    .split('→')
    .map((type) => entityTypeName(type, lang))
    .join('→');
}

/** What might help a rare relation, in the order in which it is listed (`rareRelations.ts`). */
export const REMEDIES = [
  'more_rows',
  'inverse_augmentation',
  'type_mask',
  'sharper_definition',
  'threshold',
  'nothing',
  'unknown',
] as const;
export type Remedy = (typeof REMEDIES)[number];

export const REMEDY_NAMES: Readonly<Record<Remedy, Localized>> = {
  more_rows: { ko: '학습 행 늘리기', en: 'more training rows' },
  inverse_augmentation: { ko: '역관계 증강', en: 'augmentation by the inverse' },
  type_mask: { ko: '유형 제약', en: 'type mask' },
  sharper_definition: { ko: '정의를 분명히 하거나 합치기', en: 'sharper definition, or merging' },
  threshold: { ko: '임계값·로짓 보정', en: 'threshold or logit adjustment' },
  nothing: { ko: '필요 없음', en: 'nothing needed' },
  unknown: { ko: '판단할 수 없음', en: 'unknown' },
};

/** Parts that an analysis may lack, and why. */
export const PARTS = ['shortcuts', 'neighbours', 'novelty', 'frequency', 'types', 'rare'] as const;
export type AnalysisPart = (typeof PARTS)[number];
export const LEFT_OUT_REASONS = ['no_model', 'no_training_rows', 'no_types'] as const;
