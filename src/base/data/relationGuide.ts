import type { Localized } from '../core/types.ts';

/** How to tell whether a relation holds: for people who annotate, and for those who wonder at an answer. */
export interface RelationGuide {
  /** What counts, and what does not. */
  readonly when: Localized;
  /** A sentence that says it; subject and object occur in it once each. */
  readonly example: { readonly sentence: string; readonly subject: string; readonly object: string };
}

const guide = (ko: string, en: string, sentence: string, subject: string, object: string): RelationGuide => ({
  when: { ko, en },
  example: { sentence, subject, object },
});

/**
 * By relation; definitions are `relationDescription`'s, types and inverses `relationTraits.ts`'s. After KLUE (Park et al.,
 * 2021, appendix on RE) and how its annotators used the labels; in our own words, with invented examples.
 */
export const RELATION_GUIDE: Readonly<Record<string, RelationGuide>> = {
  no_relation: guide(
    '문장이 두 엔티티의 관계를 말하지 않는다. 실제로 관계가 있더라도 문장에 없으면 관계 없음이다. 부정한 것, 계획, 소문도 그렇다.',
    'The sentence says nothing of the two. What holds in the world but not by the sentence is no relation; neither is what is denied, planned or rumoured.',
    '윤서진은 배한결과 결혼한 적이 없다.',
    '윤서진',
    '배한결',
  ),
  'org:dissolved': guide(
    '해산, 해체, 폐지, 폐업, 멸망의 날짜. 합쳐져 사라진 날도 된다. 회의를 마친 날이나 사업을 줄인 날은 아니다.',
    'Date of dissolution, break-up, abolition, closing or fall, also by merger. Not the end of a meeting or of one line of business.',
    '하늬악단은 2003년 해체하였다.',
    '하늬악단',
    '2003년',
  ),
  'org:founded': guide(
    '설립, 창단, 창당, 개교, 건국의 날짜. 이름을 바꾼 날이나 자리를 옮긴 날은 아니다.',
    'Date of founding, of a company, ensemble, party, school or state. Not that of a new name or of a move.',
    '해솔대학교는 1962년에 문을 열었다.',
    '해솔대학교',
    '1962년',
  ),
  'org:place_of_headquarters': guide(
    '본사, 본부, 사무국, 교정, 연고지가 있는 곳. 이름에 지명이 든 단체는 그곳이 문장에 따로 나오면 해당한다. 지사, 공장, 행사 장소는 아니다.',
    'Where its seat, secretariat, campus or home ground is; an organisation named after a place has it there where the sentence names that place by itself. Not a branch, a factory or the venue of an event.',
    '늘봄식품의 본사는 가람시에 있다.',
    '늘봄식품',
    '가람시',
  ),
  'org:alternate_names': guide(
    '같은 단체의 다른 이름: 약칭, 옛 이름, 한자나 로마자 표기. 지점이나 계열사의 이름은 아니다.',
    'Another name of the same organisation: short form, former name, in Hanja or in Latin letters. Not that of a branch or an affiliate.',
    '전국호수연맹(이하 호수련)은 총회를 열었다.',
    '전국호수연맹',
    '호수련',
  ),
  'org:member_of': guide(
    '단체가 속한 더 큰 단체: 그룹, 연맹, 리그, 상급 기관, 모회사. 거래처나 맞선 상대는 아니다.',
    'The larger organisation it belongs to: group, league, federation, authority above, parent company. Not a customer or an opponent.',
    '미르제약은 별빛그룹의 계열사이다.',
    '미르제약',
    '별빛그룹',
  ),
  'org:members': guide(
    '단체에 속한 단체: 계열사, 회원국, 소속 팀, 부서. 속한 사람은 주요 구성원으로 본다.',
    'Organisations that belong to it: affiliates, member states, teams, departments. People who belong to it are its leading members.',
    '해솔대학교는 학보사를 두고 있다.',
    '해솔대학교',
    '학보사',
  ),
  'org:political/religious_affiliation': guide(
    '단체의 정치 노선, 이념, 종교. 한때 손잡은 정당은 아니다.',
    'Political line, ideology or religion of the organisation. Not a party that it once worked with.',
    '온누리당은 보수 정당이다.',
    '온누리당',
    '보수',
  ),
  'org:product': guide(
    '단체가 만들거나 펴내거나 방송한 것: 제품, 책, 프로그램, 음반, 서비스. 산 것이나 다룬 것은 아니다.',
    'What the organisation made, published or broadcast: goods, books, programmes, records, services. Not what it bought or wrote about.',
    '모아전자가 새 전화기 모아폰 7을 내놓았다.',
    '모아전자',
    '모아폰 7',
  ),
  'org:founded_by': guide(
    '단체를 세운 사람이나 단체. 함께 세운 사람도 저마다 된다. 뒤에 물려받은 사람은 아니다.',
    'Who founded the organisation, each of several founders. Not who took it over later.',
    '우솔바이오는 진하루가 세운 회사이다.',
    '우솔바이오',
    '진하루',
  ),
  'org:top_members/employees': guide(
    '단체에서 일하거나 뛰거나 속한 사람. KLUE에서는 대표만이 아니라 직원, 선수, 당원에도 쓴다. 전에 있던 사람도 된다. 단체가 조사하거나 보도한 사람은 아니다.',
    'People who lead the organisation, and as KLUE uses it also who works, plays or is enrolled there, now or formerly. Not whom it investigates or reports on.',
    '한빛전자는 윤서진 대표가 이끈다.',
    '한빛전자',
    '윤서진',
  ),
  'org:number_of_employees/members': guide(
    '직원, 회원, 단원, 병력의 수. 관객이나 피해자의 수는 아니다.',
    'Number of employees, members or troops. Not of visitors or victims.',
    '다온병원의 직원은 1,300명이다.',
    '다온병원',
    '1,300명',
  ),
  'per:date_of_birth': guide(
    '태어난 날, 해, 생일. 나이나 데뷔한 날은 아니다.',
    'Day or year of birth, birthday. Not an age or the date of a debut.',
    '백나래는 1999년 8월 15일에 태어났다.',
    '백나래',
    '1999년 8월 15일',
  ),
  'per:date_of_death': guide(
    '사망한 날이나 해. 장례나 추모식의 날은 아니다.',
    'Day or year of death. Not that of a funeral or a commemoration.',
    '허새벽은 1971년 5월 노을시에서 숨졌다.',
    '허새벽',
    '1971년 5월',
  ),
  'per:place_of_birth': guide(
    '태어난 곳. 큰 곳과 작은 곳이 함께 나오면 둘 다 된다. 자란 곳이나 “출신”이라고만 한 곳은 출신으로 본다.',
    'Where the person was born; both where a larger and a smaller place are named. Where one grew up, or is said to be “from”, is origin.',
    '우한별은 해오름군에서 태어났다.',
    '우한별',
    '해오름군',
  ),
  'per:place_of_death': guide(
    '사망한 곳. 묻힌 곳은 아니다.',
    'Where the person died. Not where the person is buried.',
    '길마루는 노을시의 병원에서 세상을 떠났다.',
    '길마루',
    '노을시',
  ),
  'per:place_of_residence': guide(
    '살거나 살았던 곳. 여행하거나 일하러 들른 곳은 아니다.',
    'Where the person lives or lived. Not where one travels or works for a while.',
    '소해림은 1970년 미국으로 이민하였다.',
    '소해림',
    '미국',
  ),
  'per:origin': guide(
    '국적, 민족, 출신지. 활동하는 나라는 아니다.',
    'Nationality, people or place one comes from. Not the country where one is active.',
    '마야 코르테는 칠레의 영화감독이다.',
    '마야 코르테',
    '칠레',
  ),
  'per:employee_of': guide(
    '일하거나 속한 단체: 회사, 관청, 정당, 팀, 그룹, 군대. 전에 있던 곳도 된다. 체포하거나 재판하거나 보도한 단체는 아니다.',
    'Organisation one works for or belongs to: company, office, party, team, band, army, now or formerly. Not one that arrests, tries or reports on the person.',
    '임하늘 기자는 새벽일보에서 일한다.',
    '임하늘',
    '새벽일보',
  ),
  'per:schools_attended': guide(
    '다녔거나 졸업한 학교. 가르치는 학교는 소속 단체로 본다. 합격만 한 학교는 아니다.',
    'School that the person attended or graduated from. One where the person teaches is an employer; being admitted is not enough.',
    '성라온은 해솔대학교를 졸업했다.',
    '성라온',
    '해솔대학교',
  ),
  'per:alternate_names': guide(
    '같은 사람의 다른 이름: 본명, 예명, 호, 한자나 로마자 표기. 성만 쓴 것이나 직함은 아니다.',
    'Another name of the same person: real name, stage name, pen name, in Hanja or in Latin letters. Not the surname alone, nor a title.',
    '가수 한들의 본명은 김들샘이다.',
    '한들',
    '김들샘',
  ),
  'per:parents': guide(
    '목적어가 주어의 아버지나 어머니이다. 양부모도 된다. 장인, 시부모, 조부모는 그 밖의 가족이다.',
    'The object is father or mother of the subject, also by adoption. Parents-in-law and grandparents are other relatives.',
    '양새벽의 아버지는 양도담이다.',
    '양새벽',
    '양도담',
  ),
  'per:children': guide(
    '목적어가 주어의 아들이나 딸이다. 양자도 된다. 사위, 며느리, 손주는 그 밖의 가족이다.',
    'The object is son or daughter of the subject, also by adoption. Children-in-law and grandchildren are other relatives.',
    '소해림은 딸 구나래를 홀로 키웠다.',
    '소해림',
    '구나래',
  ),
  'per:siblings': guide(
    '형제자매. 의붓형제도 된다. 의형제나 “형” 하고 부르는 사이는 아니다.',
    'Brothers and sisters, also by one parent. Not sworn brothers, nor who is merely called brother.',
    '정보라와 정바다는 자매이다.',
    '정보라',
    '정바다',
  ),
  'per:spouse': guide(
    '남편이나 아내. 이혼하거나 사별한 배우자도 된다. 사귀거나 약혼한 사이는 아니다.',
    'Husband or wife, also divorced or widowed. Not lovers or the engaged.',
    '은가비는 진하루와 결혼하였다.',
    '은가비',
    '진하루',
  ),
  'per:other_family': guide(
    '조부모, 손주, 삼촌, 조카, 사촌, 장인, 사위처럼 다른 가족.',
    'Grandparents, grandchildren, uncles, nephews, cousins, in-laws and all other relatives.',
    '구보름은 외할머니 소해림의 손에 자랐다.',
    '구보름',
    '소해림',
  ),
  'per:colleagues': guide(
    '함께 일하거나 뛰거나 만들거나 나온 사람: 같은 팀, 밴드, 작품, 연구. 만나거나 맞선 사이는 아니다.',
    'People who work, play, create or act together: one team, band, film or study. Not who merely met or competed.',
    '강새론과 방나리는 영화 《둑》에 함께 나왔다.',
    '강새론',
    '방나리',
  ),
  'per:product': guide(
    '사람이 쓰거나 만들거나 그린 것: 책, 곡, 영화, 그림, 발명품. 배우가 나오기만 한 작품은 아니다.',
    'What the person wrote, made or painted: books, songs, films, pictures, inventions. Not a work that one merely acts in.',
    '변가온의 시집 《낮은 언덕》이 다시 나왔다.',
    '변가온',
    '낮은 언덕',
  ),
  'per:religion': guide(
    '사람이 믿는 종교나 교단. 연구하거나 비판한 종교는 아니다.',
    'Religion or denomination that the person follows. Not one that the person studies or criticises.',
    '황해랑은 세례를 받고 개신교 신자가 되었다.',
    '황해랑',
    '개신교',
  ),
  'per:title': guide(
    '직함, 직업, 계급, 직위. 전에 맡은 것도 된다. 거절하거나 바라기만 한 자리는 아니다.',
    'Title, occupation, rank or office, now or formerly. Not a post that was refused or merely wished for.',
    '노하람 감독은 선수들을 칭찬했다.',
    '노하람',
    '감독',
  ),
};
