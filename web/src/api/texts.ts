import { texts } from '../i18n/texts.ts';

/** What went wrong between the page and the server. */
export const apiTexts = texts({
  ko: {
    unreachable: '서버에 연결할 수 없습니다. korex serve가 실행 중인지 확인하세요.',
    keyNeeded: '이 서버는 API 키가 있어야 답합니다.',
    busy: (seconds: number) => `서버가 바쁩니다. ${seconds}초 뒤에 다시 시도하세요.`,
    unexpected: (status: number) => `서버가 예상하지 못한 답을 보냈습니다(HTTP ${status}).`,
    keyTitle: 'API 키',
    keyLead: '이 서버는 API 키를 요구합니다. 키는 이 페이지가 열려 있는 동안만 기억합니다.',
    keyRefused: '키가 맞지 않습니다. 다시 입력하세요.',
    keyLabel: '키',
    keyUse: '확인',
    cancel: '취소',
  },
  en: {
    unreachable: 'The server cannot be reached. Is korex serve running?',
    keyNeeded: 'This server answers only with an API key.',
    busy: (seconds: number) => `The server is busy. Try again in ${seconds} s.`,
    unexpected: (status: number) => `The server’s answer was not expected (HTTP ${status}).`,
    keyTitle: 'API key',
    keyLead: 'This server asks for an API key. The page remembers it only while it is open.',
    keyRefused: 'The key was not accepted. Try again.',
    keyLabel: 'Key',
    keyUse: 'Use key',
    cancel: 'Cancel',
  },
});
