import { figureFile } from '../../../base/charts/figure.ts';
import { counted, score } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { particleAfter } from '../../../base/text/particles.ts';
import {
  type Api,
  apiFile,
  DESIGN_FOLDER,
  FLOW_FIGURE,
  type Trace,
  traceFile,
} from '../../stages/design/designFiles.ts';
import { code, joinBlocks, markdownTable, textBlock } from '../markdown.ts';
import { plain, relationText } from './sentenceBlock.ts';

/** Stage 03 in the report: Markdown from `trace.json`, `openapi.json` and the figure. Errors: those of reading them. */
export async function designSection(out: string, lang: Language): Promise<string> {
  const [trace, api] = [await traceFile.read(out), await apiFile.read(out)];
  const words = WORDS[lang];
  return joinBlocks([
    words.heading,
    ...words.purpose,
    ...words.why,
    words.result,
    `![${words.alt}](../${DESIGN_FOLDER}/${figureFile(FLOW_FIGURE, lang)})`,
    words.trace(trace.model),
    traceBlock(trace, lang),
    words.top,
    topTable(trace, lang),
    words.api(api.openapi),
    apiTable(api, lang),
    words.interpretation,
    trace.note[lang],
    words.even(evenFacts(trace)),
    words.conclusion,
  ]);
}

const HTTP_METHODS = ['get', 'post'] as const;

function traceBlock({ input, preprocess, inference, postprocess, output }: Trace, lang: Language): string {
  const words = WORDS[lang];
  const largest = inference.logits.toSorted((a, b) => b.logit - a.logit)[0]!;
  const entity = ({ word, type }: Trace['input']['subject']) => (type === null ? word : `${word}/${type}`);
  const sum = postprocess.probabilities.reduce((total, { probability }) => total + probability, 0);
  const lines: readonly (readonly [string, string])[] = [
    [words.steps.input, input.sentence],
    ['', `${words.subject} ${entity(input.subject)}, ${words.object} ${entity(input.object)}`],
    [words.steps.preprocess, [preprocess.question ?? [], preprocess.marked_text].flat().join(' ')],
    ['', preprocess.tokens.join(' ')],
    ['', preprocess.ids.join(' ')],
    ['', words.positions(preprocess.subject_start, preprocess.object_start)],
    [
      words.steps.inference,
      words.logits(inference.logits.length, relationText(largest.relation, lang, plain), score(largest.logit)),
    ],
    [
      words.steps.postprocess,
      words.softmax(score(sum), postprocess.label_id, relationText(output.relation, lang, plain)),
    ],
    [
      words.steps.output,
      `${relationText(output.relation, lang, plain)}, ${words.confidence} ${score(output.confidence)}`,
    ],
  ];
  return textBlock(lines.map(([name, value]) => [name ? `[${name}] ` : '    ', value]));
}

/** How far the confidence is from that of a head that gives all labels the same. */
function evenFacts({ postprocess, output }: Trace) {
  const labels = postprocess.probabilities.length;
  const ratio = output.confidence * labels;
  return {
    labels,
    share: score(1 / labels),
    confidence: score(output.confidence),
    ratio: ratio.toFixed(1),
    isNear: ratio < 2,
  };
}
type EvenFacts = ReturnType<typeof evenFacts>;

const topTable = ({ output }: Trace, lang: Language): string =>
  markdownTable(
    WORDS[lang].topHeader,
    output.top.map(({ relation, probability }) => [relationText(relation, lang), score(probability)]),
  );

const apiTable = ({ paths }: Api, lang: Language): string =>
  markdownTable(
    WORDS[lang].apiHeader,
    Object.entries(paths).flatMap(([path, item]) =>
      HTTP_METHODS.filter((method) => item[method]).map((method) => [
        code(`${method.toUpperCase()} ${path}`),
        item[method]![lang === 'ko' ? 'x-summary-ko' : 'summary'],
      ]),
    ),
    2,
  );

const WORDS = {
  ko: {
    heading: '## 3. 애플리케이션 구조 설계',
    purpose: [
      '### 목적',
      '모델의 점수만이 아니라 실제 서비스에서 문장이 어떤 단계를 거쳐 관계가 되는지 정한다. 입력에서 출력까지의 흐름과 API의 형식을 먼저 정해 두면 학습과 서비스가 같은 코드를 쓰게 된다.',
    ],
    why: [
      '### 이유',
      '학습 때와 서비스 때의 전처리가 조금이라도 다르면 모델은 배운 적 없는 입력을 받는다. 그래서 다섯 단계를 나누어 각 단계의 입력과 출력을 정하고, 문장 하나를 끝까지 따라가며 실제 값을 남긴다.',
    ],
    result: '### 결과',
    alt: '입력, 전처리, 추론, 후처리, 출력의 다섯 단계를 화살표로 이은 흐름도',
    trace: ({ encoder, layers, marker, head, max_length }: Trace['model']) =>
      `평가 데이터의 첫 문장을 인코더 \`${encoder}\`(${layers}층), 마커 \`${marker}\`, 헤드 \`${head}\`, 최대 길이 ${max_length}토큰으로 처리한 과정은 다음과 같다. 모든 값은 \`trace.json\`에 있다.`,
    steps: { input: '입력', preprocess: '전처리', inference: '추론', postprocess: '후처리', output: '출력' },
    subject: '주체',
    object: '객체',
    positions: (subject: number, object: number) => `여는 마커의 위치: 주체 ${subject}, 객체 ${object}`,
    logits: (count: number, relation: string, value: string) => `로짓 ${count}개, 가장 큰 값은 ${relation}의 ${value}`,
    softmax: (sum: string, id: number, relation: string) => `확률의 합 ${sum}, 라벨 id ${id} → ${relation}`,
    confidence: '신뢰도',
    top: '확률이 높은 관계는 다음과 같다.',
    topHeader: ['관계', '확률'],
    api: (version: string) =>
      `API의 형식은 OpenAPI ${version} 문서 \`openapi.json\`에 있다. 요청과 응답의 형식은 서버가 검사에 쓰는 스키마에서 그대로 만든 것이고, \`korex serve\`가 이 문서대로 서비스한다.`,
    apiHeader: ['경로', '설명'],
    interpretation: '### 해석',
    even: ({ labels, share, confidence, ratio, isNear }: EvenFacts) =>
      `라벨 ${labels}개에 고르게 답하면 확률은 각각 ${share}이다. 이 문장의 신뢰도는 ${confidence}${particleAfter(confidence, '으로/로')}, 그 ${ratio}배이다. 이는 ${isNear ? '헤드가 아직 관계를 구별하지 못함을 보여 준다' : '학습의 결과가 아니라 초기값에서 우연히 생긴 차이다'}.`,
    conclusion:
      '학습으로 달라지는 것은 추론 단계의 가중치뿐이고, 나머지 단계는 그대로 서비스에 쓰인다. 이 구조 위에서 여러 문장의 일괄 처리, 신뢰도 임계값에 따른 보류, 오류 분석으로 넓혀 갈 수 있다.',
  },
  en: {
    heading: '## 3. Application design',
    purpose: [
      '### Purpose',
      'To settle the steps by which a sentence becomes a relation in a service, not only the model’s score. With the flow from input to output and the API’s formats fixed first, training and service share their code.',
    ],
    why: [
      '### Why',
      'Where preprocessing in service differs from that in training, the model gets inputs that it never learned. So the flow is divided into five steps with fixed inputs and outputs, and one sentence is followed to the end with its real values.',
    ],
    result: '### Result',
    alt: 'Flow diagram of five steps joined by arrows: input, preprocess, inference, postprocess, output',
    trace: ({ encoder, layers, marker, head, max_length }: Trace['model']) =>
      `The first test sentence through the encoder \`${encoder}\` (${counted(layers, 'layer')}), marker \`${marker}\`, head \`${head}\`, maximum length ${max_length} tokens. \`trace.json\` has all values.`,
    steps: {
      input: 'Input',
      preprocess: 'Preprocess',
      inference: 'Inference',
      postprocess: 'Postprocess',
      output: 'Output',
    },
    subject: 'subject',
    object: 'object',
    positions: (subject: number, object: number) => `opening markers at: subject ${subject}, object ${object}`,
    logits: (count: number, relation: string, value: string) => `${count} logits, the largest is ${relation}: ${value}`,
    softmax: (sum: string, id: number, relation: string) => `probabilities sum to ${sum}; label id ${id} → ${relation}`,
    confidence: 'confidence',
    top: 'The most probable relations:',
    topHeader: ['Relation', 'Probability'],
    api: (version: string) =>
      `The API is an OpenAPI ${version} document, \`openapi.json\`. Its request and response formats are generated from the schemas that the server validates with; \`korex serve\` implements exactly this document.`,
    apiHeader: ['Path', 'Description'],
    interpretation: '### Interpretation',
    even: ({ labels, share, confidence, ratio, isNear }: EvenFacts) =>
      `Spread evenly over ${labels} labels, each probability would be ${share}. The confidence of this sentence, ${confidence}, is ${ratio} times that: ${isNear ? 'the head cannot distinguish relations yet' : 'not learned, but an accident of the initial weights'}.`,
    conclusion:
      'Training changes the weights of the inference step alone; all other steps serve as they are. Batch inference, abstaining below a confidence threshold and error analysis build on the same flow.',
  },
} as const;
