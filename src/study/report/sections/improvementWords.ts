import { signed } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import type { ExperimentFacts, ImprovementFacts, OverallFacts } from './improvementFacts.ts';

interface Words {
  readonly heading: string;
  readonly purpose: readonly [string, (facts: ImprovementFacts) => string];
  readonly why: readonly [string, (facts: ImprovementFacts) => string];
  readonly result: string;
  readonly interpretation: string;
  readonly metricHeader: readonly string[];
  readonly classHeader: readonly string[];
  readonly classFigure: string;
  readonly chosen: (overall: OverallFacts, facts: ImprovementFacts) => string;
  readonly byRelation: (overall: OverallFacts) => string;
  /** Where there is no other run. */
  readonly alone: (facts: ImprovementFacts) => string;
  /** Where there is no experiment either. */
  readonly nothing: string;
  readonly findings: (overall: OverallFacts) => readonly string[];
  readonly experiment: (facts: ExperimentFacts) => string;
  readonly setting: (facts: ExperimentFacts) => string;
  readonly forest: (facts: ExperimentFacts) => string;
  readonly final: (rows: string) => string;
  readonly experimentFinding: (facts: ExperimentFacts) => string;
}

export const IMPROVEMENT_WORDS: Readonly<Record<Language, Words>> = {
  ko: {
    heading: '## 9. 개선',
    purpose: [
      '### 목적',
      ({ reference }) =>
        `기준 실행인 **${reference}** 모델을 개선하려는 시도가 실제로 무엇을 얼마나 바꾸었는지 전체 지표와 관계별 F1로 확인한다.`,
    ],
    why: [
      '### 이유',
      ({ resamples, level }) =>
        `평균 점수가 올랐어도 어떤 관계에서는 내렸을 수 있고, 작은 차이는 평가 행의 구성이나 학습 시드만으로도 생긴다. 그래서 개선 전과 후를 같은 평가 행에서 짝지어 비교하고(부트스트랩 ${resamples}번, ${level} 구간), 기법의 효과는 여러 시드로 되풀이한 실험으로 따로 판정한다.`,
    ],
    result: '### 결과',
    interpretation: '### 해석',
    metricHeader: ['지표', '개선 전', '개선 후', '차이와 구간', 'p'],
    classHeader: ['관계', '평가 행', '개선 전', '개선 후', '변화'],
    classFigure: '관계별 F1의 개선 전후 점 그래프',
    chosen: ({ before, after, attempts, validation }, { rows }) =>
      `개선 전은 **${before}**, 개선 후는 **${after}** 실행이다. ${attempts.length > 1 ? `다른 실행 ${attempts.length}개(${attempts.join(', ')}) 가운데 ` : ''}${validation === null ? '검증 점수가 없어 첫 실행을 골랐다' : `검증 행의 macro-F1(${validation})을 보고 골랐고 평가 행은 선택에 쓰지 않았다`}. 값은 평가 ${rows}행에서 측정했다.`,
    byRelation: () => '관계별 F1의 개선 전과 후는 다음과 같다.',
    alone: ({ reference }) =>
      `비교할 다른 미세조정 실행이 없다. **${reference}** 하나만으로는 개선 전과 후를 말할 수 없다.`,
    nothing: '개선을 시도한 실행이나 실험이 아직 없다.',
    findings: (overall) => [
      `macro-F1: ${koreanEffect(overall.macro)}. micro-F1: ${koreanEffect(overall.micro)}. 정확도: ${koreanEffect(overall.accuracy)}.${overall.macro.difference * overall.accuracy.difference < 0 ? ' macro-F1과 정확도의 방향이 서로 다르다. 행이 적은 관계와 많은 관계 가운데 한쪽은 오르고 다른 쪽은 내렸다는 뜻이다.' : ''}`,
      `평가 행이 있는 관계 ${overall.relations.all}개 가운데 F1이 오른 관계는 ${overall.relations.better}개, 내린 관계는 ${overall.relations.worse}개다.${overall.rising.length > 0 ? ` 가장 많이 오른 관계: ${overall.rising.join(', ')}.` : ''}${overall.falling.length > 0 ? ` 가장 많이 내린 관계: ${overall.falling.join(', ')}.` : ''}`,
      `평가 행이 적은 절반의 관계에서 평균 F1은 ${overall.rare.before} → ${overall.rare.after}이다.`,
    ],
    experiment: ({ name, isOwn }) => `#### 실험 ${name}${isOwn ? ' (korex에 들어 있는 결과)' : ''}`,
    setting: (facts) =>
      `${facts.description === '' ? '' : `${facts.description}. `}데이터 \`${facts.data}\`의 학습 ${facts.training}행으로 학습하고, 어느 실행도 학습하지 않은 다른 학습 ${facts.judged}행으로 판정했다(시드 ${facts.seeds}). ${facts.isOwn ? '이 보고서의 데이터와 실행에서 측정한 값이 아니다. ' : ''}값은 시드 평균(± 표준 편차)이다. 구간은 판정 행과 시드 쌍을 함께 다시 뽑은 부트스트랩(${facts.resamples}번) 95% 구간이며, p는 기법 ${facts.tested}개에 대해 홀름(Holm) 방법으로 보정했다. 보정한 p가 0.05보다 작아야 향상 또는 하락으로 본다. 비용은 기준 설정의 학습 시간에 대한 배수다.`,
    forest: ({ name }) => `실험 ${name}: 기법별 macro-F1 차이와 구간, 학습 시간`,
    final: (rows) => `마지막에 한 번, 기준 설정과 가장 나은 기법을 평가 ${rows}행에서 측정했다.`,
    experimentFinding: (facts) =>
      `실험 ${facts.name}: ${facts.gains.length > 0 ? `향상된 기법은 ${facts.gains.join(', ')}이다` : '향상으로 판정된 기법은 없다'}. ${facts.losses.length > 0 ? `하락한 기법은 ${facts.losses.join(', ')}이다` : '하락으로 판정된 기법은 없다'}. 차이가 확인되지 않은 기법은 ${facts.same}개다${facts.open > 0 ? ` (끝나지 않은 시드가 있어 판정하지 않은 기법 ${facts.open}개)` : ''}. “차이 없음”은 효과가 없다는 증명이 아니라, 이 행 수와 시드 수로는 구별되지 않는다는 뜻이다.`,
  },
  en: {
    heading: '## 9. Improvement',
    purpose: [
      '### Purpose',
      ({ reference }) =>
        `To see what attempts to improve on **${reference}** changed, and by how much, overall and by relation.`,
    ],
    why: [
      '### Why',
      ({ resamples, level }) =>
        `A higher mean may hide relations that fell, and a small difference can come from the choice of test rows or the training seed alone. So before and after are compared in pairs on the same test rows (${resamples} bootstrap resamples, ${level} intervals), and techniques are judged separately, by experiments that repeat them with several seeds.`,
    ],
    result: '### Result',
    interpretation: '### Interpretation',
    metricHeader: ['Metric', 'Before', 'After', 'Difference and interval', 'p'],
    classHeader: ['Relation', 'Test rows', 'Before', 'After', 'Change'],
    classFigure: 'Dots of F1 by relation before and after the improvement',
    chosen: ({ before, after, attempts, validation }, { rows }) =>
      `Before is **${before}**, after is **${after}**${attempts.length > 1 ? `, out of ${attempts.length} other runs (${attempts.join(', ')})` : ''}, ${validation === null ? 'the first one, as there are no validation scores' : `chosen by macro-F1 on validation rows (${validation}); test rows played no part in it`}. Figures are of ${rows} test rows.`,
    byRelation: () => 'F1 of each relation before and after:',
    alone: ({ reference }) =>
      `There is no other fine-tuned run to compare with: **${reference}** alone has no before and after.`,
    nothing: 'No run and no experiment has tried an improvement yet.',
    findings: (overall) => [
      `Macro-F1: ${englishEffect(overall.macro)}. Micro-F1: ${englishEffect(overall.micro)}. Accuracy: ${englishEffect(overall.accuracy)}.${overall.macro.difference * overall.accuracy.difference < 0 ? ' Macro-F1 and accuracy go opposite ways: rare relations gain and frequent ones lose, or the reverse.' : ''}`,
      `Of ${overall.relations.all} relations with test rows, F1 rose for ${overall.relations.better} and fell for ${overall.relations.worse}.${overall.rising.length > 0 ? ` Largest gains: ${overall.rising.join(', ')}.` : ''}${overall.falling.length > 0 ? ` Largest losses: ${overall.falling.join(', ')}.` : ''}`,
      `The half of the relations with fewer test rows has a mean F1 of ${overall.rare.before} before and ${overall.rare.after} after.`,
    ],
    experiment: ({ name, isOwn }) => `#### Experiment ${name}${isOwn ? ' (results included with korex)' : ''}`,
    setting: (facts) =>
      `${facts.description === '' ? '' : `${facts.description}. `}Trained on ${facts.training} training rows of \`${facts.data}\` and judged on ${facts.judged} others that no run trains on (seeds ${facts.seeds}). ${facts.isOwn ? 'These figures were not measured on this report’s rows and runs. ' : ''}Figures are means over seeds (± standard deviation). Intervals are 95% bootstrap intervals (${facts.resamples} resamples of the judged rows and of the pairs of seeds); p is corrected over ${facts.tested} techniques by Holm’s method and must be below 0.05 for a gain or a loss. Cost is a multiple of the baseline’s training time.`,
    forest: ({ name }) => `Experiment ${name}: difference in macro-F1 with interval, and training time, by technique`,
    final: (rows) => `Once, at the end, the baseline and the best technique on ${rows} test rows:`,
    experimentFinding: (facts) =>
      `Experiment ${facts.name}: ${facts.gains.length > 0 ? `gains are ${facts.gains.join(', ')}` : 'nothing is a gain'}; ${facts.losses.length > 0 ? `losses are ${facts.losses.join(', ')}` : 'nothing is a loss'}; ${facts.same} ${facts.same === 1 ? 'technique shows' : 'techniques show'} no difference${facts.open > 0 ? ` (${facts.open} without a verdict, as seeds are not finished)` : ''}. “No difference” does not prove that a technique has no effect, only that this number of rows and seeds cannot show one.`,
  },
};

const koreanEffect = ({ before, after, difference, interval, isSignificant, p }: OverallFacts['macro']): string =>
  `${before} → ${after}, 차이 ${signed(difference)} ${interval}, ${isSignificant ? '통계적으로 유의하다' : '우연으로 설명할 수 있다'}(${p})`;

const englishEffect = ({ before, after, difference, interval, isSignificant, p }: OverallFacts['macro']): string =>
  `${before} → ${after}, a difference of ${signed(difference)} ${interval}, which ${isSignificant ? 'is significant' : 'could be chance'} (${p})`;
