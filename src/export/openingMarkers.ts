import { failure } from '../core/errors.ts';
import type { RelationModel } from '../nn/relationModel.ts';
import { type EntityRole, MARKERS } from '../text/markers.ts';
import type { Tokenizer } from '../text/tokenizer.ts';

/** How an entity's opening marker shows in token ids, for a graph that gets nothing but the ids. */
export interface OpeningMarker {
  /** Which ids the marker's first token may be, and for typed punctuation the one after `gap` tokens: 1 by id, else 0. */
  readonly tables: readonly Float32Array[];
  readonly gap: number;
  /** How often that stands in a sentence with this marker: a sentence where it stands more often is ambiguous. */
  readonly occurrences: number;
}

/**
 * The opening markers of both entities. Special tokens are one id for each type. Punctuation is any token that holds the
 * character: `@` opens and closes the subject, `@ *` only opens it.
 *
 * Errors: `failed` where the tokenizer has no tokens for them.
 */
export function openingMarkers({ task, spec, inputs }: RelationModel): Readonly<Record<EntityRole, OpeningMarker>> {
  const { special, typed } = MARKERS[task.marker];
  const { tokenizer } = inputs;
  const rows = spec.config.vocab_size;
  const of = (role: EntityRole): OpeningMarker => {
    const fences = (typed ? task.entityTypes : ['']).map((type) => MARKERS[task.marker][role](type).open);
    if (special) return { tables: [tableOfTokens(tokenizer, rows, fences)], gap: 0, occurrences: 1 };
    const [first, second] = fences[0]!.split(' ').filter((word) => word !== '');
    if (!typed) return { tables: [tableOfPieces(tokenizer, rows, first!)], gap: 0, occurrences: 2 };
    const tables = [first!, second!].map((character) => tableOfPieces(tokenizer, rows, character));
    return { tables, gap: gapOf(tokenizer, fences[0]!, first!, second!), occurrences: 1 };
  };
  return { subject: of('subject'), object: of('object') };
}

function tableOfTokens(tokenizer: Tokenizer, rows: number, tokens: readonly string[]): Float32Array {
  const table = new Float32Array(rows);
  for (const token of tokens) {
    const id = tokenizer.id(token);
    if (id === undefined) throw failure(`The tokenizer has no token ${token}, which marks an entity.`);
    table[id] = 1;
  }
  return table;
}

function tableOfPieces(tokenizer: Tokenizer, rows: number, character: string): Float32Array {
  return Float32Array.from({ length: rows }, (_, id) => (tokenizer.piece(id)?.includes(character) ? 1 : 0));
}

/** Tokens from the one with the first character to the one with the second: more than one where white space is a token. */
function gapOf(tokenizer: Tokenizer, fence: string, first: string, second: string): number {
  const { pieces } = tokenizer.tokenize(fence);
  const start = pieces.findIndex((piece) => piece.includes(first));
  const gap = pieces.slice(start + 1).findIndex((piece) => piece.includes(second)) + 1;
  if (start < 0 || gap === 0)
    throw failure(`The tokenizer has no tokens for "${fence.trim()}", which marks an entity.`);
  return gap;
}
