import { CRITERION_NAMES, type CriterionName } from '../../../base/core/settings.ts';
import type { Localized } from '../../../base/core/types.ts';
import { type Candidate, isTrainable } from './candidates.ts';
import { CRITERIA, normalised, type Weights, type Workload } from './criteria.ts';

/** A candidate with its scores; `rank` counts the trainable ones only. */
export interface Ranked {
  readonly candidate: Candidate;
  readonly rank: number | null;
  readonly score: number;
  readonly scores: Readonly<Record<CriterionName, number>>;
}

/**
 * Scores every candidate by every criterion and orders them by the weighted mean: the trainable ones first, then the
 * excluded; equal scores keep the table's order.
 */
export function rankCandidates(candidates: readonly Candidate[], weights: Weights, workload: Workload): Ranked[] {
  const columns = CRITERION_NAMES.map((name) => CRITERIA[name].scores(candidates, workload));
  const rows = candidates.map((candidate, i) => {
    const scores = Object.fromEntries(CRITERION_NAMES.map((name, column) => [name, columns[column]![i]!]));
    const score = CRITERION_NAMES.reduce((sum, name) => sum + weights[name] * scores[name]!, 0);
    return { candidate, score, scores: scores as Ranked['scores'] };
  });
  const byScore = rows.toSorted((a, b) => b.score - a.score);
  const trainable = byScore.filter(({ candidate }) => isTrainable(candidate));
  const excluded = byScore.filter(({ candidate }) => !isTrainable(candidate));
  return [...trainable.map((row, i) => ({ ...row, rank: i + 1 })), ...excluded.map((row) => ({ ...row, rank: null }))];
}

export interface Outcome {
  /** Ids of the trainable candidates, best first. */
  readonly order: readonly string[];
  readonly winner: string;
  /** By how much the winner leads the second. */
  readonly margin: number;
}

/** The upper end of a ranking. */
export function outcomeOf(ranking: readonly Ranked[]): Outcome {
  const trainable = ranking.filter(({ rank }) => rank !== null);
  const [first, second] = trainable;
  return {
    order: trainable.map(({ candidate }) => candidate.id),
    winner: first!.candidate.id,
    margin: first!.score - (second?.score ?? 0),
  };
}

export interface SensitivityRow extends Outcome {
  readonly criterion: CriterionName;
  readonly factor: number;
  readonly weights: Weights;
}

const FACTORS = [0, 0.5, 2] as const;

/** The ranking again with one weight left out, halved or doubled: how far the choice depends on the weights. */
export function rankingSensitivity(
  candidates: readonly Candidate[],
  weights: Weights,
  workload: Workload,
): SensitivityRow[] {
  const others = (criterion: CriterionName) => CRITERION_NAMES.some((name) => name !== criterion && weights[name] > 0);
  return CRITERION_NAMES.filter((criterion) => weights[criterion] > 0).flatMap((criterion) =>
    FACTORS.filter((factor) => factor > 0 || others(criterion)).map((factor) => {
      const changed = normalised({ ...weights, [criterion]: weights[criterion] * factor });
      return { criterion, factor, weights: changed, ...outcomeOf(rankCandidates(candidates, changed, workload)) };
    }),
  );
}

/** Decisions of the scales that could have been made differently, each as a change of the table. */
const ASSUMPTIONS: Record<string, { readonly title: Localized; change(candidate: Candidate): Candidate }> = {
  same_epochs: {
    title: {
      ko: '모든 후보를 공식 학습법 대신 같은 에폭 수로 학습한다고 본다',
      en: 'Every candidate is trained for the same number of epochs instead of the official recipe’s',
    },
    change: (candidate) => ({ ...candidate, recipeEpochs: null }),
  },
  micro_f1_only: {
    title: { ko: '성능을 micro-F1로만 평가한다', en: 'Quality is the micro-F1 alone' },
    change: (candidate) => ({
      ...candidate,
      published: candidate.published && { ...candidate.published, auprc: candidate.published.micro_f1 },
    }),
  },
  strict_licence: {
    title: {
      ko: '동일 조건 공유(CC BY-SA)를 용도 제한만큼 불리하게 본다',
      en: 'Share-alike (CC BY-SA) counts as badly as a restricted use',
    },
    change: (candidate) =>
      candidate.licence.kind === 'share-alike'
        ? { ...candidate, licence: { ...candidate.licence, kind: 'restricted' } }
        : candidate,
  },
};

export interface AssumptionRow extends Outcome {
  readonly assumption: string;
  readonly title: Localized;
}

/** The ranking again under each other decision: what the choice depends on besides the weights. */
export const rankingUnderAssumptions = (
  candidates: readonly Candidate[],
  weights: Weights,
  workload: Workload,
): AssumptionRow[] =>
  Object.entries(ASSUMPTIONS).map(([assumption, { title, change }]) => ({
    assumption,
    title,
    ...outcomeOf(rankCandidates(candidates.map(change), weights, workload)),
  }));
