import { counted } from '../../../src/base/core/format.ts';
import { texts } from '../i18n/texts.ts';

/** Header, navigation and footer. */
export const shellTexts = texts({
  ko: {
    tagline: '한국어 관계 추출',
    skip: '본문으로 건너뛰기',
    views: '화면',
    language: '언어',
    theme: '화면 모드',
    system: '시스템 설정',
    light: '밝게',
    dark: '어둡게',
    loading: '불러오는 중…',
    notFound: '이런 화면은 없습니다.',
    broken: '화면을 그리지 못했습니다.',
    reload: '다시 불러오기',
    apiDocs: 'API 문서',
    backToPage: '화면으로 돌아가기',
    model: '모델',
    relations: (count: number) => `관계 ${count}개`,
    close: '닫기',
  },
  en: {
    tagline: 'Korean relation extraction',
    skip: 'Skip to content',
    views: 'Views',
    language: 'Language',
    theme: 'Colour scheme',
    system: 'System',
    light: 'Light',
    dark: 'Dark',
    loading: 'Loading…',
    notFound: 'There is no such view.',
    broken: 'The view could not be drawn.',
    reload: 'Reload',
    apiDocs: 'API reference',
    backToPage: 'back to the page',
    model: 'Model',
    relations: (count: number) => counted(count, 'relation'),
    close: 'Close',
  },
});
