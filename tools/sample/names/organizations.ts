/** Invented organisations. Train and dev share no stem, so they share no name. */
import type { Split } from '../types.ts';

/** Company stems in Korean and Latin letters; each goes with each of the sectors. */
export const COMPANY_STEMS: Readonly<Record<Split, readonly (readonly [string, string])[]>> = {
  train: spelt(
    '온새=Onsae 벼리내=Byeorinae 다솜결=Dasomgyeol 한갈매=Hangalmae 소담빛=Sodambit 하늬울=Hanuiul 도담뫼=Dodammoe 누비랑=Nubirang ' +
      '이든솔=Edensol 아라뉘=Aranwi 미르단=Mirdan 세나루=Senaru 해담온=Haedamon 벨트릭스=Beltrix 노벨크=Novelk 테라빈=Terabin 유니솔트=Unisalt',
  ),
  dev: spelt(
    '가람솔=Garamsol 새온달=Saeondal 하람비=Harambi 두루찬=Duruchan 윤슬내=Yunseulnae 아토리=Atori 모도리온=Modorion 단미르=Danmir ' +
      '에코벨린=Ecobelin 시그나토=Signato 라티온=Lation 오르페나=Orfena 큐빅스톤=Cubicstone',
  ),
};

/** What a company is in, in Korean and English, by the kinds of company that templates ask for. */
export const SECTORS = {
  tech: spelt('전자=Electronics 테크=Tech 시스템즈=Systems'),
  soft: spelt('소프트=Soft 인터랙티브=Interactive'),
  pharma: spelt('제약=Pharma 바이오=Bio'),
  foodco: spelt('식품=Foods 제과=Confectionery'),
  other: spelt('건설=Construction 중공업=Heavy_Industries 물산=Trading 화학=Chemical 해운=Shipping 증권=Securities'),
} as const;

/** Full name, abbreviation in capitals, short Korean name. */
type Abbreviated = readonly [string, string, string];

export const NATIONAL_ASSOCIATIONS: Readonly<Record<Split, readonly Abbreviated[]>> = {
  train: [
    ['한국등대문화협회', 'KLCA', '등대협'],
    ['전국골목서점연합회', 'NABU', '골서련'],
    ['동북아민속악학회', 'NAFM', '민속악학회'],
    ['한국수제종이조합', 'KHPU', '종이조합'],
    ['전국마을버스노동조합', 'NVBU', '마을노조'],
    ['한국밤하늘관측협회', 'KNSO', '밤하늘협'],
    ['전국손두부생산자연대', 'NTPA', '두부연대'],
  ],
  dev: [
    ['한국손글씨협회', 'KHWA', '손글협'],
    ['전국섬마을교사모임', 'NITM', '섬교모'],
    ['전국등불장인조합', 'NLCU', '등불조합'],
    ['한국돌담보전학회', 'KSWS', '돌담학회'],
  ],
};

export const INTERNATIONAL_ASSOCIATIONS: Readonly<Record<Split, readonly Abbreviated[]>> = {
  train: [
    ['세계천일염연맹', 'WSSF', '천일염연맹'],
    ['국제모래예술연합', 'ISAF', '모래연합'],
    ['세계도시양봉기구', 'WUBO', '양봉기구'],
    ['국제갯벌보전회의', 'ITFC', '갯벌회의'],
    ['국제무지개관측단', 'IROG', '무지개단'],
  ],
  dev: [
    ['국제빙하기록연맹', 'IGRF', '빙하연맹'],
    ['세계자전거도시기구', 'WBCO', '자전거기구'],
    ['세계야생차연합', 'WWTL', '야생차연합'],
  ],
};

export const AGENCIES: Readonly<Record<Split, readonly Abbreviated[]>> = {
  train: [
    ['국립고서보존원', 'NOBC', '고보원'],
    ['도서해안관리공단', 'ICMC', '도안공단'],
    ['산림치유정책원', 'FHPI', '산치원'],
    ['우주항로청', 'SRA', '항로청'],
    ['지역문화기획원', 'RCPI', '문기원'],
    ['수산자원평가원', 'FREI', '수평원'],
    ['국가수리검정원', 'NRVI', '수검원'],
    ['생활소음관리청', 'LNA', '소음청'],
    ['국립씨앗연구소', 'NSL', '씨앗연'],
  ],
  dev: [
    ['해저지형조사원', 'STRI', '해조원'],
    ['빛환경관리공단', 'LEMC', '빛공단'],
    ['국립방언기록원', 'NDA', '방언원'],
    ['재활용산업청', 'RIA', '재활청'],
    ['농촌이동지원공단', 'RMSC', '농이공'],
    ['국립안개관측소', 'NFO', '안개소'],
  ],
};

/** Kinds whose names are listed whole. */
export const ORGANIZATION_LISTS = {
  party: {
    train: list('국민동행당, 새벽민주당, 푸른내일연대, 시민약속당, 내일희망당, 자유개척당, 신진회당, 농어촌동맹'),
    dev: list('공정사회당, 열린들당, 미래자유연맹, 민생균형당, 녹색물결당, 새물결시민연합'),
  },
  club: {
    train: list(
      '해담 스톰즈, 벼리 피닉스, 한결 유나이티드, 강나루 FC, 오르벤 시티, 벨로나 로버스, 미르 샤크스, 도담 나이츠, 누비 호크스, 테라 불스, 서린 레인저스, 카스텔 유나이티드',
    ),
    dev: list(
      '윤슬 팔콘즈, 가람 오터스, 단미르 FC, 라티 애슬레틱, 하람 스파이더스, 새온 마린즈, 오르페 시티, 초록강 유나이티드',
    ),
  },
  univ: {
    train: list('온벼리대학교, 서린내대학교, 도담예술대학교, 강나루대학교, 미르공과대학교, 한결교육대학교'),
    dev: list('윤슬대학교, 가람솔대학교, 하람국제대학교, 새온해양대학교'),
  },
  funiv: {
    train: list('벨로나 대학교, 오르벤 음악원, 카스텔 공과대학교, 드라벤 대학교'),
    dev: list('라티 미술대학, 오르페 음악원, 그라벤 대학교'),
  },
  high: {
    train: list('온벼리고등학교, 서린내고등학교, 강나루상업고등학교, 도담예술고등학교, 누비중학교, 해담초등학교'),
    dev: list('단미르고등학교, 새온달과학고등학교, 윤슬농업고등학교, 하람중학교, 초록강초등학교'),
  },
  band: {
    train: list(
      '루미나인, 블루헤론즈, 모노코스트, 달빛주파수, 스텔라폴드, 오월의소음, 하이드림코드, 네온산책, 여름우산단, 파인트리오',
    ),
    dev: list('오로라벨, 그레이시프트, 밤의정거장, 시트러스나인, 큐리온, 페이퍼문즈, 물빛라디오'),
  },
  media: {
    train: list('온새일보, 벼리신문, 한들경제신문, 주간 서린, 다도저널, 강나루신문'),
    dev: list('윤슬일보, 가람신문, 새온경제, 월간 라티, 하람저널'),
  },
  inst: {
    train: list('도담문화재단, 벼리내장학회, 미르어린이병원, 해담복지재단, 누비돌봄센터'),
    dev: list('윤슬장학재단, 가람솔병원, 하람복지재단, 초록강쉼터'),
  },
  museum: {
    train: list('서린내미술관, 온새과학관, 강나루도서관, 누비기록관, 해담박물관'),
    dev: list('새온달미술관, 초록강박물관, 하람도서관, 윤슬기록관'),
  },
  umbrella: {
    train: list('전국시민단체연석회의, 온누리비영리연합, 국제민간협력회의, 아시아문화단체총연합'),
    dev: list('비영리단체한마당, 세계민간단체포럼'),
  },
  group: {
    train: list('온새그룹, 벼리내홀딩스, 한갈매그룹, 미르단홀딩스, 테라빈그룹, 노벨크 지주'),
    dev: list('가람솔그룹, 하람비홀딩스, 라티온그룹, 시그나토 지주'),
  },
  ministry: {
    train: list('미래식량부, 국토생태부, 문화기록부, 산업전환부, 국민안녕부'),
    dev: list('해양교통부, 지역상생부, 생활과학부, 언어정책부'),
  },
  label: {
    train: list('벼리엔터테인먼트, 노들레코드, 해담뮤직, 온새미디어, 스튜디오 누비'),
    dev: list('윤슬엔터테인먼트, 가람레코드, 새온뮤직, 라티 픽처스'),
  },
  religion: {
    train: list('불교, 천주교, 개신교, 이슬람교, 루터교'),
    dev: list('원불교, 천도교, 성공회, 정교회, 대종교'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Split, readonly string[]>>>>;

function list(names: string): string[] {
  return names.split(', ');
}

function spelt(names: string): (readonly [string, string])[] {
  return names.split(' ').map((name) => name.replace('_', ' ').split('=') as [string, string]);
}
