import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';

/** A run as charts know it. */
export interface Coloured {
  readonly name: string;
  readonly color: string;
}

/** A run that is ticked. */
export interface ComparedRun extends RunEntry, Coloured {}

/** A run's name beside its colour. */
export function RunName({ name, color }: { name: string; color: string | undefined }) {
  return (
    <span class="run-name">
      <span class="run-swatch" style={{ background: color }} aria-hidden="true" />
      {name}
    </span>
  );
}

/** Whose colours a section's charts have. */
export function RunLegend({ runs }: { runs: readonly Coloured[] }) {
  return (
    <ul class="run-legend">
      {runs.map(({ name, color }) => (
        <li key={name}>
          <RunName name={name} color={color} />
        </li>
      ))}
    </ul>
  );
}
