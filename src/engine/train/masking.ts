import { usageError } from '../../base/core/errors.ts';
import type { RandomStream } from '../../base/core/random.ts';
import type { Tokenizer } from '../../base/text/tokenizer.ts';
import { tokenName } from '../../base/text/tokenizerJson.ts';
import type { MaskedRow } from '../nn/maskedBatch.ts';

/** Share of the tokens to predict (Devlin et al., 2019, arXiv:1810.04805, section 3.1). */
export const MASKED_SHARE = 0.15;
/** Of these, shares that are masked and that become any other token; the rest stays as it is (there, appendix A.1). */
const MASKED = 0.8;
const REPLACED = 0.1;

/** What masking must know of a vocabulary. */
export interface MaskTokens {
  readonly mask: number;
  /** Never hidden and never put in another's place: `[CLS]`, padding, marker tokens and the like. */
  readonly special: ReadonlySet<number>;
  /** All other ids. */
  readonly others: readonly number[];
}

/** Errors: `usage` for a tokenizer without a mask token. */
export function maskTokensOf({ files, size, id }: Pick<Tokenizer, 'files' | 'size' | 'id'>): MaskTokens {
  const names = [tokenName(files.config.mask_token), '[MASK]', '<mask>'];
  const mask = names.map((name) => (name === undefined ? undefined : id(name))).find((found) => found !== undefined);
  if (mask === undefined)
    throw usageError(
      {
        en: 'The encoder’s tokenizer has no mask token, which masked-language-model pretraining needs.',
        ko: '인코더의 토크나이저에 마스크 언어 모델 사전학습에 필요한 마스크 토큰이 없다.',
      },
      {
        en: 'Name it as mask_token in tokenizer_config.json, or leave --tapt-epochs out.',
        ko: 'tokenizer_config.json에 mask_token으로 적거나 --tapt-epochs를 뺀다.',
      },
    );
  const added = files.json.added_tokens.filter(({ special }) => special !== false);
  const special = new Set([mask, ...added.map((token) => token.id)]);
  return { mask, special, others: Array.from({ length: size }, (_, other) => other).filter((o) => !special.has(o)) };
}

/**
 * Hides 15 % of a sentence's tokens, rounded, at least one: of each hidden token 80 % a mask, 10 % any other token, 10 % as
 * it was.
 *
 * @param ids special tokens included; these are never hidden
 */
export function maskRow(
  ids: readonly number[],
  { mask, special, others }: MaskTokens,
  stream: RandomStream,
): MaskedRow {
  const free = ids.flatMap((id, place) => (special.has(id) ? [] : [{ place, score: stream.uniform(3 * place) }]));
  const count = Math.min(free.length, Math.max(1, Math.round(MASKED_SHARE * free.length)));
  const places = free
    .sort((a, b) => a.score - b.score || a.place - b.place)
    .slice(0, count)
    .map(({ place }) => place)
    .sort((a, b) => a - b);
  const masked = [...ids];
  for (const place of places) {
    const what = stream.uniform(3 * place + 1);
    if (what < MASKED) masked[place] = mask;
    else if (what < MASKED + REPLACED)
      masked[place] = others[Math.floor(stream.uniform(3 * place + 2) * others.length)]!;
  }
  return { ids: masked, places, gold: places.map((place) => ids[place]!) };
}
