import type { LabelledExample, LabelSet, Prediction } from '../../src/base/core/types.ts';
import { type AnalyzedRow, analyzedRows } from '../../src/study/analysis/analyzedRow.ts';
import type { AnalysisInput, AnalyzedModel } from '../../src/study/analysis/analyzeErrors.ts';

/** Rows and answers for error analyses, made by hand. */

export const LABEL_SET: LabelSet = {
  labels: ['no_relation', 'org:members', 'org:member_of', 'per:title', 'per:origin', 'per:religion'],
  noRelation: 'no_relation',
};

interface Made {
  readonly guid: string;
  readonly label: string;
  /** `SUBJECT 은 OBJECT 다` with these words. */
  readonly words?: readonly [string, string];
  readonly types?: readonly [string | null, string | null];
  /** Stands before the subject. */
  readonly before?: string;
  readonly source?: string;
}

export function madeRow({
  guid,
  label,
  words: [subject, object] = ['가온', '나루'],
  types: [subjectType, objectType] = ['PER', 'POH'],
  before = '',
  source = 'news',
}: Made): LabelledExample {
  const start = [...before].length;
  const second = start + [...subject].length + 3;
  return {
    guid,
    sentence: `${before}${subject} 은 ${object} 다`,
    subject: { word: subject, start, end: start + [...subject].length - 1, type: subjectType },
    object: { word: object, start: second, end: second + [...object].length - 1, type: objectType },
    label,
    source,
  };
}

/** An answer with this probability, the rest spread over the other labels; `gold` gets its own share of it. */
export function madeAnswer(guid: string, predicted: string, confidence: number, gold?: [string, number]): Prediction {
  const { labels } = LABEL_SET;
  const given = gold === undefined || gold[0] === predicted ? null : gold;
  const others = labels.filter((label) => label !== predicted && label !== given?.[0]);
  const rest = (1 - confidence - (given?.[1] ?? 0)) / others.length;
  return {
    guid,
    predicted,
    probabilities: labels.map((label) => (label === predicted ? confidence : label === given?.[0] ? given[1] : rest)),
  };
}

/** One row as the analysis sees it. */
export const madeAnalyzed = (
  made: Omit<Made, 'guid'> & { readonly guid?: string },
  predicted: string,
  confidence = 0.6,
  goldProbability = 0.02,
): AnalyzedRow => {
  const row = madeRow({ guid: 'row', ...made });
  const answer = madeAnswer(row.guid, predicted, confidence, [row.label, goldProbability]);
  return analyzedRows([row], [answer], LABEL_SET, 1)[0]!;
};

const train = (label: string, count: number, types: readonly [string, string], word: string): LabelledExample[] =>
  Array.from({ length: count }, (_, i) =>
    madeRow({ guid: `train-${label}-${i}`, label, types, words: [`${word}${i}`, `나루${i % 7}`] }),
  );

/** 302 rows: `per:religion` is rare. */
export const TRAIN: readonly LabelledExample[] = [
  ...train('no_relation', 90, ['PER', 'POH'], '가람'),
  ...train('no_relation', 30, ['ORG', 'ORG'], '마루'),
  ...train('org:members', 40, ['ORG', 'ORG'], '모둠'),
  ...train('org:member_of', 40, ['ORG', 'ORG'], '갈래'),
  ...train('per:title', 70, ['PER', 'POH'], '사람'),
  ...train('per:origin', 30, ['PER', 'LOC'], '고향'),
  ...train('per:religion', 2, ['PER', 'POH'], '믿음'),
];

/** Gold label, types, answer, confidence, probability of gold; a row each. */
const ANSWERS: readonly (readonly [string, readonly [string, string], string, number, number])[] = [
  ...Array.from({ length: 30 }, () => ['no_relation', ['PER', 'POH'], 'no_relation', 0.8, 0.8] as const),
  ...Array.from({ length: 20 }, () => ['per:title', ['PER', 'POH'], 'per:title', 0.7, 0.7] as const),
  ...Array.from({ length: 8 }, () => ['org:members', ['ORG', 'ORG'], 'org:members', 0.6, 0.6] as const),
  ['org:members', ['ORG', 'ORG'], 'org:member_of', 0.55, 0.3],
  ['org:members', ['ORG', 'ORG'], 'org:member_of', 0.5, 0.3],
  ['org:member_of', ['ORG', 'ORG'], 'org:member_of', 0.5, 0.5],
  ['per:title', ['PER', 'POH'], 'no_relation', 0.5, 0.3],
  ['no_relation', ['PER', 'POH'], 'per:title', 0.6, 0.2],
  ['no_relation', ['PER', 'POH'], 'per:title', 0.97, 0.01],
  ['no_relation', ['PER', 'POH'], 'org:members', 0.5, 0.2],
  ['per:religion', ['PER', 'POH'], 'per:title', 0.5, 0.2],
  ['per:religion', ['PER', 'POH'], 'no_relation', 0.5, 0.3],
  ['per:origin', ['PER', 'POH'], 'per:title', 0.5, 0.2],
];

/** A pair that training has, one whose words it knows apart, and one with a new subject. */
const WORDS = [
  ['사람1', '나루1'],
  ['사람1', '나루2'],
  ['새이름', '나루1'],
] as const;

/** Test rows and answers: 59 of 68 right, the nine errors in seven classes. */
export const TEST: readonly LabelledExample[] = ANSWERS.map(([label, types], i) =>
  madeRow({ guid: `test-${i}`, label, types, words: WORDS[i % 3]!, before: `${i}번 글에서 ` }),
);

export const PREDICTIONS: readonly Prediction[] = ANSWERS.map(([label, , predicted, confidence, gold], i) =>
  madeAnswer(`test-${i}`, predicted, confidence, [label, gold]),
);

/** Answers everything with `no_relation`; the state of a row tells its label. */
export const toyModel: AnalyzedModel = {
  predict: async (rows) => rows.map(({ guid }) => madeAnswer(guid, 'no_relation', 0.9)),
  states: async (rows) =>
    rows.map(({ label }, i) => {
      const state = new Float32Array(LABEL_SET.labels.length + 1);
      state[LABEL_SET.labels.indexOf(label)] = 1;
      state[LABEL_SET.labels.length] = (i % 5) / 10;
      return state;
    }),
};

export const analysisInput = (changes: Partial<AnalysisInput> = {}): AnalysisInput => ({
  run: 'baseline',
  dataset: { name: 'made-up', digest: 'd' },
  labelSet: LABEL_SET,
  test: TEST,
  predictions: PREDICTIONS,
  train: TRAIN,
  asTrained: true,
  temperature: 1,
  typePairs: null,
  seed: 42,
  model: toyModel,
  ...changes,
});
