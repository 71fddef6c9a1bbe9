import type { Candidate } from './candidates.ts';
import { multiplyAdds, parameterCount, trainingBytes, weightBytes } from './costModel.ts';
import { fitFacts, recipeMultiplyAdds, type Weights, type Workload } from './criteria.ts';
import type { Ranked } from './ranking.ts';
import { reasonFor } from './reasons.ts';

/** Everything computed of a candidate: the entries of `selection.json`, and the rows of `candidates.csv`. */
export const candidateEntries = (ranking: readonly Ranked[], weights: Weights, workload: Workload) =>
  ranking.map((row) => ({
    rank: row.rank,
    ...row.candidate,
    fit_facts: fitFacts(row.candidate),
    computed: computedFigures(row.candidate, workload),
    scores: row.scores,
    score: row.score,
    reason: reasonFor(row, ranking, weights, workload),
  }));

export type CandidateEntry = ReturnType<typeof candidateEntries>[number];

function computedFigures(candidate: Candidate, workload: Workload) {
  const { architecture, publishedParameters } = candidate;
  const parameters = parameterCount(architecture);
  return {
    parameters,
    /** Relative to the published count, which is rounded and includes pre-training heads. */
    parameters_off_published: publishedParameters && parameters / publishedParameters.value - 1,
    weight_bytes: weightBytes(architecture),
    training_bytes: trainingBytes(architecture, workload.tokens, workload.batch),
    multiply_adds: multiplyAdds(architecture, workload.tokens),
    epochs: candidate.recipeEpochs?.value ?? workload.epochs,
    training_multiply_adds: recipeMultiplyAdds(candidate, workload),
  };
}

/** One flat row per candidate, best first. */
export const candidateRows = (entries: readonly CandidateEntry[]) =>
  entries.map(({ rank, id, use, architecture, licence, published, computed, scores, score, reason, ...rest }) => ({
    rank,
    id,
    kind: architecture.kind,
    use,
    pretraining: rest.pretraining,
    licence: licence.name,
    licence_source: licence.source,
    layers: architecture.layers,
    hidden: architecture.hidden,
    heads: architecture.heads,
    feed_forward: architecture.feedForward,
    vocabulary: architecture.vocabulary,
    parameters: computed.parameters,
    parameters_published: rest.publishedParameters?.value ?? null,
    parameters_source: rest.publishedParameters?.source ?? null,
    klue_re_micro_f1: published?.micro_f1 ?? null,
    klue_re_auprc: published?.auprc ?? null,
    klue_re_source: published?.source ?? null,
    weight_bytes: computed.weight_bytes,
    training_bytes: computed.training_bytes,
    multiply_adds: computed.multiply_adds,
    epochs: computed.epochs,
    training_multiply_adds: computed.training_multiply_adds,
    score_quality: scores.quality,
    score_licence: scores.licence,
    score_fit: scores.fit,
    score_cost: scores.cost,
    score,
    reason_ko: reason.ko,
    reason_en: reason.en,
  }));
