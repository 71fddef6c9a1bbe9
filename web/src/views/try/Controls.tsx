import type { ModelResponse } from '../../../../src/inference/predict/schema.ts';
import type { Inquiry } from '../../marking/address.ts';
import { tryTexts } from './texts.ts';

export interface ControlsProps {
  readonly inquiry: Inquiry;
  readonly model: ModelResponse;
  readonly onChange: (change: (now: Inquiry) => Inquiry) => void;
}

const TOP_K = [3, 5, 10, 1000] as const;

/** Threshold, number of candidates, which pairs. */
export function Controls({ inquiry, model, onChange }: ControlsProps) {
  const t = tryTexts();
  const { threshold, topK, allPairs, marks } = inquiry;
  const own = Object.keys(model.thresholds.per_relation).length;
  const shown = threshold ?? model.thresholds.default;
  return (
    <div class="controls">
      <div class="control control-wide">
        <label for="threshold">
          {t.threshold} <strong class="number">{shown.toFixed(2)}</strong>{' '}
          {threshold === null && <small class="muted">({t.modelThresholdOn})</small>}
        </label>
        <div class="control-row">
          <input
            id="threshold"
            type="range"
            min="0"
            max="1"
            step="0.01"
            value={shown}
            aria-describedby="threshold-help"
            onInput={({ currentTarget }) => {
              const value = Number(currentTarget.value);
              onChange((now) => ({ ...now, threshold: value }));
            }}
          />
          <button
            type="button"
            class="quiet small"
            disabled={threshold === null}
            onClick={() => onChange((now) => ({ ...now, threshold: null }))}
          >
            {t.modelThreshold}
          </button>
        </div>
        <small id="threshold-help" class="muted">
          {t.thresholdHelp}
          {threshold === null && own > 0 && ` ${t.ownThresholds(own)}`}
        </small>
      </div>
      <label class="control">
        {t.topK}
        <select
          value={topK}
          onChange={({ currentTarget }) => {
            const value = Number(currentTarget.value);
            onChange((now) => ({ ...now, topK: value }));
          }}
        >
          {[...new Set([...TOP_K, topK])]
            .sort((a, b) => a - b)
            .map((k) => (
              <option key={k} value={k}>
                {Math.min(k, model.labels.length)}
              </option>
            ))}
        </select>
      </label>
      {marks.length > 2 && (
        <label class="control check">
          <input
            type="checkbox"
            checked={allPairs}
            onChange={({ currentTarget }) => {
              const { checked } = currentTarget;
              onChange((now) => ({ ...now, allPairs: checked }));
            }}
          />
          {t.allPairs}
        </label>
      )}
    </div>
  );
}
