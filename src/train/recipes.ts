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
      ko: '검증 행에서 비교한 결과(`tools/recipes/bundled-sample.json`): 헤드는 entity-start가 낫고, 학습률 2e-4와 4e-4의 차이는 검증 행 수에 비해 작으며, 6e-4에서는 학습이 무너진다. 그래서 낮은 쪽을 택했다.',
      en: 'compared on validation rows (`tools/recipes/bundled-sample.json`): the head entity-start is better; rates 2e-4 and 4e-4 differ little for so few validation rows, and 6e-4 collapses, so the lower one was taken',
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
      ko: '파라미터 1억 1천만 개 인코더의 통상적인 학습률(KLUE 부록, 여기서 측정한 값은 아님)',
      en: 'the usual rate of 110 M parameter encoders (KLUE, appendix; not measured here)',
    },
  },
};

export const recipeOf = (encoder: string): Recipe => RECIPES[encoder === 'bundled' ? 'bundled' : 'other'];

export const recipeEpochs = ({ epochs }: Recipe, rows: number): number =>
  epochs.find(({ from }) => rows >= from)!.epochs;

/** The marker of the settings, the recipe's where they leave it open. */
export const markerOf = ({ encoder, marker }: Pick<Settings, 'encoder' | 'marker'>): MarkerName =>
  marker === 'auto' ? recipeOf(encoder).marker : marker;
