import type { Localized } from '../../../../src/base/core/types.ts';

export interface ExampleText {
  readonly name: Localized;
  readonly text: string;
}

/** Invented paragraphs. */
export const EXAMPLE_TEXTS: readonly [ExampleText, ...ExampleText[]] = [
  {
    name: { ko: '회사 소개', en: 'Company' },
    text: `가온전자는 2011년 서지우 대표가 수원에 세운 반도체 회사다. 서 대표는 한밭대학교에서 전자공학을 전공했다. 2019년에는 대전의 나루소프트를 인수했고, 나루소프트의 창업자 오하린이 부사장을 맡았다. 본사는 수원에 있으며 직원은 320명이다. 가온전자(Gaon)는 올해 부산에 새 연구소를 연다.`,
  },
  {
    name: { ko: '뉴스', en: 'News' },
    text: `해오름당 민서준 의원은 12일 부산에서 열린 기자회견에서 새 법안을 발표했다. 민 의원은 “지역 대학이 살아야 나라가 산다.”라고 말했다. 이날 행사에는 부산시장 도윤서와 누리달대학교 총장 한유리도 참석했다. 해오름당은 2015년 창당한 정당으로, 당사는 서울 여의도에 있다.`,
  },
  {
    name: { ko: '백과', en: 'Encyclopedia' },
    text: `강이안은 대한민국의 기타리스트이다. 1984년 3월 2일 전주에서 태어났고, 형은 작곡가 강이든이다. 2006년 밴드 푸른돛에 들어가 첫 음반 《밤의 항구》를 발표했다. 배우 오하린과 2014년에 결혼했으며, 지금은 제주에서 산다.`,
  },
];
