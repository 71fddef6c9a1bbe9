import { giga, signed, times } from '../../../base/core/format.ts';
import { CRITERION_NAMES, type CriterionName } from '../../../base/core/settings.ts';
import type { Localized } from '../../../base/core/types.ts';
import { particleAfter } from '../../../base/text/particles.ts';
import type { Candidate } from './candidates.ts';
import { multiplyAdds, trainingBytes, weightBytes } from './costModel.ts';
import { CRITERIA, recipeMultiplyAdds, type Weights, type Workload } from './criteria.ts';
import type { Ranked } from './ranking.ts';

const points = (difference: number) => signed(difference, 3);

/** Why a candidate is ranked where it is, in sentences made from its figures; `ranking` is that of `rankCandidates`. */
export function reasonFor(row: Ranked, ranking: readonly Ranked[], weights: Weights, workload: Workload): Localized {
  const winner = ranking[0]!;
  if (row === winner) return whyFirst(row, ranking[1], workload);
  return row.rank === null ? whyExcluded(row.candidate, winner.candidate, workload) : whyBehind(row, winner, weights);
}

function whyFirst({ candidate, score }: Ranked, second: Ranked | undefined, workload: Workload): Localized {
  const { tokens, batch } = workload;
  const compute = giga(recipeMultiplyAdds(candidate, workload));
  const memory = giga(trainingBytes(candidate.architecture, tokens, batch));
  const f1 = candidate.published && (candidate.published.micro_f1 * 100).toFixed(2);
  const lead = second && (score - second.score).toFixed(3);
  return {
    ko:
      `네 기준을 합친 점수가 ${score.toFixed(3)}${particleAfter(score.toFixed(3), '으로/로')} 가장 높다. ` +
      (f1 ? `공개된 KLUE-RE micro-F1은 ${f1}%이고, ` : '공개된 KLUE-RE 점수는 없고, ') +
      `문장 하나를 정해진 에폭 수만큼 학습하는 데 곱셈-덧셈 ${compute}G회, 배치 ${batch}의 학습에 메모리 약 ${memory} GB가 필요하다.` +
      (lead ? ` 2위 ${second.candidate.id}보다 ${lead} 높다.` : ''),
    en:
      `Its score over the four criteria, ${score.toFixed(3)}, is the highest. ` +
      (f1 ? `Its published KLUE-RE micro-F1 is ${f1}%; ` : 'No KLUE-RE score of it is published; ') +
      `training on one sentence for all epochs takes ${compute} G multiply-adds, and about ${memory} GB of memory at batch ${batch}.` +
      (lead ? ` It leads the second, ${second.candidate.id}, by ${lead}.` : ''),
  };
}

function whyBehind(row: Ranked, winner: Ranked, weights: Weights): Localized {
  const differences = CRITERION_NAMES.map((name) => ({
    name,
    difference: weights[name] * (row.scores[name] - winner.scores[name]),
  })).toSorted((a, b) => a.difference - b.difference);
  const worst = differences[0]!;
  const best = differences.at(-1)!;
  const gap = (winner.score - row.score).toFixed(3);
  const title = (name: CriterionName) => CRITERIA[name].title;
  const gains = best.difference > 0.0005;
  return {
    ko:
      `1위보다 ${gap} 낮다. ‘${title(worst.name).ko}’에서 가장 많이 뒤진다(${points(worst.difference)}).` +
      (gains ? ` ‘${title(best.name).ko}’에서 앞서지만(${points(best.difference)}) 이를 메우지 못한다.` : ''),
    en:
      `${gap} behind the first. It loses most on “${title(worst.name).en}” (${points(worst.difference)})` +
      (gains
        ? ` and gains on “${title(best.name).en}” (${points(best.difference)}), which does not make up for it.`
        : '.'),
  };
}

function whyExcluded(candidate: Candidate, winner: Candidate, { tokens }: Workload): Localized {
  const compute = times(multiplyAdds(candidate.architecture, tokens) / multiplyAdds(winner.architecture, tokens));
  const weights = giga(weightBytes(candidate.architecture));
  const { ko, en } = EXCLUSION[candidate.use];
  return {
    ko: `${ko} 가중치만 ${weights} GB이고, 문장 하나를 한 번 읽는 연산량도 1위의 ${compute}배이다.`,
    en: `${en} Its weights alone take ${weights} GB, and reading a sentence once costs ${compute} times what the first takes.`,
  };
}

const EXCLUSION: Record<Candidate['use'], Localized> = {
  head: {
    ko: '디코더에 분류 헤드를 얹으므로 제외한다: 앞쪽만 보는 어텐션에서는 먼저 나온 엔티티가 뒤의 문맥을 보지 못한다.',
    en: 'Excluded as a decoder under a head: with attention to the left only, the first entity never sees what follows it.',
  },
  vector: {
    ko: '제외한다: 유사도와 검색에 맞춘 임베딩 모델이라 벡터를 뽑고 분류기를 따로 학습하는 단계가 더 필요하며, 문장 벡터 하나에는 두 엔티티의 위치가 남지 않는다.',
    en: 'Excluded: trained for similarity and retrieval, it needs a second step, a separate classifier on its vectors, and one vector for the sentence does not keep the positions of the two entities.',
  },
  text: {
    ko: '제외한다: 답을 글로 생성하므로 라벨 밖의 답이 나올 수 있고, 프롬프트에 따라 결과가 달라지며, 모든 라벨의 확률을 바로 주지 않아 AUPRC를 측정할 수 없다.',
    en: 'Excluded: it generates its answer as text, which may be none of the labels and varies with the prompt, and it gives no probability for every label, so that AUPRC cannot be measured.',
  },
};
