import { z } from 'zod';
import { architectureSchema } from './costModel.ts';

const localized = z.strictObject({ ko: z.string(), en: z.string() });
const fraction = z.number().min(0).max(1);

const candidateSchema = z.strictObject({
  id: z.string(),
  /** How the model gives a relation: by a head on the encoder, by a classifier of its own over its vector, or as text. */
  use: z.enum(['head', 'vector', 'text']),
  /** What its last training taught its states: words in their context, or the likeness of whole sentences. */
  pretraining: z.enum(['tokens', 'sentences']),
  architecture: architectureSchema,
  licence: z.strictObject({
    name: z.string(),
    kind: z.enum(['permissive', 'share-alike', 'restricted']),
    source: z.string(),
  }),
  /** KLUE-RE scores as fractions, on the split that the source used; null where the model's or the benchmark's authors published none. */
  published: z.strictObject({ micro_f1: fraction, auprc: fraction, source: z.string() }).nullable(),
  /** Parameters as published, rounded as there (heads included); null where none was found. */
  publishedParameters: z.strictObject({ value: z.number().int(), source: z.string() }).nullable(),
  /** Epochs of the benchmark's own recipe for this model; null where it has none. */
  recipeEpochs: z.strictObject({ value: z.number().int().positive(), source: z.string() }).nullable(),
  note: localized,
});

export type Candidate = z.infer<typeof candidateSchema>;

/** The newer of the table's two versions; the first one, of May 2021, has 66.66/67.74 for base and 69.59/72.39 for large. */
const KLUE_SCORES =
  'Park et al. (2021), KLUE, arXiv:2105.09680; github.com/KLUE-benchmark/KLUE, README.md, "Baseline Scores", RE F1 and AUPRC (commit 3efd987)';
const KLUE_RECIPE = 'github.com/KLUE-benchmark/KLUE-baseline, run_all.sh, "KLUE-RE" (commit 3d0d39f)';
const hub = (id: string, what: string) => `huggingface.co/${id}, ${what}`;
const klueScore = (microF1: number, auprc: number) => ({ micro_f1: microF1, auprc, source: KLUE_SCORES });

/** The model cards of klue/roberta-* name no licence; the benchmark's repository and klue/bert-base do. */
const KLUE_ROBERTA_LICENCE = {
  name: 'CC BY-SA 4.0',
  kind: 'share-alike',
  source: 'github.com/KLUE-benchmark/KLUE, README.md, "License" (the model card names none; see also issue 31 there)',
} as const;
const apache = (id: string) => ({
  name: 'Apache-2.0',
  kind: 'permissive' as const,
  source: hub(id, 'model card'),
});
const mit = (id: string) => ({ name: 'MIT', kind: 'permissive' as const, source: hub(id, 'model card') });

const BASE = { kind: 'encoder', hidden: 768, layers: 12, heads: 12, feedForward: 3072, pooler: true } as const;
const BERT = { positions: 512, segments: 2 } as const;
const ROBERTA = { positions: 514, segments: 1 } as const;
const SMALL = { kind: 'encoder', hidden: 384, heads: 12, feedForward: 1536 } as const;
const QWEN3 = {
  kind: 'decoder',
  hidden: 4096,
  layers: 36,
  heads: 32,
  keyValueHeads: 8,
  headSize: 128,
  feedForward: 12288,
} as const;

/** Every candidate as data, in the order in which ties are broken. Configurations are those of the models' `config.json`. */
export const CANDIDATES: readonly Candidate[] = z.array(candidateSchema).parse([
  {
    id: 'klue/roberta-base',
    use: 'head',
    pretraining: 'tokens',
    architecture: { ...BASE, ...ROBERTA, vocabulary: 32000 },
    licence: KLUE_ROBERTA_LICENCE,
    published: klueScore(0.6765, 0.6855),
    publishedParameters: { value: 111e6, source: hub('klue/roberta-base', 'model size') },
    recipeEpochs: { value: 3, source: KLUE_RECIPE },
    note: {
      ko: '한국어 말뭉치만으로 사전학습한 RoBERTa이며 KLUE의 기준 모델이다.',
      en: 'RoBERTa pretrained on Korean text alone; a baseline model of KLUE.',
    },
  },
  {
    id: 'klue/roberta-small',
    use: 'head',
    pretraining: 'tokens',
    architecture: { ...BASE, ...ROBERTA, layers: 6, vocabulary: 32000 },
    licence: KLUE_ROBERTA_LICENCE,
    published: klueScore(0.6089, 0.5896),
    publishedParameters: { value: 68.25e6, source: hub('klue/roberta-small', 'model.safetensors, 273 MB of floats') },
    recipeEpochs: { value: 3, source: KLUE_RECIPE },
    note: {
      ko: 'base와 너비가 같고 층은 절반(6층)이다.',
      en: 'As wide as base with half the layers (6).',
    },
  },
  {
    id: 'klue/roberta-large',
    use: 'head',
    pretraining: 'tokens',
    architecture: {
      ...BASE,
      ...ROBERTA,
      hidden: 1024,
      layers: 24,
      heads: 16,
      feedForward: 4096,
      vocabulary: 32000,
    },
    licence: KLUE_ROBERTA_LICENCE,
    published: klueScore(0.7113, 0.7298),
    publishedParameters: {
      value: 337e6,
      source: hub('ys7yoo/nli_klue_roberta-large_v2', 'model size (klue/roberta-large, fine-tuned)'),
    },
    recipeEpochs: { value: 10, source: KLUE_RECIPE },
    note: {
      ko: '공개된 KLUE-RE 점수가 가장 높지만 공식 학습법은 10에폭과 GPU 두 장을 쓴다.',
      en: 'The highest published KLUE-RE score; the official recipe takes 10 epochs on two GPUs.',
    },
  },
  {
    id: 'klue/bert-base',
    use: 'head',
    pretraining: 'tokens',
    architecture: { ...BASE, ...BERT, vocabulary: 32000 },
    licence: { name: 'CC BY-SA 4.0', kind: 'share-alike', source: hub('klue/bert-base', 'model card') },
    published: klueScore(0.6644, 0.6617),
    publishedParameters: {
      value: 111e6,
      source: hub('dudududukim/klue-bert-base-senti', 'model size (klue/bert-base, fine-tuned)'),
    },
    recipeEpochs: { value: 3, source: KLUE_RECIPE },
    note: {
      ko: 'KLUE 연구진이 함께 공개한 한국어 BERT이다.',
      en: 'Korean BERT, released with the RoBERTa models by the makers of KLUE.',
    },
  },
  {
    id: 'monologg/koelectra-base-v3-discriminator',
    use: 'head',
    pretraining: 'tokens',
    architecture: { ...BASE, ...BERT, pooler: false, vocabulary: 35000 },
    licence: apache('monologg/koelectra-base-v3-discriminator'),
    published: klueScore(0.6285, 0.5894),
    publishedParameters: {
      value: 113e6,
      source: hub('monologg/koelectra-base-v3-discriminator', 'model.safetensors, 452 MB of floats'),
    },
    recipeEpochs: null,
    note: {
      ko: '바뀐 토큰을 찾도록 사전학습한 한국어 ELECTRA이다. 점수 표는 “koELECTRA-base”라고만 적고 버전을 밝히지 않는다.',
      en: 'Korean ELECTRA, trained to find replaced tokens. The score table says "koELECTRA-base" without the version.',
    },
  },
  {
    id: 'FacebookAI/xlm-roberta-base',
    use: 'head',
    pretraining: 'tokens',
    architecture: { ...BASE, ...ROBERTA, vocabulary: 250002 },
    licence: mit('FacebookAI/xlm-roberta-base'),
    published: klueScore(0.5746, 0.5498),
    publishedParameters: {
      value: 278e6,
      source: hub('gamallo/xlm-roberta-base-finetuned', 'model size (xlm-roberta-base, fine-tuned)'),
    },
    recipeEpochs: null,
    note: {
      ko: '100개 언어 모델이며 매개변수의 69%가 어휘 임베딩이다.',
      en: 'A model of 100 languages; 69% of its weights are the vocabulary’s embeddings.',
    },
  },
  {
    id: 'google-bert/bert-base-multilingual-cased',
    use: 'head',
    pretraining: 'tokens',
    architecture: { ...BASE, ...BERT, vocabulary: 119547 },
    licence: apache('google-bert/bert-base-multilingual-cased'),
    published: klueScore(0.5788, 0.5382),
    publishedParameters: { value: 178e6, source: hub('amine/bert-base-5lang-cased', 'model card, table') },
    recipeEpochs: null,
    note: {
      ko: '104개 언어의 위키백과로 사전학습한 BERT(mBERT)이다.',
      en: 'BERT pretrained on the Wikipedias of 104 languages (mBERT).',
    },
  },
  {
    id: 'intfloat/multilingual-e5-small',
    use: 'head',
    pretraining: 'sentences',
    architecture: { ...SMALL, ...BERT, layers: 12, pooler: true, vocabulary: 250037 },
    licence: mit('intfloat/multilingual-e5-small'),
    published: null,
    publishedParameters: null,
    recipeEpochs: null,
    note: {
      ko: '문장 임베딩 모델이지만 구조는 BERT 인코더라서 분류 헤드를 얹어 미세조정할 수 있다.',
      en: 'A sentence embedding model, but built as a BERT encoder: it can be fine-tuned with a head.',
    },
  },
  {
    id: 'bundled',
    use: 'head',
    pretraining: 'sentences',
    architecture: { ...SMALL, ...BERT, layers: 6, pooler: false, vocabulary: 20094 },
    licence: mit('intfloat/multilingual-e5-small'),
    published: null,
    publishedParameters: null,
    recipeEpochs: null,
    note: {
      ko: 'multilingual-e5-small의 아래층만, 어휘는 한국어에 필요한 20,094개만 남긴 내장 인코더이다. 내려받지 않고 어디서나 바로 학습할 수 있다.',
      en: 'The lower layers of multilingual-e5-small with the 20,094 pieces that Korean needs. Nothing to download, so it trains anywhere at once.',
    },
  },
  {
    id: 'Qwen/Qwen3-Embedding-8B',
    use: 'vector',
    pretraining: 'sentences',
    architecture: { ...QWEN3, vocabulary: 151665, outputMatrix: false },
    licence: apache('Qwen/Qwen3-Embedding-8B'),
    published: null,
    publishedParameters: {
      value: 7.57e9,
      source: hub('majentik/Qwen3-Embedding-8B-MLX-8bit', 'model card, before quantisation'),
    },
    recipeEpochs: null,
    note: {
      ko: '다국어 검색에 뛰어난 임베딩 모델이다. 문장 벡터를 뽑은 뒤 분류기를 따로 학습해야 한다.',
      en: 'An embedding model that excels at multilingual retrieval. A separate classifier must be trained on its vectors.',
    },
  },
  {
    id: 'Qwen/Qwen3-8B',
    use: 'text',
    pretraining: 'tokens',
    architecture: { ...QWEN3, vocabulary: 151936, outputMatrix: true },
    licence: apache('Qwen/Qwen3-8B'),
    published: null,
    publishedParameters: { value: 8.2e9, source: hub('Qwen/Qwen3-8B', 'model card, number of parameters') },
    recipeEpochs: null,
    note: {
      ko: '대화형 디코더 LLM이다. 라벨 목록을 프롬프트에 넣고 생성된 글에서 라벨을 찾아내야 한다.',
      en: 'A chat model (decoder). The labels go into the prompt, and the answer is searched for one of them.',
    },
  },
]);

/** Candidates that korex can train as a classifier; the others are considered, scored and excluded. */
export const isTrainable = (candidate: Candidate): boolean => candidate.architecture.kind === 'encoder';
