import { useEffect } from 'preact/hooks';

/** How soon a page that is hidden is asked again whether it is. */
const HIDDEN_MS = 1500;

/** Calls `look` now and again after each wait that it returns, but not while the page is hidden. */
export function usePolling(key: string, look: (signal: AbortSignal) => Promise<number>): void {
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async () => {
      const wait = document.hidden ? HIDDEN_MS : await look(controller.signal);
      if (!controller.signal.aborted) timer = setTimeout(run, wait);
    };
    run();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [key]);
}
