import { texts } from '../src/i18n/texts.ts';

/** What the page says of the model in it. */
export const siteTexts = texts({
  ko: {
    place: '모델',
    waiting: (size: string) =>
      `모델이 이 브라우저 안에서 답하므로 문장은 어디로도 전송되지 않습니다. 첫 질문 때 ${size}를 한 번 읽어 들입니다.`,
    loadNow: '지금 읽어 들이기',
    loading: (loaded: string, total: string) => `모델을 읽어 들이는 중: ${total} 가운데 ${loaded}`,
    opening: '모델을 여는 중입니다. 몇 초 걸립니다.',
    ready: '모델이 이 브라우저 안에서 답합니다. 문장은 어디로도 전송되지 않습니다.',
    failed: (reason: string) => `모델을 읽어 들이지 못했습니다(${reason}). 폴더의 파일이 모두 있는지 확인하세요.`,
    again: '다시 시도',
  },
  en: {
    place: 'Model',
    waiting: (size: string) =>
      `The model answers in this browser, so no sentence leaves it. With the first question, ${size} are loaded once.`,
    loadNow: 'Load now',
    loading: (loaded: string, total: string) => `Loading the model: ${loaded} of ${total}`,
    opening: 'Opening the model, which takes a few seconds.',
    ready: 'The model answers in this browser. No sentence leaves it.',
    failed: (reason: string) => `The model could not be loaded (${reason}). Are all files of the folder there?`,
    again: 'Try again',
  },
});
