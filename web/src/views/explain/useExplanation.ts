import { useEffect, useMemo, useState } from 'preact/hooks';
import {
  type Explanation,
  explanationOf,
  planExplanation,
  requestsOf,
} from '../../../../src/inference/predict/explain.ts';
import type { ModelResponse, Relation } from '../../../../src/inference/predict/schema.ts';
import { isAbort } from '../../api/http.ts';
import { usePredictor } from '../../api/predictor.ts';
import type { Marking } from '../../marking/marking.ts';

export interface ExplanationState {
  readonly explanation: Explanation | null;
  /** Requests answered, of how many. */
  readonly done: number;
  readonly total: number;
  readonly error: unknown;
}

const NOTHING: ExplanationState = { explanation: null, done: 0, total: 0, error: null };
const DELAY = 250;
/** Requests sent at once: progress can be shown, and a change of the sentence stops the rest. */
const PORTION = 16;

/** Explains the marked pair; a change of the sentence or the entities starts it again. Null marking: nothing to explain. */
export function useExplanation(pair: Marking | null, model: ModelResponse | null): ExplanationState {
  const predictor = usePredictor();
  const key = pair === null || model === null ? '' : JSON.stringify(inputOf(pair));
  const types = useMemo(() => (model?.needs_types ? model.entity_types : []), [model]);
  const [state, setState] = useState<ExplanationState & { key: string }>({ ...NOTHING, key: '' });

  useEffect(() => {
    if (key === '') return;
    const control = new AbortController();
    const timer = setTimeout(async () => {
      const plan = planExplanation(JSON.parse(key) as ReturnType<typeof inputOf>, types);
      const requests = requestsOf(plan);
      const answers: Relation[] = [];
      try {
        while (answers.length < requests.length) {
          setState({ explanation: null, done: answers.length, total: requests.length, error: null, key });
          const portion = requests.slice(answers.length, answers.length + PORTION);
          answers.push(...(await predictor.predict(portion, control.signal)));
          if (control.signal.aborted) return;
        }
        const explanation = explanationOf(plan, answers);
        setState({ explanation, done: answers.length, total: requests.length, error: null, key });
      } catch (error) {
        if (!isAbort(error) && !control.signal.aborted) setState({ ...NOTHING, error, key });
      }
    }, DELAY);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key, types, predictor]);

  return state.key === key ? state : NOTHING;
}

const inputOf = ({ sentence, marks, subject, object }: Marking) => ({
  sentence,
  subject: marks[subject]!,
  object: marks[object]!,
});
