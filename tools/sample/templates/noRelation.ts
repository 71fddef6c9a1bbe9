import type { TemplateTable } from '../types.ts';

/**
 * Pairs without a relation, most of them near misses: the relation holds between other parties of the sentence,
 * is denied, planned, rumoured or over a different thing, or both merely stand in one sentence.
 */
export const NO_RELATION: TemplateTable = {
  no_relation: {
    train: [
      // two people
      '@news 배우 {S:per}은/는 {O:per}과/와의 결혼설을 부인하며 “한 번도 만난 적이 없다”고 말했다.',
      '{S:per}은/는 {y1} {per}과/와 결혼하였고, 같은 해 {O:per}은/는 {fcity}으로/로 유학을 떠났다.',
      '{S:per}과/와 {O:kin}은/는 성이 같을 뿐 친척 관계는 아니다.',
      '{S:per}의 아들 {kin}은/는 {O:per}의 소설을 읽고 작가를 꿈꾸었다.',
      '@news 결승에서 {S:per}이/가 {O:per}을/를 세트 점수 3 대 1로 꺾고 정상에 올랐다.',
      '{O:per}의 형 {kin}은/는 {y2} {S:per}의 집을 사들여 찻집으로 고쳤다.',
      '@news 가수 {S:per} 측은 {O:kin}의 숨겨진 자녀라는 소문이 사실이 아니라고 밝혔다.',
      '@news 경찰은 {S:per} 씨의 가게에서 현금을 훔친 혐의로 {O:per} 씨를 붙잡았다.',
      '{stage}의 본명은 {S:per}이며, {O:per}은/는 그의 노래를 번안해 부른 적이 있다.',
      '{S:fper}은/는 {O:fper}의 이론을 반박하는 글을 발표했으나 두 학자는 끝내 만나지 못했다.',
      // a person and a date
      '{S:per}은/는 {O:y2.md} {award}을/를 수상하였다.',
      '{born.md}에 태어난 {S:per}은/는 {O:y0} {univ}을/를 졸업했다.',
      '{S:per}의 스승 {per}은/는 {O:died.md} {city}에서 별세하였다.',
      '@news {S:per} 의원은 {O:day} 자신의 누리집에 해명 글을 올렸다.',
      '{S:fper}은/는 {O:y1}부터 {y3}까지 {country}에 머물며 책을 썼다.',
      '{S:per}의 아내 {per}은/는 {O:born.md} {city}에서 태어났다.',
      // a person and an organisation
      '@news {S:per}은/는 {O:company}의 영입 제안을 거절하고 지금 직장에 남기로 했다.',
      '{S:per}은/는 {O:univ}에 지원했으나 떨어져 {high}의 조교로 일했다.',
      '@news {O:company} 앞에서 1인 시위를 벌이던 {S:per} 씨는 {media} 기자의 질문에 답하지 않았다.',
      '{S:per}이/가 {club}에 입단한 해에 {O:club2}은/는 첫 우승을 차지하였다.',
      '{O:party} 의원들은 {S:per}의 소설을 금지해 달라고 요구하였다.',
      '{S:fper}은/는 {O:religion} 이야기를 새긴 판화로 이름났지만 신자는 아니었다.',
      '@news {S:per} 씨는 {O:agency}을/를 상대로 낸 소송에서 이겼다.',
      '{company}에서 일하던 {S:per}은/는 {O:inst}에서 우연히 오랜 친구를 만났다.',
      '{S:per}이/가 {O:univ}을/를 졸업했다는 이력은 거짓으로 드러났다.',
      // a person and a place
      '{S:per}은/는 {date} {O:city}에서 열린 사인회에 참석하였다.',
      '{city}에서 태어난 {S:per}은/는 소설 《{work}》의 무대를 {O:city2}으로/로 정했다.',
      '@news {S:fper}은/는 {O:country}과/와의 평가전을 앞두고 부상으로 빠졌다.',
      '{S:per}이/가 {O:fcity}에서 숨졌다는 소문이 돌았으나 그는 {city}에 살아 있었다.',
      '{S:per}의 남편은 {O:city} 출신으로, 젊은 시절 배를 탔다.',
      '{O:prov} 지도를 손으로 그린 {S:per}은/는 그곳에 가 본 적이 없다고 한다.',
      // a person and a thing
      '{S:per}은/는 《{O:work}》을/를 읽고 눈물을 흘렸다고 말했다.',
      '@news {S:per} 씨는 {per} {O:post}에게 보낸 공개편지에서 사과를 요구했다.',
      '{S:per}은/는 {O:artist}이/가 되고 싶었지만 집안의 반대로 꿈을 접었다.',
      '{per}이/가 쓴 《{O:work}》의 표지 그림은 {S:per2}의 것이 아니라고 한다.',
      '@news {S:per}은/는 {O:award} 후보에 올랐으나 상은 {per}에게 돌아갔다.',
      '{S:per}의 제자 가운데에는 {O:job}이/가 된 사람이 많다.',
      '@news {S:per} 씨는 {tech}의 {O:device}을/를 쓰다가 손에 화상을 입었다며 환불을 요구했다.',
      '‘{O:nick}’이라/라 불린 {per}은/는 {S:per2}과/와 같은 골목에서 자랐다.',
      // a person and a number
      '@news {S:per} 씨는 복권 당첨금 {O:money}을/를 모두 기부하겠다고 밝혔다.',
      '{S:per}의 강연에는 {O:staff}이/가 몰려 통로까지 가득 찼다.',
      // an organisation and a date
      '{S:company}은/는 {O:y2.md} {city}에 두 번째 공장을 준공하였다.',
      '{per}이/가 설립한 {S:inst}은/는 {O:y3} 나라에서 주는 상을 받았다.',
      '@news {S:assoc}은/는 {O:date} 예정이던 총회를 한 달 미뤘다.',
      '{S:party}은/는 {y1}에 창당되어 {O:y2} 총선에 처음 후보를 냈다.',
      '{O:y1}에 창단된 {club}은/는 이듬해 {S:club2}을/를 이겼다.',
      '@news {S:company}이/가 {O:y3} 파산할 것이라는 소문이 돌았으나 회사는 이를 부인했다.',
      // an organisation and a person
      '@news {S:company} 대표의 발언을 두고 {media} {O:per} 기자가 비판 기사를 썼다.',
      '{O:per}은/는 {S:company}의 회장직을 제안받았으나 끝내 맡지 않았다.',
      '@news {S:party}은/는 {party2} {O:per} 대표의 사퇴를 촉구했다.',
      '{S:club}은/는 {O:fper}을/를 영입하려 했지만 협상이 결렬되었다.',
      '{per}이/가 창업한 {S:company}의 사옥은 건축가 {O:per2}이/가 설계하였다.',
      '@news {S:agency}은/는 {O:per} 씨가 낸 민원을 받아들여 공사를 멈췄다.',
      '@news {O:per}을/를 {S:foodco}의 창업주로 소개한 기사는 잘못된 것으로 확인됐다.',
      // two organisations
      '@news {S:company}은/는 {O:company2}과/와의 합병설을 부인하였다.',
      '@briefing {S:agency}은/는 {O:company}과/와 재난 안전 업무 협약을 맺었다.',
      '{group} 계열사인 {S:company}은/는 {O:company2}과/와 특허 소송을 벌이고 있다.',
      '@news {S:club}은/는 {date} 원정 경기에서 {O:club2}에 0 대 2로 졌다.',
      '{S:museum}은/는 {O:univ}의 부속 기관이 아니라 시민이 세운 독립 시설이다.',
      '@news {S:party}은/는 {O:religion}계의 반발을 의식해 법안을 거두어들였다.',
      '{S:assoc}은/는 {O:umbrella}에 가입 신청서를 냈으나 다른 단체의 반대로 거부되었다.',
      '@news {S:media}은/는 {O:media2}의 보도가 사실과 다르다며 정정을 요구했다.',
      // an organisation and a place
      '@news {S:company}은/는 {date} {O:city}에서 신제품 발표회를 열었다.',
      '{city}에 본사를 둔 {S:company}은/는 {O:city2} 공장의 문을 닫기로 하였다.',
      '@news {O:city} 시민들은 {S:company} 본사를 {city2}에서 옮겨 오자는 서명을 받았으나 무산됐다.',
      '{S:intl}은/는 {O:fcity} 지진 피해 주민에게 담요와 물을 보냈다.',
      '@briefing {S:ministry}은/는 {O:prov} 지역의 가뭄 피해를 조사하고 있다.',
      // an organisation and a thing
      '@news {S:tech}은/는 {tech2}이/가 만든 {O:device}의 부품 값을 두고 다투고 있다.',
      '@news {S:foodco}이/가 {O:food}의 제조사라는 글이 퍼졌으나 실제로는 {foodco2}의 제품이다.',
      '{S:univ} 도서관은 소설 《{O:work}》을/를 가장 많이 빌려준 곳이다.',
      '{S:party}은/는 {O:ideology}을/를 내세운 {party2}과/와 손잡지 않기로 하였다.',
      '@news {S:company}은/는 {per} {city} {O:cityrank}에게 규제를 풀어 달라고 건의했다.',
      '{S:pharma}은/는 {O:drug}의 판매 중단을 요구하는 소송에 참여하였다.',
      // an organisation and a number
      '@news {S:company}은/는 지난해 영업 이익 {O:money}을/를 기록했다.',
      '{S:museum}은/는 문을 연 지 한 달 만에 관람객 {O:staff}을/를 맞았다.',
      '{S:assoc}이/가 연 강연에는 {O:nations} 유학생이 참가하였다.',
      '@briefing {S:agency}은/는 지역 시설 {O:branches}을/를 점검했다.',
    ],
    dev: [
      // two people
      '@news {S:per} 측은 {O:per}과/와 곧 결혼한다는 보도에 대해 “사실무근”이라고 선을 그었다.',
      '{per}의 남편 {S:per2}은/는 {O:per3}에게 아래층을 세놓았다.',
      '이름이 비슷해 {S:per}과/와 {O:kin}을/를 형제로 아는 사람이 많지만 둘은 남남이다.',
      '준결승에서 {S:fper}의 발목을 잡은 것은 무명의 {O:fper}이었/였다.',
      '{S:per}의 어머니 {per}은/는 {O:per2}의 가게에서 늘 과일을 샀다.',
      '@news {O:per} 작가의 새 소설을 읽은 {S:per} 의원은 “정치보다 재미있다”고 평했다.',
      // a person and a date
      '{S:per}은/는 {O:y1.md} {city}에서 첫 개인전을 열었다.',
      '{S:per}의 동생은 {O:born}에 태어나 {y1}에 결혼하였다.',
      '@news {S:per} 대표는 {O:day} 예정된 방송 출연을 취소했다.',
      '{S:fper}의 아버지는 {O:died} 세상을 떠났고 집은 팔렸다.',
      '{O:y2}에 이르러 {S:per}은/는 {univ}에서 박사 학위를 받았다.',
      // a person and an organisation
      '@news {S:per}이/가 {O:club}으로/로 옮긴다는 이적설은 사실이 아닌 것으로 밝혀졌다.',
      '{S:per}은/는 {O:univ} 합격을 포기하고 곧바로 {company}에 들어갔다.',
      '@news {O:agency} 직원들이 {S:per} 씨의 과수원에서 일손을 도왔다.',
      '{S:per}은/는 {media}에 실은 글에서 {O:party}의 공약을 조목조목 비판하였다.',
      '{S:fper}은/는 종교가 없으나 {O:religion} 성가를 즐겨 들었다고 한다.',
      '@news {O:company} 주식을 산 {S:per} 씨는 큰 손해를 보았다.',
      // a person and a place
      '{S:per}은/는 {y2} {O:city}까지 자전거로 여행하고 기행문을 남겼다.',
      '@news {date} {O:fcity}에서 열린 대회에서 {S:fper}은/는 예선에서 탈락했다.',
      '{S:per}의 고향은 {city}이며, {O:city2}은/는 그의 소설에 자주 등장하는 도시이다.',
      '@news {S:per} 씨는 {O:country} 여행 중 가방을 잃어버렸다가 사흘 만에 찾았다.',
      // a person and a thing
      '{S:per}은/는 어릴 적 {O:artist}을/를 꿈꾸었으나 군인이 되었다.',
      '@news {S:per} 씨는 {O:device}을/를 반값에 판다는 글에 속아 돈을 잃었다.',
      '{S:per}은/는 {per}의 〈{O:work}〉을/를 보고 영화를 공부하기로 마음먹었다.',
      '@news 해마다 {O:post} 승진 심사에 올랐던 {S:per} 씨는 올해도 고배를 마셨다.',
      '{O:award}의 심사를 맡은 {S:per}은/는 수상작이 없다고 발표하였다.',
      '“{O:post} 자리에는 관심이 없다.” {company}의 제안을 거절한 {S:per}의 말이다.',
      // a person and a number
      '@news {S:per} 씨는 {O:money}을/를 빌려 갚지 않은 혐의를 받고 있다.',
      // an organisation and a date
      '@news {S:company}은/는 {O:date}부터 제품 값을 5% 올린다.',
      '{S:club}은/는 {O:y2} 승격에 성공했으나 한 시즌 만에 다시 내려갔다.',
      '{S:museum}에서는 {O:y3.m} 전쟁 사진전이 열렸다.',
      '{S:party}의 해산설이 {O:y2}부터 나돌았으나 당은 지금도 활동하고 있다.',
      // an organisation and a person
      '@news {S:company}은/는 {O:per} 씨가 올린 동영상이 허위라며 고소했다.',
      '@news {S:club}을/를 상대로 두 골을 넣은 {O:fper}은/는 최우수 선수로 뽑혔다.',
      '{O:per}이/가 {S:company}을/를 창업했다는 이야기는 사실이 아니며 실제 창업자는 {per}이다.',
      '@news {S:party} 대표는 {O:per} 작가의 장례식에 조화를 보냈다.',
      // two organisations
      '@news {S:company}이/가 {O:group}에 인수된다는 소문에 주가가 크게 올랐으나 회사는 부인했다.',
      '{S:club}은/는 {league} 개막전에서 {O:club2}과/와 비겼다.',
      '@briefing {S:agency}은/는 {O:univ}과/와 함께 겨울 학교를 열었다.',
      '@news {S:party}은/는 {O:media}의 여론 조사가 편파적이라고 항의했다.',
      '{S:assoc}은/는 {O:assoc2}과/와 활동이 비슷하나 서로 관련이 없는 단체이다.',
      // an organisation and a place
      '{S:company}은/는 {O:city}에 공장을 지으려던 계획을 접었다.',
      '@news {S:band}이/가 {date} {O:fcity}에서 첫 공연을 펼친다.',
      '{city}에 본부가 있는 {S:agency}은/는 {O:city2}에서 주민 의견을 들었다.',
      '@news {O:country} 언론은 {S:tech}의 기술 유출 의혹을 보도했다.',
      // an organisation and a thing
      '@news {S:tech}은/는 경쟁사의 {O:device}을/를 분해해 살펴본 사실을 인정했다.',
      '{S:media}은/는 {per} {company} {O:post}의 인터뷰를 머리기사로 실었다.',
      '{S:univ} 매점에서는 {foodco}의 {O:food}을/를 팔지 않는다.',
      '{S:univ} 학생들은 영화 《{O:work}》의 상영 금지에 반대하였다.',
      // an organisation and a number
      '@news {S:company}은/는 과징금 {O:money}을/를 내게 됐다.',
      '@news {S:club}의 홈경기에는 관중 {O:staff}이/가 들어찼다.',
    ],
  },
};
