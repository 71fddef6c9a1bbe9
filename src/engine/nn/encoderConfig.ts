import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { readJson } from '../../base/core/files.ts';
import { issueWords } from '../../base/core/issueWords.ts';
import { positionOffset } from './positions.ts';

/** The architectures that korex builds, with what transformers takes where their `config.json` leaves something out. */
const ARCHITECTURES = {
  bert: { pad_token_id: 0 },
  roberta: { pad_token_id: 1 },
  'xlm-roberta': { pad_token_id: 1 },
  electra: { pad_token_id: 0, embedding_size: 128 },
} as const;

type ModelType = keyof typeof ARCHITECTURES;

/** A size, with a bound far beyond any encoder: a damaged file must not make korex count to a billion layers. */
const size = (largest: number) => z.number().int().positive().max(largest);

/** What korex reads of a Hugging Face `config.json`; the other keys are kept for writing it back. */
const configSchema = z.looseObject({
  model_type: z.enum(Object.keys(ARCHITECTURES) as [ModelType]),
  vocab_size: size(10_000_000),
  hidden_size: size(65_536),
  embedding_size: size(65_536).optional(),
  num_hidden_layers: size(1_000),
  num_attention_heads: size(65_536),
  intermediate_size: size(1_000_000),
  max_position_embeddings: size(1_000_000),
  type_vocab_size: size(1_000).default(2),
  layer_norm_eps: z.number().positive().max(1).default(1e-12),
  hidden_act: z.enum(['gelu', 'relu']).default('gelu'),
  hidden_dropout_prob: z.number().min(0).lt(1).default(0.1),
  attention_probs_dropout_prob: z.number().min(0).lt(1).default(0.1),
  classifier_dropout: z.number().min(0).lt(1).nullish(),
  initializer_range: z.number().positive().max(100).default(0.02),
  pad_token_id: z.number().int().min(0),
  position_embedding_type: z.literal('absolute').optional(),
  is_decoder: z.literal(false).optional(),
  add_cross_attention: z.literal(false).optional(),
});

export type EncoderConfig = z.output<typeof configSchema>;

/** The longest input in tokens that an encoder has positions for. */
export const maxPositions = (config: EncoderConfig): number => config.max_position_embeddings - positionOffset(config);

const SUPPORTED = {
  en: `korex builds encoders of the types ${Object.keys(ARCHITECTURES).join(', ')} with absolute positions.`,
  ko: `korex가 만드는 인코더는 위치가 절대적인 ${Object.keys(ARCHITECTURES).join(', ')} 종류이다.`,
};

/** Reads and checks `config.json` of a model folder. Errors: `usage`, naming the file, the key and the value found. */
export async function readEncoderConfig(path: string): Promise<EncoderConfig> {
  const content = withDefaults(await readJson(path));
  const parsed = configSchema.safeParse(content, { reportInput: true });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const { path: key, input } = issue;
    const words = issueWords(issue);
    throw usageError(
      {
        en: `${path}: ${key.join('.') || 'the file'}: ${words.en}${input === undefined ? '' : ` (found ${shown(input)})`}.`,
        ko: `${path}: ${key.join('.') || '파일'}: ${words.ko}${input === undefined ? '' : ` (적힌 값: ${shown(input)})`}.`,
      },
      SUPPORTED,
    );
  }
  const config = parsed.data;
  if (config.hidden_size % config.num_attention_heads !== 0)
    throw usageError({
      en: `${path}: hidden_size ${config.hidden_size} is not a multiple of num_attention_heads ${config.num_attention_heads}.`,
      ko: `${path}: hidden_size ${config.hidden_size}이(가) num_attention_heads ${config.num_attention_heads}의 배수가 아니다.`,
    });
  if (config.pad_token_id >= config.vocab_size)
    throw usageError({
      en: `${path}: pad_token_id ${config.pad_token_id} is not below vocab_size ${config.vocab_size}.`,
      ko: `${path}: pad_token_id ${config.pad_token_id}이(가) vocab_size ${config.vocab_size}보다 작지 않다.`,
    });
  if (maxPositions(config) < 1)
    throw usageError({
      en: `${path}: max_position_embeddings ${config.max_position_embeddings} leaves no positions after the ${positionOffset(config)} that ${config.model_type} keeps free.`,
      ko: `${path}: max_position_embeddings ${config.max_position_embeddings}에서 ${config.model_type}이(가) 비워 두는 ${positionOffset(config)}개를 빼면 남는 위치가 없다.`,
    });
  return config;
}

/** Fills in the architecture's defaults; only ELECTRA has an `embedding_size`, and null means that a value is not given. */
function withDefaults(content: unknown): unknown {
  if (typeof content !== 'object' || content === null || !('model_type' in content)) return content;
  const { embedding_size, ...rest } = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));
  const type = String(content.model_type);
  if (!Object.hasOwn(ARCHITECTURES, type)) return content;
  const own = type === 'electra' && embedding_size !== undefined ? { embedding_size } : {};
  return { ...ARCHITECTURES[type as ModelType], ...rest, ...own };
}

/** A value of a file for a message. */
function shown(value: unknown): string {
  const text =
    typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
