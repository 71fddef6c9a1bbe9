import { z } from 'zod';

const addedTokenSchema = z.looseObject({
  id: z.number().int().min(0),
  content: z.string().min(1),
  lstrip: z.boolean().optional(),
  rstrip: z.boolean().optional(),
});
/** Pieces with ids (WordPiece, BPE) or with log-probabilities (Unigram); checked without a copy, as there are many. */
const vocabularySchema = z.custom<Readonly<Record<string, number>> | readonly (readonly [string, number])[]>(
  (value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0,
  'expected pieces',
);
export const tokenizerSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  post_processor: z.unknown(),
  decoder: z.unknown(),
  model: z.looseObject({
    type: z.string().optional(),
    vocab: vocabularySchema,
    continuing_subword_prefix: z.string().nullish(),
  }),
});

/** A special token, by name or as an object with its name as content. */
const specialTokenSchema = z.union([z.string(), z.looseObject({ content: z.string() })]);
export const configSchema = z.looseObject({
  tokenizer_class: z.string().nullish(),
  cls_token: specialTokenSchema.nullish(),
  sep_token: specialTokenSchema.nullish(),
  pad_token: specialTokenSchema.nullish(),
  unk_token: specialTokenSchema.nullish(),
  mask_token: specialTokenSchema.nullish(),
  additional_special_tokens: z.array(specialTokenSchema).nullish(),
  do_lower_case: z.boolean().nullish(),
  strip_accents: z.boolean().nullish(),
  tokenize_chinese_chars: z.boolean().nullish(),
});

/** The content of `tokenizer.json`, as far as korex looks into it. */
export type TokenizerJson = z.infer<typeof tokenizerSchema>;
/** The content of `tokenizer_config.json`. */
export type TokenizerConfig = z.infer<typeof configSchema>;

/** The name of a special token, if the configuration has it. */
export const tokenName = (token: z.infer<typeof specialTokenSchema> | null | undefined): string | undefined =>
  typeof token === 'string' ? token : token?.content;

/** An added token that swallows no white space and is found in the text as it is. */
export const PLAIN_SPECIAL = {
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
} as const;
