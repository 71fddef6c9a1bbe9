import type { ComponentType } from 'preact';
import type { Localized } from '../../../src/base/core/types.ts';

/** A view of the page, with its own chunk that is loaded when it is opened. */
export interface View {
  /** The address: `#/id`. */
  readonly id: string;
  readonly title: Localized;
  /** One sentence below the title. */
  readonly lead: Localized;
  readonly load: () => Promise<{ default: ComponentType }>;
}

const TRY: View = {
  id: 'try',
  title: { ko: '해 보기', en: 'Try' },
  lead: {
    ko: '문장에서 낱말을 골라 엔티티 사이의 관계를 확인합니다.',
    en: 'Pick words in a sentence and see how they are related.',
  },
  load: () => import('./try/TryView.tsx'),
};

const TEXT: View = {
  id: 'text',
  title: { ko: '글', en: 'Text' },
  lead: {
    ko: '글에서 엔티티와 관계를 찾아 그래프로 보여 줍니다.',
    en: 'Find the entities of a text and the relations between them, and see them as a graph.',
  },
  load: () => import('./text/TextView.tsx'),
};

const EXPLAIN: View = {
  id: 'explain',
  title: { ko: '설명', en: 'Explain' },
  lead: {
    ko: '모델이 무엇을 보고 답하는지, 문장을 조금씩 바꾸어 살펴봅니다.',
    en: 'Change the sentence bit by bit and see what the model goes by.',
  },
  load: () => import('./explain/ExplainView.tsx'),
};

const CONVERT: View = {
  id: 'convert',
  title: { ko: '변환', en: 'Convert' },
  lead: {
    ko: '주석 파일을 다른 도구의 형식으로 바꿉니다. 파일은 이 브라우저를 떠나지 않습니다.',
    en: 'Turn annotations into the format of another tool. Files do not leave this browser.',
  },
  load: () => import('./convert/ConvertView.tsx'),
};

/** The views that need no server. */
export const SITE_VIEWS: readonly View[] = [TRY, TEXT, EXPLAIN, CONVERT];

/** All views, in the order of the navigation: a line here adds one. */
export const VIEWS: readonly View[] = [
  TRY,
  TEXT,
  EXPLAIN,
  {
    id: 'data',
    title: { ko: '데이터', en: 'Data' },
    lead: {
      ko: '조건에 맞는 행만 골라 표와 차트로 살펴봅니다.',
      en: 'Filter the rows and see them in charts.',
    },
    load: () => import('./data/DataPage.tsx'),
  },
  {
    id: 'runs',
    title: { ko: '학습 기록', en: 'Runs' },
    lead: {
      ko: '학습을 지켜보고 여러 학습의 성능과 오류를 비교합니다.',
      en: 'Follow a training; compare the figures and errors of several.',
    },
    load: () => import('./runs/RunsView.tsx'),
  },
  {
    id: 'batch',
    title: { ko: '일괄 처리', en: 'Batch' },
    lead: {
      ko: '파일의 모든 행에 답을 구해 내려받습니다.',
      en: 'Answer every row of a file and download the results.',
    },
    load: () => import('./batch/BatchView.tsx'),
  },
  CONVERT,
  {
    id: 'work',
    title: { ko: '작업', en: 'Work' },
    lead: {
      ko: '대기열의 작업이 어디까지 왔는지 보고, 멈추거나 이어 갑니다.',
      en: 'See how far the works of a queue have come; pause them and go on.',
    },
    load: () => import('./work/WorkView.tsx'),
  },
  {
    id: 'label',
    title: { ko: '라벨', en: 'Label' },
    lead: {
      ko: '모델의 제안을 확인하거나 고쳐 문장에 라벨을 답니다.',
      en: 'Confirm or correct what a model suggests, sentence by sentence.',
    },
    load: () => import('./label/LabelView.tsx'),
  },
];
