export interface KeyListProps {
  readonly title: string;
  /** Keys that do one thing, and what that is. */
  readonly keys: readonly (readonly [names: readonly string[], meaning: string])[];
}

/** The keys of a part of the page, folded up. */
export const KeyList = ({ title, keys }: KeyListProps) => (
  <details class="keys">
    <summary>{title}</summary>
    <dl>
      {keys.map(([names, meaning]) => (
        <div key={meaning}>
          <dt>
            {names.map((name) => (
              <kbd key={name}>{name}</kbd>
            ))}
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  </details>
);
