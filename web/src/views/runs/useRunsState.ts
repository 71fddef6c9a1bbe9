import { useCallback, useMemo } from 'preact/hooks';
import { replaceParams, route } from '../../state/router.ts';
import { formatState, parseState, type RunsState } from './runsAddress.ts';

/** What the view shows; the address is the one place where it is kept. */
export function useRunsState(): { state: RunsState; change: (changes: Partial<RunsState>) => void } {
  const { params } = route.value;
  const state = useMemo(() => parseState(params), [params]);
  const change = useCallback((changes: Partial<RunsState>) => {
    // Another view may be open by the time that an observer reports.
    if (route.value.view === 'runs') replaceParams(formatState({ ...parseState(route.value.params), ...changes }));
  }, []);
  return { state, change };
}
