import { counted, grouped, percent } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { type QualityReport, qualityFile, type SplitsFile, splitsFile } from '../../stages/dataset/qualityFile.ts';
import { code, joinBlocks, linesBlock, markdownTable } from '../markdown.ts';
import { plain, relationText } from './sentenceBlock.ts';

/** Stage 02 in the report: Markdown from `quality_checks.json` and `splits.json`. Errors: those of reading them. */
export async function datasetSection(out: string, lang: Language): Promise<string> {
  const [report, splits] = [await qualityFile.read(out), await splitsFile.read(out)];
  const words = WORDS[lang];
  return joinBlocks([
    words.heading,
    ...words.purpose,
    ...words.why,
    words.result,
    words.split(percent(splits.validation_share, 0), splits.seed),
    partTable(report, splits, words),
    ...(report.example ? [words.example, exampleBlock(report.example, lang)] : []),
    words.checks(report.checks.length),
    checkTable(report, lang),
    words.interpretation,
    report.interpretation[lang],
    words.shared(splits.shared_sentences),
  ]);
}

type Words = (typeof WORDS)[Language];

const PARTS = ['train', 'validation', 'test'] as const;

const partTable = (report: QualityReport, { parts }: SplitsFile, words: Words): string =>
  markdownTable(
    words.partHeader,
    PARTS.map((part) => {
      const { window, pieces, cut, impossible } = report.fits[part];
      const labels = Object.values(parts[part].labels).filter((count) => count > 0).length;
      return [
        words.parts[part],
        ...[parts[part].rows, parts[part].sentences, labels, window + pieces + cut, impossible].map(grouped),
      ];
    }),
  );

function exampleBlock(example: NonNullable<QualityReport['example']>, lang: Language): string {
  const words = WORDS[lang];
  return linesBlock([
    [words.before, example.sentence],
    [words.after, [example.question ?? [], example.marked_text].flat().join(' ')],
    [words.tokens, example.tokens.join(' ')],
    [words.positions, `${example.subject_position}, ${example.object_position}`],
    [words.label, `${relationText(example.label, lang, plain)} → ${example.label_id}`],
  ]);
}

const checkTable = ({ checks }: QualityReport, lang: Language): string =>
  markdownTable(
    WORDS[lang].checkHeader,
    checks.map(({ name, description, status, unit, checked, count }) => [
      code(name),
      description[lang],
      WORDS[lang].statuses[status],
      WORDS[lang].units[unit](count, checked),
    ]),
    3,
  );

const WORDS = {
  ko: {
    heading: '## 2. 데이터셋 구성',
    purpose: [
      '### 목적',
      '원자료를 모델이 읽는 형태로 바꾼다. 엔티티 앞뒤에 마커를 넣고, 라벨을 정수 id로 바꾸고, 학습·검증·평가로 나누고, 그 결과를 점검한다.',
    ],
    why: [
      '### 이유',
      '관계는 두 엔티티가 문장의 어디에 있는지에 달려 있으므로 입력이 그 위치를 드러내야 한다. 검증 분할은 학습 행에서만 떼고 같은 문장을 한쪽에만 두어, 모델을 고를 때 평가 행을 보지 않게 한다. 최대 길이를 넘는 문장은 두 엔티티 주변만 남기며 마커는 자르지 않는다.',
    ],
    result: '### 결과',
    split: (share: string, seed: number) =>
      `학습 행의 ${share}를 라벨 비율에 맞추고 문장 단위로 묶어 검증용으로 떼었다(시드 ${seed}).`,
    partHeader: ['부분', '행', '문장', '라벨', '줄인 행', '넣지 못한 행'],
    parts: { train: '학습', validation: '검증', test: '평가' },
    example: '학습 행 하나의 전처리 전후는 다음과 같다.',
    before: '원문',
    after: '마커',
    tokens: '토큰',
    positions: '주체, 객체 위치',
    label: '라벨 → id',
    checks: (count: number) => `전처리 결과를 ${count}가지로 점검했다.`,
    checkHeader: ['점검', '내용', '결과', '위반 / 전체'],
    statuses: { pass: '통과', warn: '주의', fail: '**실패**' },
    units: {
      rows: (count: number, checked: number) => `${grouped(count)} / ${grouped(checked)}행`,
      groups: (count: number, checked: number) => `${grouped(count)}묶음 / ${grouped(checked)}행`,
      sentences: (count: number, checked: number) => `${grouped(count)} / ${grouped(checked)}문장`,
      labels: (count: number, checked: number) => `${grouped(count)} / ${grouped(checked)}라벨`,
      tokens: (count: number, checked: number) => `${grouped(count)} / ${grouped(checked)}토큰`,
    },
    interpretation: '### 해석',
    shared: ({ train_validation, train_test, validation_test }: SplitsFile['shared_sentences']) =>
      `${train_validation === 0 ? '학습과 검증에 함께 있는 문장은 없으므로, 외운 문장 때문에 검증 점수가 높아지지 않는다.' : `문장 ${grouped(train_validation)}개가 학습과 검증에 함께 있어 검증 점수를 믿을 수 없다.`} ` +
      (train_test + validation_test === 0
        ? '평가 문장도 학습·검증과 겹치지 않는다.'
        : `평가 문장 가운데 ${grouped(train_test)}개는 학습, ${grouped(validation_test)}개는 검증에도 있는데, 공개된 분할이 그러하므로 그대로 두고 기록한다.`),
  },
  en: {
    heading: '## 2. Dataset construction',
    purpose: [
      '### Purpose',
      'To turn rows into what the model reads: markers around the entities, labels as integer ids, parts for training, validation and test, and checks of the result.',
    ],
    why: [
      '### Why',
      'A relation depends on where both entities stand, so the input has to show it. The validation part comes from the training rows alone and no sentence is in both, so that models are chosen without looking at the test rows. Of a sentence beyond the maximum length only a window around both entities is kept; markers are never cut.',
    ],
    result: '### Result',
    split: (share: string, seed: number) =>
      `${share} of the training rows were taken for validation, stratified by label and grouped by sentence (seed ${seed}).`,
    partHeader: ['Part', 'Rows', 'Sentences', 'Labels', 'Shortened', 'Not encodable'],
    parts: { train: 'train', validation: 'validation', test: 'test' },
    example: 'A training row before and after preprocessing:',
    before: 'sentence',
    after: 'marked',
    tokens: 'tokens',
    positions: 'subject, object at',
    label: 'label → id',
    checks: (count: number) => `${count} checks were made:`,
    checkHeader: ['Check', 'What it checks', 'Result', 'Violations / checked'],
    statuses: { pass: 'pass', warn: 'warning', fail: '**failed**' },
    units: {
      rows: (count: number, checked: number) => `${grouped(count)} / ${counted(checked, 'row')}`,
      groups: (count: number, checked: number) => `${counted(count, 'group')} / ${counted(checked, 'row')}`,
      sentences: (count: number, checked: number) => `${grouped(count)} / ${counted(checked, 'sentence')}`,
      labels: (count: number, checked: number) => `${grouped(count)} / ${counted(checked, 'label')}`,
      tokens: (count: number, checked: number) => `${grouped(count)} / ${counted(checked, 'token')}`,
    },
    interpretation: '### Interpretation',
    shared: ({ train_validation, train_test, validation_test }: SplitsFile['shared_sentences']) =>
      `${train_validation === 0 ? 'Training and validation share no sentence, so memorised sentences do not raise validation scores.' : `Training and validation share ${counted(train_validation, 'sentence')}, so validation scores cannot be trusted.`} ` +
      (train_test + validation_test === 0
        ? 'Nor is any test sentence in either.'
        : `Test sentences that are also in the training part: ${grouped(train_test)}; in the validation part: ${grouped(validation_test)}. The splits were published so; they are kept as they are and recorded.`),
  },
} as const;
