import type { Split } from '../types.ts';

/** What a source says before and after a sentence: it lengthens rows and brings in names that are no part of the pair. */
export interface Context {
  readonly leads: readonly string[];
  readonly tails: readonly string[];
}

/** By the source that a template is tagged with. Slots are numbered 9, out of the way of the templates' own. */
export const CONTEXTS: Readonly<Record<Split, Readonly<Record<string, Context>>>> = {
  train: {
    encyclopedia: {
      leads: [
        '{museum9}의 소장 자료에 따르면 ',
        '{univ9}이/가 펴낸 사전에 따르면 ',
        '{museum9} 향토사 자료실의 정리에 따르면 ',
        '{media9} 연재 기사에 실린 대로, ',
      ],
      tails: [
        ' 관련 기록은 {city9}의 {museum9}에 보관되어 있다.',
        ' 이 내용을 정리한 글을 {per9}이/가 {media9}에 실었다.',
        ' 이 이야기는 {fper9}의 다큐멘터리 〈{work9}〉에도 나온다.',
        ' 다만 {museum9}의 연보에는 이 내용이 빠져 있다.',
        ' 자세한 사정은 {univ9}에서 나온 자료집 《{work9}》에 실려 있다.',
        ' {country9}의 백과사전에도 같은 내용이 짧게 소개되어 있다.',
        ' 이에 대해서는 연구자 {per9}과/와 {per8}의 설명이 조금씩 다르다.',
      ],
    },
    news: {
      leads: [
        '{media9}에 따르면 ',
        '{date9} {media9} 보도를 종합하면 ',
        '{city9}에서 취재한 바에 따르면 ',
        '본지가 확인한 결과 ',
      ],
      tails: [
        ' 취재진이 찾은 {city9}의 분위기는 차분했다.',
        ' 이 소식은 {media9} 누리집에서 하루 동안 가장 많이 읽혔다.',
        ' {univ9} {per9} 교수는 “눈여겨볼 만한 일”이라고 평가했다.',
        ' {media9}은/는 {date9} 후속 보도를 내겠다고 예고했다.',
        ' 한편 {city9}에는 이날 올해 첫 한파 특보가 내려졌다.',
        ' 시민 {per9}({age9}) 씨는 “신문을 보고 처음 알았다”고 말했다.',
        ' 이 일은 {date9} {media9} 1면에도 실렸다.',
      ],
    },
    briefing: {
      leads: ['{ministry9}에 따르면 ', '정부가 {date9} 배포한 자료를 보면 '],
      tails: [
        ' 자세한 내용은 {ministry9} 누리집에서 볼 수 있다.',
        ' 담당자인 {per9} 사무관은 “차질 없이 진행하겠다”고 말했다.',
        ' 관련 예산은 모두 {money9}이다.',
        ' 결과는 {date9} {city9}에서 공개된다.',
      ],
    },
  },
  dev: {
    encyclopedia: {
      leads: ['{museum9} 기록실에 남은 문서를 보면 ', '{media9} 자료실의 설명에 따르면 ', '{univ9}의 조사에 따르면 '],
      tails: [
        ' 이를 다룬 글이 {media9}에 여러 차례 연재되었다.',
        ' 근거가 되는 문서는 {museum9}이/가 소장하고 있다.',
        ' {fper9}의 책 《{work9}》에도 비슷한 대목이 있다.',
        ' 학자 {per9}은/는 이 기록에 빠진 부분이 있다고 지적하였다.',
        ' 이러한 사실은 {city9}의 옛 신문에서도 확인된다.',
      ],
    },
    news: {
      leads: ['{media9}의 {date9} 자 기사에 따르면 ', '{city9} 현지에서 전해진 바로는 ', '취재 결과 '],
      tails: [
        ' {media9}은/는 이 일을 머리기사로 다뤘다.',
        ' {city9} 주민 {per9} 씨는 “금시초문”이라고 말했다.',
        ' 이날 {city9}의 낮 기온은 평년보다 5도 높았다.',
        ' 전문가인 {per9} 박사는 “더 지켜봐야 한다”는 의견을 냈다.',
        ' 누리꾼의 반응은 {date9}까지도 뜨거웠다.',
      ],
    },
    briefing: {
      leads: ['{ministry9}이/가 낸 보도 자료에 따르면 '],
      tails: [
        ' 신청 방법은 {ministry9} 누리집에 안내되어 있다.',
        ' 이번 일에는 예산 {money9}이/가 쓰인다.',
        ' {per9} 과장은 “주민의 의견을 먼저 듣겠다”고 설명했다.',
      ],
    },
  },
};
