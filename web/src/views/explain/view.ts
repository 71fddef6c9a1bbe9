import type { View } from '../table.ts';

export const EXPLAIN_VIEW: View = {
  id: 'explain',
  title: { ko: '설명', en: 'Explain' },
  lead: {
    ko: '모델이 무엇을 보고 답하는지, 문장을 조금씩 바꾸어 살펴봅니다.',
    en: 'Change the sentence bit by bit and see what the model goes by.',
  },
  load: () => import('./ExplainView.tsx'),
};
