import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ModelResponse, PairRelation } from '../../../../src/inference/predict/schema.ts';
import { isAbort } from '../../api/http.ts';
import { type Predictor, usePredictor } from '../../api/predictor.ts';
import type { Inquiry } from '../../marking/address.ts';
import type { Marking } from '../../marking/marking.ts';
import { type Ask, askOf } from './requests.ts';

export interface Answers {
  readonly ask: Ask | null;
  /** Those of the last request that was answered, with indices of the entities in `of`; null before the first and after an error. */
  readonly relations: readonly PairRelation[] | null;
  /** What was marked in that request. */
  readonly of: Marking | null;
  readonly pairs: number;
  /** Whether they belong to another question than the one that is waiting for its answer. */
  readonly isOld: boolean;
  readonly isWaiting: boolean;
  readonly error: unknown;
}

/** Typing and dragging end before the model is asked. */
const DELAY = 180;
const NOTHING = { relations: null, of: null, pairs: 0, isWaiting: false, error: null, key: '' };

/** Asks the model whenever what would be asked changes; a newer question cancels the one before it. */
export function useAnswers(inquiry: Inquiry, model: ModelResponse | null): Answers {
  const predictor = usePredictor();
  const ask = useMemo(() => (model === null ? null : askOf(inquiry, model)), [inquiry, model]);
  const key = ask === null ? '' : JSON.stringify([ask, inquiry.subject, inquiry.object]);
  const [state, setState] = useState<Omit<Answers, 'ask' | 'isOld'> & { key: string }>(NOTHING);

  useEffect(() => {
    if (ask === null) return setState(NOTHING);
    const control = new AbortController();
    setState((last) => ({ ...last, isWaiting: true, error: null }));
    const timer = setTimeout(() => {
      answersOf(predictor, ask, inquiry, control.signal).then(
        (answer) => setState({ ...answer, of: inquiry, isWaiting: false, error: null, key }),
        (error: unknown) => {
          if (!isAbort(error)) setState({ ...NOTHING, error });
        },
      );
    }, DELAY);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key, predictor]);

  return { ...state, isOld: state.key !== key, ask };
}

async function answersOf(
  predictor: Predictor,
  ask: Ask,
  { subject, object }: Inquiry,
  signal: AbortSignal,
): Promise<{ relations: PairRelation[]; pairs: number }> {
  if (ask.path === '/v1/extract') return predictor.extract(ask.body, signal);
  const answers = await predictor.predict([ask.body], signal);
  const pair = { subject_index: subject, object_index: object };
  return { relations: answers.map((answer) => ({ ...pair, ...answer })), pairs: 1 };
}
