import { giga, million, percent, times } from '../../../base/core/format.ts';
import type { MeasuredSpeed } from '../../stages/selection/measuredSpeed.ts';
import type { SelectionFile } from '../../stages/selection/selectionFile.ts';

/** Figures that the interpretation states. */
export function selectionFacts(file: SelectionFile) {
  const byId = (id: string) => file.candidates.find((candidate) => candidate.id === id);
  const winner = byId(file.selected)!;
  const trainable = file.candidates.filter(({ rank }) => rank !== null);
  const decoder = file.candidates.find(({ use }) => use === 'text');
  const changes = file.sensitivity.filter(({ factor }) => factor !== 1);
  return {
    winner: winner.id,
    winnerScore: winner.score.toFixed(3),
    second: trainable[1]!.id,
    margin: file.margin.toFixed(3),
    isClose: file.margin < 0.05,
    isBalanced: isBalanced(winner, trainable),
    variants: changes.length,
    kept: changes.filter((row) => row.winner === file.selected).length,
    flips: changes.filter((row) => row.winner !== file.selected),
    assumptions: file.assumptions.length,
    otherAssumptions: file.assumptions.filter((row) => row.winner !== file.selected),
    decoder: decoder && {
      id: decoder.id,
      weights: giga(decoder.computed.weight_bytes),
      training: giga(decoder.computed.training_bytes),
      compute: times(decoder.computed.multiply_adds / winner.computed.multiply_adds),
    },
    inUse: file.encoder_in_use,
    bundled: byId('bundled') && {
      rank: byId('bundled')!.rank,
      share: percent(byId('bundled')!.computed.multiply_adds / winner.computed.multiply_adds, 0),
      parameters: million(byId('bundled')!.computed.parameters),
    },
    scoreSource: winner.published?.source ?? null,
    recipeSource: winner.recipeEpochs?.source ?? null,
  };
}

type Entry = SelectionFile['candidates'][number];

/** Whether every better model costs more and every cheaper one is worse: the winner lies on the Pareto front. */
const isBalanced = (winner: Entry, others: readonly Entry[]): boolean =>
  others
    .filter(({ id }) => id !== winner.id)
    .every(({ scores }) => scores.quality < winner.scores.quality || scores.cost < winner.scores.cost);

export type SelectionFacts = ReturnType<typeof selectionFacts>;

/** A measurement as the report states it. */
export const speedFacts = (speed: MeasuredSpeed) => ({
  ...speed,
  tokens: speed.tokens.toFixed(1),
  rate: speed.rows_per_second.toFixed(1),
});

export type SpeedFacts = ReturnType<typeof speedFacts>;
