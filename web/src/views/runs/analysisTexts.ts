import { counted, grouped, percent } from '../../../../src/base/core/format.ts';
import type { ErrorAnalysis } from '../../../../src/study/analysis/schema.ts';
import { texts } from '../../i18n/texts.ts';

type Shortcuts = NonNullable<ErrorAnalysis['shortcuts']>;
const keptShare = ({ right, right_with_entities_only: kept }: Shortcuts): string =>
  right === 0 ? '–' : percent(kept / right);

export const analysisTexts = texts({
  ko: {
    title: '오류 분석',
    run: '학습',
    none: '이 학습의 오류 분석이 아직 없습니다. 다음 명령으로 만듭니다.',
    summary: (rows: number, errors: number) =>
      `평가 ${grouped(rows)}행 가운데 오답 ${grouped(errors)}개입니다. 모든 오답은 정해진 규칙에 따라 한 종류에만 듭니다.`,
    shortcutSummary: (shortcuts: Shortcuts) =>
      `맞힌 답 가운데 ${keptShare(shortcuts)}는 문장 없이 엔티티만으로도 맞힙니다(정확도 ${shortcuts.full.accuracy.toFixed(3)} → ${shortcuts.entities_only.accuracy.toFixed(3)}). 이름을 가리면 정확도 ${shortcuts.masked.accuracy.toFixed(3)}, macro-F1 ${shortcuts.masked.macro_f1.toFixed(3)}입니다.`,
    taxonomy: '오답의 종류',
    class: '종류',
    errors: '오답',
    share: '비율',
    cases: '문장 보기',
    overconfident: '신뢰도가 지나치게 높은 오답',
    disagreements: '모델이 강하게 반대한 행',
    contradictions: '모순되는 행',
    shortcuts: '문장이 없어도 같은 오답',
    overconfidentHint: '보정한 신뢰도가 0.9 이상인 오답',
    disagreementsHint:
      '모델이 높은 신뢰도로 정답과 다르게 답한 행입니다. 어느 쪽이 틀렸는지는 알 수 없으므로 사람이 다시 봅니다.',
    contradictionsHint: '같은 문장과 엔티티 쌍에 다른 라벨이 붙은 행의 오답',
    shortcutsHint: '엔티티만 주어도 답이 같은 오답',
    noCases: '해당하는 문장이 없습니다.',
    subject: '주체',
    object: '객체',
    gold: '정답',
    predicted: '예측',
    tryThis: '이 문장으로 해 보기',
    neighbours: '가장 가까운 학습 문장',
    similarity: '유사도',
    slices: '조건별 정확도',
    slicing: '나눈 기준',
    slice: '조건',
    rows: '행',
    accuracy: '정확도',
    pCorrected: 'p(보정)',
    confusions: '서로 혼동하는 관계',
    reverse: '반대 방향',
    rare: '드문 관계와 개선 방법',
    relation: '관계',
    trainRows: '학습 행',
    testRows: '평가 행',
    takenFor: '주로 잘못 답한 관계',
    remedies: '개선 방법',
  },
  en: {
    title: 'Error analysis',
    run: 'Run',
    none: 'There is no error analysis of this run yet. This command makes it:',
    summary: (rows: number, errors: number) =>
      `${counted(errors, 'error')} in ${counted(rows, 'test row')}, each in exactly one class by fixed rules.`,
    shortcutSummary: (shortcuts: Shortcuts) =>
      `${keptShare(shortcuts)} of the right answers stay right with the entities alone (accuracy ${shortcuts.full.accuracy.toFixed(3)} → ${shortcuts.entities_only.accuracy.toFixed(3)}). With the names hidden accuracy is ${shortcuts.masked.accuracy.toFixed(3)}, macro-F1 ${shortcuts.masked.macro_f1.toFixed(3)}.`,
    taxonomy: 'Errors by class',
    class: 'Class',
    errors: 'Errors',
    share: 'Share',
    cases: 'Sentences of',
    overconfident: 'over-confident errors',
    disagreements: 'strong disagreements with the label',
    contradictions: 'contradictory rows',
    shortcuts: 'errors the sentence did not change',
    overconfidentHint: 'errors with a calibrated confidence of 0.9 or more',
    disagreementsHint:
      'rows that the model answers otherwise with a high confidence; which of both is wrong a person has to see',
    contradictionsHint: 'errors on rows whose sentence and entities have another label elsewhere',
    shortcutsHint: 'errors with the same answer from the entities alone',
    noCases: 'No sentence to show.',
    subject: 'Subject',
    object: 'Object',
    gold: 'Gold',
    predicted: 'Predicted',
    tryThis: 'Try this sentence',
    neighbours: 'Nearest training sentences',
    similarity: 'similarity',
    slices: 'Accuracy by slice',
    slicing: 'By',
    slice: 'Slice',
    rows: 'Rows',
    accuracy: 'Accuracy',
    pCorrected: 'p (corrected)',
    confusions: 'Relations taken for one another',
    reverse: 'Other way round',
    rare: 'Rare relations, and what might help',
    relation: 'Relation',
    trainRows: 'Training rows',
    testRows: 'Test rows',
    takenFor: 'Mostly taken for',
    remedies: 'What might help',
  },
});

export type AnalysisTexts = ReturnType<typeof analysisTexts>;
