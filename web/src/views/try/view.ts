import type { View } from '../table.ts';

export const TRY_VIEW: View = {
  id: 'try',
  title: { ko: '해 보기', en: 'Try' },
  lead: {
    ko: '문장에서 낱말을 골라 엔티티 사이의 관계를 확인합니다.',
    en: 'Pick words in a sentence and see how they are related.',
  },
  load: () => import('./TryView.tsx'),
};
