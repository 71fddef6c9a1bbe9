import type { HeadName, MarkerName, Settings } from '../../base/core/settings.ts';
import type { Localized } from '../../base/core/types.ts';
import { bundledName } from '../nn/bundledModels.ts';

/** What `auto` means for an encoder: chosen on validation rows, never on the test set. */
export interface Recipe {
  readonly marker: MarkerName;
  readonly head: HeadName;
  readonly batchSize: number;
  readonly lr: number;
  /** Layers to use; all when null. */
  readonly layers: number | null;
  /** Passes over the rows, by how many there are: the first entry whose `from` is reached. */
  readonly epochs: readonly { readonly from: number; readonly epochs: number }[];
  /** How it was chosen. */
  readonly reason: Localized;
}

const FEW_ROWS_MORE_EPOCHS: Recipe['epochs'] = [
  { from: 10_000, epochs: 3 },
  { from: 0, epochs: 5 },
];

/** The study's marker but for the relation model, which was trained with another. */
const RECIPES = {
  pretrained: {
    marker: 'entity',
    head: 'entity-start',
    batchSize: 8,
    lr: 2e-4,
    layers: null,
    epochs: FEW_ROWS_MORE_EPOCHS,
    reason: {
      ko: '내장 표본의 검증 행에서 비교했다(`tools/recipes/bundled-sample.json`). 5에폭에서 배치 8·학습률 2e-4의 macro-F1이 0.52로 가장 높고(배치 16은 3e-4에서 0.42, 배치 32는 0.28) 3e-4도 0.50으로 비슷하다. 에폭은 늘릴수록 낫다(8에폭 0.83). 에폭 수는 표본 전체 실행이 8분을 넘지 않도록 정했다. cls 헤드는 어느 학습률에서도 학습되지 않는다',
      en: 'compared on validation rows of the embedded sample (`tools/recipes/bundled-sample.json`): of five epochs, batch 8 at 2e-4 has the best macro-F1, 0.52 (0.50 at 3e-4; batch 16 0.42 at its best rate, 3e-4; batch 32 0.28); more epochs are better (0.83 with eight), and there are as many as keep a run on the sample within eight minutes; the head cls does not learn at any rate tried',
    },
  },
  relationModel: {
    marker: 'typed-punct',
    head: 'start-mean',
    batchSize: 8,
    lr: 2e-4,
    layers: null,
    epochs: FEW_ROWS_MORE_EPOCHS,
    reason: {
      ko: '표본 300행으로 학습하고 다른 306행으로 검증해 비교했다(`tools/recipes/korex-small-few.json`). 이 모델을 학습할 때 쓴 마커와 헤드에서 macro-F1이 0.84이고(학습률 1e-4에서도 0.84), 헤드만 entity-start로 바꾸면 0.51, 마커까지 entity로 바꾸면 0.38이다. 나머지 값은 다른 내장 인코더와 같다',
      en: 'compared with 300 rows of the sample to learn from and 306 others for validation (`tools/recipes/korex-small-few.json`): with the marker and the head that the model was trained with, macro-F1 is 0.84 (at 1e-4, too), with the head entity-start 0.51, with the marker entity as well 0.38; the rest is as for the other encoders in the box',
    },
  },
  other: {
    marker: 'entity',
    head: 'entity-start',
    batchSize: 32,
    lr: 5e-5,
    layers: null,
    epochs: FEW_ROWS_MORE_EPOCHS,
    reason: {
      ko: 'KLUE 저자들이 klue/roberta-base를 KLUE-RE에서 학습한 값이다(KLUE-baseline의 run_all.sh: 배치 32, 학습률 5e-5, 3에폭, 웜업 0.1). 행이 적으면 에폭을 늘린다. 여기서 비교한 값은 아니며, 가진 인코더와 행으로는 `tools/recipes/choose.mjs`로 비교할 수 있다',
      en: 'what KLUE’s authors trained klue/roberta-base with on KLUE-RE (run_all.sh of KLUE-baseline: batch 32, rate 5e-5, three epochs, warm-up 0.1), with more epochs for few rows; not compared here: `tools/recipes/choose.mjs` does so for an encoder and rows at hand',
    },
  },
} satisfies Record<string, Recipe>;

/**
 * Adapters start at zero and take a higher rate than the weights that they are added to: about ten times as high in "LoRA
 * Without Regret" (Schulman et al., Thinking Machines, 2025). Rates of full training are rather high here, hence less.
 */
export const LORA_RATE_FACTOR = 5;

export function recipeOf(encoder: string): Recipe {
  const name = bundledName(encoder);
  if (name === undefined) return RECIPES.other;
  return name === 'korex-small' ? RECIPES.relationModel : RECIPES.pretrained;
}

export const recipeEpochs = ({ epochs }: Recipe, rows: number): number =>
  epochs.find(({ from }) => rows >= from)!.epochs;

/** The marker of the settings, the recipe's where they leave it open. */
export const markerOf = ({ encoder, marker }: Pick<Settings, 'encoder' | 'marker'>): MarkerName =>
  marker === 'auto' ? recipeOf(encoder).marker : marker;
