import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { shellTexts } from './texts.ts';

/** A view from its own chunk. A chunk that cannot be loaded throws while drawing, so that the error boundary shows it. */
export function LazyView({ load }: { load: () => Promise<{ default: ComponentType }> }) {
  const [state, setState] = useState<{ View?: ComponentType; error?: unknown }>({});
  useEffect(() => {
    let isWanted = true;
    load().then(
      ({ default: View }) => isWanted && setState({ View }),
      (error: unknown) => isWanted && setState({ error }),
    );
    return () => {
      isWanted = false;
    };
  }, [load]);
  if (state.error !== undefined) throw state.error;
  if (state.View === undefined)
    return (
      <p class="muted" aria-busy="true">
        {shellTexts().loading}
      </p>
    );
  return <state.View />;
}
