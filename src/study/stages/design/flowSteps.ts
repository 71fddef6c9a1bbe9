import { type Flow, flowDiagram } from '../../../base/charts/flow.ts';
import type { Language, Localized } from '../../../base/core/types.ts';

/** The five steps from a request to its answer; `trace.json` follows a sentence through them. */
export const STEP_NAMES = ['input', 'preprocess', 'inference', 'postprocess', 'output'] as const;
export type StepName = (typeof STEP_NAMES)[number];

interface Step {
  readonly title: Localized;
  readonly lines: Readonly<Record<Language, readonly string[]>>;
  readonly where: string;
  /** What it hands to the next step. */
  readonly hands: Localized;
}

export const STEPS: Record<StepName, Step> = {
  input: {
    title: { ko: '입력', en: 'Input' },
    lines: {
      ko: ['문장과 두 엔티티', '(단어 · 유형 · 위치)', '구간과 형식을 검사'],
      en: ['Sentence, two entities', '(word, type, position)', 'Spans are checked'],
    },
    where: 'src/base/data',
    hands: { ko: '예문', en: 'example' },
  },
  preprocess: {
    title: { ko: '전처리', en: 'Preprocess' },
    lines: {
      ko: ['엔티티 마커 삽입', '토큰화와 id 변환', '길면 두 엔티티', '주변만 남김'],
      en: ['Entity markers inserted', 'Tokens and their ids', 'Long sentences: a window', 'around both entities'],
    },
    where: 'src/base/text',
    hands: { ko: 'id', en: 'ids' },
  },
  inference: {
    title: { ko: '추론', en: 'Inference' },
    lines: {
      ko: ['인코더가 문장 전체를', '양방향으로 읽음', '분류 헤드가 라벨마다', '로짓 하나를 계산'],
      en: ['The encoder reads the', 'sentence both ways', 'The head gives one', 'logit per label'],
    },
    where: 'src/engine/{nn,runtime}',
    hands: { ko: '로짓', en: 'logits' },
  },
  postprocess: {
    title: { ko: '후처리', en: 'Postprocess' },
    lines: {
      ko: ['softmax로 확률 계산', '가장 높은 라벨 id를', '관계 이름으로 변환'],
      en: ['Softmax: probabilities', 'Highest label id becomes', 'the relation’s name'],
    },
    where: 'src/inference/predict',
    hands: { ko: '관계', en: 'relation' },
  },
  output: {
    title: { ko: '출력', en: 'Output' },
    lines: {
      ko: ['관계 유형과 신뢰도', '확률이 높은 관계 목록', 'CLI · REST API · 웹'],
      en: ['Relation and confidence', 'Most probable relations', 'CLI, REST API, web page'],
    },
    where: 'POST /v1/predict',
    hands: { ko: '', en: '' },
  },
};

const TITLE: Localized = {
  ko: '관계 추출 애플리케이션의 흐름',
  en: 'How the relation extraction application works',
};

/** The flow as a figure. */
export function flowFigure(lang: Language): string {
  const steps = STEP_NAMES.map((name) => STEPS[name]);
  const flow: Flow = {
    title: TITLE[lang],
    steps: steps.map(({ title, lines, where }) => ({ title: title[lang], lines: lines[lang], where })),
    handed: steps.slice(0, -1).map(({ hands }) => hands[lang]),
  };
  return flowDiagram(flow);
}
