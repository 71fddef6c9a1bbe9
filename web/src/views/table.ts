import type { ComponentType } from 'preact';
import type { Localized } from '../../../src/base/core/types.ts';
import { EXPLAIN_VIEW } from './explain/view.ts';
import { TRY_VIEW } from './try/view.ts';

/** A view of the page: a line here puts it into the navigation, with its own chunk that is loaded when it is opened. */
export interface View {
  /** The address: `#/id`. */
  readonly id: string;
  readonly title: Localized;
  /** One sentence below the title. */
  readonly lead: Localized;
  readonly load: () => Promise<{ default: ComponentType }>;
}

export const VIEWS: readonly View[] = [
  TRY_VIEW,
  EXPLAIN_VIEW,
  {
    id: 'data',
    title: { ko: '데이터', en: 'Data' },
    lead: {
      ko: '행을 거르고 차트로 보면서 데이터를 살펴봅니다.',
      en: 'Filter the rows and see them in charts.',
    },
    load: () => import('./data/DataPage.tsx'),
  },
  {
    id: 'runs',
    title: { ko: '학습 기록', en: 'Runs' },
    lead: {
      ko: '학습을 지켜보고, 여러 학습의 성능과 오류를 견줍니다.',
      en: 'Follow a training; compare the figures and errors of several.',
    },
    load: () => import('./runs/RunsView.tsx'),
  },
  {
    id: 'batch',
    title: { ko: '일괄 처리', en: 'Batch' },
    lead: {
      ko: '파일의 모든 행에 답을 달아 내려받습니다.',
      en: 'Answer every row of a file and download the results.',
    },
    load: () => import('./batch/BatchView.tsx'),
  },
];
