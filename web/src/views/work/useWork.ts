import { useCallback, useRef, useState } from 'preact/hooks';
import type { QueueState } from '../../../../src/base/queue/works.ts';
import { isAbort } from '../../api/http.ts';
import { readWork } from '../../api/pageData.ts';
import { usePolling } from '../../api/usePolling.ts';

/** How often to look: a coordinator tells of itself once a second. */
const [BUSY_MS, IDLE_MS] = [1000, 5000];

/** The queue, looked at again while the view is open; `reload` looks at once. */
export function useWork(): { state: QueueState | null; error: unknown; reload: () => Promise<void> } {
  const [shown, setShown] = useState<{ state: QueueState | null; error: unknown }>({ state: null, error: null });
  const last = useRef('');
  const look = useCallback(async (signal?: AbortSignal): Promise<number> => {
    try {
      const state = await readWork(signal);
      const text = JSON.stringify(state);
      if (text !== last.current) setShown({ state, error: null });
      last.current = text;
      return state.works.some((work) => work.state === 'running') ? BUSY_MS : IDLE_MS;
    } catch (error) {
      if (!isAbort(error)) setShown(({ state }) => ({ state, error }));
      last.current = '';
      return IDLE_MS;
    }
  }, []);
  usePolling('work', look);
  return { ...shown, reload: async () => void (await look()) };
}
