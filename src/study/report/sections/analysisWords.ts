import { counted, grouped, percent } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import type { AnalysisPart } from '../../analysis/kinds.ts';

/** Fixed texts of the error analysis' section; sentences that weigh figures are in `analysisFindings.ts`. */
const KO = {
  heading: '## 8. 오류 분석',
  purpose: [
    '### 목적',
    '남은 오답이 어디에서, 왜 나오는지 밝혀 다음에 무엇을 고칠지 정한다. 점수 하나로는 있는 관계를 놓친 오답과 없는 관계를 답한 오답, 데이터의 문제와 모델의 문제를 구별할 수 없다.',
  ],
  why: [
    '### 이유',
    '모든 오답을 정해진 규칙의 순서대로 한 종류에만 넣는다. 조건별 정확도에는 윌슨(Wilson) 구간을, F1에는 부트스트랩 구간을 붙이고, 나머지 행과의 차이는 피셔 정확 검정의 p값을 홀름(Holm) 방법으로 보정해 판단한다. 문장을 지우거나 이름을 가린 입력으로 다시 물어 모델이 무엇을 보고 답하는지 확인하고, 인코더의 상태가 가장 가까운 학습 문장을 찾아 오답의 근거를 짚는다.',
  ],
  result: '### 결과',
  intro: (run: string, rows: number, errors: number) =>
    `${run}의 답을 분석했다. 평가 ${grouped(rows)}행 가운데 오답은 ${grouped(errors)}개(${percent(errors / rows)})다.`,
  leftOut: (parts: string) => `만들지 못한 부분: ${parts}.`,
  parts: {
    shortcuts: '지름길 검사(모델 파일이 없음)',
    neighbours: '가까운 학습 문장',
    novelty: '엔티티가 학습에 나왔는지에 따른 성능',
    frequency: '학습 빈도별 성능',
    types: '유형에 맞지 않는 답의 판단',
    rare: '드문 관계',
  } satisfies Record<AnalysisPart, string>,
  noErrors: '오답이 없다.',
  taxonomy: '**오답의 종류**',
  taxonomyText:
    '각 오답은 아래 규칙을 위에서부터 적용해 처음 맞는 종류에 넣었다. 그래서 종류별 개수의 합은 오답 전체와 같다.',
  taxonomyHeader: ['종류', '규칙', '오답', '비율'],
  taxonomyAlt: '오답 종류별 개수와 비율 막대그래프',
  casesText:
    '종류마다 신뢰도가 가장 높은 오답은 다음과 같다. 【】 안이 두 엔티티이고, 확률은 보정한 값이다. “가까운 학습 문장”은 분류기가 읽는 인코더 상태의 코사인 유사도가 가장 높은 학습 문장과 그 라벨이다.',
  sentence: '문장',
  gold: '정답',
  predicted: '예측',
  probability: '확률',
  reliability: '모델의 신뢰성',
  neighbour: '가까운 학습 문장',
  similarity: '유사도',
  confusions: '**관계 사이의 혼동**',
  confusionsText: (named: string, missed: string, invented: string) =>
    `한 관계를 다른 관계로 답한 오답이 ${named}개, 있는 관계를 놓친 오답이 ${missed}개, 없는 관계를 있다고 답한 오답이 ${invented}개다. 관계 사이의 혼동을 방향별로 보면 다음과 같다. p는 두 방향의 비율이 같은지 검정한 피셔 정확 검정의 값(보정 전)이다.`,
  noConfusions: '관계 사이의 혼동은 없다.',
  confusionHeader: ['정답', '예측', '행', '정답 라벨 중 비율', '반대 방향', 'p'],
  confusionAlt: '관계 사이의 혼동 비율과 반대 방향의 비율 막대그래프',
  typical: (gold: string, predicted: string) => `${gold} → ${predicted}, 전형적인 문장:`,
  missed: '많이 놓친 관계는 다음과 같다(괄호 안은 그 라벨의 평가 행 가운데 비율).',
  invented: '관계가 없는데 있다고 많이 답한 관계는 다음과 같다(괄호 안은 그렇게 답한 행 가운데 비율).',
  rows: (count: number) => `${grouped(count)}행`,
  slices: '**조건별 성능**',
  slicesText:
    '유형 쌍, 문장 길이, 엔티티의 거리와 순서, 엔티티가 학습에 나왔는지, 출처, 정답 라벨의 학습 빈도로 평가 행을 나누었다. 주황색은 나머지 행과 정확도가 유의하게 다른 조건이다.',
  slicesAlt: '조건별 정확도와 95% 신뢰 구간. 점선은 전체 정확도, 주황색은 나머지와 유의하게 다른 조건',
  slicesDiffer:
    '나머지와 정확도가 유의하게 다른 조건은 다음과 같다. 대괄호 안은 95% 신뢰 구간이고, macro-F1은 그 조건에 평가 행이 있는 라벨만 평균했다.',
  slicesSame: '보정한 뒤 나머지와 정확도가 유의하게 다른 조건은 없다.',
  sliceHeader: ['나눈 기준', '조건', '행', '정확도', 'macro-F1', 'micro-F1', '나머지와의 차이', 'p(보정)'],
  shortcuts: '**지름길 검사**',
  shortcutsAlt: '온전한 문장, 엔티티를 가린 문장, 엔티티만 준 입력, 유형 쌍의 최빈 관계로 얻은 정확도와 macro-F1',
  confidence: '**신뢰도가 높은 오답**',
  disagreements: '**모델이 강하게 반대한 행과 모순되는 행**',
  disagreementCases: '강하게 반대한 행의 예:',
  neighbours: '**오답과 가장 가까운 학습 문장**',
  neighbourCases: {
    predicted: '이웃이 예측 라벨인 예:',
    gold: '이웃이 정답 라벨인 예:',
  },
  rare: '**드문 관계**',
  rareText: (below: string) =>
    `학습 행의 ${below} 미만인 관계와, 오답의 양상에 따라 고른 개선 방법이다. 방법은 정해진 규칙으로 골랐으며 효과를 실험한 것은 아니다. 더 모을 행의 수는 F1이 0.5 이상인 관계들의 학습 행 중앙값까지 모자라는 수다.`,
  noRare: (below: string) => `학습 행의 ${below} 미만인 관계는 없다.`,
  rareHeader: ['관계', '주로 잘못 답한 관계', '학습 행', '평가 행', '정밀도', '재현율', 'F1'],
  rareRemedies: '관계마다 도움이 될 방법은 다음과 같다.',
  noRemedy: '규칙에 맞는 방법이 없다',
  interpretation: '### 해석',
};

export type AnalysisWords = typeof KO;

export const ANALYSIS_WORDS: Readonly<Record<Language, AnalysisWords>> = {
  ko: KO,
  en: {
    heading: '## 8. Error analysis',
    purpose: [
      '### Purpose',
      'To find where the remaining errors come from and why, and so what to improve next. A score alone separates neither missed relations from false ones nor faults of the data from faults of the model.',
    ],
    why: [
      '### Why',
      'Every error falls into exactly one class, by rules that are tried in order. Accuracies of slices have Wilson intervals, F1 bootstrap intervals; whether a slice differs from all other rows is decided by Fisher’s exact test with Holm’s correction. Asking again without the sentence, and without the names, shows what the model relies on; the training sentences nearest by the encoder’s states show what an error is based on.',
    ],
    result: '### Result',
    intro: (run, rows, errors) =>
      `The answers of ${run} are analysed: ${counted(errors, 'error')} (${percent(errors / rows)}) in ${counted(rows, 'test row')}.`,
    leftOut: (parts) => `Left out: ${parts}.`,
    parts: {
      shortcuts: 'shortcut tests (the model’s files are missing)',
      neighbours: 'nearest training sentences',
      novelty: 'scores by whether training knew the entities',
      frequency: 'scores by frequency in training',
      types: 'answers that the types rule out',
      rare: 'rare relations',
    },
    noErrors: 'There are no errors.',
    taxonomy: '**Errors by class**',
    taxonomyText:
      'The rules below are tried from the top; the first that holds names the class, so the counts add up to all errors.',
    taxonomyHeader: ['Class', 'Rule', 'Errors', 'Share'],
    taxonomyAlt: 'Bar chart of errors by class',
    casesText:
      'The most confident error of each class. 【】 enclose the entities; probabilities are calibrated. “Near in training” is the training sentence with the highest cosine similarity of the states that the classifier reads, and its label.',
    sentence: 'sentence',
    gold: 'gold',
    predicted: 'predicted',
    probability: 'probability',
    reliability: 'Reliability',
    neighbour: 'near in training',
    similarity: 'similarity',
    confusions: '**Confusions between relations**',
    confusionsText: (named, missed, invented) =>
      `Errors that take one relation for another: ${named}; that miss a relation: ${missed}; that answer with a relation where there is none: ${invented}. The table shows the first kind by direction; p is that of Fisher’s exact test of whether both directions are equally frequent (uncorrected).`,
    noConfusions: 'No relation is taken for another.',
    confusionHeader: ['Gold', 'Predicted', 'Rows', 'Share of the gold label', 'Opposite direction', 'p'],
    confusionAlt: 'Bar chart of confusions between relations, each beside that of the opposite direction',
    typical: (gold, predicted) => `${gold} → ${predicted}, a typical sentence:`,
    missed: 'Relations missed most often, with their share of the label’s test rows:',
    invented: 'Relations answered most often where there is none, with their share of the rows answered so:',
    rows: (count) => counted(count, 'row'),
    slices: '**Scores by slice**',
    slicesText:
      'Test rows by type pair, sentence length, distance and order of the entities, whether training knew the entities, source, and frequency of the gold label in training. Orange slices differ significantly in accuracy from all other rows.',
    slicesAlt:
      'Accuracy by slice with 95% intervals; the dashed line is the overall accuracy, orange slices differ from the rest',
    slicesDiffer:
      'Slices whose accuracy differs significantly from the rest; brackets are 95% intervals, macro-F1 is over the labels with rows in the slice:',
    slicesSame: 'After correction no slice differs significantly from the rest.',
    sliceHeader: ['By', 'Slice', 'Rows', 'Accuracy', 'Macro-F1', 'Micro-F1', 'Against the rest', 'p (corrected)'],
    shortcuts: '**Shortcut tests**',
    shortcutsAlt:
      'Accuracy and macro-F1 with the whole sentence, with entities hidden, with the entities alone, and of the most frequent relation of the type pair',
    confidence: '**Errors with a high confidence**',
    disagreements: '**Strong disagreements and contradictory labels**',
    disagreementCases: 'Examples of strong disagreements:',
    neighbours: '**Training sentences nearest to the errors**',
    neighbourCases: {
      predicted: 'Neighbours that carry the predicted label:',
      gold: 'Neighbours that carry the gold label:',
    },
    rare: '**Rare relations**',
    rareText: (below) =>
      `Relations with less than ${below} of the training rows, and what the measured pattern of their errors suggests. The remedies are chosen by fixed rules; their effect was not tested. The number of rows to add is what is missing to the median of the relations with an F1 of 0.5 or more.`,
    noRare: (below) => `No relation has less than ${below} of the training rows.`,
    rareHeader: ['Relation', 'Mostly taken for', 'Training rows', 'Test rows', 'Precision', 'Recall', 'F1'],
    rareRemedies: 'What might help each:',
    noRemedy: 'no rule applies',
    interpretation: '### Interpretation',
  },
};
