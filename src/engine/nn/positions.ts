/** What of an encoder's `config.json` positions and padding depend on: all that a page with a model needs of it. */
export interface PaddingConfig {
  readonly model_type: string;
  readonly pad_token_id: number;
}

/** RoBERTa counts positions from the padding id on (transformers' `create_position_ids_from_input_ids`). */
export const positionOffset = (config: PaddingConfig): number =>
  config.model_type === 'roberta' || config.model_type === 'xlm-roberta' ? config.pad_token_id + 1 : 0;
