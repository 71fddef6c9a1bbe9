import type { TemplateTable } from '../types.ts';

/** Kin and marriage. */
export const FAMILY: TemplateTable = {
  'per:spouse': {
    train: [
      '{S:per}은/는 {y1} {job} {O:per}과/와 결혼하여 두 딸을 두었다.',
      '@news 배우 {S:per}과/와 {O:per} 부부가 {date} 첫아이를 얻었다 👶.',
      '{S:per}의 아내 {O:per}은/는 {univ}에서 학생들을 가르친다.',
      '{O:per}의 남편인 {S:per}은/는 {city}에서 작은 서점을 운영하고 있다.',
      '{y2} {S:fper}은/는 {fcity}에서 {O:fper}과/와 결혼식을 올렸다.',
      '@news {S:per} 씨는 남편 {O:per} 씨와 함께 {city}으로/로 귀촌했다.',
      '{S:per}의 배우자는 {O:per}이며 슬하에 1남 1녀를 두고 있다.',
      '{O:fper}과/와 이혼한 {S:fper}은/는 {y3} 재혼하지 않겠다고 밝혔다.',
      '{job} {S:per}은/는 대학 동창인 {O:per}과/와 7년 열애 끝에 {y1.m} 부부가 되었다.',
      '{S:per}의 부인 {O:per} 여사가 {museum}에 그림 스무 점을 기증하였다.',
      '@news “고마워 🙏, {O:per}!” 결승에서 이긴 {club} {S:per}이/가 아내에게 남긴 글이다.',
      '{S:per}은/는 사별한 남편 {O:per}의 이름을 딴 장학금을 만들었다.',
      '{O:fper}과/와의 결혼을 앞두고 {S:fper}은/는 {country}으로/로 이주하였다.',
    ],
    dev: [
      '{S:fper}은/는 {y1} {fcity}의 성당에서 {O:fper}과/와 결혼하였다.',
      '@news {job} {S:per} 씨와 아내 {O:per} 씨는 3년째 유기견을 돌보고 있다.',
      '{O:per}은/는 남편 {S:per}이/가 쓴 편지를 모아 책으로 엮었다.',
      '@news {S:per}과/와 {O:per} 부부는 결혼 20주년을 맞아 {inst}에 {money}을/를 기부했다.',
    ],
  },
  'per:parents': {
    train: [
      '{S:per}은/는 {born} {city}에서 아버지 {O:kin}과/와 어머니 {per} 사이의 장남으로 태어났다.',
      '{S:per}의 어머니 {O:per}은/는 {city}에서 평생 해녀로 일했다.',
      '{O:per}의 아들 {S:kin}은/는 가업을 잇지 않고 {job}이/가 되었다.',
      '{O:fper}의 딸인 {S:fkin}은/는 {y1} {univ}에 입학하였다.',
      '@news {job} {O:per}의 장녀 {S:kin}이/가 {date} {city}에서 첫 독주회를 연다.',
      '{S:per}의 부친은 {agency} 기관장을 지낸 {O:kin}이다.',
      '{S:fper}은/는 아버지 {O:fkin}에게서 바이올린을 배웠다.',
      '@news {S:per}은/는 인터뷰에서 “어머니 {O:per}의 일기를 읽고 이 소설을 썼다”고 말했다.',
      '{S:per}({born.md} ~ )은/는 {job} {O:kin}의 아들로, {univ}을/를 졸업하였다.',
      '{O:per}과/와 {per} 부부 사이에서 태어난 {S:kin}은/는 위로 누나가 셋 있다.',
    ],
    dev: [
      '{S:fper}은/는 {fcity}의 시계공이던 아버지 {O:fkin}의 공방에서 자랐다.',
      '@news {O:per}의 아들로 알려진 신인 배우 {S:kin}이/가 첫 주연을 맡았다.',
      '{S:per}의 어머니는 {job}으로/로 활동한 {O:per}이다.',
      '{O:per}의 딸 {S:kin}은/는 {y1} {company}에 입사해 경영 수업을 받았다.',
    ],
  },
  'per:children': {
    train: [
      '{S:per}은/는 {y1} 딸 {O:kin}을/를 얻었다.',
      '{S:per}의 아들 {O:kin}도 아버지처럼 {job}이/가 되었다.',
      '{O:per}의 아버지 {S:kin}은/는 {city}에서 목공소를 운영하였다.',
      '{S:fper}의 딸은 소설 《{work}》을/를 쓴 {O:fkin}이다.',
      '@news {job} {S:per}이/가 장남 {O:kin}과/와 함께 무대에 올랐다.',
      '{O:per}의 어머니인 {S:per2}은/는 아들이 태어나던 해에 {univ}을/를 졸업했다.',
      '{S:per}은/는 슬하에 {O:kin}, {kin2} 두 자녀를 두었다.',
      '{y3} 회사를 물려받은 {O:fper}은/는 창업주 {S:fkin}의 외아들이다.',
      '@news {S:per}은/는 “딸 {O:kin}이/가 태어난 뒤로 술을 끊었다”고 털어놓았다.',
    ],
    dev: [
      '{S:per}은/는 아내와의 사이에 아들 {O:kin}을/를 두었다.',
      '@news {S:fper}의 딸 {O:fkin}이/가 {country} 국가대표로 뽑혔다.',
      '{O:per}은/는 아버지 {S:kin}이/가 세운 공방을 물려받았다.',
      '어머니 {S:per}은/는 막내 {O:per2}을/를 낳고 다시 붓을 들었다.',
    ],
  },
  'per:siblings': {
    train: [
      '{S:per}은/는 {job} {O:kin}의 친동생이다.',
      '{S:per}의 형 {O:kin}은/는 {city}에서 과수원을 한다.',
      '@news {S:per}·{O:kin} 자매가 나란히 {univ}을/를 수석으로 졸업했다.',
      '{O:fper}과/와 {S:fkin}은/는 쌍둥이 형제로, 둘 다 {club}에서 뛰었다.',
      '{S:per}에게는 누나 {O:kin}이/가 있으며 두 사람은 다섯 살 차이가 난다.',
      '{S:fper}은/는 언니 {O:fkin}을/를 따라 {y1} {fcity}으로/로 유학을 떠났다.',
      '{y2} 세상에 알려진 두 형제 가운데 동생인 {S:per}보다 형 {O:kin}이/가 먼저 시를 썼다.',
      '@news 오빠 {O:per}의 뒤를 이어 {S:kin}도 {label}에서 가수로 데뷔한다.',
    ],
    dev: [
      '{O:per}의 여동생인 {S:kin}은/는 {y2}부터 {city}에서 살고 있다.',
      '{S:fper}은/는 형 {O:fkin}과/와 함께 {country} 대표팀에 뽑혔다.',
      '@news 쌍둥이 자매 {S:per}과/와 {O:kin}이/가 나란히 시상대에 섰다.',
      '{S:per}의 남동생 {O:kin}은/는 누나의 시집에 그림을 그렸다.',
    ],
  },
  'per:other_family': {
    train: [
      '{S:per}은/는 {job} {O:kin}의 손자이다.',
      '{S:per}의 할아버지 {O:kin}은/는 {past} {city}에 서당을 열었다.',
      '{O:per}의 조카인 {S:per2}은/는 {y1} {company}에 입사하였다.',
      '{S:per}은/는 장인 {O:per2}의 권유로 {party}에 입당했다.',
      '@news {job} {S:per}과/와 {O:kin}은/는 사촌 사이로 밝혀졌다.',
      '{S:fper}은/는 삼촌 {O:fkin}에게서 항해술을 배웠다.',
      '시어머니 {O:per}과/와 며느리 {S:per2}은/는 {city}에서 함께 국밥집을 운영한다.',
      '{O:fper}의 손녀 {S:fkin}이/가 {y3} 할머니의 일기를 책으로 펴냈다.',
    ],
    dev: [
      '{S:per}의 외할아버지는 {city}에서 한의원을 하던 {O:per2}이다.',
      '{O:per}의 손자로 태어난 {S:kin}은/는 할아버지의 서재에서 글을 익혔다.',
      '@news {S:per}은/는 사촌 누나인 {job} {O:kin}의 추천으로 오디션을 보았다.',
      '{S:fper}은/는 조카 {O:fkin}을/를 친자식처럼 키웠다.',
    ],
  },
};
