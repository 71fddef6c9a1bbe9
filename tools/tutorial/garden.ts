/** What the tutorial's rows are made of: an invented garden book. All plants are made up, so nothing in it is a fact. */

export type EntityType = 'PLANT' | 'PEST' | 'SOIL' | 'SEASON';
export type Side = 'train' | 'dev';

/** Names by type. Dev has plants that train has not; the other types are small closed lists, as in life. */
export const NAMES: Readonly<Record<EntityType, Readonly<Record<Side, readonly string[]>>>> = {
  PLANT: {
    train: [
      ...['달무리꽃', '은하고사리', '새벽나팔', '구름무', '여우비풀', '소금박하', '등불나리', '잔별쑥'],
      ...['물결상추', '붉은종덩굴', '안개콩', '솔바람국화', '조약돌선인장', '한밤수국', '실비토란', '노을가지'],
    ],
    dev: ['서리풀', '꿀비가지', '푸른등나물', '먼산부추', '하늬붓꽃', '돌담호박', '메아리백합', '유리고추'],
  },
  PEST: both('진딧물', '응애', '민달팽이', '나방 애벌레', '온실가루이', '총채벌레', '깍지벌레'),
  SOIL: both('모래흙', '진흙', '자갈흙', '부엽토', '황토', '산성 흙', '마사토'),
  SEASON: both('이른 봄', '늦봄', '초여름', '한여름', '장마철', '초가을', '늦가을'),
};

function both(...names: string[]): Record<Side, readonly string[]> {
  return { train: names, dev: names };
}

/** Sentences of one relation: `{S}` and `{O}` are subject and object, `{P}` is another plant. Particles stand in both forms. */
export interface Relation {
  readonly label: string;
  readonly subject: EntityType;
  readonly object: EntityType;
  readonly rows: Readonly<Record<Side, number>>;
  readonly templates: Readonly<Record<Side, readonly string[]>>;
}

export const RELATIONS: readonly Relation[] = [
  {
    label: 'blooms_in',
    subject: 'PLANT',
    object: 'SEASON',
    rows: { train: 30, dev: 8 },
    templates: {
      train: [
        '{S}은/는 {O}에 흰 꽃을 피운다.',
        '마당의 {S}이/가 {O}마다 활짝 핀다.',
        '{O}이/가 되면 {S}의 꽃봉오리가 열린다.',
        '🌼 오늘의 식물 {S}: 꽃은 {O}에 볼 수 있다.',
        '{P}보다 늦게, {S}은/는 {O}에야 꽃을 보여 준다.',
        '언덕을 덮은 {S} 꽃은 {O}에 절정을 맞는다.',
        '{S}의 개화기는 {O}이다.',
        '{O}에 가장 먼저 꽃을 피우는 것은 {S}이다.',
        '향이 진한 {S} 꽃은 {O} 내내 피어 있다.',
        '올해도 {O}이/가 오자 {S}이/가 노랗게 피었다.',
      ],
      dev: [
        '{S} 꽃은 {O}에 핀다.',
        '{O}이/가 오면 {S}이/가 꽃봉오리를 터뜨린다.',
        '뒤뜰의 {S}은/는 {O}에 보랏빛 꽃을 피웠다.',
      ],
    },
  },
  {
    label: 'grows_in',
    subject: 'PLANT',
    object: 'SOIL',
    rows: { train: 30, dev: 8 },
    templates: {
      train: [
        '{S}은/는 {O}에서 잘 자란다.',
        '{O}에 심은 {S}이/가 한 달 만에 무릎까지 컸다.',
        '잘 고른 {O}이/가 {S}에 가장 알맞다.',
        '{S}을/를 기르려면 먼저 {O}을/를 준비해야 한다.',
        '{P}과/와 달리 {S}은/는 {O}에 깊이 뿌리를 내린다.',
        '🪴 {S} 화분에는 {O}을/를 채우는 것이 기본이다.',
        '{O}은/는 {S}을/를 키우기에 좋은 흙이다.',
        '{S}은/는 {O}이/가 아니면 뿌리를 내리지 못한다.',
        '정원사는 {S}을/를 {O}에 옮겨 심었다.',
        '{S}이/가 가장 좋아하는 흙은 {O}이다.',
      ],
      dev: [
        '{S}을/를 심을 때는 {O}이/가 가장 좋다.',
        '{O}에서 자란 {S}은/는 줄기가 굵다.',
        '{S}은/는 {O}에 뿌리를 내리고 산다.',
      ],
    },
  },
  {
    label: 'harmed_by',
    subject: 'PLANT',
    object: 'PEST',
    rows: { train: 30, dev: 8 },
    templates: {
      train: [
        '{S} 잎이 {O} 때문에 누렇게 말랐다.',
        '{O}은/는 {S}의 새순부터 갉아 먹는다.',
        '{S}을/를 키울 때 가장 큰 골칫거리는 {O}이다.',
        '올해는 {O}이/가 번져 {S} 밭을 망쳤다.',
        '{S}은/는 {O}에 약하니 잎 뒤를 자주 살펴야 한다.',
        '{P}은/는 멀쩡했지만 {S}은/는 {O}에 시달렸다.',
        '{O}이/가 {S} 뿌리를 파먹어 모두 시들었다.',
        '{S}의 잎을 갉아 먹은 것은 {O}이다.',
        '{O} 피해로 {S} 수확이 절반으로 줄었다.',
        '{S} 줄기에 {O}이/가 들끓었다.',
      ],
      dev: [
        '{S}의 어린잎을 {O}이/가 모두 갉아 먹었다.',
        '{O} 때문에 {S} 밭이 시들었다.',
        '{S}은/는 {O} 피해를 자주 입는다.',
      ],
    },
  },
  {
    label: 'repels',
    subject: 'PLANT',
    object: 'PEST',
    rows: { train: 26, dev: 8 },
    templates: {
      train: [
        '{S}을/를 심으면 {O}이/가 얼씬도 하지 않는다.',
        '{S}의 향은 {O}을/를 쫓아낸다.',
        '{O}을/를 막으려고 텃밭 둘레에 {S}을/를 둘렀다.',
        '{O}은/는 {S} 냄새를 싫어해 멀리 달아난다.',
        '말린 {S}을/를 걸어 두자 {P}에 꼬이던 {O}이/가 사라졌다.',
        '{S}은/는 {O} 퇴치에 쓰인다.',
        '{O}을/를 쫓는 데에는 {S}만 한 것이 없다.',
        '{S} 즙을 뿌리면 {O}이/가 도망간다.',
        '{S} 곁에는 {O}이/가 다가오지 못한다.',
      ],
      dev: [
        '{S} 향을 맡은 {O}이/가 멀리 달아났다.',
        '{O}을/를 쫓으려고 {S}을/를 심었다.',
        '{S} 덕분에 {O}이/가 얼씬도 못 한다.',
      ],
    },
  },
  {
    label: 'companion_of',
    subject: 'PLANT',
    object: 'PLANT',
    rows: { train: 26, dev: 8 },
    templates: {
      train: [
        '{S}은/는 {O} 옆에서 더 튼튼하게 자란다.',
        '{S}과/와 {O}은/는 서로의 성장을 돕는 짝이다.',
        '{O} 곁에 {S}을/를 함께 심으면 둘 다 수확이 는다.',
        '농부들은 {S}의 단짝으로 {O}을/를 꼽는다.',
        '{S}이/가 그늘을 만들어 주어 {O}도 잘 자란다.',
        '{S}과/와 함께 심기 좋은 식물은 {O}이다.',
        '{S}은/는 {O}과/와 궁합이 좋아 나란히 심는다.',
        '{O} 사이사이에 {S}을/를 심어 서로 돕게 한다.',
        '{S} 뿌리는 {O} 뿌리에 양분을 나누어 준다.',
      ],
      dev: [
        '{S}과/와 {O}을/를 함께 심으면 둘 다 잘 자란다.',
        '{S}은/는 {O}의 성장을 돕는 좋은 짝이다.',
        '{O}과/와 궁합이 좋은 {S}을/를 곁에 심었다.',
      ],
    },
  },
  {
    label: 'unrelated',
    subject: 'PLANT',
    object: 'PEST',
    rows: { train: 22, dev: 6 },
    templates: {
      train: [
        '{S}에 물을 주던 날, {P}에서 {O}이/가 나왔다.',
        '{O}은/는 {P}에만 꼬이고 {S}에는 관심이 없다.',
        '{S} 꽃 사진 옆에 {O} 그림이 걸려 있다.',
        '{P}을/를 망친 {O} 이야기를 하며 {S}을/를 다듬었다.',
        '{O} 표본을 사러 간 김에 {S} 씨앗도 구경했다.',
        '{O}이/가 {P} 잎을 갉아 먹는 동안 {S}은/는 창고에 있었다.',
        '{O} 강의가 끝난 뒤 {S} 나눔 행사가 열렸다.',
        '{S}을/를 그린 화가는 {O}도 즐겨 그렸다.',
      ],
      dev: [
        '{S} 사진을 찍다가 {P} 잎에 붙은 {O}을/를 보았다.',
        '{O} 그림책과 {S} 씨앗을 함께 샀다.',
        '{O}은/는 {P} 잎만 먹고 {S}은/는 건드리지 않는다.',
      ],
    },
  },
  {
    label: 'unrelated',
    subject: 'PLANT',
    object: 'SEASON',
    rows: { train: 13, dev: 4 },
    templates: {
      train: [
        '{S} 씨앗 값은 {O}에 올랐다.',
        '{P}은/는 {O}에 피지만 {S}은/는 꽃이 없다.',
        '{O}에 떠난 여행에서 {S} 그림을 샀다.',
        '{S} 나눔 행사는 {O}에 열린다.',
        '{O}에 나온 잡지에 {S} 이야기가 실렸다.',
      ],
      dev: ['{S}을/를 다룬 책이 {O}에 나왔다.', '{S} 그림 전시는 {O}에 열렸다.'],
    },
  },
  {
    label: 'unrelated',
    subject: 'PLANT',
    object: 'SOIL',
    rows: { train: 13, dev: 4 },
    templates: {
      train: [
        '{S}을/를 실은 수레가 {O} 더미를 지나갔다.',
        '{P}은/는 {O}을/를 좋아하지만 {S}은/는 물 위에 떠서 산다.',
        '{O}을/를 파는 가게에서 {S} 엽서를 샀다.',
        '{O} 값이 오른 날 {S} 값은 내렸다.',
        '{S} 그림 앞에 {O} 자루가 놓여 있다.',
      ],
      dev: ['{S} 사진이 걸린 가게에서 {O}을/를 팔았다.', '{O} 자루를 나르다가 {S} 이야기를 들었다.'],
    },
  },
  {
    label: 'unrelated',
    subject: 'PLANT',
    object: 'PLANT',
    rows: { train: 10, dev: 4 },
    templates: {
      train: [
        '{S}은/는 앞뜰에, {O}은/는 이웃 마을에 있다.',
        '어제는 {S} 이야기를 읽고 오늘은 {O} 이야기를 읽었다.',
        '{S}을/를 다 뽑은 뒤 빈자리에 {O}을/를 심었다.',
        '{S} 값과 {O} 값이 같은 날 올랐다.',
      ],
      dev: ['{S} 사진과 {O} 사진이 뒤바뀌어 실렸다.', '어제 산 {S} 씨앗과 오늘 산 {O} 씨앗은 값이 같다.'],
    },
  },
];
