import { useEffect, useState } from 'preact/hooks';
import { isAbort } from './http.ts';

export interface Loaded<T> {
  /** What was read last; of another key's until the new one is there. */
  readonly value: T | null;
  readonly error: unknown;
  readonly isLoading: boolean;
}

/** What `load` reads for a key; it is read again when the key changes, and not at all for null. */
export function useLoaded<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Loaded<T>>({ value: null, error: null, isLoading: key !== null });
  useEffect(() => {
    if (key === null) return setState({ value: null, error: null, isLoading: false });
    const controller = new AbortController();
    setState(({ value }) => ({ value, error: null, isLoading: true }));
    load(controller.signal).then(
      (value) => setState({ value, error: null, isLoading: false }),
      (error: unknown) => isAbort(error) || setState({ value: null, error, isLoading: false }),
    );
    return () => controller.abort();
  }, [key]);
  return state;
}
