/** What is neither person, organisation nor place: occupations, offices, works, products, prizes, creeds, by-names. */
import type { Split } from '../types.ts';

export const THING_LISTS = {
  job: {
    train: list(
      '소설가, 화가, 지휘자, 생물학자, 배우, 방송 기자, 요리 연구가, 성우, 역사학자, 조각가, 산악인, 변호사, 양궁 선수, 영화감독, 가수, 경제학자, 축구 선수, 극작가',
    ),
    dev: list(
      '시인, 건축가, 작곡가, 물리학자, 사진작가, 번역가, 무용가, 만화가, 언론인, 첼리스트, 배드민턴 선수, 민속학자, 동화 작가',
    ),
  },
  artist: {
    train: list('소설가, 화가, 지휘자, 배우, 조각가, 영화감독, 가수, 극작가'),
    dev: list('시인, 건축가, 작곡가, 사진작가, 무용가, 만화가, 첼리스트, 동화 작가'),
  },
  post: {
    train: list('대표이사, 회장, 전무, 본부장, 상무, 연구소장, 최고기술책임자, 홍보실장'),
    dev: list('사장, 부회장, 부사장, 최고재무책임자, 지점장, 공장장, 영업이사'),
  },
  cityrank: { train: list('시장, 부시장, 시의원'), dev: list('구의원, 시의회 의장, 보건소장') },
  ministryrank: { train: list('장관, 차관, 대변인'), dev: list('기획조정실장, 정책관') },
  agencypost: { train: list('기획실장, 감사실장, 정책국장'), dev: list('운영국장, 연구부장, 홍보담당관') },
  clubpost: { train: list('감독, 주장, 수석코치'), dev: list('단장, 투수코치, 구단주') },
  device: {
    train: list('루멘 포켓, 오디바 S2, 픽셀로드, 클라리탭, 무브링 3, 하루워치, 에어등불, 노트벨 15'),
    dev: list('미니온돌, 소리새 Q7, 그림탭, 비추미, 스텝링크, 젠틀팟 2'),
  },
  drug: {
    train: list('네오베린, 칼시로정, 이뮤단, 펠로민 캡슐, 레비타솔, 코데나'),
    dev: list('하이로펜, 델비나정, 소마케어, 루비톨, 안티그렌'),
  },
  food: {
    train: list('바삭고래, 꿀보리차, 달콩라면, 초코방울, 매콤두부면, 오곡파이'),
    dev: list('감자구름, 들깨소바, 톡톡젤리콩, 유자방망이, 현미바'),
  },
  app: { train: list('동네장부, 마음온도, 산책지도, 한줄가계부'), dev: list('이웃창고, 하루낱말') },
  game: {
    train: list('별의 항로, 룬가디언, 구름성 이야기, 고래의 시간'),
    dev: list('꿈의 수첩, 골목레이스, 유령선장, 버섯왕국기'),
  },
  award: {
    train: list('도담대상, 벼리내공로상, 강나루문화상, 한들미래상, 서린평화상'),
    dev: list('윤슬대상, 가람공로상, 라티문화상, 하람미래상'),
  },
  ideology: {
    train: list('사회민주주의, 보수주의, 진보주의, 공화주의, 생태주의'),
    dev: list('자유주의, 중도주의, 연방주의, 평화주의'),
  },
  league: {
    train: list('한들리그, 남부프리미어리그, 강나루 챔피언십, 벨로나 슈퍼리그'),
    dev: list('윤슬리그, 동부 클래식, 라티 디비전'),
  },
  stage: {
    train: list('루비안, 제이론, 모카비, 하이담, 노을비, 에이든솔, 리오나, 바다결, 소로우'),
    dev: list('베리오, 닐라, 서리안, 키노아, 새벽별이, 온더진'),
  },
  ho: {
    train: list('담재, 소계, 운포, 벽루, 정와, 하곡재, 이은당'),
    dev: list('설담, 송애, 죽보, 매천당, 경루'),
  },
  nick: {
    train: list(
      '그라운드의 시계공, 걸어 다니는 도서관, 골목의 철학자, 강철 손목, 파도 소년, 무대 위의 번개, 밤의 이야기꾼',
    ),
    dev: list('녹지 않는 눈사람, 언덕 위의 등대지기, 맨발의 바람, 거북이 박사, 침묵의 해결사'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Split, readonly string[]>>>>;

/** Titles of books, films, songs and paintings: every modifier goes with every noun. */
export const WORK_TITLES: Readonly<Record<Split, Readonly<Record<'modifiers' | 'nouns', readonly string[]>>>> = {
  train: {
    modifiers: list('안개 낀, 유리로 된, 북쪽, 마지막, 비 내리는, 잃어버린, 푸른, 조용한, 두 번째, 느린'),
    nouns: list('나루터, 정원, 부두, 편지, 골목, 기차, 우체국, 달력, 계단, 겨울'),
  },
  dev: {
    modifiers: list('바람 부는, 종이로 만든, 남쪽, 오래된, 눈 오는, 되찾은, 하얀, 낯선, 세 번째, 어두운'),
    nouns: list('대합실, 온실, 항구, 일기, 언덕, 돛단배, 시계탑, 지도, 다락방, 여름'),
  },
};

function list(names: string): string[] {
  return names.split(', ');
}
