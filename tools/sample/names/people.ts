/** Invented people: every surname goes with every given name, so a full name means nobody. Both splits share the surnames only. */
import type { Split } from '../types.ts';

/** Surname and its Hanja. */
export const SURNAMES: readonly (readonly [string, string])[] = [
  ...[...'김이박최정강조윤장임한오서신권황안송홍문배백남심노하곽성차주우구민나진엄채원방공현함변염추표명기탁'].map(
    (surname, i) =>
      [
        surname,
        [...'金李朴崔鄭姜趙尹張林韓吳徐申權黃安宋洪文裵白南沈盧河郭成車朱禹具閔羅陳嚴蔡元方孔玄咸卞廉秋表明奇卓'][i]!,
      ] as const,
  ),
  ['남궁', '南宮'],
  ['선우', '鮮于'],
];

/** Given name and its Hanja, chosen rare and fit for women and men alike. */
export const GIVEN_NAMES: Readonly<Record<Split, readonly (readonly [string, string])[]>> = {
  train: pairs(
    '태율泰律 범서範瑞 근하根河 정률正律 수겸秀謙 유섭裕燮 명훤明萱 재겸載謙 승효承曉 기완基完 세륜世倫 윤채潤彩 은설銀雪 다림多林 ' +
      '소온素溫 희산熙山 규담奎潭 인탁仁卓 도온道溫 무겸武謙 주림珠林 경륜慶倫 석하碩夏 예담藝潭 형로炯魯 지엽志燁 운학雲鶴 가율佳律 ' +
      '혜강惠江 시목始木 우담雨潭 연후然厚 채언彩彦 선률善律 홍겸弘謙 제언濟彦 필서弼瑞 강훤江萱 여림如林 동혜東惠 문율文律 길연吉淵 ' +
      '성겸成謙 현담賢潭 영로榮魯 중헌重憲 백하白河 하겸夏謙',
  ),
  dev: pairs(
    '도율度律 해랑海浪 강률康律 담서潭瑞 채겸采謙 율하律夏 명오明旿 기훤基萱 정담正潭 세온世溫 윤탁允卓 은헌殷憲 서겸瑞謙 인률仁律 ' +
      '태담泰潭 주언周彦 경온慶溫 석림碩林 예훤藝萱 형담炯潭 지륜智倫 운서雲瑞 가헌佳憲 혜율惠律 우겸宇謙 연담淵潭 선엽善燁 홍림弘林 ' +
      '제하濟夏 단영端瑛 필호弼浩 여헌如憲 문겸文謙',
  ),
};

/** Names of people from abroad, in Korean and Latin letters: first names that women and men bear, invented family names. */
export const FOREIGN_NAMES: Readonly<
  Record<Split, Readonly<Record<'first' | 'family', readonly (readonly [string, string])[]>>>
> = {
  train: {
    first: spelt(
      '로언=Rowan 미카=Mika 사샤=Sasha 모건=Morgan 핀리=Finley 에머리=Emery 퀸=Quinn 노엘=Noel 안드레아=Andrea 하퍼=Harper',
    ),
    family: spelt(
      '벨로란=Veloran 카스트렐=Castrel 드라벡=Dravek 오스밍=Osming 팔렌베르크=Falenberk 몬타렐=Montarel 크레스윅=Creswick 사르벨=Sarvel ' +
        '그뢴하임=Gronheim 페르난티=Fernanti 린다르=Lindar',
    ),
  },
  dev: {
    first: spelt('유노=Juno 캐머런=Cameron 로빈=Robin 데번=Devon 리스=Reese 블레어=Blair 엘리스=Ellis 아리엘=Ariel'),
    family: spelt(
      '할베르단=Halverdan 코르비니=Corvini 슈타렌=Staren 웨더린=Weatherin 보르살=Borsal 타니에르=Tanier 룬데빅=Lundevik 멜시오=Melsio',
    ),
  },
};

function pairs(list: string): (readonly [string, string])[] {
  return list.split(' ').map((name) => [name.slice(0, 2), name.slice(2)]);
}

function spelt(list: string): (readonly [string, string])[] {
  return list.split(' ').map((name) => name.split('=') as [string, string]);
}
