import { counted } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { particleAfter } from '../../../base/text/particles.ts';
import { code } from '../markdown.ts';
import type { SelectionFacts, SpeedFacts } from './selectionFacts.ts';

/** The prose of stage 04's section; every figure comes in as an argument. */
export interface SelectionWords {
  readonly heading: string;
  readonly purpose: readonly [string, string];
  readonly why: string;
  readonly encoder: string;
  readonly criteria: string;
  readonly criteriaHeader: readonly string[];
  readonly result: string;
  workload(workload: { tokens: number; batch: number; epochs: number }): string;
  readonly candidateHeader: readonly string[];
  readonly excluded: string;
  readonly alts: { readonly scores: string; readonly quality: string };
  speed(speed: SpeedFacts): string;
  readonly interpretation: string;
  winner(facts: SelectionFacts): string;
  stability(facts: SelectionFacts, titles: Readonly<Record<string, string>>): string;
  assumptions(facts: SelectionFacts, others: readonly { title: string; winner: string }[]): string;
  decoder(facts: SelectionFacts): string;
  readonly embedding: string;
  bundled(facts: SelectionFacts): string;
  sources(facts: SelectionFacts): string;
}

const CHANGES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  ko: { '0': '빼면', '0.5': '절반으로 줄이면', '2': '두 배로 늘리면' },
  en: { '0': 'left out', '0.5': 'halved', '2': 'doubled' },
};

export const SELECTION_WORDS: Readonly<Record<Language, SelectionWords>> = {
  ko: {
    heading: '## 4. 모델 선정',
    purpose: [
      '### 목적',
      '공개된 사전학습 모델 가운데 KLUE-RE에 맞게 미세조정할 인코더를 정한다. 모델의 명성이 아니라 공개된 점수와 설정에서 계산한 비용으로 판단하고, 그 판단이 어떤 가정에 바탕을 두는지 함께 밝힌다.',
    ],
    why: '### 이유',
    encoder:
      '정해진 라벨 가운데 하나를 고르는 문제에서는 **인코더에 분류 헤드를 얹은 구조**가 기본이 된다. 인코더는 문장 전체를 양방향으로 읽고, 헤드는 한 번의 계산으로 모든 라벨의 확률을 낸다. 확률이 있으므로 AUPRC를 측정하고 신뢰도 임계값을 정할 수 있으며, 같은 입력에는 언제나 같은 답이 나온다. 디코더 LLM은 답을 글로 생성하므로 라벨 밖의 답과 프롬프트에 따른 변동을 따로 다루어야 하고, 임베딩 모델은 벡터를 뽑은 뒤 분류기를 따로 학습해야 한다.',
    criteria:
      '기준은 네 가지다. 가중치는 설정 `selectionWeights`로 바꿀 수 있고, 어느 기준이 더 중요하다는 근거가 따로 없으므로 기본값은 모두 같다.',
    criteriaHeader: ['기준', '가중치', '이유', '환산'],
    result: '### 결과',
    workload: ({ tokens, batch, epochs }) =>
      `비용은 1단계에서 구한 학습 문장의 평균 길이 ${tokens}토큰과 배치 ${batch}${particleAfter(`${batch}`, '을/를')} 기준으로 각 모델의 설정에서 계산했다. 공식 학습법이 있는 모델은 그 에폭을, 없는 모델은 ${epochs}에폭을 적용했다. 메모리는 AdamW로 32비트 학습을 할 때의 추정값이며, 공개된 점수가 없으면 –로 적었다.`,
    candidateHeader: [
      '순위',
      '모델',
      '라이선스',
      '매개변수(M)',
      'KLUE-RE micro-F1',
      'AUPRC',
      '문장당 곱셈-덧셈(G)',
      '학습 메모리(GB)',
      '에폭',
      '점수',
    ],
    excluded: '제외',
    alts: {
      scores: '후보 모델별 네 기준의 가중 점수 누적 막대그래프',
      quality: '추론 비용과 KLUE-RE micro-F1의 산점도',
    },
    speed: ({ encoder, layers, device, rows, batch, tokens, rate }) =>
      `이 컴퓨터에서 측정한 속도는 참고로만 싣는다. ${code(encoder)}(${layers}층, ${device})${particleAfter(encoder, '은/는')} 평균 ${tokens}토큰인 문장 ${rows}개를 배치 ${batch}${particleAfter(`${batch}`, '으로/로')} 초당 ${rate}개 처리했다. 컴퓨터마다 달라지는 값이므로 순위에는 넣지 않았다.`,
    interpretation: '### 해석',
    winner: ({ winner, winnerScore, second, margin, isBalanced, isClose }) =>
      `**${code(winner)}${particleAfter(winner, '을/를')} 선정한다.** 점수는 ${winnerScore}${particleAfter(winnerScore, '으로/로')}, 2위 ${code(second)}보다 ${margin} 높다.${isBalanced ? ' 이보다 성능이 높은 후보는 모두 학습 비용이 더 들고, 비용이 더 낮은 후보는 모두 성능이 낮다.' : ''}${isClose ? ' 다만 차이가 크지 않아, 사정이 다르면 다른 선택도 합리적이다.' : ''}`,
    stability: ({ variants, kept, winner, flips }, titles) =>
      `가중치 하나를 빼거나 절반 또는 두 배로 바꾼 ${variants}가지 경우 가운데 ${kept}가지에서 ${code(winner)}${particleAfter(winner, '이/가')} 1위를 지킨다.` +
      (flips.length === 0
        ? ''
        : ` 순위가 바뀌는 경우는 다음과 같다: ${flips
            .map((flip) => `‘${titles[flip.criterion]}’ 가중치를 ${CHANGES.ko[String(flip.factor)]} \`${flip.winner}\``)
            .join(', ')}.`),
    assumptions: ({ assumptions, winner }, others) =>
      others.length === 0
        ? `환산 방법을 달리 정한 ${assumptions}가지 경우에도 모두 ${code(winner)}${particleAfter(winner, '이/가')} 1위다.`
        : `환산 방법을 달리 정하면 ${assumptions}가지 가운데 ${others.length}가지에서 1위가 바뀐다: ${others
            .map(({ title, winner: other }) => `${title} → \`${other}\``)
            .join('; ')}. 선정 결과는 이런 판단에 달려 있다.`,
    decoder: ({ decoder }) =>
      decoder
        ? `디코더 LLM을 쓰지 않는 이유는 비용에서도 드러난다. ${code(decoder.id)}${particleAfter(decoder.id, '은/는')} 가중치만 ${decoder.weights} GB, 모두 학습하려면 ${decoder.training} GB가 필요하고, 문장 하나를 읽는 연산량이 선정 모델의 ${decoder.compute}배다. 답을 생성하는 데 드는 계산은 여기에 더해진다.`
        : '디코더 LLM은 후보에 없다.',
    embedding:
      '임베딩 모델의 벡터에 분류기를 따로 얹는 방법이 어느 정도까지 가는지는 추정하지 않고 7단계에서 측정한다. 비교 표의 “고정 인코더 + 선형 분류기” 행이 그 결과다. 인코더를 고정하면 벡터는 문장의 유사도에 맞추어진 그대로지만, 미세조정을 하면 두 엔티티 사이의 관계를 구별하도록 모든 층이 바뀐다.',
    bundled: ({ inUse, bundled, winner }) =>
      `이번 실행에서 쓴 인코더는 \`${inUse}\`이다.` +
      (inUse === 'bundled' && bundled
        ? ` 내려받지 않고 바로 학습할 수 있도록 저장소에 넣은 인코더로, 매개변수 ${bundled.parameters}M에 연산량은 \`${winner}\`의 ${bundled.share}이다. 순위는 ${bundled.rank}위인데, 공개된 KLUE-RE 점수가 없고 임베딩 모델에서 나온 인코더이기 때문이다. 그래서 벡터를 그대로 쓰지 않고, 유사도에 특화된 위쪽 층을 덜어낸 뒤 헤드와 함께 미세조정한다. \`--encoder\`에 선정 모델의 폴더를 주면 같은 과정을 그 모델로 실행한다.`
        : ''),
    sources: ({ scoreSource, recipeSource }) =>
      `점수 출처: ${scoreSource ?? '–'}. 학습법 출처: ${recipeSource ?? '–'}. 모델별 라이선스와 매개변수의 출처는 \`candidates.csv\`에 있다.`,
  },
  en: {
    heading: '## 4. Model selection',
    purpose: [
      '### Purpose',
      'To choose the pretrained encoder to fine-tune for KLUE-RE, by published scores and by costs computed from configurations rather than by reputation, and to state what the choice depends on.',
    ],
    why: '### Why',
    encoder:
      'To choose one of a fixed set of labels, **an encoder with a classification head** is the natural architecture. The encoder reads the sentence in both directions, and the head gives every label’s probability in one pass. With probabilities, AUPRC can be measured and a confidence threshold set, and the same input always gets the same answer. A decoder LLM generates its answer as text, so that answers outside the labels and the prompt’s influence have to be handled; an embedding model needs a separate classifier trained on its vectors.',
    criteria:
      'There are four criteria. The setting `selectionWeights` changes their weights; there is no evidence that one matters more than another, so by default they count the same.',
    criteriaHeader: ['Criterion', 'Weight', 'Why', 'Scale'],
    result: '### Result',
    workload: ({ tokens, batch, epochs }) =>
      `Costs are computed from each model’s configuration for sentences of ${tokens} tokens, the mean of the training rows in stage 01, and batches of ${batch}. Models with an official recipe are trained for its epochs, the others for ${epochs}. Memory is an estimate for training with AdamW in 32 bits; – means that no score is published.`,
    candidateHeader: [
      'Rank',
      'Model',
      'Licence',
      'Parameters (M)',
      'KLUE-RE micro-F1',
      'AUPRC',
      'Multiply-adds a sentence (G)',
      'Training memory (GB)',
      'Epochs',
      'Score',
    ],
    excluded: 'excluded',
    alts: {
      scores: 'Stacked bars of the candidates’ weighted scores by criterion',
      quality: 'Scatter plot of inference cost and KLUE-RE micro-F1',
    },
    speed: ({ encoder, layers, device, rows, batch, tokens, rate }) =>
      `For information, speed on this machine: \`${encoder}\` (${counted(layers, 'layer')}, ${device}) read ${counted(rows, 'sentence')} of ${tokens} tokens on average in batches of ${batch} at ${rate} a second. As this differs from machine to machine, it is not part of the ranking.`,
    interpretation: '### Interpretation',
    winner: ({ winner, winnerScore, second, margin, isBalanced, isClose }) =>
      `**\`${winner}\` is selected.** Its score of ${winnerScore} is ${margin} above that of the second, \`${second}\`.${isBalanced ? ' Every candidate of higher quality costs more to train, and every cheaper one is of lower quality.' : ''}${isClose ? ' The lead is small, though: under other circumstances another choice is reasonable too.' : ''}`,
    stability: ({ variants, kept, winner, flips }, titles) =>
      `With one weight left out, halved or doubled, \`${winner}\` stays first in ${kept} of ${variants} cases.` +
      (flips.length === 0
        ? ''
        : ` The others: ${flips
            .map((flip) => `“${titles[flip.criterion]}” ${CHANGES.en[String(flip.factor)]}: \`${flip.winner}\``)
            .join(', ')}.`),
    assumptions: ({ assumptions, winner }, others) =>
      others.length === 0
        ? `\`${winner}\` also stays first under all ${assumptions} other ways to set the scales.`
        : `Under ${others.length} of ${assumptions} other ways to set the scales another model comes first: ${others
            .map(({ title, winner: other }) => `${title} → \`${other}\``)
            .join('; ')}. The choice depends on these decisions.`,
    decoder: ({ decoder }) =>
      decoder
        ? `Cost speaks against a decoder LLM as well: the weights of \`${decoder.id}\` alone take ${decoder.weights} GB, training all of them ${decoder.training} GB, and reading a sentence costs ${decoder.compute} times what the selected model takes. Generating the answer comes on top.`
        : 'There is no decoder LLM among the candidates.',
    embedding:
      'How well a separate classifier on an embedding model’s vectors does is not assumed but measured in stage 07: the row “Frozen encoder + linear classifier”. With a frozen encoder the states remain made for sentence similarity; fine-tuning changes all layers to distinguish the relations between two entities.',
    bundled: ({ inUse, bundled, winner }) =>
      `The encoder of this run is \`${inUse}\`.` +
      (inUse === 'bundled' && bundled
        ? ` It is part of the repository so that training needs no download: ${bundled.parameters} M parameters at ${bundled.share} of the multiply-adds of \`${winner}\`. It ranks ${bundled.rank}, as no KLUE-RE score of it is published and it comes from an embedding model. So its vectors are not used as they are: the upper layers, made for similarity, are removed, and the rest is fine-tuned with a head. \`--encoder\` with a folder of the selected model runs the same stages with that one.`
        : ''),
    sources: ({ scoreSource, recipeSource }) =>
      `Scores: ${scoreSource ?? '–'}. Recipe: ${recipeSource ?? '–'}. \`candidates.csv\` has the sources of each model’s licence and parameters.`,
  },
};
