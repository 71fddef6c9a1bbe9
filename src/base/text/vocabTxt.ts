import { PLAIN_SPECIAL, type TokenizerConfig, type TokenizerJson, tokenName } from './tokenizerJson.ts';

/**
 * The `tokenizer.json` of a BERT vocabulary: older encoders on the Hub (KoELECTRA) have only `vocab.txt`, one piece a
 * line, its number the id. Defaults as of transformers' `BertTokenizer`, which lowers case by default.
 */
export function fromVocabTxt(text: string, config: TokenizerConfig): TokenizerJson {
  const pieces = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]));
  const names = {
    unk: tokenName(config.unk_token) ?? '[UNK]',
    sep: tokenName(config.sep_token) ?? '[SEP]',
    pad: tokenName(config.pad_token) ?? '[PAD]',
    cls: tokenName(config.cls_token) ?? '[CLS]',
    mask: tokenName(config.mask_token) ?? '[MASK]',
  };
  const added = Object.values(names).flatMap((content) => {
    const id = vocab[content];
    return id === undefined ? [] : [{ id, content, ...PLAIN_SPECIAL }];
  });
  const special = (content: string) => ({ SpecialToken: { id: content, type_id: 0 } });
  const rule = (content: string) => ({ id: content, ids: [vocab[content] ?? 0], tokens: [content] });
  const sequence = (id: 'A' | 'B', type_id: number) => ({ Sequence: { id, type_id } });
  const frame = [special(names.cls), sequence('A', 0), special(names.sep)];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added.sort((a, b) => a.id - b.id),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars ?? true,
      strip_accents: config.strip_accents ?? null,
      lowercase: config.do_lower_case ?? true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: frame,
      pair: [...frame, sequence('B', 1), { SpecialToken: { id: names.sep, type_id: 1 } }],
      special_tokens: { [names.cls]: rule(names.cls), [names.sep]: rule(names.sep) },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: names.unk,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}
