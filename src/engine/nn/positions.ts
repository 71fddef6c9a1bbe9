import type { EncoderConfig } from './encoderConfig.ts';

/** What positions and padding depend on. */
export type PaddingConfig = Pick<EncoderConfig, 'model_type' | 'pad_token_id'>;

/** The longest input in tokens that an encoder has positions for. */
export const maxPositions = (config: EncoderConfig): number => config.max_position_embeddings - positionOffset(config);

/** RoBERTa counts positions from the padding id on (transformers' `create_position_ids_from_input_ids`). */
export const positionOffset = (config: PaddingConfig): number =>
  config.model_type === 'roberta' || config.model_type === 'xlm-roberta' ? config.pad_token_id + 1 : 0;

/** Position ids of a padded batch: 0, 1, 2, … per row, from the offset on; RoBERTa gives padding the padding id. */
export function positionIds(config: PaddingConfig, lengths: readonly number[], width: number): BigInt64Array {
  const offset = positionOffset(config);
  const ids = new BigInt64Array(lengths.length * width);
  for (const [row, length] of lengths.entries())
    for (let column = 0; column < width; column++)
      ids[row * width + column] = BigInt(offset > 0 && column >= length ? config.pad_token_id : column + offset);
  return ids;
}
