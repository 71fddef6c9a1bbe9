import { grouped, percent } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { type QualityReport, qualityFile, type SplitsFile, splitsFile } from '../../stages/dataset/qualityFile.ts';
import { code, joinBlocks, linesBlock, markdownTable } from '../markdown.ts';

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
    ...(report.example ? [words.example, exampleBlock(report.example, words)] : []),
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

const exampleBlock = (example: NonNullable<QualityReport['example']>, words: Words): string =>
  linesBlock([
    [words.before, example.sentence],
    [words.after, [example.question ?? [], example.marked_text].flat().join(' ')],
    [words.tokens, example.tokens.join(' ')],
    [words.positions, `${example.subject_position}, ${example.object_position}`],
    [words.label, `${example.label} → ${example.label_id}`],
  ]);

const checkTable = ({ checks }: QualityReport, lang: Language): string =>
  markdownTable(
    WORDS[lang].checkHeader,
    checks.map(({ name, description, status, unit, checked, count }) => [
      code(name),
      description[lang],
      WORDS[lang].statuses[status],
      WORDS[lang].units[unit](grouped(count), grouped(checked)),
    ]),
    3,
  );

const WORDS = {
  ko: {
    heading: '## 2. 데이터셋 구성',
    purpose: [
      '### 목적',
      '원자료를 모델이 읽는 형태로 바꾼다. 엔티티 둘레에 마커를 넣고, 라벨을 정수 id로 바꾸고, 학습·검증·평가로 나누고, 그 결과를 점검한다.',
    ],
    why: [
      '### 이유',
      '관계는 두 엔티티가 문장의 어디에 있는지에 달려 있으므로 입력이 그 위치를 드러내야 한다. 검증 분할은 학습 행에서만 떼고 같은 문장을 한쪽에만 두어, 모델을 고를 때 평가 행을 보지 않게 한다. 최대 길이를 넘는 문장은 두 엔티티 둘레의 창만 남기며 마커는 자르지 않는다.',
    ],
    result: '### 결과',
    split: (share: string, seed: number) =>
      `학습 행의 ${share}를 라벨 비율에 맞추고 문장 단위로 묶어 검증으로 떼었다(시드 ${seed}).`,
    partHeader: ['부분', '행', '문장', '라벨', '줄인 행', '넣지 못한 행'],
    parts: { train: '학습', validation: '검증', test: '평가' },
    example: '학습 행 하나의 전처리 전후는 다음과 같다.',
    before: '원문',
    after: '마커',
    tokens: '토큰',
    positions: '주체, 객체 위치',
    label: '라벨 → id',
    checks: (count: number) => `전처리 결과를 ${count}가지로 점검했다.`,
    checkHeader: ['점검', '내용', '결과', '걸린 수 / 전체'],
    statuses: { pass: '통과', warn: '주의', fail: '**실패**' },
    units: {
      rows: (count: string, checked: string) => `${count} / ${checked}행`,
      groups: (count: string, checked: string) => `${count}묶음 / ${checked}행`,
      sentences: (count: string, checked: string) => `${count} / ${checked}문장`,
      labels: (count: string, checked: string) => `${count} / ${checked}라벨`,
      tokens: (count: string, checked: string) => `${count} / ${checked}토큰`,
    },
    interpretation: '### 해석',
    shared: ({ train_validation, train_test, validation_test }: SplitsFile['shared_sentences']) =>
      `${train_validation === 0 ? '학습과 검증이 함께 갖는 문장은 없으므로 검증 점수는 외운 문장 덕을 보지 않는다.' : `학습과 검증이 문장 ${grouped(train_validation)}개를 함께 가져 검증 점수를 믿을 수 없다.`} ` +
      (train_test + validation_test === 0
        ? '평가 문장도 학습·검증과 겹치지 않는다.'
        : `평가 문장 가운데 ${grouped(train_test)}개는 학습, ${grouped(validation_test)}개는 검증에도 있는데, 이는 공개된 분할에서 온 것이라 그대로 두고 기록한다.`),
  },
  en: {
    heading: '## 2. Dataset construction',
    purpose: [
      '### Purpose',
      'To turn rows into what the model reads: markers around the entities, labels as integer ids, parts for training, validation and test, and checks of the outcome.',
    ],
    why: [
      '### Why',
      'A relation depends on where both entities stand, so the input has to show it. The validation part comes out of the training rows alone and no sentence stands on both sides, so that models are chosen without a look at the test rows. A sentence beyond the longest input gets a window around both entities; markers are never cut.',
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
    checkHeader: ['Check', 'What it checks', 'Result', 'Objections / checked'],
    statuses: { pass: 'pass', warn: 'warning', fail: '**failed**' },
    units: {
      rows: (count: string, checked: string) => `${count} / ${checked} rows`,
      groups: (count: string, checked: string) => `${count} groups / ${checked} rows`,
      sentences: (count: string, checked: string) => `${count} / ${checked} sentences`,
      labels: (count: string, checked: string) => `${count} / ${checked} labels`,
      tokens: (count: string, checked: string) => `${count} / ${checked} tokens`,
    },
    interpretation: '### Interpretation',
    shared: ({ train_validation, train_test, validation_test }: SplitsFile['shared_sentences']) =>
      `${train_validation === 0 ? 'Training and validation share no sentence, so validation scores owe nothing to memorised sentences.' : `Training and validation share ${grouped(train_validation)} sentences, so validation scores cannot be trusted.`} ` +
      (train_test + validation_test === 0
        ? 'Nor does a test sentence stand in either.'
        : `Of the test sentences ${grouped(train_test)} also stand in the training part and ${grouped(validation_test)} in the validation part; that is how the splits were published, so they are kept and recorded.`),
  },
} as const;
