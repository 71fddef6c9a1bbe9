import { mean, sum } from '../core/averages.ts';

/** A row's answer as calibration sees it. */
export interface Judged {
  /** Probability of the answer. */
  readonly confidence: number;
  readonly isRight: boolean;
}

/** Rows whose confidence lies in a bin; means are null where there are none. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/** Bins of equal width, as in Guo et al., 2017 (arXiv:1706.04599). */
export const BINS = 15;

/** Rows by confidence: bins (from, to] of equal width, 0 in the first. */
export function reliabilityBins(rows: readonly Judged[], bins = BINS): ReliabilityBin[] {
  const inBin = Array.from({ length: bins }, (): Judged[] => []);
  for (const row of rows) inBin[Math.min(bins - 1, Math.max(0, Math.ceil(row.confidence * bins) - 1))]!.push(row);
  return inBin.map((members, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    rows: members.length,
    confidence: meanOrNull(members.map(({ confidence }) => confidence)),
    accuracy: meanOrNull(members.map(({ isRight }) => (isRight ? 1 : 0))),
  }));
}

/** Expected calibration error: Σ rows/n · |accuracy − confidence| over the bins (Guo et al., 2017, equation 3). */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const total = sum(bins.map(({ rows }) => rows));
  return sum(
    bins.map(({ rows, confidence, accuracy }) => (rows === 0 ? 0 : (rows / total) * Math.abs(accuracy! - confidence!))),
  );
}

const meanOrNull = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values));
