import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { DocumentGraph, DocumentRequest } from '../../../../src/inference/predict/documentSchema.ts';
import { isAbort } from '../../api/http.ts';
import { usePredictor } from '../../api/predictor.ts';
import type { Mark } from '../../marking/marking.ts';

/** What the visitor works on; it stays while other views are looked at. */
export interface Work {
  readonly text: string;
  /** All entities once the visitor corrected one; null while the model finds them. */
  readonly corrected: readonly Mark[] | null;
  /** How many neighbouring sentences a pair may lie in. */
  readonly window: number;
}

export const work = signal<Work | null>(null);

interface Answer {
  /** Of the last question that was answered. */
  readonly graph: DocumentGraph | null;
  readonly key: string;
  readonly isWaiting: boolean;
  readonly error: unknown;
}

const NOTHING: Answer = { graph: null, key: '', isWaiting: false, error: null };
const answer = signal<Answer>(NOTHING);

/** Typing pauses before a whole text is read anew. */
const DELAY = 500;

/** The graph of what is asked; the one before stays, as old, until the next is there, and a newer question cancels an older one. */
export function useGraph(request: DocumentRequest | null): Omit<Answer, 'key'> & { readonly isOld: boolean } {
  const predictor = usePredictor();
  const key = useMemo(() => (request === null ? '' : JSON.stringify(request)), [request]);
  useEffect(() => {
    if (request === null || answer.value.key === key) return;
    const control = new AbortController();
    answer.value = { ...answer.value, isWaiting: true, error: null };
    const timer = setTimeout(
      () => {
        predictor.extractText(request, control.signal).then(
          (graph) => {
            answer.value = { graph, key, isWaiting: false, error: null };
          },
          (error: unknown) => {
            if (!isAbort(error)) answer.value = { ...answer.value, isWaiting: false, error };
          },
        );
      },
      answer.value.graph === null ? 0 : DELAY,
    );
    return () => {
      clearTimeout(timer);
      control.abort();
      answer.value = { ...answer.value, isWaiting: false };
    };
  }, [key, predictor]);
  const { graph, isWaiting, error } = answer.value;
  return { graph, isWaiting, error, isOld: answer.value.key !== key };
}
