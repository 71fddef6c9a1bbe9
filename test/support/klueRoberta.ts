import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEncoderConfig } from '../../src/engine/nn/encoderConfig.ts';
import { parameterSpecs } from '../../src/engine/nn/parameters.ts';
import { initialWeight } from '../../src/engine/nn/weights/loadWeights.ts';
import { encodeSafetensors } from '../../src/engine/nn/weights/safetensors.ts';

/** `config.json` of klue/roberta-base, narrower and with fewer layers. */
const CONFIG = {
  architectures: ['RobertaForMaskedLM'],
  attention_probs_dropout_prob: 0.1,
  bos_token_id: 0,
  eos_token_id: 2,
  gradient_checkpointing: false,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  hidden_size: 16,
  initializer_range: 0.02,
  intermediate_size: 32,
  layer_norm_eps: 1e-5,
  max_position_embeddings: 514,
  model_type: 'roberta',
  num_attention_heads: 2,
  num_hidden_layers: 2,
  pad_token_id: 1,
  type_vocab_size: 1,
  tokenizer_class: 'BertTokenizer',
};

/** A tokenizer of the same kind (BERT's words, `[PAD]` 1) with a small vocabulary. */
export const SMALL_TOKENIZER = 'test/fixtures/tokenizer/wordpiece';

/**
 * Writes random weights in exactly the layout of klue/roberta-base: RoBERTa over a BERT tokenizer, positions counted from
 * 2, one token type, a head of masked language modelling beside the encoder.
 */
export async function writeKlueRoberta(folder: string, tokenizer: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    await copyFile(join(tokenizer, file), join(folder, file));
  const { model } = JSON.parse(await readFile(join(tokenizer, 'tokenizer.json'), 'utf8')) as {
    model: { vocab: Record<string, number> };
  };
  const path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify({ ...CONFIG, vocab_size: Object.keys(model.vocab).length }));
  const config = await readEncoderConfig(path);
  const encoder = parameterSpecs(config, 'entity-start', 2).filter(({ head }) => !head);
  const languageModelHead = { ...encoder[0]!, name: 'lm_head.bias', shape: [config.vocab_size] };
  const tensors = [...encoder, languageModelHead].map((parameter) => ({
    ...parameter,
    data: initialWeight(parameter, config, 1),
  }));
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat(encodeSafetensors(tensors)));
}
