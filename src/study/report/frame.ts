import { counted, grouped, percent, score, signed } from '../../base/core/format.ts';
import type { Language } from '../../base/core/types.ts';
import { type BaselineFile, baselineFile } from '../stages/baselines.ts';
import { comparisonFile } from '../stages/comparison/schema.ts';
import { list, markdownTable } from './markdown.ts';
import { type ComparisonFacts, comparisonFacts, type Lead } from './sections/comparisonFacts.ts';

/** The report's first and last part, around the sections. All Markdown. */
export interface Frame {
  readonly title: string;
  readonly contents: string;
  /** The result in a paragraph and a table. */
  readonly summary: string;
  readonly conclusion: string;
}

/** Title, summary and conclusion, computed from the files of stages 05 and 07 alone. Errors: those of reading them. */
export async function reportFrame(out: string, lang: Language): Promise<Frame> {
  const { dataset } = await baselineFile.read(out);
  const facts = comparisonFacts(await comparisonFile.read(out), lang);
  const text = TEXT[lang];
  const table = markdownTable(
    [text.system, ...facts.metricTitles],
    facts.metricRows.map((row) => row.map((cell, column) => (column === 0 ? cell : withoutInterval(cell)))),
  );
  return {
    title: text.title,
    contents: text.contents,
    summary: `## ${text.summary}\n\n${text.rows(dataset)}\n\n${table}`,
    conclusion: `## ${text.conclusion}\n\n${list(text.findings(facts))}`,
  };
}

/** Section 7 has the intervals. */
const withoutInterval = (cell: string): string => cell.replace(/ \[.*/, '');

interface Text {
  readonly title: string;
  readonly contents: string;
  readonly summary: string;
  readonly system: string;
  readonly conclusion: string;
  readonly rows: (dataset: BaselineFile['dataset']) => string;
  readonly findings: (facts: ComparisonFacts) => readonly string[];
}

const TEXT: Readonly<Record<Language, Text>> = {
  ko: {
    title: '한국어 관계 추출 보고서',
    contents: '목차',
    summary: '요약',
    system: '시스템',
    conclusion: '결론',
    rows: ({ name, train_rows, test_rows, labels }) =>
      `데이터 \`${name}\`의 학습 ${grouped(train_rows)}행으로 학습하고 평가 ${grouped(test_rows)}행에서 측정했다. 관계 라벨은 ${labels}개다. 모든 값은 0에서 1 사이의 비율이다.`,
    findings: (facts) => [
      `${facts.reference}의 macro-F1은 ${facts.macro}, 정확도는 ${facts.accuracy}이다.${facts.gap > 0.05 ? ` 두 값의 차이(${signed(facts.gap)})는 정확도가 행이 많은 라벨의 성능을 주로 반영하기 때문이며, 그래서 이 보고서는 macro-F1을 먼저 본다.` : ''}`,
      ...(facts.untaught ? [gain.ko('학습 없이 얻을 수 있는 가장 높은 값', facts.untaught)] : []),
      ...(facts.frozen ? [gain.ko('인코더를 고정하고 선형 분류기만 학습한 값', facts.frozen)] : []),
      ...(facts.weighted ? [weighting.ko(facts.weighted)] : []),
      ...(facts.majority
        ? [
            `다수 클래스만 답해도 정확도가 ${score(facts.majority.accuracy)}이다. 정확도 하나로는 모델이 관계를 배웠는지 알 수 없다.`,
          ]
        : []),
      `학습 뒤 F1이 오른 라벨은 ${facts.labels}개 가운데 ${facts.improved}개다. ${facts.unlearned.length > 0 ? `F1이 0으로 남은 라벨(${facts.unlearned.length}개)은 학습 행을 늘리거나 손실의 가중치를 조정해 볼 다음 대상이다.` : '평가 데이터에 있는 라벨은 모두 한 번 이상 맞혔다.'}`,
    ],
  },
  en: {
    title: 'Korean relation extraction: report',
    contents: 'Contents',
    summary: 'Summary',
    system: 'System',
    conclusion: 'Conclusion',
    rows: ({ name, train_rows, test_rows, labels }) =>
      `Trained on ${counted(train_rows, 'row')} of \`${name}\`, measured on ${counted(test_rows, 'test row')}, with ${counted(labels, 'relation label')}. All figures are fractions between 0 and 1.`,
    findings: (facts) => [
      `${facts.reference}: macro-F1 ${facts.macro}, accuracy ${facts.accuracy}.${facts.gap > 0.05 ? ` Accuracy mostly reflects the labels with many rows; this explains the gap of ${signed(facts.gap)}, and is why this report looks at macro-F1 first.` : ''}`,
      ...(facts.untaught ? [gain.en('the best result without training', facts.untaught)] : []),
      ...(facts.frozen ? [gain.en('a linear classifier on the frozen encoder', facts.frozen)] : []),
      ...(facts.weighted ? [weighting.en(facts.weighted)] : []),
      ...(facts.majority
        ? [
            `Always answering the majority label has an accuracy of ${score(facts.majority.accuracy)} (it makes up ${percent(facts.majority.top[0]?.gold_share ?? 0)} of the test rows): accuracy by itself does not show whether relations were learned.`,
          ]
        : []),
      `Training raised F1 for ${facts.improved} of ${facts.labels} labels. ${facts.unlearned.length > 0 ? `Labels still at an F1 of 0 (${facts.unlearned.length}) are what to work on next, with more training rows or other weights of the loss.` : 'Every label of the test rows is predicted correctly at least once.'}`,
    ],
  },
};

/** The lead of the fine-tuned model over another system. */
const gain: Readonly<Record<Language, (what: string, lead: Lead) => string>> = {
  ko: (what, { name, macro, difference, p, isSignificant }) =>
    `${what}(${name}, ${macro})과 비교하면 macro-F1의 차이는 ${signed(difference)}이며, ${isSignificant ? '통계적으로 유의하다' : '우연으로 설명할 수 있다'}(${p}).`,
  en: (what, { name, macro, difference, p, isSignificant }) =>
    `Against ${what} (${name}, ${macro}) macro-F1 differs by ${signed(difference)}, ${isSignificant ? 'which is significant' : 'which could be chance'} (${p}).`,
};

/** The lead is that of unweighted loss, so weighting helped where it is negative. */
const weighting: Readonly<Record<Language, (lead: Lead) => string>> = {
  ko: ({ macro, difference, p, isSignificant }) =>
    `클래스 가중 손실을 쓰면 macro-F1은 ${macro}(${signed(-difference)})이다. ${isSignificant ? '통계적으로 유의한 변화다' : '우연으로 설명할 수 있는 변화다'}(${p}).`,
  en: ({ macro, difference, p, isSignificant }) =>
    `Class-weighted loss changed macro-F1 by ${signed(-difference)}, to ${macro}: ${isSignificant ? 'a significant change' : 'a change that could be chance'} (${p}).`,
};
