import type { Language, Localized } from '../core/types.ts';

/**
 * KLUE-RE's 30 relations in the official order (`relation_list.json`; `no_relation` has id 0). The first part of a
 * name is the subject's type. After the relation scheme of KLUE (Park et al., 2021, arXiv:2105.09680, appendix on RE),
 * in our own words.
 */
const RELATION_DESCRIPTIONS = {
  no_relation: { ko: '관계 없음: 아래 관계 중 어느 것도 아니다', en: 'No relation: none of the relations below holds' },
  'org:dissolved': { ko: '단체가 해산하거나 폐지된 날짜', en: 'Date on which the organisation was dissolved' },
  'org:founded': { ko: '단체가 설립된 날짜', en: 'Date on which the organisation was founded' },
  'org:place_of_headquarters': {
    ko: '단체의 본부나 본사가 있는 장소',
    en: 'Place of the organisation’s headquarters',
  },
  'org:alternate_names': { ko: '단체의 다른 이름이나 약칭', en: 'Another name of the organisation, or its short form' },
  'org:member_of': { ko: '단체가 속한 상위 단체', en: 'Organisation to which the organisation belongs' },
  'org:members': { ko: '단체에 속한 하위 단체', en: 'Organisation that belongs to the organisation' },
  'org:political/religious_affiliation': {
    ko: '단체의 정치 성향이나 종교',
    en: 'Political or religious affiliation of the organisation',
  },
  'org:product': { ko: '단체가 만든 제품이나 작품', en: 'Product or work that the organisation made' },
  'org:founded_by': { ko: '단체를 설립한 사람이나 단체', en: 'Person or organisation that founded the organisation' },
  'org:top_members/employees': {
    ko: '단체의 대표나 주요 구성원',
    en: 'Head or leading member of the organisation',
  },
  'org:number_of_employees/members': {
    ko: '단체의 구성원 수',
    en: 'Number of the organisation’s employees or members',
  },
  'per:date_of_birth': { ko: '사람이 태어난 날짜', en: 'Date of the person’s birth' },
  'per:date_of_death': { ko: '사람이 사망한 날짜', en: 'Date of the person’s death' },
  'per:place_of_birth': { ko: '사람이 태어난 장소', en: 'Place of the person’s birth' },
  'per:place_of_death': { ko: '사람이 사망한 장소', en: 'Place of the person’s death' },
  'per:place_of_residence': { ko: '사람이 사는 장소', en: 'Place where the person lives' },
  'per:origin': { ko: '사람의 출신지나 국적, 민족', en: 'Origin, nationality or ethnic group of the person' },
  'per:employee_of': { ko: '사람이 일하는 단체', en: 'Organisation for which the person works' },
  'per:schools_attended': { ko: '사람이 다닌 학교', en: 'School that the person attended' },
  'per:alternate_names': { ko: '사람의 다른 이름이나 별명', en: 'Another name of the person, or a nickname' },
  'per:parents': { ko: '사람의 부모', en: 'Parent of the person' },
  'per:children': { ko: '사람의 자녀', en: 'Child of the person' },
  'per:siblings': { ko: '사람의 형제자매', en: 'Brother or sister of the person' },
  'per:spouse': { ko: '사람의 배우자', en: 'Husband or wife of the person' },
  'per:other_family': {
    ko: '부모, 자녀, 형제자매, 배우자가 아닌 가족',
    en: 'Relative other than parent, child, sibling or spouse',
  },
  'per:colleagues': { ko: '사람의 동료', en: 'Colleague of the person' },
  'per:product': { ko: '사람이 만든 제품이나 작품', en: 'Product or work that the person made' },
  'per:religion': { ko: '사람의 종교', en: 'Religion of the person' },
  'per:title': { ko: '사람의 직함이나 직업', en: 'Title or occupation of the person' },
} as const satisfies Record<string, Localized>;

/** Short names, for tables and sentences that people read. */
const RELATION_NAMES: Readonly<Record<keyof typeof RELATION_DESCRIPTIONS, Localized>> = {
  no_relation: { ko: '관계 없음', en: 'no relation' },
  'org:dissolved': { ko: '해산일', en: 'date dissolved' },
  'org:founded': { ko: '설립일', en: 'date founded' },
  'org:place_of_headquarters': { ko: '본부 소재지', en: 'headquarters' },
  'org:alternate_names': { ko: '단체의 별칭', en: 'organisation’s other name' },
  'org:member_of': { ko: '상위 단체', en: 'parent organisation' },
  'org:members': { ko: '하위 단체', en: 'member organisation' },
  'org:political/religious_affiliation': { ko: '정치·종교 성향', en: 'political or religious affiliation' },
  'org:product': { ko: '단체의 제품', en: 'organisation’s product' },
  'org:founded_by': { ko: '설립자', en: 'founder' },
  'org:top_members/employees': { ko: '주요 구성원', en: 'leading member' },
  'org:number_of_employees/members': { ko: '구성원 수', en: 'number of members' },
  'per:date_of_birth': { ko: '출생일', en: 'date of birth' },
  'per:date_of_death': { ko: '사망일', en: 'date of death' },
  'per:place_of_birth': { ko: '출생지', en: 'place of birth' },
  'per:place_of_death': { ko: '사망지', en: 'place of death' },
  'per:place_of_residence': { ko: '거주지', en: 'place of residence' },
  'per:origin': { ko: '출신', en: 'origin' },
  'per:employee_of': { ko: '소속 단체', en: 'employer' },
  'per:schools_attended': { ko: '출신 학교', en: 'school' },
  'per:alternate_names': { ko: '사람의 별칭', en: 'person’s other name' },
  'per:parents': { ko: '부모', en: 'parent' },
  'per:children': { ko: '자녀', en: 'child' },
  'per:siblings': { ko: '형제자매', en: 'sibling' },
  'per:spouse': { ko: '배우자', en: 'spouse' },
  'per:other_family': { ko: '그 밖의 가족', en: 'other relative' },
  'per:colleagues': { ko: '동료', en: 'colleague' },
  'per:product': { ko: '사람의 작품', en: 'person’s work' },
  'per:religion': { ko: '종교', en: 'religion' },
  'per:title': { ko: '직함', en: 'title' },
};

const ENTITY_TYPE_NAMES = {
  PER: { ko: '사람', en: 'person' },
  ORG: { ko: '단체', en: 'organisation' },
  LOC: { ko: '장소', en: 'place' },
  DAT: { ko: '날짜', en: 'date' },
  NOH: { ko: '수량', en: 'quantity' },
  POH: { ko: '기타', en: 'other' },
} as const satisfies Record<string, Localized>;

/** KLUE's 30 labels; a label's index is its id. */
export const KLUE_LABELS: readonly string[] = Object.keys(RELATION_DESCRIPTIONS);

/** KLUE's six entity types. */
export const KLUE_ENTITY_TYPES: readonly string[] = Object.keys(ENTITY_TYPE_NAMES);

/** What a relation says of its subject; a label that is not KLUE's describes itself. */
export const relationDescription = (label: string, lang: Language): string =>
  lookUp(RELATION_DESCRIPTIONS, label, lang);

/** Short name of a relation, e.g. `per:children` → `자녀`; a label that is not KLUE's is its own name. */
export const relationName = (label: string, lang: Language): string => lookUp(RELATION_NAMES, label, lang);

/** Name of an entity type, e.g. `PER` → `사람`; a type that is not KLUE's is its own name. */
export const entityTypeName = (type: string, lang: Language): string => lookUp(ENTITY_TYPE_NAMES, type, lang);

const lookUp = (table: Readonly<Record<string, Localized>>, name: string, lang: Language): string =>
  Object.hasOwn(table, name) ? table[name]![lang] : name;
