import { figureFile } from '../../../base/charts/figure.ts';
import { counted, grouped, percent, score } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { systemName } from '../../../base/eval/systems.ts';
import { BASELINE_FIGURE, BASELINE_FOLDER, type BaselineFile, baselineFile } from '../../stages/baselines.ts';
import { joinBlocks, list, markdownTable } from '../markdown.ts';
import { relationText } from './sentenceBlock.ts';

/** Stage 05 in the report: Markdown from `metrics.json` alone. Errors: those of reading the file. */
export async function baselineSection(out: string, lang: Language): Promise<string> {
  return joinBlocks(TEXT[lang](factsOf(await baselineFile.read(out), lang)));
}

function factsOf({ dataset, majority, systems }: BaselineFile, lang: Language) {
  const best = (name: 'accuracy' | 'macro_f1' | 'micro_f1') =>
    score(Math.max(...systems.map((row) => row.metrics[name])));
  const withSpread = (value: number, deviation: number, runs: number) =>
    runs > 1 ? `${score(value)} ± ${score(deviation)}` : score(value);
  return {
    ...dataset,
    label: relationText(majority.label, lang),
    isNoRelation: majority.is_no_relation,
    trainShare: percent(majority.train_share),
    testShare: percent(majority.test_share),
    hasShift: Math.abs(majority.train_share - majority.test_share) > 0.05,
    seeds: Math.max(...systems.map(({ runs }) => runs.length)),
    majority: systems.find(({ system }) => system === 'majority')!.metrics,
    weighted: systems.find(({ system }) => system === 'random_weighted')!,
    largestMiss: score(
      Math.max(...systems.map(({ metrics, expected_accuracy }) => Math.abs(metrics.accuracy - expected_accuracy))),
    ),
    best: { accuracy: best('accuracy'), macro: best('macro_f1'), micro: best('micro_f1') },
    rows: systems.map(({ system, metrics, deviation, expected_accuracy, runs }) => [
      systemName(system)[lang],
      withSpread(metrics.accuracy, deviation.accuracy, runs.length),
      score(expected_accuracy),
      withSpread(metrics.macro_f1, deviation.macro_f1, runs.length),
      withSpread(metrics.micro_f1, deviation.micro_f1, runs.length),
      '–',
    ]),
    figure: `../${BASELINE_FOLDER}/${figureFile(BASELINE_FIGURE, lang)}`,
  };
}

type Facts = ReturnType<typeof factsOf>;

const TEXT: Readonly<Record<Language, (facts: Facts) => readonly string[]>> = {
  ko: (facts) => [
    '## 5. 학습 없는 기준선',
    '### 목적',
    '모델을 학습하지 않고 얻을 수 있는 성능을 측정하여, 미세조정의 효과를 판단할 기준선을 확보한다.',
    '### 이유',
    '점수는 비교 대상이 있어야 의미를 갖는다. 라벨 분포가 치우친 데이터에서는 문장을 전혀 읽지 않는 규칙도 높은 정확도를 얻을 수 있다. 그래서 다음 세 가지 규칙을 먼저 측정한다.',
    list([
      `**다수 클래스**: 학습 데이터에서 가장 많은 라벨인 ${facts.label} 하나만 답한다.`,
      `**균등 무작위**: 라벨 ${facts.labels}개 가운데 하나를 같은 확률로 뽑는다.`,
      '**분포 기반 무작위**: 학습 데이터의 라벨 비율에 따라 뽑는다.',
    ]),
    '### 결과',
    `평가 데이터 ${grouped(facts.test_rows)}행에서 측정했다. 무작위 기준선의 값은 시드 ${facts.seeds}개의 평균 ± 표준 편차다. 기대 정확도는 시드와 무관하게 계산한 정확한 기댓값으로, 균등 무작위는 1/K(K는 라벨 수), 분포 기반 무작위는 라벨별 학습 비율과 평가 비율의 곱을 모두 더한 값이다. 기준선은 라벨만 답하고 확률을 내지 않으므로 AUPRC가 없다(–).`,
    markdownTable(['기준선', '정확도', '기대 정확도', 'macro-F1', 'micro-F1', 'AUPRC'], facts.rows),
    `![학습 없는 기준선별 정확도와 macro-F1 막대그래프](${facts.figure})`,
    '### 해석',
    list([
      `다수 클래스의 정확도는 ${score(facts.majority.accuracy)}이지만 macro-F1은 ${score(facts.majority.macro_f1)}에 그친다. 라벨 ${facts.labels}개 가운데 한 라벨에서만 점수를 얻기 때문이다.${facts.isNoRelation ? ' 관계를 하나도 찾지 못하므로 micro-F1은 0이다.' : ''}`,
      facts.hasShift
        ? `${facts.label} 라벨의 비율은 학습 데이터에서 ${facts.trainShare}, 평가 데이터에서 ${facts.testShare}로 다르다. 학습 분포를 그대로 따르는 분포 기반 무작위의 기대 정확도가 ${score(facts.weighted.expected_accuracy)}에 머무는 데에는 이 차이도 작용한다.`
        : `${facts.label} 라벨의 비율은 학습 데이터에서 ${facts.trainShare}, 평가 데이터에서 ${facts.testShare}로 비슷하다.`,
      `측정한 정확도와 기댓값의 차이는 가장 큰 경우에도 ${facts.largestMiss}이다.`,
      `정확도만 보면 문장을 읽지 않는 규칙도 쓸 만한 모델처럼 보인다. 그래서 macro-F1을 중심으로 평가하고 micro-F1과 AUPRC를 함께 본다. 학습한 모델이 넘어야 할 값은 정확도 ${facts.best.accuracy}, macro-F1 ${facts.best.macro}, micro-F1 ${facts.best.micro}이다.`,
    ]),
  ],
  en: (facts) => [
    '## 5. Baselines without training',
    '### Purpose',
    'To measure what is possible without training a model, as the baseline against which fine-tuning is judged.',
    '### Why',
    'A score means something only in comparison with another. Where labels are unevenly distributed, a rule that never reads the sentence can reach a high accuracy. So three rules are measured first.',
    list([
      `**Majority label**: always answers ${facts.label}, the most frequent label of the training rows.`,
      `**Random, uniform**: draws one of the ${facts.labels} labels with equal probability.`,
      '**Random, training priors**: draws labels with their shares of the training rows.',
    ]),
    '### Result',
    `Measured on ${counted(facts.test_rows, 'test row')}. Figures of the random baselines are means over ${counted(facts.seeds, 'seed')} ± standard deviation. The expected accuracy is exact and needs no seed: 1/K for uniform draws of K labels, and the sum over labels of training share times test share for draws from the priors. The baselines give labels without probabilities, so they have no AUPRC (–).`,
    markdownTable(['Baseline', 'Accuracy', 'Expected accuracy', 'Macro-F1', 'Micro-F1', 'AUPRC'], facts.rows),
    `![Bar chart of accuracy and macro-F1 of the baselines without training](${facts.figure})`,
    '### Interpretation',
    list([
      `The majority label reaches an accuracy of ${score(facts.majority.accuracy)}, but a macro-F1 of only ${score(facts.majority.macro_f1)}: it scores on one of ${facts.labels} labels.${facts.isNoRelation ? ' It finds no relation at all, so its micro-F1 is 0.' : ''}`,
      facts.hasShift
        ? `${facts.label} makes up ${facts.trainShare} of the training rows, but ${facts.testShare} of the test rows. This is one reason why draws from the training priors have an expected accuracy of only ${score(facts.weighted.expected_accuracy)}.`
        : `${facts.label} makes up ${facts.trainShare} of the training rows and ${facts.testShare} of the test rows, about the same.`,
      `Measured and expected accuracy differ by ${facts.largestMiss} at most.`,
      `By accuracy alone, a rule that reads nothing looks like a fair model. So macro-F1 is the main metric, together with micro-F1 and AUPRC. A trained model has to beat an accuracy of ${facts.best.accuracy}, a macro-F1 of ${facts.best.macro} and a micro-F1 of ${facts.best.micro}.`,
    ]),
  ],
};
