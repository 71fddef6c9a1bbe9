/**
 * Entity types of other data sets as those of KLUE-RE (PER, ORG, LOC, DAT, NOH for quantities, POH for titles, works and
 * other names). Null: no entity of KLUE-RE's.
 */

/** KLUE-NER's (Park et al., 2021, arXiv:2105.09680, section 3.4). KLUE-RE has no times of day. */
export const KLUE_NER_TYPES: Readonly<Record<string, string | null>> = {
  PS: 'PER',
  OG: 'ORG',
  LC: 'LOC',
  DT: 'DAT',
  QT: 'NOH',
  TI: null,
};

/** The beginnings of konne's 150 classes (korean-named-entity/konne) that are types of KLUE-RE. All others are none of them. */
const KONNE_TYPES: readonly (readonly [string, string])[] = [
  ['PS_', 'PER'],
  ['OG', 'ORG'],
  ['LC', 'LOC'],
  ['DT_', 'DAT'],
  ['QT_', 'NOH'],
  // Titles and professions; works and documents; products, services and software.
  ['CV_POSITION', 'POH'],
  ['CV_OCCUPATION', 'POH'],
  ['AFA_', 'POH'],
  ['AFW_', 'POH'],
  ['TMI_', 'POH'],
];

export const konneType = (name: string): string | null =>
  KONNE_TYPES.find(([beginning]) => name.startsWith(beginning))?.[1] ?? null;
