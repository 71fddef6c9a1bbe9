import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';

/** Chooses one of the runs. */
export function RunSelect(props: {
  readonly label: string;
  readonly runs: readonly RunEntry[];
  readonly value: string;
  readonly onChange: (name: string) => void;
}) {
  const { label, runs, value, onChange } = props;
  return (
    <label class="run-select">
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {runs.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The best choice to begin with: the one of that name, else the last fine-tuned one, else the last. */
export const firstChoice = (runs: readonly RunEntry[], name: string): string =>
  (runs.find((run) => run.name === name) ?? runs.findLast(({ fine_tuned }) => fine_tuned) ?? runs.at(-1))?.name ?? '';
