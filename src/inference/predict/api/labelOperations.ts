import type { Localized } from '../../../base/core/types.ts';
import type { LabelSchemaName } from './labelSchema.ts';
import { ENDING, GUARDED, JSON_TYPE, type Operation, READ } from './operations.ts';

const WRONG_ORIGIN = {
  403: { ko: '다른 사이트의 페이지가 보낸 요청이다.', en: 'The request comes from a page of another site.' },
};
const WRONG_FIELD = { 422: { ko: '항목이 없거나 틀렸다.', en: 'A field is missing or wrong.' } };
const CONFLICT = { 409: { ko: '지금은 할 수 없다.', en: 'It cannot be done now.' } };
const PROBLEMS = { ...GUARDED, ...WRONG_ORIGIN, ...READ, ...WRONG_FIELD, 503: ENDING };

interface LabelOperation {
  readonly id: string;
  readonly path: string;
  readonly summary: Localized;
  readonly request?: LabelSchemaName;
  readonly response: LabelSchemaName | null;
  readonly problems?: Operation['problems'];
}

const operation = ({ id, path, summary, request, response, problems = {} }: LabelOperation): Operation => ({
  path,
  method: request === undefined ? 'get' : 'post',
  id,
  tag: 'labels',
  summary,
  ...(request !== undefined && { request: { type: JSON_TYPE, schemas: [request] } }),
  response: {
    type: response === null ? 'application/octet-stream' : JSON_TYPE,
    schemas: response === null ? [] : [response],
    text: summary,
  },
  problems: { ...(request === undefined ? GUARDED : PROBLEMS), ...problems },
  guarded: true,
});

/** What `korex label` serves beside everything that `korex serve` does. */
export const LABEL_OPERATIONS: readonly Operation[] = [
  operation({
    id: 'labelProject',
    path: '/v1/label/project',
    summary: { ko: '프로젝트: 관계, 사람, 진행, 학습', en: 'The project: relations, people, progress, trainings' },
    response: 'LabelProject',
  }),
  operation({
    id: 'labelNext',
    path: '/v1/label/next',
    summary: { ko: '다음에 라벨을 달 문장', en: 'The sentence to label next' },
    request: 'LabelNext',
    response: 'LabelNextResponse',
  }),
  operation({
    id: 'labelOpen',
    path: '/v1/label/open',
    summary: { ko: '문장 하나', en: 'A sentence' },
    request: 'LabelOpen',
    response: 'LabelTask',
  }),
  operation({
    id: 'labelDo',
    path: '/v1/label/do',
    summary: { ko: '문장에 한 일을 남긴다', en: 'Does something to a sentence, for good' },
    request: 'LabelDo',
    response: 'LabelTask',
  }),
  operation({
    id: 'labelUndo',
    path: '/v1/label/undo',
    summary: { ko: '마지막에 한 일을 되돌린다', en: 'Takes back what was done last' },
    request: 'LabelUndo',
    response: 'LabelNextResponse',
  }),
  operation({
    id: 'labelSuggest',
    path: '/v1/label/suggest',
    summary: { ko: '고친 엔티티 사이의 제안', en: 'Suggestions for other entities' },
    request: 'LabelSuggest',
    response: 'LabelSuggestions',
  }),
  operation({
    id: 'labelList',
    path: '/v1/label/list',
    summary: { ko: '조건에 맞는 문장', en: 'Sentences that fit a filter' },
    request: 'LabelList',
    response: 'LabelListed',
  }),
  operation({
    id: 'labelHistory',
    path: '/v1/label/history',
    summary: { ko: '문장에 한 모든 일', en: 'All that was done to a sentence' },
    request: 'LabelOpen',
    response: 'LabelHistory',
  }),
  operation({
    id: 'labelChange',
    path: '/v1/label/change',
    summary: {
      ko: '관계, 지침, 나누는 방식을 바꾼다',
      en: 'Changes relations, guidelines, or how sentences are given out',
    },
    request: 'LabelChange',
    response: 'LabelProject',
  }),
  operation({
    id: 'labelAdd',
    path: '/v1/label/add',
    summary: { ko: '고칠 행을 더한다', en: 'Adds rows, such as those to correct' },
    request: 'LabelAdd',
    response: 'LabelAdded',
  }),
  operation({
    id: 'labelAgreement',
    path: '/v1/label/agreement',
    summary: { ko: '사람들의 일치도', en: 'How far people agree' },
    response: 'LabelAgreement',
  }),
  operation({
    id: 'labelExport',
    path: '/v1/label/export',
    summary: { ko: '지금까지의 라벨을 파일로', en: 'All labels so far, as a file' },
    request: 'LabelExport',
    response: null,
  }),
  operation({
    id: 'labelTrain',
    path: '/v1/label/train',
    summary: { ko: '지금까지의 라벨로 다시 학습한다', en: 'Trains on the labels so far' },
    request: 'LabelTrain',
    response: 'LabelProject',
    problems: CONFLICT,
  }),
  operation({
    id: 'labelPromote',
    path: '/v1/label/promote',
    summary: { ko: '답할 모델을 고른다', en: 'Chooses which model answers' },
    request: 'LabelPromote',
    response: 'LabelProject',
    problems: CONFLICT,
  }),
];
