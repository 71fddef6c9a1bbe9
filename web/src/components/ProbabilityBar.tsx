import { probability } from '../../../src/base/core/format.ts';

/** A probability as a bar with its figure; `mark` draws a line, e.g. at the threshold. */
export function ProbabilityBar({ value, mark, muted }: { value: number; mark?: number; muted?: boolean }) {
  return (
    <span class={muted ? 'pbar pbar-muted' : 'pbar'}>
      <span class="pbar-track" aria-hidden="true">
        <span class="pbar-fill" style={{ width: `${value * 100}%` }} />
        {mark !== undefined && <span class="pbar-mark" style={{ left: `${mark * 100}%` }} />}
      </span>
      <span class="pbar-value">{probability(value)}</span>
    </span>
  );
}
