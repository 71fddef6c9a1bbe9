import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ModelResponse, PairRelation } from '../../../../src/inference/predict/schema.ts';
import { isAbort } from '../../api/http.ts';
import { type Predictor, usePredictor } from '../../api/predictor.ts';
import type { Inquiry } from '../../marking/address.ts';
import { type Ask, askOf } from './requests.ts';

export interface Answers {
  readonly ask: Ask | null;
  /** Those of the last request that was answered, with indices of the inquiry's entities; null before the first and after an error. */
  readonly relations: readonly PairRelation[] | null;
  readonly pairs: number;
  readonly isWaiting: boolean;
  readonly error: unknown;
}

/** Typing and dragging end before the model is asked. */
const DELAY = 180;
const NOTHING = { relations: null, pairs: 0, isWaiting: false, error: null, key: '' };

/** Asks the model whenever what would be asked changes; a newer question cancels the one before it. */
export function useAnswers(inquiry: Inquiry, model: ModelResponse | null): Answers {
  const predictor = usePredictor();
  const ask = useMemo(() => (model === null ? null : askOf(inquiry, model)), [inquiry, model]);
  const key = ask === null ? '' : JSON.stringify(ask);
  const roles = `${inquiry.subject}-${inquiry.object}`;
  const [state, setState] = useState<Omit<Answers, 'ask'> & { key: string }>(NOTHING);

  useEffect(() => {
    if (key === '') return setState(NOTHING);
    const control = new AbortController();
    setState((last) => ({ ...last, isWaiting: true, error: null }));
    const timer = setTimeout(() => {
      const { subject, object } = inquiry;
      answersOf(predictor, JSON.parse(key) as Ask, [subject, object], control.signal).then(
        (answer) => setState({ ...answer, isWaiting: false, error: null, key }),
        (error: unknown) => {
          if (!isAbort(error)) setState({ ...NOTHING, error });
        },
      );
    }, DELAY);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key, roles, predictor]);

  // Until the new answer is there, the old one belongs to other entities and must not be drawn over these.
  return { ...state, relations: state.key === key ? state.relations : null, ask };
}

async function answersOf(
  predictor: Predictor,
  ask: Ask,
  [subject_index, object_index]: readonly [number, number],
  signal: AbortSignal,
): Promise<{ relations: PairRelation[]; pairs: number }> {
  if (ask.path === '/v1/extract') return predictor.extract(ask.body, signal);
  const answers = await predictor.predict([ask.body], signal);
  return { relations: answers.map((answer) => ({ subject_index, object_index, ...answer })), pairs: 1 };
}
