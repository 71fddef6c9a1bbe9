import { expect, test } from 'vitest';
import { lacksFolder } from '../../../../test/support/needs.ts';
import { silentReporter } from '../../../base/core/reporter.ts';
import { DEFAULT_SETTINGS } from '../../../base/core/settings.ts';
import type { Dataset, LabelledExample } from '../../../base/core/types.ts';
import { loadDataset } from '../../../base/data/loadDataset.ts';
import { type EncoderFacts, edaFacts } from './facts.ts';
import { interpretEda } from './interpret.ts';

const ENCODER: EncoderFacts = {
  name: 'tiny',
  marker: 'entity',
  positions: 512,
  unknown: { train: 0.001, test: 0 },
  architecture: {
    kind: 'encoder',
    hidden: 8,
    layers: 1,
    heads: 2,
    feedForward: 32,
    vocabulary: 100,
    positions: 512,
    segments: 1,
    pooler: false,
  },
};

/** A row in which 가람 (PER) and 나래 (ORG) are at both ends of a text. */
function row(guid: string, middle: string, label: string, source = 'wiki'): LabelledExample {
  const sentence = `가람${middle}나래`;
  return {
    guid,
    sentence,
    subject: { word: '가람', start: 0, end: 1, type: 'PER' },
    object: { word: '나래', start: sentence.length - 2, end: sentence.length - 1, type: 'ORG' },
    label,
    source,
  };
}

const rows = (prefix: string, counts: Readonly<Record<string, number>>): LabelledExample[] =>
  Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, i) => row(`${prefix}-${label}-${i}`, ` ${prefix} ${label} ${i} `, label)),
  );

const dataset = (train: LabelledExample[], test: LabelledExample[]): Dataset => ({
  name: 'invented',
  labelSet: { labels: ['no_relation', 'per:employee_of', 'per:title'], noRelation: 'no_relation' },
  entityTypes: ['ORG', 'PER'],
  train,
  test,
  files: [],
  digest: '0',
});

const interpreted = (train: LabelledExample[], test: LabelledExample[], tokens = 40) => {
  const data = dataset(train, test);
  const facts = edaFacts(data, { train: train.map(() => tokens), test: test.map(() => tokens) }, ENCODER);
  return { facts, texts: interpretEda(facts) };
};

const UNEVEN = rows('a', { no_relation: 30, 'per:employee_of': 8, 'per:title': 2 });
const TEST = rows('b', { no_relation: 16, 'per:employee_of': 2, 'per:title': 2 });

test('the facts of invented rows', () => {
  const { facts } = interpreted(UNEVEN, TEST);
  expect(facts.labels).toMatchObject({
    largest: 'no_relation',
    smallest: 'per:title',
    imbalance: 15,
    labels_for_80_percent: 2,
  });
  expect(facts.labels.prior_shift).toBeCloseTo(0.1, 12);
  expect(facts.labels.majority.accuracy).toBe(0.8);
  expect(facts.labels.majority.macro_f1).toBeCloseTo((2 * 0.8) / 1.8 / 3, 12);
  expect(facts.labels.rows[2]?.ratio).toBeCloseTo(2, 12);
  expect(facts.type_pairs.rows).toEqual([
    {
      subject_type: 'PER',
      object_type: 'ORG',
      count: 40,
      share: 1,
      relations: 3,
      top_label: 'no_relation',
      top_share: 0.75,
    },
  ]);
  expect(facts.lengths.kept.map(({ limit, train }) => [limit, train])).toEqual([
    [40, 1],
    [128, 1],
    [192, 1],
    [256, 1],
    [384, 1],
    [512, 1],
  ]);
  expect(facts.entities.subject_first).toEqual({ train: { count: 40, share: 1 }, test: { count: 20, share: 1 } });
});

test('interpretations state the figures and follow them', () => {
  const { texts } = interpreted(UNEVEN, TEST);
  expect(texts.labels.ko).toMatchInlineSnapshot(
    `"라벨 3개 가운데 최다 라벨 관계 없음(\`no_relation\`)의 학습 행은 30개(75.0%), 최소 라벨 직함(\`per:title\`)의 학습 행은 2개(5.00%)로 15배 차이가 난다. 상위 2개 라벨이 학습 행의 80%를 차지하며, 엔트로피로 환산한 유효 라벨 수는 2.0개이다. 분포가 크게 치우쳐 있어 모델은 다수 라벨을 답하는 쪽으로 기울기 쉽다."`,
  );
  expect(texts.prior_shift.en).toMatchInlineSnapshot(
    `"\`no_relation\` makes up 75.0% of the training rows and 80.0% of the test rows (×1.07); the total variation distance of both distributions is 0.100. The priors differ, so a model that follows the training distribution is at a disadvantage on the test rows. Of the labels with at least 1% of the training rows, \`per:employee_of\` (×0.50) shrinks most."`,
  );
  expect(texts.conclusion.ko).toMatchInlineSnapshot(
    `"모든 행에 관계 없음(\`no_relation\`)만 답하는 규칙의 정확도는 0.8000이지만 macro-F1은 0.2963이다(3배 차이). 이 데이터에서는 두 지표의 차이가 작지만, 라벨마다 같은 무게를 두는 macro-F1을 대표 지표로 삼고 정확도, micro-F1, AUPRC를 함께 본다."`,
  );
  expect(texts.study_length.en).toMatchInlineSnapshot(
    `"The 256 tokens of the study keep 100% of the training rows whole. Here 64 tokens already reach the target of 99.9%, so 256 leaves room to spare. 512 tokens keep no more rows, but an input filled to that length takes 3.68 times the multiply-adds of 256. The 40 tokens derived here take 0.05 times those of 256."`,
  );
});

test('even labels, equal sides: other judgements', () => {
  const even = { no_relation: 10, 'per:employee_of': 10, 'per:title': 10 };
  const { texts } = interpreted(rows('a', even), rows('b', even));
  expect(texts.labels.en).toContain('fairly even');
  expect(texts.prior_shift.ko).toContain('거의 같다');
  expect(texts.sources.en).toContain('almost the same');
  expect(texts.duplicates.ko).toContain('학습에도 평가에도 없다');
  expect(texts.shared_sentences.en).toContain('nothing leaks');
});

test('long rows change the judgement on 256 tokens', () => {
  expect(interpreted(UNEVEN, TEST, 200).texts.study_length.en).toContain('the smallest power of two that reaches');
  expect(interpreted(UNEVEN, TEST, 300).texts.study_length.en).toContain('reaches the target of 99.9% is 512 here');
  expect(interpreted(UNEVEN, TEST, 600).texts.max_length.ko).toContain('위치가 512개뿐');
});

test('duplicates, conflicts and shared sentences are counted', () => {
  const [first, second] = [row('x', ' 과 ', 'per:title'), row('y', ' 과 ', 'no_relation')];
  const { facts, texts } = interpreted([...UNEVEN, first, second], [...TEST, row('z', ' 과 ', 'no_relation')]);
  expect(facts.repetition.conflicts.train).toEqual({ groups: 1, rows: 2 });
  expect(facts.repetition.shared).toMatchObject({ sentences: 1, rows: 1, same_question: 1, same_answer: 1 });
  expect(texts.duplicates.en).toContain('1 group with 2 rows disagree');
});

test('without test rows nothing is compared', () => {
  const { facts, texts } = interpreted(UNEVEN, []);
  expect(facts.dataset.scored_on).toBe('train');
  expect(texts.prior_shift.en).toBe('There are no test rows to compare the training rows with.');
  expect(JSON.stringify(texts)).not.toMatch(/NaN|Infinity|undefined/);
});

const folder = process.env.KOREX_KLUE_DIR;
test.skipIf(lacksFolder('KOREX_KLUE_DIR'))(
  'official rows: majority, shared sentences, labels (needs KOREX_KLUE_DIR)',
  async () => {
    const data = await loadDataset({ ...DEFAULT_SETTINGS, data: folder ?? '' }, silentReporter);
    const lengths = (side: readonly unknown[]) => side.map(() => 1);
    const facts = edaFacts(data, { train: lengths(data.train), test: lengths(data.test) }, ENCODER);
    expect(facts.dataset).toMatchObject({ train_rows: 32437, test_rows: 3883 });
    expect(facts.labels.majority.accuracy).toBeCloseTo(0.6024, 4);
    expect(facts.labels.majority.macro_f1).toBeCloseTo(0.0251, 4);
    expect(facts.repetition.shared.sentences).toBe(57);
  },
);
