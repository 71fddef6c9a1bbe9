import { texts } from '../i18n/texts.ts';

/** What is said alike in all views. */
export const componentTexts = texts({
  ko: {
    copy: '복사',
    copied: '복사했습니다',
    correctThese: (rows: number) => `이 ${rows}행 고치기`,
    showTable: '표로 보기',
    noRows: '행이 없습니다.',
    rowNumber: '행',
    field: '항목',
    reason: '이유',
    found: (found: string, expected: string) => `${found} → ${expected}`,
    badMore: (count: string) => `그 밖에 ${count}행이 더 있습니다.`,
    tableHelp: '화살표 키로 행을 옮기고 Enter로 엽니다.',
    decision_relation: '관계 있음',
    decision_no_relation: '관계 없음',
    decision_uncertain: '불확실',
  },
  en: {
    copy: 'Copy',
    copied: 'Copied',
    correctThese: (rows: number) => `Correct these ${rows} rows`,
    showTable: 'Show as a table',
    noRows: 'No rows.',
    rowNumber: 'Row',
    field: 'Field',
    reason: 'Reason',
    found: (found: string, expected: string) => `${found} → ${expected}`,
    badMore: (count: string) => `And ${count} more.`,
    tableHelp: 'Arrow keys move between rows, Enter opens one.',
    decision_relation: 'relation',
    decision_no_relation: 'no relation',
    decision_uncertain: 'uncertain',
  },
});
