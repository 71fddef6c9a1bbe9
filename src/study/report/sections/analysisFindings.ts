import { mean } from '../../../base/core/averages.ts';
import { counted, grouped, percent, score, signed } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { particleAfter } from '../../../base/text/particles.ts';
import { CLASS_NAMES, type Remedy, SLICING_NAMES, sliceName } from '../../analysis/kinds.ts';
import { calibrationChange, disagreementText } from '../../analysis/reliability.ts';
import type { ErrorAnalysis } from '../../analysis/schema.ts';
import { code } from '../markdown.ts';
import { relationText } from './sentenceBlock.ts';

/** Sentences of the error analysis' section that weigh figures. */
export interface AnalysisFindings {
  shortcuts(shortcuts: NonNullable<ErrorAnalysis['shortcuts']>, noRelation: string | null): string;
  confidence(analysis: ErrorAnalysis): string;
  disagreements(analysis: ErrorAnalysis): string;
  neighbours(neighbours: NonNullable<ErrorAnalysis['neighbours']>): string;
  remedy(advice: Advice): string;
  interpretation(analysis: ErrorAnalysis): readonly string[];
}

type Advice = NonNullable<ErrorAnalysis['rare']>['relations'][number]['remedies'][number];

const share = (count: number, of: number): string => (of === 0 ? '–' : percent(count / of));
/** Classes with errors, most first. */
const ranked = ({ taxonomy }: ErrorAnalysis) =>
  taxonomy.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count);
/** The slices furthest below and above the rest, of those that differ; how frequent a label is has its own sentence. */
function extremes({ slices }: ErrorAnalysis) {
  const differing = slices
    .filter(({ differs, slicing }) => differs && slicing !== 'frequency')
    .toSorted((a, b) => a.difference! - b.difference!);
  const [worst, best] = [differing[0], differing.at(-1)];
  return {
    worst: worst !== undefined && worst.difference! < 0 ? worst : null,
    best: best !== undefined && best.difference! > 0 ? best : null,
  };
}
type Slice = ErrorAnalysis['slices'][number];
const nameOf = ({ slicing, value }: Slice, lang: Language): string =>
  `${SLICING_NAMES[slicing][lang]} “${sliceName(slicing, value, lang)}”`;

const hasNone = ({ train_groups, test_groups, mixed_groups }: ErrorAnalysis['contradictions']): boolean =>
  train_groups + test_groups + mixed_groups === 0;

/** Do answers without names lose macro-F1, but hardly any accuracy? */
const isSkewed = ({ full, masked }: NonNullable<ErrorAnalysis['shortcuts']>): boolean =>
  full.macro_f1 - masked.macro_f1 > 0.02 && full.accuracy - masked.accuracy < (full.macro_f1 - masked.macro_f1) / 2;

/** Relations that are answered well without the sentence: half or more of at least five right rows stay right. */
const easiest = ({ labels }: NonNullable<ErrorAnalysis['shortcuts']>, noRelation: string | null) =>
  labels
    .filter(({ label, right, kept }) => label !== noRelation && right >= 5 && kept >= RELIES_FROM * right)
    .toSorted((a, b) => b.kept / b.right - a.kept / a.right)
    .slice(0, 4);

/** From half of the right answers on that stay right without the sentence, the model relies on names. */
const RELIES_FROM = 0.5;

/** Rare relations for which more training rows are advised. */
const shortOfRows = ({ relations }: NonNullable<ErrorAnalysis['rare']>): string =>
  grouped(relations.filter(({ remedies }) => remedies.some(({ remedy }) => remedy === 'more_rows')).length);

const KO_REMEDIES: Readonly<Record<Remedy, (advice: Advice) => string>> = {
  more_rows: ({ rows }) => `학습 행을 ${grouped(rows!)}개쯤 더 모은다`,
  inverse_augmentation: ({ rows, label }) =>
    `${relationText(label!, 'ko')} 학습 행 ${grouped(rows!)}개에서 주체와 객체를 바꾼 행을 더한다(${code('--augment inverse')})`,
  type_mask: ({ rows }) => `유형 제약을 켠다(유형에 맞지 않는 답 ${grouped(rows!)}개)`,
  sharper_definition: ({ rows, label }) =>
    `${relationText(label!, 'ko')} 관계와 구별하는 기준을 분명히 하거나 둘을 합친다(${grouped(rows!)}개를 그 관계로 답함)`,
  threshold: ({ rows }) =>
    `임계값을 낮추거나 로짓을 보정한다(${code('--logit-adjust')}, 놓친 행 가운데 ${grouped(rows!)}개에서 차순위가 정답)`,
  nothing: () => 'F1이 0.7 이상이라 급하지 않다',
  unknown: () => '평가 행이 없어 판단할 수 없다',
};

const EN_REMEDIES: Readonly<Record<Remedy, (advice: Advice) => string>> = {
  more_rows: ({ rows }) => `about ${counted(rows!, 'more training row')}`,
  inverse_augmentation: ({ rows, label }) =>
    `${counted(rows!, 'training row')} of ${code(label!)} with the entities exchanged (${code('--augment inverse')})`,
  type_mask: ({ rows }) => `the type mask (${counted(rows!, 'answer')} that the types rule out)`,
  sharper_definition: ({ rows, label }) =>
    `a clearer definition against ${code(label!)}, or merging both (${counted(rows!, 'row')} taken for it)`,
  threshold: ({ rows }) =>
    `a lower threshold or logit adjustment (${code('--logit-adjust')}; the runner-up in ${counted(rows!, 'missed row')})`,
  nothing: () => 'nothing urgent: F1 is 0.7 or more',
  unknown: () => 'unknown: there are no test rows',
};

export const ANALYSIS_FINDINGS: Readonly<Record<Language, AnalysisFindings>> = {
  ko: {
    shortcuts: (shortcuts, noRelation) => {
      const { rows, sampled, full, entities_only: alone, masked, type_rule: rule, right, wrong } = shortcuts;
      const kept = shortcuts.right_with_entities_only;
      const easy = easiest(shortcuts, noRelation);
      return [
        sampled ? `행이 많아 시드로 뽑은 ${grouped(rows)}행에서 측정했다.` : '',
        `문장을 지우고 두 엔티티만 주면 정확도는 ${score(full.accuracy)} → ${score(alone.accuracy)}, macro-F1은 ${score(full.macro_f1)} → ${score(alone.macro_f1)}이다.`,
        `반대로 문장은 두고 엔티티의 이름만 가리면 정확도 ${score(masked.accuracy)}, macro-F1 ${score(masked.macro_f1)}이다.${isSkewed(shortcuts) ? ' 정확도보다 macro-F1이 훨씬 크게 내렸으므로, 이름을 가리면 답이 행이 많은 라벨로 쏠린다.' : ''}`,
        rule
          ? `참고로 유형 쌍마다 학습에서 가장 잦은 관계로만 답하면 정확도 ${score(rule.accuracy)}, macro-F1 ${score(rule.macro_f1)}이다.`
          : '',
        `온전한 문장에서 맞힌 ${grouped(right)}행 가운데 엔티티만으로도 맞힌 행은 ${grouped(kept)}개(${share(kept, right)}), 이름을 가려도 맞힌 행은 ${grouped(shortcuts.right_with_masked)}개(${share(shortcuts.right_with_masked, right)})다.`,
        easy.length > 0
          ? `엔티티만으로도 잘 맞히는 관계: ${easy.map(({ label, kept: k, right: r }) => `${relationText(label, 'ko')} ${r}행 가운데 ${k}행`).join(', ')}.`
          : '',
        `오답 ${grouped(wrong)}개 가운데 ${grouped(shortcuts.wrong_same_with_entities_only)}개(${share(shortcuts.wrong_same_with_entities_only, wrong)})는 문장이 없어도 답이 같다. 이런 행에서는 모델이 문장을 보고 답을 바꾸지 않았다.`,
      ]
        .filter(Boolean)
        .join(' ');
    },
    confidence: ({ overconfident: { from, count, ...shares }, errors, calibration }) => {
      const { temperature, ece, ece_before } = calibration;
      const error =
        temperature === 1
          ? `평가 행의 기대 보정 오차(ECE)는 ${score(ece)}이며, 보정 기록이 없어 모델의 확률을 그대로 썼다.`
          : `온도 ${temperature.toFixed(2)}${particleAfter(temperature.toFixed(2), '으로/로')} 보정한 신뢰도를 평가 행에서 재었다. ${calibrationChange(ece_before, ece, 'ko')}`;
      return `${error} 신뢰도가 ${from} 이상인데 틀린 행은 ${grouped(count)}개로, 오답 ${grouped(errors)}개의 ${percent(shares.share_of_errors)}이고 신뢰도가 ${from} 이상인 답의 ${percent(shares.share_of_confident)}에 해당한다.`;
    },
    disagreements: ({ disagreements, contradictions }) =>
      [
        `신뢰 학습(Northcutt et al. 2021)의 라벨별 임계값, 곧 그 라벨이 붙은 행의 평균 신뢰도를 넘는 확률로 다른 라벨을 답하고, 신뢰도가 0.8 이상이며, 정답에 준 확률이 0.1 이하이고, 학습 행에서 그 유형 쌍에 나온 적이 있는 관계를 답한 행만 골랐다. 이렇게 모델이 강하게 반대한 행은 ${grouped(disagreements.count)}개(오답의 ${percent(disagreements.share_of_errors)})다. ${disagreementText({ disagreements }, 'ko')} 어느 쪽이 틀렸는지는 알 수 없으며, 사람이 먼저 다시 확인할 행일 뿐이다.`,
        hasNone(contradictions)
          ? '같은 문장과 엔티티 쌍에 다른 라벨이 붙은 행은 학습 행에도 평가 행에도 없다.'
          : `같은 문장과 엔티티 쌍에 다른 라벨이 붙은 묶음은 학습 행에 ${grouped(contradictions.train_groups)}개, 평가 행에 ${grouped(contradictions.test_groups)}개, 학습과 평가에 걸쳐 ${grouped(contradictions.mixed_groups)}개 있다. 여기에 해당하는 평가 행은 ${grouped(contradictions.test_rows)}개이고 그중 오답은 ${grouped(contradictions.errors)}개다.`,
      ].join(' '),
    neighbours: ({ encoded, sampled, errors, per_case, carry }) =>
      `${sampled ? `시드로 뽑은 학습 ${grouped(encoded)}행` : `학습 ${grouped(encoded)}행 전체`}에서 오답 ${grouped(errors)}개마다 가장 가까운 ${per_case}행을 찾았다. 이웃의 다수가 예측 라벨인 오답이 ${grouped(carry.predicted)}개(${share(carry.predicted, errors)}), 정답 라벨인 오답이 ${grouped(carry.gold)}개(${share(carry.gold, errors)}), 그 밖의 라벨인 오답이 ${grouped(carry.other)}개(${share(carry.other, errors)})다. 첫째는 표현 자체가 예측 라벨의 학습 문장과 가까운 경우이고, 둘째는 표현은 맞지만 분류기의 경계가 어긋난 경우다.`,
    remedy: (advice) => KO_REMEDIES[advice.remedy](advice),
    interpretation: (analysis) => {
      const { errors, confusions, shortcuts, neighbours, rare, metrics } = analysis;
      const [first, second] = ranked(analysis);
      const { worst, best } = extremes(analysis);
      const named = (slice: Slice) =>
        `${nameOf(slice, 'ko')}(정확도 ${score(slice.accuracy)}, 나머지와의 차이 ${signed(slice.difference!)})`;
      return [
        ...(first
          ? [
              `가장 많은 오답은 “${CLASS_NAMES[first.class].ko}”(${percent(first.share)})이고${second ? `, 다음은 “${CLASS_NAMES[second.class].ko}”(${percent(second.share)})이다` : ' 다른 종류는 없다'}. ${
                (confusions.missed + confusions.invented) * 2 > errors
                  ? `관계가 있는지 없는지의 판단에서 나온 오답이 ${percent((confusions.missed + confusions.invented) / errors)}로, 관계의 종류를 가르는 일보다 큰 문제다.`
                  : `관계의 종류를 가르는 데서 나온 오답이 ${percent(confusions.named / errors)}로, 관계의 유무를 판단하는 일보다 큰 문제다.`
              }`,
            ]
          : []),
        ...(worst
          ? [`가장 약한 조건은 ${named(worst)}이다.${best ? ` 가장 강한 조건은 ${named(best)}이다.` : ''}`]
          : []),
        ...(shortcuts && shortcuts.right > 0
          ? [
              shortcuts.right_with_entities_only >= RELIES_FROM * shortcuts.right
                ? `맞힌 답의 ${share(shortcuts.right_with_entities_only, shortcuts.right)}가 엔티티만으로 나오므로, 모델은 문장보다 이름과 유형에 크게 의존한다. 처음 보는 이름이 많은 글에서는 점수가 내릴 수 있다.`
                : `맞힌 답 가운데 엔티티만으로 나오는 것은 ${share(shortcuts.right_with_entities_only, shortcuts.right)}이므로, 모델은 대체로 문장을 읽고 답한다.`,
            ]
          : []),
        ...(neighbours && neighbours.errors > 0
          ? [
              neighbours.carry.predicted > neighbours.carry.gold
                ? '오답의 이웃은 정답보다 예측 라벨인 경우가 더 많다. 분류기의 경계보다 표현이 문제이므로, 임계값을 조정하기보다 학습 행을 늘리거나 인코더를 바꾸는 쪽이 효과가 클 것이다.'
                : '오답의 이웃은 예측보다 정답 라벨인 경우가 더 많거나 같다. 표현은 정답을 구별하므로, 손실의 가중치나 임계값을 조정할 여지가 있다.',
            ]
          : []),
        ...(rare && rare.relations.length > 0
          ? [
              `드문 관계 ${grouped(rare.relations.length)}개의 평균 F1은 ${score(mean(rare.relations.map(({ f1 }) => f1)))}이다(전체 macro-F1 ${score(metrics.macro_f1)}). 무엇보다 학습 행이 모자란 관계는 ${shortOfRows(rare)}개다.`,
            ]
          : []),
      ];
    },
  },
  en: {
    shortcuts: (shortcuts, noRelation) => {
      const { rows, sampled, full, entities_only: alone, masked, type_rule: rule, right, wrong } = shortcuts;
      const kept = shortcuts.right_with_entities_only;
      const easy = easiest(shortcuts, noRelation);
      return [
        sampled ? `Measured on a seeded sample of ${counted(rows, 'row')}.` : '',
        `With the entities alone, accuracy goes from ${score(full.accuracy)} to ${score(alone.accuracy)} and macro-F1 from ${score(full.macro_f1)} to ${score(alone.macro_f1)}.`,
        `With the sentence kept and the names hidden, accuracy is ${score(masked.accuracy)} and macro-F1 ${score(masked.macro_f1)}.${isSkewed(shortcuts) ? ' As macro-F1 falls far more than accuracy, answers without names shift to the labels with many rows.' : ''}`,
        rule
          ? `Answering the most frequent relation of each type pair gives an accuracy of ${score(rule.accuracy)} and a macro-F1 of ${score(rule.macro_f1)}.`
          : '',
        `Right answers that stay right: ${grouped(kept)} of ${grouped(right)} (${share(kept, right)}) with the entities alone, ${grouped(shortcuts.right_with_masked)} (${share(shortcuts.right_with_masked, right)}) with the names hidden.`,
        easy.length > 0
          ? `Best without the sentence: ${easy.map(({ label, kept: k, right: r }) => `${code(label)} (${k} of ${counted(r, 'row')})`).join(', ')}.`
          : '',
        `Errors whose answer is the same without the sentence: ${grouped(shortcuts.wrong_same_with_entities_only)} of ${grouped(wrong)} (${share(shortcuts.wrong_same_with_entities_only, wrong)}). There the sentence did not change the answer.`,
      ]
        .filter(Boolean)
        .join(' ');
    },
    confidence: ({ overconfident: { from, count, ...shares }, errors, calibration }) => {
      const { temperature, ece, ece_before } = calibration;
      const error =
        temperature === 1
          ? `The expected calibration error (ECE) on the test rows is ${score(ece)}; there is no calibration, so these are the model’s raw probabilities.`
          : `The confidence calibrated with a temperature of ${temperature.toFixed(2)}, measured on the test rows: ${calibrationChange(ece_before, ece, 'en')}`;
      return `${error} Errors with a confidence of ${from} or more: ${grouped(count)}, which is ${percent(shares.share_of_errors)} of ${counted(errors, 'error')} and ${percent(shares.share_of_confident)} of the answers with such a confidence.`;
    },
    disagreements: ({ disagreements, contradictions }) =>
      [
        `By confident learning (Northcutt et al. 2021) the model strongly disagrees with a label where another label’s probability exceeds the mean confidence of the rows that have that label; here also only where it is 0.8 or more, that of the gold label is 0.1 or less, and training rows have this relation for the type pair. Such rows: ${grouped(disagreements.count)} (${percent(disagreements.share_of_errors)} of the errors). ${disagreementText({ disagreements }, 'en')} Which of label and answer is wrong is not known; these are the rows that a person should check first.`,
        hasNone(contradictions)
          ? 'No sentence with the same entities has two labels, neither in training nor in test rows.'
          : `Groups of rows with the same sentence and entities but different labels: ${grouped(contradictions.train_groups)} among training rows, ${grouped(contradictions.test_groups)} among test rows, ${grouped(contradictions.mixed_groups)} across both. They hold ${counted(contradictions.test_rows, 'test row')}; errors among these: ${grouped(contradictions.errors)}.`,
      ].join(' '),
    neighbours: ({ encoded, sampled, errors, per_case, carry }) =>
      `The ${per_case} nearest of ${sampled ? `a seeded sample of ${grouped(encoded)}` : `all ${grouped(encoded)}`} training rows were looked up for ${counted(errors, 'error')}. Most of them have the predicted label for ${grouped(carry.predicted)} (${share(carry.predicted, errors)}), the gold label for ${grouped(carry.gold)} (${share(carry.gold, errors)}), another label for ${grouped(carry.other)} (${share(carry.other, errors)}). In the first case the states themselves lie among training sentences of the predicted label; in the second they are where they should be, but the classifier’s boundary is not.`,
    remedy: (advice) => EN_REMEDIES[advice.remedy](advice),
    interpretation: (analysis) => {
      const { errors, confusions, shortcuts, neighbours, rare, metrics } = analysis;
      const [first, second] = ranked(analysis);
      const { worst, best } = extremes(analysis);
      const named = (slice: Slice) =>
        `${nameOf(slice, 'en')} (accuracy ${score(slice.accuracy)}, ${signed(slice.difference!)} against the rest)`;
      return [
        ...(first
          ? [
              `The most frequent class is “${CLASS_NAMES[first.class].en}” (${percent(first.share)})${second ? `, then “${CLASS_NAMES[second.class].en}” (${percent(second.share)})` : '; there are no others'}. ${
                (confusions.missed + confusions.invented) * 2 > errors
                  ? `The larger problem is whether there is a relation at all (${percent((confusions.missed + confusions.invented) / errors)} of the errors), not which one it is.`
                  : `The larger problem is which relation it is (${percent(confusions.named / errors)} of the errors), not whether there is one.`
              }`,
            ]
          : []),
        ...(worst ? [`The weakest slice is ${named(worst)}.${best ? ` The strongest is ${named(best)}.` : ''}`] : []),
        ...(shortcuts && shortcuts.right > 0
          ? [
              shortcuts.right_with_entities_only >= RELIES_FROM * shortcuts.right
                ? `${share(shortcuts.right_with_entities_only, shortcuts.right)} of the right answers come from the entities alone: the model relies on names and types more than on sentences, and may do worse on texts with new names.`
                : `${share(shortcuts.right_with_entities_only, shortcuts.right)} of the right answers come from the entities alone: for the most part the model reads the sentence.`,
            ]
          : []),
        ...(neighbours && neighbours.errors > 0
          ? [
              neighbours.carry.predicted > neighbours.carry.gold
                ? 'The neighbours of errors have the predicted label more often than the gold one: the problem is the states rather than the boundary, so more training rows or another encoder should help more than thresholds.'
                : 'The neighbours of errors have the gold label as often as the predicted one or more often: the states separate them, so weights of the loss or thresholds may help.',
            ]
          : []),
        ...(rare && rare.relations.length > 0
          ? [
              `Rare relations (${grouped(rare.relations.length)}) have a mean F1 of ${score(mean(rare.relations.map(({ f1 }) => f1)))} (macro-F1 over all: ${score(metrics.macro_f1)}). Relations that need training rows first: ${shortOfRows(rare)}.`,
            ]
          : []),
      ];
    },
  },
};
