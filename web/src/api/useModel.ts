import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { ModelResponse } from '../../../src/inference/predict/schema.ts';
import type { Predictor } from './predictor.ts';
import { usePredictor } from './predictor.ts';

const asked = new WeakMap<Predictor, Promise<ModelResponse>>();
/** How often another model took over. */
const changes = signal(0);

/** The model behind the page, asked for once; a failed attempt is made again by the next component that needs it. */
export function modelOf(predictor: Predictor): Promise<ModelResponse> {
  const known = asked.get(predictor);
  if (known) return known;
  const answer = predictor.model();
  asked.set(predictor, answer);
  answer.catch(() => asked.delete(predictor));
  return answer;
}

/** Another model answers by now: whoever shows it asks again. */
export function modelChanged(predictor: Predictor): void {
  asked.delete(predictor);
  changes.value++;
}

export function useModel(): { model: ModelResponse | null; error: unknown } {
  const predictor = usePredictor();
  const change = changes.value;
  const [state, setState] = useState<{ model: ModelResponse | null; error: unknown }>({ model: null, error: null });
  useEffect(() => {
    modelOf(predictor).then(
      (model) => setState({ model, error: null }),
      (error: unknown) => setState({ model: null, error }),
    );
  }, [predictor, change]);
  return state;
}
