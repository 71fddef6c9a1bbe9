import { useRef } from 'preact/hooks';
import { grouped } from '../../../../src/base/core/format.ts';

export interface Choice {
  readonly name: string;
  /** What it is called, where that is not its name. */
  readonly title?: string;
  readonly count: number;
}

/** A list to choose several from, folded away until it is wanted; counts follow the other filters. */
export function Picker(props: {
  readonly title: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onToggle: (name: string) => void;
}) {
  const { title, choices, chosen, onToggle } = props;
  const box = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (box.current) box.current.open = false;
  };
  return (
    <details
      class="picker"
      ref={box}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !box.current?.contains(relatedTarget)) close();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        close();
        box.current?.querySelector('summary')?.focus();
      }}
    >
      <summary>
        {title}
        {chosen.length > 0 && <span class="picker-count">{chosen.length}</span>}
      </summary>
      <fieldset class="picker-list">
        <legend class="sr-only">{title}</legend>
        {choices.map(({ name, title: shown, count }) => (
          <label key={name}>
            <input type="checkbox" checked={chosen.includes(name)} onChange={() => onToggle(name)} />
            <span class="picker-name">{shown ?? name}</span>
            <span class="picker-rows">{grouped(count)}</span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
