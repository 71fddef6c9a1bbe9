import type { DocumentGraph, Mention } from '../../src/inference/predict/documentSchema.ts';

const TEXT =
  '한빛전자(이하 한빛)는 2011년 서지우가 대전에 세웠다.\n서 대표는 "=1+2"라는 <제품> & \'그것\'을 만들었다. 😀 한빛은 가온물산;나루의 모회사다.';

/** A place of a word in the text, the `nth` one of it. */
function mention(id: string, word: string, type: string, entity: string, sentence: number, nth = 0): Mention {
  let at = -1;
  for (let i = 0; i <= nth; i++) at = TEXT.indexOf(word, at + 1);
  const start = [...TEXT.slice(0, at)].length;
  return { id, word, start, end: start + [...word].length - 1, type, score: 0.9, entity, sentence };
}

const point = (text: string): number => [...TEXT.slice(0, TEXT.indexOf(text))].length;

/** A graph with all that formats stumble over: joined mentions, several edges between two nodes, markup, formulas, emoji. */
export const SAMPLE_GRAPH: DocumentGraph = {
  id: '문서 "1"/a#b',
  text: TEXT,
  sentences: [
    { start: 0, end: point('\n') - 1 },
    { start: point('서 대표'), end: point(' 😀') - 1 },
    { start: point('😀'), end: [...TEXT].length - 1 },
  ],
  mentions: [
    mention('m1', '한빛전자', 'ORG', 'e1', 0),
    mention('m2', '서지우', 'PER', 'e2', 0),
    mention('m3', '대전', 'LOC', 'e3', 0),
    mention('m4', '서 대표', 'PER', 'e2', 1),
    mention('m5', '=1+2', 'POH', 'e4', 1),
    mention('m6', '한빛', 'ORG', 'e1', 2, 2),
    mention('m7', '가온물산;나루', 'ORG', 'e5', 2),
  ],
  entities: [
    {
      ...{ id: 'e1', name: '한빛전자', type: 'ORG', mentions: ['m1', 'm6'] },
      joins: [{ mention: 'm6', to: 'm1', reason: 'alias', evidence: '한빛전자(이하 한빛)' }],
    },
    {
      ...{ id: 'e2', name: '서지우', type: 'PER', mentions: ['m2', 'm4'] },
      joins: [{ mention: 'm4', to: 'm2', reason: 'surname', evidence: '서 대표 → 서지우' }],
    },
    { id: 'e3', name: '대전', type: 'LOC', mentions: ['m3'], joins: [] },
    { id: 'e4', name: '=1+2', type: 'POH', mentions: ['m5'], joins: [] },
    { id: 'e5', name: '가온물산;나루', type: 'ORG', mentions: ['m7'], joins: [] },
  ],
  relations: [
    { subject: 'm1', relation: 'org:founded_by', object: 'm2', confidence: 0.93, decision: 'relation' },
    { subject: 'm1', relation: 'org:place_of_headquarters', object: 'm3', confidence: 0.71, decision: 'relation' },
    { subject: 'm2', relation: 'per:employee_of', object: 'm1', confidence: 0.88, decision: 'relation' },
    { subject: 'm4', relation: 'per:product', object: 'm5', confidence: 0.41, decision: 'uncertain' },
    { subject: 'm6', relation: 'org:members', object: 'm7', confidence: 0.82, decision: 'relation' },
  ],
  ...{ pairs: 14, model: 'korex-small', entity_model: 'korex-entities' },
};

/** The edges that every graph format must hold: names of subject and object, and the relation. */
export const SAMPLE_EDGES = [
  ['=1+2', 'per:product', '서지우'],
  ['가온물산;나루', 'org:members', '한빛전자'],
  ['대전', 'org:place_of_headquarters', '한빛전자'],
  ['서지우', 'org:founded_by', '한빛전자'],
  ['한빛전자', 'per:employee_of', '서지우'],
];
