import type { ComponentType } from 'preact';
import type { Localized } from '../../../src/core/types.ts';
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
    id: 'batch',
    title: { ko: '일괄 처리', en: 'Batch' },
    lead: {
      ko: '파일의 모든 행에 답을 달아 내려받습니다.',
      en: 'Answer every row of a file and download the results.',
    },
    load: () => import('./batch/BatchView.tsx'),
  },
];
