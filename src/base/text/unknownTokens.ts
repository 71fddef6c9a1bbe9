import { inBoth, usageError } from '../core/errors.ts';
import { percent } from '../core/format.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Language, Localized } from '../core/types.ts';

/** Tokens of rows' own text, without special tokens and markers, and how many of them are the unknown token. */
export interface TokenCounts {
  readonly tokens: number;
  readonly unknown: number;
}

/** Shares of unknown tokens: above the first something is likely wrong, above the second nearly nothing can be read. */
export const UNKNOWN_TOKENS = { warnAbove: 0.02, stopAbove: 0.3 } as const;

/** So many of one sentence: fewer may be its names in rare letters, or emoji, and the rest is read all the same. */
const LEAST_OF_A_SENTENCE = 5;

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

/** Whether so much of one sentence is unknown that an answer to it would mean nothing. */
export const isUnreadable = (counts: TokenCounts): boolean =>
  unknownVerdict(counts) === 'unreadable' && counts.unknown >= LEAST_OF_A_SENTENCE;

const CAUSES: Localized = {
  en: 'Usual causes: a tokenizer of another encoder, lower-casing that splits Hangul, text in another language or script.',
  ko: '흔한 원인: 다른 인코더의 토크나이저, 한글을 쪼개는 소문자 변환, 다른 언어나 문자로 된 글.',
};

/** What is found, e.g. `41.0% of the tokens of the training rows are unknown to the tokenizer`. */
const found = (counts: TokenCounts, where: Localized, lang: Language): string =>
  lang === 'ko'
    ? `${where.ko}의 토큰 가운데 ${percent(unknownShare(counts))}가 토크나이저의 어휘에 없다`
    : `${percent(unknownShare(counts))} of the tokens of ${where.en} are unknown to the tokenizer`;

/** Why a text that is mostly unread is refused, and what to do: for an error. */
export const unreadableWords = (counts: TokenCounts, where: Localized) => ({
  message: inBoth(
    (lang) =>
      `${found(counts, where, lang)}${lang === 'ko' ? ': 모델이 글을 거의 읽지 못한다.' : '; the model would see next to nothing of the text.'}`,
  ),
  hint: inBoth(
    (lang) =>
      `${CAUSES[lang]} ${lang === 'ko' ? '그래도 하려면 --allow-unknown-tokens를 쓴다.' : '--allow-unknown-tokens goes on all the same.'}`,
  ),
});

/** Whose rows are looked at, what then happens, and who is told. */
export interface UnknownTokensCheck {
  /** `the training rows`, or a file's name. */
  readonly where: Localized;
  readonly isAllowed: boolean;
  readonly reporter: Pick<Reporter, 'warn'>;
}

/**
 * Warns of rows that the tokenizer hardly knows, and stops where it knows next to nothing of them.
 *
 * Errors: `usage` above `UNKNOWN_TOKENS.stopAbove`, unless `isAllowed`.
 */
export function checkUnknownTokens(counts: TokenCounts, check: UnknownTokensCheck): void {
  refuseUnreadable(counts, check);
  warnOfUnknown(counts, check);
}

/** The warning alone. */
export function warnOfUnknown(counts: TokenCounts, { where, reporter }: Omit<UnknownTokensCheck, 'isAllowed'>): void {
  if (unknownVerdict(counts) !== 'fine')
    reporter.warn(inBoth((lang) => `${found(counts, where, lang)}. ${CAUSES[lang]}`));
}

/** The error alone, for rows that are still being read. */
export function refuseUnreadable(
  counts: TokenCounts,
  { where, isAllowed }: Pick<UnknownTokensCheck, 'where' | 'isAllowed'>,
): void {
  if (isAllowed || unknownVerdict(counts) !== 'unreadable') return;
  const { message, hint } = unreadableWords(counts, where);
  throw usageError(message, hint);
}

/** Counts rows while they are encoded. */
export interface TokensWatch {
  /** Errors: `usage` as soon as nearly nothing of the rows can be read. */
  readonly onEncoded: (counts: TokenCounts) => void;
  /** All counts together, with the warning that they may be worth. */
  finish(): TokenCounts;
}

export function watchTokens(check: UnknownTokensCheck): TokensWatch {
  let counts: TokenCounts = { tokens: 0, unknown: 0 };
  return {
    onEncoded(more) {
      counts = sumCounts([counts, more]);
      refuseUnreadable(counts, check);
    },
    finish() {
      warnOfUnknown(counts, check);
      return counts;
    },
  };
}

/** A single sentence, for `where`. */
export const THE_SENTENCE: Localized = { en: 'the sentence', ko: '문장' };
