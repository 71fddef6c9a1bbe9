import { useCallback, useEffect, useReducer, useRef } from 'preact/hooks';
import type { AnswerPage, AnswerRow } from '../../../../src/app/serve/page/shapes.ts';

/** Rows beyond the first page, loaded page by page as they come into sight. */
export function usePages(
  key: string,
  size: number,
  ask: (offset: number, signal: AbortSignal) => Promise<AnswerPage>,
): { rowAt: (index: number) => AnswerRow | undefined; onRange: (first: number, last: number) => void } {
  const [, redraw] = useReducer((n: number, _: undefined) => n + 1, 0);
  const pages = useRef(new Map<number, readonly AnswerRow[] | 'loading'>());
  const current = useRef(ask);
  current.current = ask;
  const controller = useRef(new AbortController());
  useEffect(() => {
    pages.current = new Map();
    controller.current = new AbortController();
    return () => controller.current.abort();
  }, [key]);
  const onRange = useCallback(
    (first: number, last: number) => {
      for (let page = Math.max(1, Math.floor(first / size)); page <= Math.floor(last / size); page++) {
        if (pages.current.has(page)) continue;
        pages.current.set(page, 'loading');
        const kept = pages.current;
        current.current(page * size, controller.current.signal).then(
          ({ rows }) => {
            kept.set(page, rows);
            redraw(undefined);
          },
          // Left out: it is asked for again when it comes into sight again.
          () => kept.delete(page),
        );
      }
    },
    [size],
  );
  const rowAt = (index: number) => {
    const page = pages.current.get(Math.floor(index / size));
    return page === 'loading' ? undefined : page?.[index % size];
  };
  return { rowAt, onRange };
}
