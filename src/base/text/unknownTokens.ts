import { usageError } from '../core/errors.ts';
import { percent } from '../core/format.ts';
import type { Reporter } from '../core/reporter.ts';

/** Tokens of rows' own text, without special tokens and markers, and how many of them are the unknown token. */
export interface TokenCounts {
  readonly tokens: number;
  readonly unknown: number;
}

/** Shares of unknown tokens: above the first something is likely wrong, above the second nearly nothing can be read. */
export const UNKNOWN_TOKENS = { warnAbove: 0.02, stopAbove: 0.3 } as const;

/** The counts of many rows as one. */
export function sumCounts(counts: Iterable<TokenCounts>): TokenCounts {
  let [tokens, unknown] = [0, 0];
  for (const row of counts) {
    tokens += row.tokens;
    unknown += row.unknown;
  }
  return { tokens, unknown };
}

/** The unknown ones among the tokens, 0 where there are none. */
export const unknownShare = ({ tokens, unknown }: TokenCounts): number => (tokens === 0 ? 0 : unknown / tokens);

/** What the share means: read well, doubtful, or mostly unread. */
export function unknownVerdict(counts: TokenCounts): 'fine' | 'doubtful' | 'unreadable' {
  const share = unknownShare(counts);
  if (share > UNKNOWN_TOKENS.stopAbove) return 'unreadable';
  return share > UNKNOWN_TOKENS.warnAbove ? 'doubtful' : 'fine';
}

const CAUSES =
  'Usual causes: a tokenizer of another encoder, lower-casing that splits Hangul, text in another language or script.';

/**
 * Warns of rows that the tokenizer hardly knows, and stops where it knows next to nothing of them.
 *
 * @param where whose rows: `the training rows`, a file's name
 * Errors: `usage` above `UNKNOWN_TOKENS.stopAbove`, unless `isAllowed`.
 */
export function checkUnknownTokens(
  counts: TokenCounts,
  {
    where,
    isAllowed,
    reporter,
  }: { readonly where: string; readonly isAllowed: boolean; readonly reporter: Pick<Reporter, 'warn'> },
): void {
  const verdict = unknownVerdict(counts);
  if (verdict === 'fine') return;
  const found = `${percent(unknownShare(counts))} of the tokens of ${where} are unknown to the tokenizer`;
  if (verdict === 'unreadable' && !isAllowed)
    throw usageError(
      `${found}; the model would see next to nothing of the text.`,
      `${CAUSES} --allow-unknown-tokens goes on all the same.`,
    );
  reporter.warn(`${found}. ${CAUSES}`);
}
