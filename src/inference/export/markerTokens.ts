import { failure } from '../../base/core/errors.ts';
import { type EntityRole, MARKERS } from '../../base/text/markers.ts';
import type { Tokenizer } from '../../base/text/tokenizer.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';

/** Which ids a marker's token may be: 1 by id, else 0. */
type IdTable = Float32Array;

/** How to find an entity's markers in token ids, for a graph that gets nothing but the ids. */
export interface EntityMarkers {
  readonly opening: {
    /** The marker's first token, and for typed punctuation the one after `gap` tokens. */
    readonly tables: readonly IdTable[];
    readonly gap: number;
    /** How often it occurs in a sentence with this marker: a sentence with more occurrences is ambiguous. */
    readonly occurrences: number;
  };
  /**
   * The last token of the opening marker: the first of these behind the token that `tables` end with; null where the
   * opening marker is one token.
   */
  readonly openingEnd: IdTable | null;
  readonly closing: {
    /** The last of these is the closing marker. */
    readonly table: IdTable;
    readonly occurrences: number;
  };
}

/**
 * The markers of both entities. Special tokens are one id for each type. Punctuation is any token that holds the character:
 * `@` opens and closes the subject, `@ *` only opens it, and the second `*` ends the opening marker.
 *
 * Errors: `failed` where the tokenizer has no tokens for them.
 */
export function entityMarkers({ task, spec, inputs }: RelationModel): Readonly<Record<EntityRole, EntityMarkers>> {
  const { special, typed } = MARKERS[task.marker];
  const { tokenizer } = inputs;
  const rows = spec.config.vocab_size;
  const of = (role: EntityRole): EntityMarkers => {
    const fences = (typed ? task.entityTypes : ['']).map((type) => MARKERS[task.marker][role](type));
    if (special) {
      const tableOf = (side: 'open' | 'close') =>
        tableOfTokens(
          tokenizer,
          rows,
          fences.map((fence) => fence[side]),
        );
      const opening = { tables: [tableOf('open')], gap: 0, occurrences: 1 };
      return { opening, openingEnd: null, closing: { table: tableOf('close'), occurrences: 1 } };
    }
    const { open } = fences[0]!;
    const [first, second] = open.split(' ').filter((word) => word !== '');
    const outer = tableOfPieces(tokenizer, rows, first!);
    const closing = { table: outer, occurrences: 2 };
    if (!typed) return { opening: { tables: [outer], gap: 0, occurrences: 2 }, openingEnd: null, closing };
    const inner = tableOfPieces(tokenizer, rows, second!);
    const opening = { tables: [outer, inner], gap: gapOf(tokenizer, open, first!, second!), occurrences: 1 };
    return { opening, openingEnd: inner, closing };
  };
  return { subject: of('subject'), object: of('object') };
}

function tableOfTokens(tokenizer: Tokenizer, rows: number, tokens: readonly string[]): IdTable {
  const table = new Float32Array(rows);
  for (const token of tokens) {
    const id = tokenizer.id(token);
    if (id === undefined)
      throw failure({
        en: `The tokenizer has no token ${token}, which marks an entity.`,
        ko: `토크나이저에 엔티티를 표시하는 토큰 ${token}이(가) 없다.`,
      });
    table[id] = 1;
  }
  return table;
}

function tableOfPieces(tokenizer: Tokenizer, rows: number, character: string): IdTable {
  return Float32Array.from({ length: rows }, (_, id) => (tokenizer.piece(id)?.includes(character) ? 1 : 0));
}

/** Tokens from the one with the first character to the one with the second: more than one where white space is a token. */
function gapOf(tokenizer: Tokenizer, fence: string, first: string, second: string): number {
  const { pieces } = tokenizer.tokenize(fence);
  const start = pieces.findIndex((piece) => piece.includes(first));
  const gap = pieces.slice(start + 1).findIndex((piece) => piece.includes(second)) + 1;
  if (start < 0 || gap === 0)
    throw failure({
      en: `The tokenizer has no tokens for "${fence.trim()}", which marks an entity.`,
      ko: `토크나이저에 엔티티를 표시하는 "${fence.trim()}"의 토큰이 없다.`,
    });
  return gap;
}
