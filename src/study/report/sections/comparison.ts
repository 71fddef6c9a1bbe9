import { counted, percent, score, signed } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { comparisonFile } from '../../stages/comparison/schema.ts';
import { code, firstFew, joinBlocks, list, markdownTable } from '../markdown.ts';
import { type ComparisonFacts, comparisonFacts, type Lead, type Spread } from './comparisonFacts.ts';
import { relationText } from './sentenceBlock.ts';

/** Stage 07 in the report: Markdown from `comparison.json` alone. Errors: those of reading the file. */
export async function comparisonSection(out: string, lang: Language): Promise<string> {
  return joinBlocks(TEXT[lang](comparisonFacts(await comparisonFile.read(out), lang)));
}

/** Accuracy this close to the blind one shows no knowledge of the sentence. */
const isBlind = ({ accuracy, blind_accuracy }: Spread): boolean => Math.abs(accuracy - blind_accuracy) < 0.02;
const topLabels = ({ top }: Spread, lang: Language): string =>
  top
    .slice(0, 3)
    .map(({ label, share }) => `${relationText(label, lang)} ${percent(share)}`)
    .join(', ');

const TEXT: Readonly<Record<Language, (facts: ComparisonFacts) => readonly string[]>> = {
  ko: (facts) => [
    '## 7. 모델 비교',
    '### 목적',
    `같은 평가 데이터 ${facts.rows}행에서 학습 전과 후의 모든 시스템을 한 표로 비교하고, 점수 차이가 우연인지 검정한다.`,
    '### 이유',
    `평가 데이터의 행 수가 유한하므로 모든 점수에는 오차가 있다. 그래서 행을 ${facts.resamples}번 복원 추출한 부트스트랩으로 ${facts.level} 신뢰 구간을 구하고, 같은 행에 대한 두 시스템의 답을 짝지어 검정한다. 정확도의 차이에는 맥니마(McNemar) 검정(정오가 갈린 행이 25개 미만이면 정확 이항 검정, 아니면 연속성 보정 카이제곱 검정)을, macro-F1의 차이에는 쌍체 부트스트랩을 쓴다.`,
    '### 결과',
    `무작위 기준선의 값은 시드 ${facts.seeds}개의 평균이며, 대괄호 안은 ${facts.level} 신뢰 구간이다. 확률을 내지 않는 시스템에는 AUPRC가 없다(–).`,
    markdownTable(['시스템', ...facts.metricTitles], facts.metricRows),
    facts.missing.length > 0 ? `예측 파일이 없거나 행이 달라 제외한 실행: ${facts.missing.join(', ')}.` : '',
    `![시스템별 정확도, macro-F1, micro-F1, AUPRC와 신뢰 구간 막대그래프](${facts.figures.metrics})`,
    `다음 표는 **${facts.reference}** 시스템을 다른 시스템과 하나씩 비교한 결과다. “기준만 맞음”은 ${facts.reference}만 맞힌 행 수, “상대만 맞음”은 상대 시스템만 맞힌 행 수다. 무작위 기준선은 첫 시드의 답으로 검정한다. 재표집이 ${facts.resamples}번이므로 쌍체 부트스트랩의 p값은 ${facts.smallestP}보다 작아지지 않는다.`,
    markdownTable(
      ['상대 시스템', '기준만 맞음', '상대만 맞음', '맥니마 검정', 'macro-F1 차이', '쌍체 부트스트랩'],
      facts.testRows,
    ),
    `라벨별 F1의 학습 전후 변화는 다음과 같다. 학습 전은 **${facts.before}**, 학습 후는 **${facts.reference}** 시스템의 값이다.`,
    markdownTable(['라벨', '평가 행', '학습 전', '학습 후', '변화'], facts.classRows),
    `![라벨별 학습 전후 F1 막대그래프](${facts.figures.classes})`,
    '### 해석',
    list([
      ...(facts.untaught ? [koreanLead('학습 없이 얻은 가장 높은 macro-F1', facts.untaught, facts)] : []),
      ...(facts.frozen ? [koreanLead('인코더를 고정하고 선형 분류기만 학습한 경우', facts.frozen, facts)] : []),
      ...(facts.weighted ? [koreanWeighted(facts.weighted, facts)] : []),
      koreanBalance(facts),
      `학습 뒤 F1이 오른 라벨은 ${facts.labels}개 가운데 ${facts.improved}개, 내린 라벨은 ${facts.worse}개다. ${facts.unlearned.length === 0 ? '평가 데이터에 있는 라벨 가운데 F1이 0으로 남은 라벨은 없다.' : `F1이 0으로 남은 라벨은 ${facts.unlearned.length}개다(평가 행 수와 함께): ${firstFew(facts.unlearned)}. 개선의 우선 대상은 이 라벨들이다.`}`,
      ...(facts.majority && facts.untrained ? [koreanSpread(facts.majority, facts.untrained)] : []),
    ]),
  ],
  en: (facts) => [
    '## 7. Model comparison',
    '### Purpose',
    `To compare all systems, before and after training, on the same ${facts.rows} test rows, and to test whether their differences could be chance.`,
    '### Why',
    `The test rows are a finite sample, so every score has an error. ${facts.level} intervals come from a bootstrap that resamples the rows ${facts.resamples} times; differences are tested on the paired answers of two systems to the same rows: in accuracy by McNemar’s test (the exact binomial one where fewer than 25 rows are right under one system alone, else χ² with continuity correction), in macro-F1 by a paired bootstrap.`,
    '### Result',
    `Figures of the random baselines are means over ${counted(facts.seeds, 'seed')}; brackets are ${facts.level} confidence intervals. Systems without probabilities have no AUPRC (–).`,
    markdownTable(['System', ...facts.metricTitles], facts.metricRows),
    facts.missing.length > 0
      ? `Runs left out, as their predictions are missing or are for other rows: ${facts.missing.join(', ')}.`
      : '',
    `![Bar charts of accuracy, macro-F1, micro-F1 and AUPRC by system, with confidence intervals](${facts.figures.metrics})`,
    `The next table compares **${facts.reference}** with each other system. “Only reference” counts the rows that only ${facts.reference} gets right, “only other” those that only the other system gets right. Random baselines are tested by the answers of their first seed. With ${facts.resamples} resamples the paired bootstrap’s p cannot fall below ${facts.smallestP}.`,
    markdownTable(
      ['Other system', 'Only reference', 'Only other', 'McNemar’s test', 'Difference in macro-F1', 'Paired bootstrap'],
      facts.testRows,
    ),
    `F1 of each label before training (**${facts.before}**) and after (**${facts.reference}**):`,
    markdownTable(['Label', 'Test rows', 'Before', 'After', 'Change'], facts.classRows),
    `![Bar chart of F1 by label before and after training](${facts.figures.classes})`,
    '### Interpretation',
    list([
      ...(facts.untaught ? [englishLead('The best system without training', facts.untaught, facts)] : []),
      ...(facts.frozen ? [englishLead('A linear classifier on the frozen encoder', facts.frozen, facts)] : []),
      ...(facts.weighted ? [englishWeighted(facts.weighted, facts)] : []),
      englishBalance(facts),
      `Training raised F1 for ${facts.improved} of ${facts.labels} labels and lowered it for ${facts.worse}. ${facts.unlearned.length === 0 ? 'No label of the test rows is left at an F1 of 0.' : `Labels left at an F1 of 0: ${facts.unlearned.length}. With their test rows: ${firstFew(facts.unlearned)}. They are what to improve first.`}`,
      ...(facts.majority && facts.untrained ? [englishSpread(facts.majority, facts.untrained)] : []),
    ]),
  ],
};

const koreanLead = (what: string, lead: Lead, { macro }: ComparisonFacts): string =>
  `${what}(${lead.name}, ${lead.macro})에 비해 미세조정의 macro-F1(${macro})은 ${score(Math.abs(lead.difference))}만큼 ${lead.difference < 0 ? '낮다' : '높다'}. 차이의 신뢰 구간은 ${lead.interval}이며, ${lead.isSignificant ? '통계적으로 유의하다' : '우연으로 설명할 수 있는 범위에 있다'}(${lead.p}).`;

const englishLead = (what: string, lead: Lead, { macro }: ComparisonFacts): string =>
  `${what} (${lead.name}) has a macro-F1 of ${lead.macro}, the fine-tuned model ${macro}. The difference of ${signed(lead.difference)} ${lead.interval} ${lead.isSignificant ? 'is significant' : 'could be chance'} (${lead.p}).`;

/** The lead is the reference's, so weighting helped where it is negative. */
function koreanWeighted({ macro, difference, p, isSignificant }: Lead, facts: ComparisonFacts): string {
  const effect = `${score(Math.abs(difference))}만큼 ${difference < 0 ? '높다' : '낮다'}`;
  const verdict = isSignificant ? '이 차이는 통계적으로 유의하다' : '이 차이는 우연으로 설명할 수 있다';
  return `클래스 가중 손실을 쓴 모델의 macro-F1(${macro})은 가중하지 않은 모델(${facts.macro})보다 ${effect}. ${verdict}(${p}).`;
}

function englishWeighted({ macro, difference, p, isSignificant }: Lead, facts: ComparisonFacts): string {
  const verdict = isSignificant ? 'is significant' : 'could be chance';
  return `With class-weighted loss macro-F1 is ${macro} instead of ${facts.macro}. The difference of ${signed(-difference)} ${verdict} (${p}).`;
}

function koreanBalance({ reference, accuracy, macro, gap, frequentF1, rareF1 }: ComparisonFacts): string {
  const halves = `평가 행이 많은 절반의 라벨은 평균 F1이 ${score(frequentF1)}, 적은 절반은 ${score(rareF1)}이다`;
  const verdict =
    rareF1 < frequentF1 ? '적은 라벨에서 오분류가 많다는 뜻이다' : '행이 적은 라벨이라고 더 나쁘지는 않다';
  return `${reference}의 정확도는 ${accuracy}, macro-F1은 ${macro}이다(차이 ${signed(gap)}). ${halves}. ${verdict}.`;
}

function englishBalance({ reference, accuracy, macro, gap, frequentF1, rareF1 }: ComparisonFacts): string {
  const halves = `The half of the labels with more test rows has a mean F1 of ${score(frequentF1)}, the other half ${score(rareF1)}`;
  const verdict = rareF1 < frequentF1 ? 'rare labels are misclassified more often' : 'rare labels do no worse';
  return `${reference}: accuracy ${accuracy}, macro-F1 ${macro} (difference ${signed(gap)}). ${halves}: ${verdict}.`;
}

function koreanSpread(majority: Spread, untrained: Spread): string {
  const [answer] = majority.top;
  const blind = isBlind(untrained)
    ? `실제 정확도(${score(untrained.accuracy)})와 거의 같으므로, 이 헤드의 답은 문장에 담긴 관계와 무관하다고 볼 수 있다`
    : `실제 정확도(${score(untrained.accuracy)})는 이와 달라, 무작위 헤드의 답도 인코더의 표현을 통해 문장과 얼마간 관련된다`;
  return [
    `다수 클래스와 학습 전 분류 헤드는 둘 다 학습하지 않았지만 정확도는 서로 다르다(${score(majority.accuracy)} 대 ${score(untrained.accuracy)}). 답을 정하는 기준이 다르기 때문이다.`,
    `다수 클래스는 학습 데이터의 라벨을 세어 알아낸 ${relationText(answer?.label ?? '–', 'ko')} 하나만 답하고, 이 라벨이 평가 데이터의 ${percent(answer?.gold_share ?? 0)}를 차지한다.`,
    `학습 전 헤드는 가중치가 무작위이므로 데이터의 라벨 분포를 모른 채 ${untrained.labels_predicted}개 라벨을 답하며, 가장 많이 답한 라벨은 ${topLabels(untrained, 'ko')}이다.`,
    `문장을 보지 않고 이 비율로 답할 때의 기대 정확도는 ${score(untrained.blind_accuracy)}이다. ${blind}.`,
  ].join(' ');
}

function englishSpread(majority: Spread, untrained: Spread): string {
  const [answer] = majority.top;
  const blind = isBlind(untrained)
    ? `about the ${score(untrained.accuracy)} that was measured: its answers have nothing to do with the relation`
    : `but ${score(untrained.accuracy)} was measured: through the encoder’s states even a random head’s answers are somewhat related to the sentence`;
  return [
    `Neither the majority label nor the untrained head was trained, yet their accuracies differ (${score(majority.accuracy)} against ${score(untrained.accuracy)}), because they choose their answers differently.`,
    `The majority label is found by counting the training labels: the answer is always ${code(answer?.label ?? '–')}, which ${percent(answer?.gold_share ?? 0)} of the test rows have.`,
    `The untrained head has random weights and does not know how frequent labels are; it answers with ${untrained.labels_predicted} of them, most often ${topLabels(untrained, 'en')}.`,
    `Answering with these shares without looking at the sentence has an expected accuracy of ${score(untrained.blind_accuracy)}, ${blind}.`,
  ].join(' ');
}
