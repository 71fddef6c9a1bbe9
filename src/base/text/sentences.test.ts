import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sentencePassages } from '../../../test/support/sentencePassages.ts';
import { segmentsOf, sentencesOf } from './sentences.ts';

const split = (text: string): string[] => [...sentencesOf(text)].map(({ from, to }) => text.slice(from, to));

/** A bar where a sentence ends. */
test.each([
  // Quotations and what follows them.
  '그는 "서울로 간다." 라고 말했다.| 이어 회견을 마쳤다.',
  '“누구나 할 수 있다. 반드시 한다.” 고 밝혔다.| 회사는 그렇다고 했다.',
  '‘간다.’라고 했다.| 다음 날 왔다.',
  '그는 “왜 그랬나?”라는 질문에 답하지 않았다.| 자리도 떴다.',
  '"안 간다. 절대로 안 간다."며 버텼다.',
  '“끝났다.”| 그는 자리에서 일어났다.',
  "'간다.' 하고 외쳤다.| 아무도 없었다.",
  '그는 "간다고 했다.| 그리고 "온다"고도 했다.',
  '(회사는 부인했다. 노조도 그랬다.) 라는 문장이다.',
  '그는 『나는 왜 쓰는가? 글의 이유』를 썼다.| 첫 책이다.',
  "그는 it's fine. 이라고 썼다.",
  // Abbreviations, initials, numbers.
  'No. 1 기업이다.| 둘째는 없다.',
  'A.I. 기업이 늘었다.| U.S. 스틸은 줄었다.',
  'J. K. 롤링이 썼다.| J.R.R. 톨킨은 아니다.',
  'Dr. 김은 의사다.| Mr. Lee와 일한다.',
  'Apple Inc. 는 미국 회사다.| 삼성전자 Co., Ltd. 는 아니다.',
  '1. 첫째는 돈이다.| 2. 둘째는 시간이다.| 가. 사람도 있다.',
  '2024. 5. 3. 서울에서 열렸다.| 2025. 6. 부산에서 또 열린다.',
  '성장률은 3.5%다.| v2.0은 4.1점이다.',
  '김모(45.여)씨가 왔다.| 이모(30.남)씨는 갔다.',
  'https://www.example.com/a.b?c=1 에 있다.| 주소는 example.한국이다.',
  '야후! 코리아가 문을 닫았다.| 야후는 남았다.',
  // Dots, brackets, lines.
  '그런데... 그는 오지 않았다.| 글쎄… 왜일까.',
  '그는 갔다...| 아무도 몰랐다.| 돌아왔다…| 모두 놀랐다.',
  '그는 갔다.그녀는 남았다.| 비가 왔다.',
  '1902년에 태어났다.[1] |1950년에 죽었다.[2][3]',
  '정말?!| 그랬다.| 좋아요! 😀| 그는 웃었다.',
])('%s', (marked) => {
  const text = marked.replaceAll('|', '');
  const expected = marked.includes('갔다.그녀는') ? marked.replace('갔다.그녀는', '갔다.|그녀는') : marked;
  expect(split(text)).toEqual(expected.split('|').map((sentence) => sentence.trim()));
});

test('headings, items and paragraphs end where their line ends; a wrapped paragraph goes on', () => {
  const text = [
    '# 한빛전자의 역사',
    '',
    '한빛전자는 2011년 서지우가 대전에 세운 전자 회사로, 처음에는 세 사람이',
    '작은 사무실에서 일했다. 2015년에는 서울로 본사를 옮겼으며, 직원은 모두',
    '16명이었다.',
    '- 첫 제품: 한빛1',
    '- 둘째 제품: 한빛2',
    '연혁',
    '2020년 상장',
  ].join('\n');
  expect(split(text)).toEqual([
    '# 한빛전자의 역사',
    '한빛전자는 2011년 서지우가 대전에 세운 전자 회사로, 처음에는 세 사람이\n작은 사무실에서 일했다.',
    '2015년에는 서울로 본사를 옮겼으며, 직원은 모두\n16명이었다.',
    '- 첫 제품: 한빛1',
    '- 둘째 제품: 한빛2',
    '연혁',
    '2020년 상장',
  ]);
});

test.each(sentencePassages)('$id: $tests', ({ text, sentences }) => {
  expect(split(text)).toEqual(sentences);
});

test('an indented line begins a paragraph, and a paragraph of a hundred thousand lines is read', () => {
  const lines = [
    '　한빛전자는 2011년 서지우가 대전에 세운 전자 회사로, 처음에는 세 사람이 함께',
    '　가온물산은 나루에 있다.',
  ];
  expect(split(lines.join('\n'))).toEqual(lines.map((line) => line.trim()));
  expect(split('가온은 나루에 있다.\n'.repeat(100_000))).toHaveLength(100_000);
});

const piece = fc.constantFrom(
  ...['간다', '다.', '요?', '"', "'", '“', '”', '‘', '’', '(', ')', ' ', '\n', '\r\n', '\n\n', '...', '…', '。', '!'],
  ...['1.', 'A.', 'No.', '라고', '고 ', '😀', '한국', '\u1112\u1161\u11ab', '漢', '\u2028', '\t', '[1]', '2024. 5.'],
);

test('segments are the text, and sentences lie in them without blanks around them', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const segments = [...segmentsOf(text)];
      expect(segments.map(({ from, to }) => text.slice(from, to)).join('')).toBe(text);
      expect(segments.every(({ from, to }) => from < to)).toBe(true);
      const sentences = split(text);
      expect(sentences.every((sentence) => sentence !== '' && sentence.trim() === sentence)).toBe(true);
      expect(sentences.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    }),
  );
});
