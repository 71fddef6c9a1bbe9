import type { Signal } from '@preact/signals';
import type { ModelState } from './localPredictor.ts';
import { siteTexts } from './siteTexts.ts';

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** How far the model is: what it will cost to load, how much of it is there, that it answers here. */
export function ModelBar({ state, load }: { state: Signal<ModelState>; load: () => Promise<unknown> }) {
  const t = siteTexts();
  const now = state.value;
  return (
    <section class="model-bar" aria-label={t.place}>
      <p role="status" data-step={now.step}>
        {textOf(now)}
      </p>
      {now.step === 'loading' && <progress aria-label={t.place} value={now.loaded} max={now.total} />}
      {now.step === 'opening' && <progress aria-label={t.place} />}
      {(now.step === 'waiting' || now.step === 'failed') && (
        // Whatever goes wrong is told by the state.
        <button type="button" class="secondary outline" onClick={() => load().catch(() => {})}>
          {now.step === 'waiting' ? t.loadNow : t.again}
        </button>
      )}
    </section>
  );
}

function textOf(state: ModelState): string {
  const t = siteTexts();
  switch (state.step) {
    case 'waiting':
      return t.waiting(megabytes(state.total));
    case 'loading':
      return t.loading(megabytes(state.loaded), megabytes(state.total));
    case 'failed':
      return t.failed(state.reason);
    default:
      return t[state.step];
  }
}
