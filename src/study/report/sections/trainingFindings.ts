import { counted, grouped, percent, score, signed } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { systemName } from '../../../base/eval/systems.ts';
import type { ChecklistItem } from '../../../engine/runs/checklist.ts';
import type { FineTunedRecord } from '../../../engine/runs/record.ts';
import { code, firstFew } from '../markdown.ts';
import { relationText } from './sentenceBlock.ts';
import { errorKinds, extremeClasses, progressOf, rareF1, type TrainingFacts } from './trainingFacts.ts';

/** A point of the checklist in a sentence. */
export const evidenceText = (item: ChecklistItem, lang: Language): string => EVIDENCE[lang](item);

/** What the figures mean, a sentence or two each. */
export function findings(facts: TrainingFacts, lead: FineTunedRecord, lang: Language): string[] {
  const text = FINDINGS[lang];
  const weighted = facts.detailed.find((run) => run !== lead && run.summary.plan.loss === 'weighted');
  const over = ['frozen', 'untrained'].flatMap((name) => facts.runs.find((run) => run.name === name) ?? []);
  const kinds = errorKinds(lead);
  return [
    text.progress(systemName(lead.name)[lang], progressOf(lead)),
    ...(lead.summary.validation ? [text.gap(lead.summary.validation, lead.summary.metrics)] : []),
    ...over.map(({ name, record }) => text.over(systemName(name)[lang], record.metrics, lead.summary.metrics)),
    ...(weighted ? [text.weighted(weighted, lead)] : []),
    text.spread(extremeClasses(lead).never, lead.classes),
    ...(kinds && kinds.all > 0 ? [text.kinds(kinds)] : []),
  ];
}

type Progress = ReturnType<typeof progressOf>;
type Kinds = NonNullable<ReturnType<typeof errorKinds>>;
type Figures = FineTunedRecord['summary']['metrics'];

/** A sentence's end: the first labels, and whether there are more. */
const some = (labels: readonly string[], lang: Language): string =>
  firstFew(labels.map((label) => relationText(label, lang))) + (labels.length > 6 ? '' : '.');

const EVIDENCE: Readonly<Record<Language, (item: ChecklistItem) => string>> = {
  ko: ({ check, evidence }) => {
    switch (check) {
      case 'leakage': {
        const { n, macro_f1 } = evidence.metrics_without_these_test_rows;
        return `학습 행과 문장이 같은 검증 행 ${grouped(evidence.validation_rows_with_training_sentence)}개, 학습·검증 행과 문장이 같은 평가 행 ${grouped(evidence.test_rows_with_training_sentence)}개. 이런 행을 뺀 평가 ${grouped(n)}행의 macro-F1: ${score(macro_f1)}.`;
      }
      case 'reproducibility':
        return `시드 ${evidence.seed}, ${evidence.rows}행, ${evidence.steps}스텝으로 ${evidence.weight_digests.length}번 학습한 가중치의 SHA-256: ${digests(evidence.weight_digests)}.`;
      case 'accuracy_vs_macro_f1':
        return `정확도 ${score(evidence.accuracy)}, macro-F1 ${score(evidence.macro_f1)}, 차이 ${signed(evidence.gap)}. 평가 행에서 가장 많은 라벨의 비율(${score(evidence.most_frequent_test_label_share)})보다 정확도가 ${evidence.accuracy > evidence.most_frequent_test_label_share ? '높다' : '높지 않다'}.`;
      case 'class_spread':
        return `라벨별 F1의 평균 ${score(evidence.mean_f1)}, 표준 편차 ${score(evidence.deviation_f1)}. ${evidence.labels_never_right.length === 0 ? '모든 라벨을 한 번 이상 맞혔다.' : `하나도 맞히지 못한 라벨 ${evidence.labels_never_right.length}개: ${some(evidence.labels_never_right, 'ko')}`}`;
      case 'error_samples':
        return `평가 ${grouped(evidence.of)}행 가운데 오답 ${grouped(evidence.errors)}개, 그중 신뢰도 0.9 이상 ${grouped(evidence.errors_with_confidence_from_0_9)}개.`;
    }
  },
  en: ({ check, evidence }) => {
    switch (check) {
      case 'leakage': {
        const { n, macro_f1 } = evidence.metrics_without_these_test_rows;
        return `Validation rows with a training sentence: ${grouped(evidence.validation_rows_with_training_sentence)}; test rows with a training or validation sentence: ${grouped(evidence.test_rows_with_training_sentence)}. Macro-F1 on the other test rows (${grouped(n)}): ${score(macro_f1)}.`;
      }
      case 'reproducibility':
        return `SHA-256 of the weights after ${evidence.weight_digests.length} trainings with seed ${evidence.seed} (${counted(evidence.rows, 'row')}, ${counted(evidence.steps, 'step')}): ${digests(evidence.weight_digests)}.`;
      case 'accuracy_vs_macro_f1':
        return `Accuracy ${score(evidence.accuracy)}, macro-F1 ${score(evidence.macro_f1)}, difference ${signed(evidence.gap)}. The accuracy is ${evidence.accuracy > evidence.most_frequent_test_label_share ? '' : 'not '}above the share of the most frequent test label (${score(evidence.most_frequent_test_label_share)}).`;
      case 'class_spread':
        return `F1 over the labels: mean ${score(evidence.mean_f1)}, standard deviation ${score(evidence.deviation_f1)}. ${evidence.labels_never_right.length === 0 ? 'Every label is predicted correctly at least once.' : `Labels never right (${evidence.labels_never_right.length}): ${some(evidence.labels_never_right, 'en')}`}`;
      case 'error_samples':
        return `${counted(evidence.errors, 'error')} in ${counted(evidence.of, 'test row')}, ${grouped(evidence.errors_with_confidence_from_0_9)} of them with a confidence of 0.9 or more.`;
    }
  },
};

const digests = (values: readonly string[]): string =>
  values.map((digest) => code(`${digest.slice(0, 12)}…`)).join(', ');

interface Findings {
  progress(name: string, progress: Progress): string;
  gap(validation: Figures, test: Figures): string;
  over(name: string, other: Figures, lead: Figures): string;
  weighted(weighted: FineTunedRecord, lead: FineTunedRecord): string;
  spread(never: readonly string[], classes: FineTunedRecord['classes']): string;
  kinds(kinds: Kinds): string;
}

/** By how much the second's figures exceed the first's. */
const changes = (from: Figures, to: Figures) => ({
  accuracy: signed(to.accuracy - from.accuracy),
  macro: signed(to.macro_f1 - from.macro_f1),
  micro: signed(to.micro_f1 - from.micro_f1),
});

const supportOf = (classes: FineTunedRecord['classes'], labels: readonly string[]): number =>
  classes.filter(({ label }) => labels.includes(label)).reduce((sum, { support }) => sum + support, 0);

/** Macro-F1 if every label but these were right. */
const ceiling = (classes: FineTunedRecord['classes'], never: readonly string[]): number =>
  (classes.filter(({ support }) => support > 0).length - never.length) / classes.length;

const FINDINGS: Readonly<Record<Language, Findings>> = {
  ko: {
    progress: (name, { firstLoss, lastLoss, bestLoss, best, last, bestMacro, lastMacro, validationRows }) => {
      const course = `${name}의 에폭 평균 학습 손실은 ${score(firstLoss)} → ${score(lastLoss)}이다.`;
      if (validationRows === 0) return `${course} 검증 행이 없어 마지막 에폭의 가중치를 썼다.`;
      if (best === last)
        return `${course} 검증 macro-F1은 마지막 ${last}번째 에폭에서 가장 높아(${score(bestMacro)}), 에폭을 늘리면 오를 여지가 있다.`;
      if (lastMacro === bestMacro)
        return `${course} 검증 macro-F1은 ${best}번째 에폭부터 오르지 않았다(${score(bestMacro)}).`;
      const after =
        lastLoss < bestLoss
          ? '그 뒤로 학습 손실이 더 내려갔는데도 검증 점수는 이를 넘지 못했으므로 과적합이 시작된 것으로 볼 수 있다'
          : '그 뒤로는 학습 손실도 더 내려가지 않았다';
      return `${course} 검증 macro-F1은 ${best}번째 에폭에서 가장 높고(${score(bestMacro)}) 마지막 에폭에서는 ${score(lastMacro)}이다. ${after}.`;
    },
    gap: (validation, test) => {
      const difference = test.macro_f1 - validation.macro_f1;
      return `검증 ${grouped(validation.n)}행의 macro-F1은 ${score(validation.macro_f1)}, 평가 ${grouped(test.n)}행의 macro-F1은 ${score(test.macro_f1)}이다(차이 ${signed(difference)}). ${difference < 0 ? '검증 행은 학습 행에서 떼었고 에폭을 고르는 데에도 쓰였으므로, 새 데이터에서 기대할 수 있는 점수는 평가 점수다' : '학습 행과 따로 마련한 평가 데이터에서도 점수가 내리지 않았다'}.`;
    },
    over: (name, other, lead) => {
      const { macro, accuracy } = changes(other, lead);
      return `${name}에 비해 macro-F1의 변화는 ${macro}, 정확도의 변화는 ${accuracy}이다.`;
    },
    weighted: (weighted, lead) => {
      const { macro, micro, accuracy } = changes(lead.summary.metrics, weighted.summary.metrics);
      const [from, to] = [rareF1(lead), rareF1(weighted)];
      return `클래스 가중 손실로 바뀐 값은 macro-F1 ${macro}, micro-F1 ${micro}, 정확도 ${accuracy}이다. 평가 행이 적은 절반의 라벨에서 평균 F1은 ${score(from)} → ${score(to)}이다. ${to > from ? '가중치의 의도대로 드문 라벨의 점수가 올랐다' : '가중치의 의도와 달리 드문 라벨의 점수가 오르지 않았다'}.`;
    },
    spread: (never, classes) =>
      never.length === 0
        ? '평가 데이터에 있는 라벨은 모두 한 번 이상 맞혔다.'
        : `F1이 0인 라벨은 ${never.length}개이며 평가 행은 모두 ${grouped(supportOf(classes, never))}개다. macro-F1은 모든 라벨에 같은 무게를 두므로, 나머지 라벨을 다 맞혀도 ${score(ceiling(classes, never))}까지만 오른다.`,
    kinds: ({ noRelation, all, missed, invented, swapped }) =>
      `오답 ${grouped(all)}개의 종류: 있는 관계를 놓친 것(${code(noRelation)} 예측) ${percent(missed / all)}, 없는 관계를 있다고 답한 것 ${percent(invented / all)}, 한 관계를 다른 관계로 답한 것 ${percent(swapped / all)}. ${swapped * 2 < all ? '오답의 절반 이상이 관계가 있는지 판단하는 데서 나온다' : '오답의 절반 이상이 관계의 종류를 구별하는 데서 나온다'}.`,
  },
  en: {
    progress: (name, { firstLoss, lastLoss, bestLoss, best, last, bestMacro, lastMacro, validationRows }) => {
      const course = `${name}: the mean training loss of an epoch went from ${score(firstLoss)} to ${score(lastLoss)}.`;
      if (validationRows === 0)
        return `${course} There are no validation rows, so the weights of the last epoch are used.`;
      if (best === last)
        return `${course} Validation macro-F1 is highest after the last epoch, ${last} (${score(bestMacro)}), so longer training may still raise it.`;
      if (lastMacro === bestMacro)
        return `${course} Validation macro-F1 has not risen since epoch ${best} (${score(bestMacro)}).`;
      const after =
        lastLoss < bestLoss
          ? 'The training loss fell further after that while validation did not improve, which points to overfitting'
          : 'The training loss fell no further after that';
      return `${course} Validation macro-F1 is highest after epoch ${best} (${score(bestMacro)}) and ${score(lastMacro)} after the last. ${after}.`;
    },
    gap: (validation, test) => {
      const difference = test.macro_f1 - validation.macro_f1;
      return `Macro-F1 is ${score(validation.macro_f1)} on ${counted(validation.n, 'validation row')} and ${score(test.macro_f1)} on ${counted(test.n, 'test row')} (difference ${signed(difference)}). ${difference < 0 ? 'Validation rows come from the training rows and were used to choose the epoch, so the test score is what to expect on new data' : 'The score does not fall on the test rows, which are separate from the training rows'}.`;
    },
    over: (name, other, lead) => {
      const { macro, accuracy } = changes(other, lead);
      return `Against “${name}”, macro-F1 changes by ${macro} and accuracy by ${accuracy}.`;
    },
    weighted: (weighted, lead) => {
      const { macro, micro, accuracy } = changes(lead.summary.metrics, weighted.summary.metrics);
      const [from, to] = [rareF1(lead), rareF1(weighted)];
      return `Class-weighted loss changes macro-F1 by ${macro}, micro-F1 by ${micro} and accuracy by ${accuracy}. Over the half of the labels with fewer test rows the mean F1 goes from ${score(from)} to ${score(to)}: ${to > from ? 'rare labels gain, as the weights are meant to make them' : 'rare labels do not gain, though the weights are meant to make them'}.`;
    },
    spread: (never, classes) =>
      never.length === 0
        ? 'Every label of the test rows is predicted correctly at least once.'
        : `Labels with an F1 of 0: ${never.length}, with ${counted(supportOf(classes, never), 'test row')} in all. Each label weighs the same in macro-F1, so even with all other labels right it could only reach ${score(ceiling(classes, never))}.`,
    kinds: ({ noRelation, all, missed, invented, swapped }) =>
      `Of ${counted(all, 'error')} ${percent(missed / all)} miss a relation (answer ${code(noRelation)}), ${percent(invented / all)} answer with one where there is none, and ${percent(swapped / all)} take one relation for another. ${swapped * 2 < all ? 'Most errors are about whether there is a relation' : 'At least half of the errors are about which relation it is'}.`,
  },
};
