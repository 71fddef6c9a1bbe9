import { counted, grouped, percent } from '../../base/core/format.ts';
import type { Language } from '../../base/core/types.ts';
import type { ErrorAnalysis } from './schema.ts';

/** How far a model's confidence is to be believed, in words that the report, the command line and the page share. */

/** A change of the expected calibration error that is worth a word: figures are shown with three digits. */
const WORTH_SAYING = 0.0005;

/** What calibrating did to the expected calibration error. */
export function calibrationVerdict(before: number, after: number): 'better' | 'same' | 'worse' {
  if (after > before + WORTH_SAYING) return 'worse';
  return after < before - WORTH_SAYING ? 'better' : 'same';
}

/** The same in a sentence of the report. */
export const calibrationChange = (before: number, after: number, lang: Language): string =>
  CHANGES[lang][calibrationVerdict(before, after)](`${before.toFixed(3)} → ${after.toFixed(3)}`);

const CHANGES = {
  ko: {
    better: (figures: string) => `보정으로 기대 보정 오차(ECE)가 줄었다(${figures}).`,
    same: (figures: string) => `보정해도 기대 보정 오차(ECE)는 그대로다(${figures}).`,
    worse: (figures: string) =>
      `보정으로 기대 보정 오차(ECE)가 오히려 커졌다(${figures}). 보정한 신뢰도가 실제 정답 비율에서 더 멀어졌으므로 그대로 믿지 않는 것이 좋다.`,
  },
  en: {
    better: (figures: string) => `Calibration lowered the expected calibration error (ECE, ${figures}).`,
    same: (figures: string) => `Calibration left the expected calibration error (ECE) as it was (${figures}).`,
    worse: (figures: string) =>
      `Calibration made the expected calibration error (ECE) worse (${figures}): the calibrated confidence is further from how often answers are right, so do not rely on it.`,
  },
} as const;

/** How often answers as confident as this one are right, over the test rows; null where no bin holds the confidence. */
export function reliabilityAt({ calibration }: Pick<ErrorAnalysis, 'calibration'>, confidence: number) {
  const bin = calibration.bins.find(({ to }) => confidence <= to);
  if (bin === undefined || bin.accuracy === null) return null;
  return { from: bin.from, to: bin.to, answers: bin.rows, right: Math.round(bin.accuracy * bin.rows) };
}

/** The same in words; empty where it is not known. */
export function reliabilityText(
  analysis: Pick<ErrorAnalysis, 'calibration'>,
  confidence: number,
  lang: Language,
): string {
  const found = reliabilityAt(analysis, confidence);
  if (found === null) return '';
  const range = `${percent(found.from, 0)}–${percent(found.to, 0)}`;
  const share = percent(found.right / found.answers, 0);
  return lang === 'ko'
    ? `신뢰도 ${range}인 답은 ${grouped(found.answers)}개 가운데 ${grouped(found.right)}개(${share})가 맞음`
    : `right at a confidence of ${range}: ${grouped(found.right)} of ${counted(found.answers, 'answer')} (${share})`;
}

/** The model's reliability where it strongly disagrees with labels. */
export function disagreementText({ disagreements }: Pick<ErrorAnalysis, 'disagreements'>, lang: Language): string {
  const { from, answers, right } = disagreements.reliability;
  if (answers === 0) return '';
  const share = percent(right / answers);
  return lang === 'ko'
    ? `신뢰도가 ${from} 이상인 답은 평가 행에서 ${grouped(answers)}개 가운데 ${grouped(right)}개(${share})가 맞았다.`
    : `Right at a confidence of ${from} or more, on the test rows: ${grouped(right)} of ${counted(answers, 'answer')} (${share}).`;
}
