import type { Choice, FileSelection } from './fileSelection.ts';
import { nameOf, type Repository } from './repository.ts';

/** Weight files in order of preference; only one kind is ever fetched. Shards are listed in the index of their kind. */
const WEIGHTS = [
  { whole: 'model.safetensors', index: 'model.safetensors.index.json', shard: /^model-\d{5}-of-(\d{5})\.safetensors$/ },
  { whole: 'pytorch_model.bin', index: 'pytorch_model.bin.index.json', shard: /^pytorch_model-\d{5}-of-(\d{5})\.bin$/ },
];

/** Files that korex reads where there are such: of models that it trained, how their confidence was calibrated. */
const EXTRAS = ['tokenizer_config.json', 'calibration.json'];

/**
 * The files that korex reads of an encoder or a trained model: configuration, tokenizer and one set of weights.
 *
 * @param option which option takes their folder
 */
export const encoderFiles = (repository: Repository, option: '--encoder' | '--model' = '--encoder'): FileSelection => ({
  what: option === '--encoder' ? { en: 'an encoder', ko: '인코더' } : { en: 'a model', ko: '모델' },
  choose: chooseEncoderFiles,
  manual: [
    { path: 'config.json' },
    { path: 'tokenizer.json', note: 'or vocab.txt, where there is no tokenizer.json' },
    { path: 'tokenizer_config.json' },
    { path: 'model.safetensors', note: 'or pytorch_model.bin, where there is no model.safetensors' },
  ],
  option,
  pull: `korex models pull ${nameOf(repository)}`,
});

/** Of the paths that there are, those that korex reads of an encoder or a trained model, or what it lacks. */
export function chooseEncoderFiles(paths: readonly string[]): Choice {
  const has = (path: string) => paths.includes(path);
  const weights = chooseWeights(paths);
  const tokenizer = ['tokenizer.json', 'vocab.txt'].find(has);
  if (!has('config.json') && has('adapter_config.json'))
    return { missing: 'a whole model: it is a LoRA adapter (PEFT), to be merged into its base with merge_and_unload' };
  if (!has('config.json')) return { missing: 'config.json' };
  if (tokenizer === undefined) return { missing: 'a tokenizer that korex reads: tokenizer.json or vocab.txt' };
  if (weights === null)
    return { missing: 'weights that korex reads: model.safetensors or pytorch_model.bin, whole or in shards' };
  return { paths: ['config.json', tokenizer, ...EXTRAS, ...weights].filter(has) };
}

function chooseWeights(paths: readonly string[]): readonly string[] | null {
  for (const { whole, index, shard } of WEIGHTS) {
    if (paths.includes(whole)) return [whole];
    const shards = paths.filter((path) => shard.test(path));
    const count = Number(shard.exec(shards[0] ?? '')?.[1]);
    if (paths.includes(index) && shards.length === count) return [index, ...shards];
  }
  return null;
}
