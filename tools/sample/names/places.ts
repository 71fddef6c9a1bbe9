/** Real places: towns with their province, cities with their country. Dev has other provinces and countries than train. */
import type { Split } from '../types.ts';

export const PROVINCES: Readonly<Record<Split, Readonly<Record<string, readonly string[]>>>> = {
  train: {
    전라북도: ['전주', '군산', '남원', '정읍'],
    강원도: ['춘천', '강릉', '속초', '태백'],
    전라남도: ['여수', '목포', '순천', '나주'],
    경상남도: ['통영', '창원', '김해', '밀양'],
    경상북도: ['포항', '안동', '경주', '영주'],
  },
  dev: {
    충청북도: ['청주', '제천', '충주', '음성'],
    충청남도: ['논산', '천안', '서산', '보령'],
    경기도: ['안성', '용인', '파주', '이천'],
  },
};

export const COUNTRIES: Readonly<Record<Split, Readonly<Record<string, readonly string[]>>>> = {
  train: {
    프랑스: ['리옹', '마르세유', '보르도'],
    독일: ['함부르크', '라이프치히', '뮌헨'],
    캐나다: ['밴쿠버', '오타와', '토론토'],
    스웨덴: ['예테보리', '말뫼', '스톡홀름'],
    폴란드: ['크라쿠프', '그단스크', '바르샤바'],
    이탈리아: ['토리노', '볼로냐', '나폴리'],
    호주: ['멜버른', '퍼스', '시드니'],
    덴마크: ['코펜하겐', '오르후스'],
  },
  dev: {
    노르웨이: ['베르겐', '트론헤임', '오슬로'],
    벨기에: ['겐트', '안트베르펜', '브뤼셀'],
    헝가리: ['부다페스트', '데브레첸'],
    체코: ['브르노', '프라하'],
    오스트리아: ['그라츠', '린츠', '잘츠부르크'],
    뉴질랜드: ['웰링턴', '더니든', '오클랜드'],
  },
};
