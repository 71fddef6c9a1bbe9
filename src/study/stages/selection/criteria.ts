import { usageError } from '../../../base/core/errors.ts';
import { CRITERION_NAMES, type CriterionName } from '../../../base/core/settings.ts';
import type { Localized } from '../../../base/core/types.ts';
import type { Candidate } from './candidates.ts';
import { trainingBytes, trainingMultiplyAdds } from './costModel.ts';

/** What the figures are computed for: the length of a sentence, the rows of a batch, and the epochs without a recipe. */
export interface Workload {
  readonly tokens: number;
  readonly batch: number;
  readonly epochs: number;
}

interface Criterion {
  readonly title: Localized;
  readonly why: Localized;
  readonly scale: Localized;
  /** A score in [0, 1] for each candidate, higher is better. */
  scores(candidates: readonly Candidate[], workload: Workload): number[];
}

/** The study's four criteria. It gives no weights, so by default they count the same. */
export const CRITERIA: Record<CriterionName, Criterion> = {
  quality: {
    title: { ko: '한국어 성능', en: 'Korean quality' },
    why: {
      ko: '푸는 과제 자체에서 공개된 점수가 가장 직접적인 근거이다.',
      en: 'Published scores on the very task are the most direct evidence.',
    },
    scale: {
      ko: '공개된 KLUE-RE micro-F1과 AUPRC의 평균을 후보 중 최저 0, 최고 1로 옮긴다. 공개된 점수가 없으면 근거가 없으므로 0이다.',
      en: 'Mean of the published KLUE-RE micro-F1 and AUPRC, from 0 for the lowest to 1 for the highest; 0 where none is published, for lack of evidence.',
    },
    scores: (candidates) =>
      rescaled(candidates.map(({ published }) => published && (published.micro_f1 + published.auprc) / 2)),
  },
  licence: {
    title: { ko: '라이선스', en: 'Licence' },
    why: {
      ko: '학습한 모델을 배포하고 상업적으로 쓸 수 있어야 한다.',
      en: 'The trained model must be free to distribute and to use commercially.',
    },
    scale: {
      ko: '네 가지 자유(상업적 이용, 수정, 배포, 다른 라이선스로 재배포) 중 허용되는 비율이다.',
      en: 'Share of four freedoms that are granted: commercial use, changes, distribution, distribution under another licence.',
    },
    scores: (candidates) => candidates.map(({ licence }) => LICENCE_FREEDOMS[licence.kind] / 4),
  },
  fit: {
    title: { ko: '과제 적합성', en: 'Fit for the task' },
    why: {
      ko: '두 엔티티를 표시한 문장에서 정해진 라벨 하나를 고르는 구조여야 한다.',
      en: 'The task picks one of a fixed set of labels for a sentence with two marked entities.',
    },
    scale: {
      ko: '네 가지 조건(양방향 어텐션, 헤드로 라벨 확률을 바로 출력, 토큰 단위 사전학습, KLUE-RE에서 검증됨) 중 만족하는 비율이다.',
      en: 'Share of four facts that hold: attention to both sides, label probabilities straight from a head, pretraining on tokens, proven on KLUE-RE.',
    },
    scores: (candidates) =>
      candidates.map((candidate) => {
        const facts = Object.values(fitFacts(candidate));
        return facts.filter(Boolean).length / facts.length;
      }),
  },
  cost: {
    title: { ko: '비용 효율', en: 'Cost' },
    why: {
      ko: '기준선과 개선 실험을 되풀이할 수 있어야 하므로 학습 비용이 중요하다.',
      en: 'Baselines and improvements are trained many times, so training cost matters.',
    },
    scale: {
      ko: '학습 연산량과 학습 메모리를 각각 로그로 바꾸어 가장 비싼 후보 0, 가장 싼 후보 1로 옮긴 뒤 평균한다.',
      en: 'Multiply-adds and memory of training, each on a log scale from 0 for the most expensive to 1 for the cheapest candidate; their mean.',
    },
    scores: (candidates, workload) => {
      const compute = rescaled(candidates.map((candidate) => -Math.log(recipeMultiplyAdds(candidate, workload))));
      const memory = rescaled(
        candidates.map(({ architecture }) => -Math.log(trainingBytes(architecture, workload.tokens, workload.batch))),
      );
      return compute.map((value, i) => (value + memory[i]!) / 2);
    },
  },
};

/** Of commercial use, changes, distribution, and distribution under another licence. */
const LICENCE_FREEDOMS: Record<Candidate['licence']['kind'], number> = {
  permissive: 4,
  'share-alike': 3,
  restricted: 2,
};

/** The facts behind `fit`, each true or false of a candidate. */
export const fitFacts = (candidate: Candidate) => ({
  bidirectional: candidate.architecture.kind === 'encoder',
  label_head: candidate.use === 'head',
  token_pretraining: candidate.pretraining === 'tokens',
  proven_on_klue_re: candidate.published !== null,
});

/** Multiply-adds to train on one sentence for all epochs of the benchmark's recipe, or of the workload without one. */
export const recipeMultiplyAdds = ({ architecture, recipeEpochs }: Candidate, { tokens, epochs }: Workload): number =>
  trainingMultiplyAdds(architecture, tokens, recipeEpochs?.value ?? epochs);

/** Moves values to [0, 1], lowest to 0 and highest to 1; what is unknown becomes 0, and so do values without a spread. */
function rescaled(values: readonly (number | null)[]): number[] {
  const known = values.filter((value) => value !== null);
  const lowest = Math.min(...known);
  const spread = Math.max(...known) - lowest;
  return values.map((value) => (value === null || !(spread > 0) ? 0 : (value - lowest) / spread));
}

export type Weights = Readonly<Record<CriterionName, number>>;

/**
 * Reads the setting `selectionWeights`, e.g. `quality=2,cost=0.5`, and scales the weights to the sum 1.
 * Errors: `usage` when a name occurs twice or all weights are 0.
 */
export function parseWeights(setting: string): Weights {
  const given = setting.split(',').map((part) => part.split('=') as [CriterionName, string]);
  const names = given.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice)
    throw usageError(
      {
        en: `selectionWeights names "${twice}" twice: ${setting}.`,
        ko: `selectionWeights에 "${twice}"이(가) 두 번 있다: ${setting}.`,
      },
      { en: 'Give each criterion one weight.', ko: '기준마다 가중치를 하나씩 준다.' },
    );
  const values = Object.fromEntries(given);
  return normalised(
    Object.fromEntries(CRITERION_NAMES.map((name) => [name, Number(values[name] ?? 1)])) as Weights,
    setting,
  );
}

/** The same weights with the sum 1. */
export function normalised(weights: Weights, origin = JSON.stringify(weights)): Weights {
  const total = CRITERION_NAMES.reduce((sum, name) => sum + weights[name], 0);
  if (!(total > 0))
    throw usageError(
      {
        en: `selectionWeights gives every criterion the weight 0: ${origin}.`,
        ko: `selectionWeights가 모든 기준에 가중치 0을 준다: ${origin}.`,
      },
      { en: 'Leave at least one above 0.', ko: '적어도 하나는 0보다 크게 한다.' },
    );
  return Object.fromEntries(CRITERION_NAMES.map((name) => [name, weights[name] / total])) as Weights;
}
