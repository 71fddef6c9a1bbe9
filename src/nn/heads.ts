import type { HeadName } from '../core/settings.ts';
import { type DropoutSite, linear, type ParameterSource } from './encoder.ts';
import type { EncoderConfig } from './encoderConfig.ts';
import type { Tensor } from './graph/graph.ts';
import type { Ops } from './graph/ops.ts';

/** A head turns the states (n, hidden) into logits (b, labels). */
export interface Head {
  /** Token indices, into the n tokens of the batch, that the head reads of each row. */
  readonly reads: number;
  build(ops: Ops, config: EncoderConfig, weight: ParameterSource, states: Tensor, dropout: DropoutSite): Tensor;
}

/** One row per head; `states` are those at the read tokens, side by side: (b, reads · hidden). */
export const HEADS: Record<HeadName, Head> = {
  /** The first token through the architecture's own classification head in transformers. */
  cls: {
    reads: 1,
    build: (ops, config, weight, states, dropout) => {
      if (config.model_type === 'bert') {
        const pooled = ops.tanh(linear(ops, 'bert.pooler.dense', weight, states));
        return linear(ops, 'classifier', weight, dropout(pooled, 'head'));
      }
      const activation = config.model_type === 'electra' ? ops.gelu : ops.tanh;
      const dense = activation(linear(ops, 'classifier.dense', weight, dropout(states, 'head')));
      return linear(ops, 'classifier.out_proj', weight, dropout(dense, 'head'));
    },
  },
  /** The states at both opening markers (Baldini Soares et al., 2019, arXiv:1906.03158, "entity start"), one dense layer. */
  'entity-start': {
    reads: 2,
    build: (ops, _, weight, states, dropout) => {
      const dense = ops.tanh(linear(ops, 'classifier.dense', weight, dropout(states, 'head')));
      return linear(ops, 'classifier.out_proj', weight, dropout(dense, 'head'));
    },
  },
};
