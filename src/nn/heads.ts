import type { HeadName } from '../core/settings.ts';
import { type Builder, linear } from './encoder.ts';
import type { Tensor } from './graph/graph.ts';

/** A head turns the states (n, hidden) into logits (b, labels). */
export interface Head {
  /** How many tokens of a row the head reads. */
  readonly reads: number;
  build(build: Builder, states: Tensor): Tensor;
}

/** One row per head; `states` are those at the read tokens, side by side: (b, reads · hidden). */
export const HEADS: Record<HeadName, Head> = {
  /** The first token through the architecture's own classification head in transformers. */
  cls: {
    reads: 1,
    build: (build, states) => {
      const { ops, config, dropout } = build;
      if (config.model_type === 'bert') {
        const pooled = ops.tanh(linear(build, 'bert.pooler.dense', states));
        return linear(build, 'classifier', dropout(pooled, 'head'));
      }
      return twoLayers(build, states, config.model_type === 'electra' ? 'gelu' : 'tanh');
    },
  },
  /** The states at both opening markers (Baldini Soares et al., 2019, arXiv:1906.03158, "entity start"), one dense layer. */
  'entity-start': {
    reads: 2,
    build: (build, states) => twoLayers(build, states, 'tanh'),
  },
};

/** Dropout, dense, activation, dropout, projection: transformers' `RobertaClassificationHead`. */
function twoLayers(build: Builder, states: Tensor, activation: 'tanh' | 'gelu'): Tensor {
  const { ops, dropout } = build;
  const dense = ops[activation](linear(build, 'classifier.dense', dropout(states, 'head')));
  return linear(build, 'classifier.out_proj', dropout(dense, 'head'));
}
