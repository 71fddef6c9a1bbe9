import { type Builder, linear } from './encoder.ts';
import type { Tensor } from './graph/nodes.ts';
import type { ModelHead } from './headPooling.ts';

/** From the pooled states of a row, concatenated (b, states · hidden), to logits (b, labels); or so of each token. */
type Head = (build: Builder, states: Tensor) => Tensor;

/** Dropout, dense, activation, dropout, projection: transformers' `RobertaClassificationHead`. */
const twoLayers =
  (activation: 'tanh' | 'gelu'): Head =>
  (build, states) => {
    const { ops, dropout } = build;
    const dense = ops[activation](linear(build, 'classifier.dense', dropout(states, 'head')));
    return linear(build, 'classifier.out_proj', dropout(dense, 'head'));
  };

/** One row per head; `headPooling.ts` says what each pools. */
export const HEADS: Record<ModelHead, Head> = {
  /** The first token through the architecture's own classification head in transformers. */
  cls: (build, states) => {
    const { ops, config, dropout } = build;
    if (config.model_type === 'bert') {
      const pooled = ops.tanh(linear(build, 'bert.pooler.dense', states));
      return linear(build, 'classifier', dropout(pooled, 'head'));
    }
    return twoLayers(config.model_type === 'electra' ? 'gelu' : 'tanh')(build, states);
  },
  /** The states at both opening markers (Baldini Soares et al., 2019, arXiv:1906.03158, "entity start"). */
  'entity-start': twoLayers('tanh'),
  /** The mean states of both entities' own tokens (Baldini Soares et al. pool them by maximum, "mention pooling"). */
  'span-mean': twoLayers('tanh'),
  /** The first token beside both opening markers (Wu and He, 2019, arXiv:1905.08284, join sentence and entities so). */
  'start-cls': twoLayers('tanh'),
  /** Both opening markers beside both means. */
  'start-mean': twoLayers('tanh'),
  /** Each token by itself: transformers' `…ForTokenClassification` of every architecture. */
  tokens: (build, states) => linear(build, 'classifier', build.dropout(states, 'head')),
};
