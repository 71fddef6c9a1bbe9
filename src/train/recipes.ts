import type { HeadName, MarkerName, Settings } from '../core/settings.ts';
import type { Localized } from '../core/types.ts';

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

/** The study's marker everywhere; the rest by encoder. */
const RECIPES: Record<'bundled' | 'other', Recipe> = {
  bundled: {
    marker: 'entity',
    head: 'entity-start',
    batchSize: 16,
    lr: 2e-4,
    layers: null,
    epochs: [
      { from: 10_000, epochs: 3 },
      { from: 0, epochs: 5 },
    ],
    reason: {
      ko: '검증 행에서 3에폭씩 비교했다(`tools/recipes/bundled-sample.json`). 헤드 entity-start는 학습률 4e-4까지 학습되지만 cls는 4e-4에서 무너진다. 2e-4와 4e-4의 차이는 검증 행 수에 비해 작고 6e-4에서는 학습이 무너지므로, 안전한 2e-4를 택하고 에폭을 늘렸다.',
      en: 'compared on validation rows, three epochs each (`tools/recipes/bundled-sample.json`): the head entity-start still trains at a rate of 4e-4, where cls collapses; 2e-4 and 4e-4 differ little for so few validation rows and 6e-4 collapses, so the safe 2e-4 was taken, with more epochs',
    },
  },
  other: {
    marker: 'entity',
    head: 'entity-start',
    batchSize: 32,
    lr: 5e-5,
    layers: null,
    epochs: [{ from: 0, epochs: 5 }],
    reason: {
      ko: '파라미터 1억 1천만 개 인코더의 통상적인 학습률(여기서 측정한 값은 아님)',
      en: 'the usual rate of 110 M parameter encoders (not measured here)',
    },
  },
};

/** Adapters start at zero and take a higher rate than the weights that they stand in for (Hu et al., 2021, arXiv:2106.09685). */
export const LORA_RATE_FACTOR = 5;

export const recipeOf = (encoder: string): Recipe => RECIPES[encoder === 'bundled' ? 'bundled' : 'other'];

export const recipeEpochs = ({ epochs }: Recipe, rows: number): number =>
  epochs.find(({ from }) => rows >= from)!.epochs;

/** The marker of the settings, the recipe's where they leave it open. */
export const markerOf = ({ encoder, marker }: Pick<Settings, 'encoder' | 'marker'>): MarkerName =>
  marker === 'auto' ? recipeOf(encoder).marker : marker;
