import type { Language } from '../i18n/language.ts';

/** A document with each `x-NAME-ko` in the place of its `NAME`, where the language is Korean. */
export function inLanguage(document: unknown, lang: Language): unknown {
  if (lang !== 'ko') return document;
  if (Array.isArray(document)) return document.map((item) => inLanguage(item, lang));
  if (typeof document !== 'object' || document === null) return document;
  const fields = Object.entries(document).map(([name, value]) => [name, inLanguage(value, lang)] as const);
  const korean = Object.entries(document).flatMap(([name, value]) => {
    const [, plain] = /^x-(.+)-ko$/.exec(name) ?? [];
    return plain === undefined ? [] : [[plain, value] as const];
  });
  return Object.fromEntries([...fields, ...korean]);
}

/** What Swagger UI, which knows English alone, says by itself. */
const WORDS: Readonly<Record<string, string>> = {
  Servers: '서버',
  'These operation-level options override the global server options.': '여기서 고른 서버가 위의 것보다 우선합니다.',
  'Server variables': '서버 변수',
  Authorize: '인증',
  Authorized: '인증됨',
  'Available authorizations': '인증 방법',
  Logout: '인증 해제',
  Close: '닫기',
  'Value:': '값:',
  'In:': '위치:',
  'Name:': '이름:',
  'Try it out': '보내 보기',
  'Try it out ': '보내 보기',
  Cancel: '취소',
  'Cancel ': '취소',
  Reset: '되돌리기',
  Execute: '보내기',
  Clear: '지우기',
  Parameters: '매개변수',
  'No parameters': '매개변수가 없습니다',
  'Request body': '요청 본문',
  required: '필수',
  Responses: '응답',
  'Server response': '서버의 응답',
  'Response body': '응답 본문',
  'Response headers': '응답 헤더',
  'Request URL': '요청 주소',
  'Response content type': '응답 형식',
  'Request duration': '걸린 시간',
  Code: '코드',
  Details: '내용',
  Description: '설명',
  Links: '링크',
  'No links': '링크 없음',
  'Media type': '형식',
  'Controls ': '고르는 헤더: ',
  ' header.': '',
  Example: '예',
  'Example Value': '예',
  Examples: '예',
  'Examples: ': '예: ',
  Schema: '스키마',
  Schemas: '스키마',
  Headers: '헤더',
  Name: '이름',
  Type: '형',
  Download: '내려받기',
  Undocumented: '문서에 없음',
  'Expand all': '모두 펼치기',
  'Collapse all': '모두 접기',
  'Loading...': '불러오는 중…',
  LOADING: '불러오는 중',
};

/** Says in Korean what appears in an element in Swagger UI's own English, until it is stopped. Code is left as it is. */
export function sayInKorean(place: HTMLElement): () => void {
  const translate = (node: Node): void => {
    if (node instanceof Text) {
      const word = WORDS[node.data] ?? WORDS[node.data.trim()];
      if (word !== undefined && word !== node.data && !node.parentElement?.closest('pre, code, .prop-name, .model'))
        node.data = word;
    } else for (const child of node.childNodes) translate(child);
  };
  const observer = new MutationObserver((changes) => {
    for (const { target, addedNodes, type } of changes)
      if (type === 'characterData') translate(target);
      else for (const node of addedNodes) translate(node);
  });
  observer.observe(place, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}
