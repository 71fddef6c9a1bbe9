import type { Localized } from '../../../base/core/types.ts';
import { damagedFile } from './tensorFile.ts';

/** First parts of names in encoders that were saved without their architecture's name before them. */
const ENCODER_PARTS = ['embeddings', 'embeddings_project', 'encoder', 'pooler'];

/**
 * The names under which korex knows a file's tensors, each with the name in the file. Checkpoints store the encoder bare
 * (`embeddings.…`) or below its architecture's name (`bert.embeddings.…`); the oldest call the weight and the bias of a
 * layer norm `gamma` and `beta`.
 *
 * @param prefix the architecture's name, e.g. `bert`
 * @param wrapper what stands before names and is left out, as of `wrappersOf`
 * Errors: `usage` where two tensors of the file are the same parameter.
 */
export function parameterNames(
  path: string,
  stored: Iterable<string>,
  prefix: string,
  wrapper = '',
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of stored) {
    const parameter = parameterName(name.startsWith(wrapper) ? name.slice(wrapper.length) : name, prefix);
    const other = names.get(parameter);
    if (other !== undefined)
      throw damagedFile(path, {
        en: `${other} and ${name} are the same parameter`,
        ko: `${other}과(와) ${name}이(가) 같은 매개변수이다`,
      });
    names.set(parameter, name);
  }
  return names;
}

function parameterName(name: string, prefix: string): string {
  const current = name
    .replace(/\.LayerNorm\.gamma$/, '.LayerNorm.weight')
    .replace(/\.LayerNorm\.beta$/, '.LayerNorm.bias');
  const first = current.slice(0, current.indexOf('.'));
  return ENCODER_PARTS.includes(first) ? `${prefix}.${current}` : current;
}

/** Architectures whose names stand before those of their weights; of most, korex builds none. */
// biome-ignore format: a list to be looked up, not read
const ARCHITECTURES = [
  'bert', 'roberta', 'electra', 'distilbert', 'albert', 'deberta', 'camembert', 'funnel', 'longformer', 'bart', 't5', 'transformer',
];

/**
 * What stands before the names of an encoder's weights where a model was saved as a part of another: `module.`
 * (DataParallel), `model.` (Lightning), `_orig_mod.` (torch.compile), the name of a field, or several of these. Empty for an
 * encoder that stands by itself; several where the file holds several encoders.
 */
export function wrappersOf(stored: Iterable<string>, prefix: string): readonly string[] {
  const found = new Set<string>();
  for (const name of stored) {
    const [, before, own] = /^(.*?)(?:(?<=^|\.)(\w+)\.)?embeddings\.word_embeddings\.weight$/.exec(name) ?? [];
    if (before === undefined || (own !== prefix && ARCHITECTURES.includes(own ?? ''))) continue;
    found.add(own === undefined || own === prefix ? before : `${before}${own}.`);
  }
  return [...found];
}

/** What kind of file holds these names, in words that go on a sentence, where they say why a model finds none of its own. */
export function whyForeign(stored: Iterable<string>, prefix: string): { cause: Localized; hint: Localized } | null {
  const names = [...stored];
  if (names.some(isAdapter))
    return {
      cause: {
        en: 'it holds a LoRA adapter that was not merged into the weights',
        ko: '가중치에 합치지 않은 LoRA 어댑터가 들어 있다',
      },
      hint: MERGE,
    };
  const wrappers = wrappersOf(names, prefix);
  if (wrappers.length > 1) {
    const cause = {
      en: `it holds several encoders, below ${wrappers.map((wrapper) => wrapper || 'no name').join(' and ')}`,
      ko: `인코더가 여럿 들어 있다: ${wrappers.map((wrapper) => wrapper || '이름 없음').join(', ')}`,
    };
    return {
      cause,
      hint: {
        en: 'Save the one that is meant by itself, with save_pretrained.',
        ko: '쓸 것만 save_pretrained로 따로 저장한다.',
      },
    };
  }
  const other = ARCHITECTURES.find((own) => own !== prefix && names.some((name) => name.split('.').includes(own)));
  return other === undefined
    ? null
    : {
        cause: {
          en: `its tensors are those of ${other}, config.json describes ${prefix}`,
          ko: `텐서는 ${other}의 것인데 config.json은 ${prefix}의 것이다`,
        },
        hint: SAME_MODEL,
      };
}

export const SAME_MODEL = {
  en: 'Use the weights and the config.json of the same model.',
  ko: '같은 모델의 가중치와 config.json을 쓴다.',
};
/** What to do with an adapter of PEFT. */
export const MERGE = {
  en: 'Merge it in Python: model = AutoPeftModelForSequenceClassification.from_pretrained("FOLDER").merge_and_unload(), then model.save_pretrained("MERGED") and tokenizer.save_pretrained("MERGED").',
  ko: '파이썬에서 합친다: model = AutoPeftModelForSequenceClassification.from_pretrained("FOLDER").merge_and_unload() 다음에 model.save_pretrained("MERGED"), tokenizer.save_pretrained("MERGED").',
};

const isAdapter = (name: string): boolean => /\.(lora_[AB]|lora_embedding_[AB])(\.|$)/.test(name);
