import type { SharedTemplate, Split } from '../types.ts';

/** Sentences that host several rows, as in KLUE: one pair is related, another in the same words is not. */
export const SHARED: Readonly<Record<Split, readonly SharedTemplate[]>> = {
  train: [
    {
      text: '{A:per}({hanja:A.hanja}, {B:born.md} ~ )은/는 {city} 출신의 {C:job}이다.',
      pairs: [
        ['A', 'B', 'per:date_of_birth'],
        ['A', 'C', 'per:title'],
      ],
    },
    {
      text: '{A:company}은/는 {B:y1} {C:per}이/가 {city}에서 창업한 기업이다.',
      pairs: [
        ['A', 'B', 'org:founded'],
        ['A', 'C', 'org:founded_by'],
      ],
    },
    {
      text: '{A:per}은/는 아내 {B:per}과/와 함께 {C:inst}을/를 설립하였다.',
      pairs: [
        ['A', 'B', 'per:spouse'],
        ['C', 'A', 'org:founded_by'],
      ],
    },
    {
      text: '@news {A:per} {B:company} 대표는 {date} {C:univ} {D:per} 총장과 함께 장학금 협약서에 서명했다.',
      pairs: [
        ['B', 'A', 'org:top_members/employees'],
        ['C', 'D', 'org:top_members/employees'],
        ['B', 'D', 'no_relation'],
        ['C', 'A', 'no_relation'],
      ],
    },
    {
      text: '{A:per}의 딸 {B:kin}은/는 {y1} {job} {C:per}과/와 결혼하였다.',
      pairs: [
        ['A', 'B', 'per:children'],
        ['B', 'C', 'per:spouse'],
      ],
    },
    {
      text: '{A:per}은/는 {y0} {B:univ}을/를 졸업하고 {C:company}에 입사하여 10년 동안 근무하였다.',
      pairs: [
        ['A', 'B', 'per:schools_attended'],
        ['A', 'C', 'per:employee_of'],
        ['C', 'B', 'no_relation'],
      ],
    },
    {
      text: '{A:group} 계열사인 {B:company}은/는 {C:city}에 본사가 있고, {D:city2}에는 연구소를 두었다.',
      pairs: [
        ['B', 'A', 'org:member_of'],
        ['B', 'C', 'org:place_of_headquarters'],
        ['B', 'D', 'no_relation'],
      ],
    },
    {
      text: '{A:per}({B:born.md} ~ {C:died.md})은/는 {y1} {award}을/를 받은 대한민국의 {job}이다.',
      pairs: [
        ['A', 'B', 'per:date_of_birth'],
        ['A', 'C', 'per:date_of_death'],
      ],
    },
    {
      text: '{A:party}은/는 {B:y1} 창당되어 {y2} 총선에서 참패한 뒤 {C:y3} 해산되었다.',
      pairs: [
        ['A', 'B', 'org:founded'],
        ['A', 'C', 'org:dissolved'],
      ],
    },
    {
      text: '{A:fper}은/는 {B:fcity}에서 태어나 {y1} {C:fcity2}에서 사망하였다.',
      pairs: [
        ['A', 'B', 'per:place_of_birth'],
        ['A', 'C', 'per:place_of_death'],
      ],
    },
    {
      text: '@news {A:club} 소속 {B:per}은/는 {C:club2}의 {D:per}을/를 한 골 차로 제치고 득점왕에 올랐다.',
      pairs: [
        ['B', 'A', 'per:employee_of'],
        ['D', 'C', 'per:employee_of'],
        ['B', 'C', 'no_relation'],
        ['D', 'A', 'no_relation'],
      ],
    },
    {
      text: '{A:per}은/는 {B:company} 창업주 {C:kin}의 조카이지만 경영에는 참여하지 않았다.',
      pairs: [
        ['A', 'C', 'per:other_family'],
        ['B', 'C', 'org:founded_by'],
        ['A', 'B', 'no_relation'],
      ],
    },
    {
      text: '@news {A:media} {B:per} 기자가 {C:party} {D:per} 의원을 만나 선거 제도에 대해 물었다.',
      pairs: [
        ['B', 'A', 'per:employee_of'],
        ['D', 'C', 'per:employee_of'],
        ['B', 'C', 'no_relation'],
        ['B', 'D', 'no_relation'],
      ],
    },
    {
      text: '{A:per}이/가 쓴 소설 《{B:work}》은/는 {y2} {C:per} 감독이 영화로 옮겼다.',
      pairs: [
        ['A', 'B', 'per:product'],
        ['A', 'C', 'no_relation'],
      ],
    },
    {
      text: '@news {A:tech}의 {B:device}이/가 {C:tech2}의 신제품보다 먼저 시장에 나왔다.',
      pairs: [
        ['A', 'B', 'org:product'],
        ['C', 'B', 'no_relation'],
      ],
    },
    {
      text: '{A:per}의 동생 {B:kin}은/는 {C:religion} 신자이나 {A.given} 자신은 종교가 없었다.',
      pairs: [
        ['A', 'B', 'per:siblings'],
        ['B', 'C', 'per:religion'],
        ['A', 'C', 'no_relation'],
      ],
    },
  ],
  dev: [
    {
      text: '@news {A:per} {B:company} 대표와 {C:per} {D:agency} 국장이 {date} 나란히 토론회에 나왔다.',
      pairs: [
        ['B', 'A', 'org:top_members/employees'],
        ['D', 'A', 'no_relation'],
        ['B', 'C', 'no_relation'],
      ],
    },
    {
      text: '{A:per}은/는 {B:born} {C:city}에서 태어난 {D:job}으로/로, 지금도 그곳에서 제자를 기른다.',
      pairs: [
        ['A', 'B', 'per:date_of_birth'],
        ['A', 'C', 'per:place_of_birth'],
        ['A', 'D', 'per:title'],
      ],
    },
    {
      text: '{A:per}의 아버지 {B:kin}은/는 {C:company}의 창업자이나, {A.sur} 씨는 그 회사와 아무 관련이 없다.',
      pairs: [
        ['A', 'B', 'per:parents'],
        ['C', 'B', 'org:founded_by'],
        ['A', 'C', 'no_relation'],
      ],
    },
    {
      text: '@news {A:foodco}의 {B:food}이/가 {C:foodco2}의 신제품을 누르고 판매 1위에 올랐다.',
      pairs: [
        ['A', 'B', 'org:product'],
        ['C', 'B', 'no_relation'],
      ],
    },
    {
      text: '{A:fper}은/는 남편 {B:fper}과/와 함께 {C:fcity}에 살면서 해마다 {D:fcity2}의 음악제를 찾는다.',
      pairs: [
        ['A', 'B', 'per:spouse'],
        ['A', 'C', 'per:place_of_residence'],
        ['A', 'D', 'no_relation'],
      ],
    },
    {
      text: '{A:band}의 멤버 {B:per}은/는 {C:y2} 탈퇴했으며, 팀은 {D:y3}에 해체되었다.',
      pairs: [
        ['B', 'A', 'per:employee_of'],
        ['A', 'D', 'org:dissolved'],
        ['A', 'C', 'no_relation'],
      ],
    },
  ],
};
