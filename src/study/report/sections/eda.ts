import { figureFile } from '../../../base/charts/figure.ts';
import { counted, grouped, percent, percentNearOne } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import type { EdaFigure } from '../../stages/eda/figures.ts';
import { EDA_FOLDER, type EdaInterpretations, type EdaSummary, edaSummaryFile } from '../../stages/eda/summary.ts';
import { joinBlocks, markdownTable } from '../markdown.ts';

/** Stage 01 in the report: Markdown from `eda_summary.json` and the figures beside it. Errors: those of reading the file. */
export async function edaSection(out: string, lang: Language): Promise<string> {
  const summary = await edaSummaryFile.read(out);
  const words = WORDS[lang];
  const interpretation = (name: keyof EdaInterpretations): string => summary.interpretations[name][lang];
  const figure = (name: EdaFigure, alt: string): string => `![${alt}](../${EDA_FOLDER}/${figureFile(name, lang)})`;
  return joinBlocks([
    words.heading,
    words.purpose[0],
    words.purpose[1],
    words.why[0],
    words.why[1],
    words.result,
    words.rows(summary.dataset.train_rows, summary.dataset.test_rows, summary.labels.rows.length),
    words.labels,
    figure('label_distribution', words.alts.labels),
    interpretation('labels'),
    interpretation('prior_shift'),
    words.lengths,
    figure('sentence_length', words.alts.lengths),
    lengthTable(summary, words),
    interpretation('lengths'),
    words.coverage,
    figure('token_coverage', words.alts.coverage),
    coverageTable(summary, words),
    interpretation('max_length'),
    words.entities,
    figure('entity_types', words.alts.types),
    interpretation('entity_types'),
    figure('entity_positions', words.alts.positions),
    interpretation('positions'),
    words.pairs,
    figure('type_pair_relations', words.alts.pairs),
    interpretation('type_pairs'),
    words.quality,
    figure('sources', words.alts.sources),
    interpretation('sources'),
    interpretation('duplicates'),
    interpretation('shared_sentences'),
    words.interpretation,
    interpretation('study_length'),
    interpretation('conclusion'),
  ]);
}

type Words = (typeof WORDS)[Language];

function lengthTable({ lengths }: EdaSummary, words: Words): string {
  const row = (name: string, side: 'train' | 'test', unit: 'characters' | 'tokens') => {
    const { median, mean, p95, p99, p999, max } = lengths[unit][side];
    return [`${name}, ${words.sides[side]}`, `${median}`, mean.toFixed(1), `${p95}`, `${p99}`, `${p999}`, `${max}`];
  };
  return markdownTable(words.lengthHeader, [
    row(words.units.characters, 'train', 'characters'),
    row(words.units.characters, 'test', 'characters'),
    row(words.units.tokens, 'train', 'tokens'),
    row(words.units.tokens, 'test', 'tokens'),
  ]);
}

const coverageTable = ({ lengths, max_length }: EdaSummary, words: Words): string =>
  markdownTable(
    words.coverageHeader,
    lengths.kept.map(({ limit, train, test, cost }) => [
      limit === max_length.value ? `**${limit}** (${words.derived})` : `${limit}`,
      percentNearOne(train),
      percentNearOne(test),
      percent(cost, 0),
    ]),
  );

const WORDS = {
  ko: {
    heading: '## 1. 탐색적 데이터 분석(EDA)',
    purpose: [
      '### 목적',
      '라벨 분포, 문장 길이, 엔티티의 유형과 위치, 중복과 누수를 확인하여 뒤 단계의 전처리, 최대 길이, 평가 지표를 정할 근거를 마련한다.',
    ],
    why: [
      '### 이유',
      '데이터의 분포와 품질, 편향을 모르면 모델 선택과 성능 해석이 왜곡된다. 특히 관계 추출은 라벨 불균형이 심해 정확도만 보면 성능을 잘못 읽기 쉽다. 이 절의 모든 수치는 실행 결과 파일에서 읽은 것이다.',
    ],
    result: '### 결과',
    rows: (train: number, test: number, labels: number) =>
      `학습 ${grouped(train)}행, 평가 ${grouped(test)}행을 살펴보았다. 라벨은 ${labels}개이다.`,
    labels: '**라벨 분포와 사전 확률의 이동**',
    lengths: '**문장 길이**',
    coverage: '**최대 길이**',
    entities: '**엔티티의 유형과 위치**',
    pairs: '**유형 쌍에 따른 관계**',
    quality: '**출처, 중복, 누수**',
    interpretation: '### 해석',
    sides: { train: '학습', test: '평가' },
    units: { characters: '글자', tokens: '토큰' },
    derived: '도출',
    lengthHeader: ['단위', '중앙값', '평균', '95%', '99%', '99.9%', '최대'],
    coverageHeader: ['최대 길이', '온전한 학습 행', '온전한 평가 행', '연산량(256 대비)'],
    alts: {
      labels: '라벨별 학습·평가 비율 막대그래프와 두 비율의 비',
      lengths: '글자 수와 토큰 수로 본 문장 길이 분포',
      coverage: '최대 길이에 따라 온전히 남는 행의 비율',
      types: '주체와 객체의 유형별 비율',
      positions: '주체와 객체의 시작 위치와 둘 사이의 거리 분포',
      pairs: '엔티티 유형 쌍과 관계의 열지도',
      sources: '출처별 비율',
    },
  },
  en: {
    heading: '## 1. Exploratory data analysis',
    purpose: [
      '### Purpose',
      'To examine label distribution, sentence length, entity types and positions, duplicates and leakage, as the basis for preprocessing, the maximum length and the choice of metrics.',
    ],
    why: [
      '### Why',
      'Without knowing the distribution, quality and bias of the data, models are easily misjudged. Relation extraction is so imbalanced that accuracy alone misleads. Every figure of this section is read from the files of the run.',
    ],
    result: '### Result',
    rows: (train: number, test: number, labels: number) =>
      `${counted(train, 'training row')} and ${counted(test, 'test row')} with ${counted(labels, 'label')} were examined.`,
    labels: '**Label distribution and prior shift**',
    lengths: '**Sentence length**',
    coverage: '**Maximum length**',
    entities: '**Entity types and positions**',
    pairs: '**Relations by type pair**',
    quality: '**Sources, duplicates, leakage**',
    interpretation: '### Interpretation',
    sides: { train: 'train', test: 'test' },
    units: { characters: 'characters', tokens: 'tokens' },
    derived: 'derived',
    lengthHeader: ['Unit', 'Median', 'Mean', '95%', '99%', '99.9%', 'Max'],
    coverageHeader: ['Maximum length', 'Training rows kept whole', 'Test rows kept whole', 'Cost (of 256)'],
    alts: {
      labels: 'Bar chart of the label shares of training and test rows, and their ratio',
      lengths: 'Distribution of sentence length in characters and tokens',
      coverage: 'Share of rows kept whole by the maximum length',
      types: 'Shares of subject and object types',
      positions: 'Where subjects and objects start, and the distance between them',
      pairs: 'Heat map of relations by entity type pair',
      sources: 'Shares of the sources',
    },
  },
} as const;
