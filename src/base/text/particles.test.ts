import { expect, test } from 'vitest';
import { questionOf } from './inputEncoder.ts';
import { type Ending, endingOf, fitTail, particleAfter, particlePlace, settleParticles, withAnd } from './particles.ts';

test.each<[string, Ending | null]>([
  ['조선', 'consonant'],
  ['비틀즈', 'vowel'],
  ['서울', 'rieul'],
  ['홍길동(洪吉童)', 'consonant'],
  ['〈반딧불〉', 'rieul'],
  ['아폴로 11', 'rieul'],
  ['2호선 3', 'consonant'],
  ['제1부 2', 'vowel'],
  ['1990', 'consonant'],
  ['SKT', 'vowel'],
  ['DSL', 'rieul'],
  ['FM', 'consonant'],
  ['CNN', 'consonant'],
  ['VR', 'rieul'],
  ['Intel', 'rieul'],
  ['Samsung', null],
  ['Apple', null],
  ['李舜臣', null],
  ['100%', null],
  ['', null],
])('%s ends in %s', (word, ending) => {
  expect(endingOf(word)).toBe(ending);
});

test.each([
  ['이순신', '이순신과'],
  ['비틀즈', '비틀즈와'],
  ['서울', '서울과'],
  ['BTS', 'BTS와'],
  ['李舜臣', '李舜臣와(과)'],
])('%s: %s', (word, expected) => {
  expect(withAnd(word)).toBe(expected);
});

test.each([
  ['baseline', '이/가', '이'],
  ['klue/roberta-large', '이/가', '가'],
  ['single', '으로/로', '로'],
  ['미세조정 (baseline)', '은/는', '은'],
  ['0.93', '으로/로', '으로'],
  ['0.801', '으로/로', '로'],
  ['32', '을/를', '를'],
  ['typed-punct', '을/를', '을(를)'],
] as const)('%s with %s is followed by %s', (word, forms, expected) => {
  expect(particleAfter(word, forms)).toBe(expected);
});

test('a question names both entities, the subject first', () => {
  const entity = (word: string) => ({ word, start: 0, end: 0, type: null });
  expect(questionOf({ subject: entity('이순신'), object: entity('조선') })).toBe('이순신과 조선의 관계는 무엇인가?');
});

/** The text behind the old word, and behind each new one: 비틀즈 (vowel), 서울 (ㄹ), 조선 (another consonant). */
test.each([
  ['조선', '은 망했다', '는 망했다', '은 망했다', '은 망했다'],
  ['조선', '이 건국되었다', '가 건국되었다', '이 건국되었다', '이 건국되었다'],
  ['조선', '을, 그리고', '를, 그리고', '을, 그리고', '을, 그리고'],
  ['조선', '과의 전쟁', '와의 전쟁', '과의 전쟁', '과의 전쟁'],
  ['조선', '으로 갔다', '로 갔다', '로 갔다', '으로 갔다'],
  ['부산', '으로부터.', '로부터.', '로부터.', '으로부터.'],
  ['서울', '로서는', '로서는', '로서는', '으로서는'],
  ['비틀즈', '나 누구', '나 누구', '이나 누구', '이나 누구'],
  ['비틀즈', '랑', '랑', '이랑', '이랑'],
  ['조선', '이라는 나라', '라는 나라', '이라는 나라', '이라는 나라'],
  ['비틀즈', '였다.', '였다.', '이었다.', '이었다.'],
  ['비틀즈', '다', '다', '이다', '이다'],
  ['조선', '이다', '이다', '이다', '이다'],
  ['3', '이 이겼다', '가 이겼다', '이 이겼다', '이 이겼다'],
  ['반딧불', '〉은 노래다', '〉는 노래다', '〉은 노래다', '〉은 노래다'],
  ['조선', '(朝鮮)은', '(朝鮮)는', '(朝鮮)은', '(朝鮮)은'],
  ['조선', '의 왕', '의 왕', '의 왕', '의 왕'],
  ['조선', '에서는', '에서는', '에서는', '에서는'],
  ['조선', ' 왕이', ' 왕이', ' 왕이', ' 왕이'],
  ['조선', ', 고려', ', 고려', ', 고려', ', 고려'],
  ['조선', '씨는', '씨는', '씨는', '씨는'],
  ['조선', '까지의 길', '까지의 길', '까지의 길', '까지의 길'],
  // No known particle: the syllables and the word are one compound.
  ['조선', '이사회는', null, null, null],
  ['비틀즈', '가수', null, null, null],
  ['2009', '년에', null, null, null],
  ['조선', 'TV', null, null, null],
  ['비틀즈', '는(은)', null, null, null],
  // A particle that does not go with the word belongs to something else.
  ['조선', '가 있다', null, null, null],
])('%s%s → behind 비틀즈 %s, 서울 %s, 한국 %s', (old, tail, vowel, rieul, consonant) => {
  expect(fitTail(tail, old, '비틀즈')).toBe(vowel);
  expect(fitTail(tail, old, '서울')).toBe(rieul);
  expect(fitTail(tail, old, '한국')).toBe(consonant);
});

test('a word of unknown reading comes only where its reading does not matter', () => {
  expect(fitTail('은 망했다', '조선', '李舜臣')).toBeNull();
  expect(fitTail('의 왕', '조선', '李舜臣')).toBe('의 왕');
  expect(fitTail('은 망했다', '朝鮮', '비틀즈')).toBe('는 망했다');
});

test.each([
  ['"한빛전자"이(가) 없다', '"한빛전자"가 없다'],
  ['모델 korex-small이(가) 모르는 라벨', '모델 korex-small이 모르는 라벨'],
  ['"서울"(0~1)과(와) "부산"을(를) 쓴다', '"서울"(0~1)과 "부산"을 쓴다'],
  ['마커 entity-punct(으)로', '마커 entity-punct(으)로'],
  ['12(으)로, 3은(는), 4이(가)', '12로, 3은, 4가'],
  ['그런 낱말이(가)까지', '그런 낱말이(가)까지'],
])('%s → %s', (written, read) => {
  expect(settleParticles(written)).toBe(read);
});

test('where a particle is looked for', () => {
  expect(particlePlace('〉은 노래')).toEqual({ start: 1, end: 2 });
  expect(particlePlace('(朝鮮)이다.')).toEqual({ start: 4, end: 6 });
  expect(particlePlace(' 노래')).toEqual({ start: 0, end: 0 });
});
