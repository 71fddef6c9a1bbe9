import type {
  EntityInput,
  ExtractRequest,
  ModelResponse,
  PredictRequest,
} from '../../../../src/inference/predict/schema.ts';
import type { Inquiry } from '../../marking/address.ts';
import type { Mark } from '../../marking/marking.ts';

/** What an inquiry asks for: the relation of two entities, or all relations among more. */
export type Ask =
  | { readonly path: '/v1/predict'; readonly body: PredictRequest }
  | { readonly path: '/v1/extract'; readonly body: ExtractRequest };

export const entityInput = ({ start, end, type }: Mark): EntityInput => ({
  start,
  end,
  offsets: 'utf16',
  ...(type !== null && { type }),
});

/**
 * The request behind an inquiry; null while it cannot be asked: fewer than two entities, or types missing that the
 * model reads. The threshold is left out of it, since the page applies it to the answer by itself.
 */
export function askOf(inquiry: Inquiry, model: ModelResponse): Ask | null {
  const { sentence, marks, subject, object, topK, allPairs } = inquiry;
  if (marks.length < 2 || marks.length > model.max_entities) return null;
  if (model.needs_types && marks.some(({ type }) => type === null)) return null;
  if (marks.length === 2)
    return {
      path: '/v1/predict',
      body: {
        sentence,
        subject: entityInput(marks[subject]!),
        object: entityInput(marks[object]!),
        top_k: topK,
      },
    };
  return {
    path: '/v1/extract',
    body: {
      sentence,
      entities: marks.map(entityInput),
      pairs: allPairs ? 'all' : 'typed',
      top_k: topK,
      include_no_relation: true,
    },
  };
}
