import { counted, grouped, percent, percentNearOne } from '../../../base/core/format.ts';
import type { LabelSet, Localized } from '../../../base/core/types.ts';
import { PARTS, type PreparedParts, type PreparedRow } from './prepare.ts';
import type { FitCounts, QualityCheck, QualityReport } from './qualityFile.ts';

export interface Preprocessing {
  readonly encoder: string;
  readonly marker: string;
  readonly maxLength: number;
}

/** Content of `quality_checks.json`. */
export function qualityReport(
  { encoder, marker, maxLength }: Preprocessing,
  parts: PreparedParts,
  labelSet: LabelSet,
  checks: QualityCheck[],
): QualityReport {
  const countOf = (status: QualityCheck['status']) => checks.filter((check) => check.status === status).length;
  const facts = {
    encoder,
    marker,
    max_length: maxLength,
    rows: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
    labels: labelSet.labels.length,
    fits: { train: fitCounts(parts.train), validation: fitCounts(parts.validation), test: fitCounts(parts.test) },
    example: exampleOf(parts.train, labelSet),
    summary: { passed: countOf('pass'), warned: countOf('warn'), failed: countOf('fail') },
  };
  return { ...facts, interpretation: interpret(facts, checks), checks };
}

function fitCounts(rows: readonly PreparedRow[]): FitCounts {
  const counts = { whole: 0, window: 0, pieces: 0, cut: 0, impossible: 0 };
  for (const { encoded } of rows) counts[encoded?.fit ?? 'impossible']++;
  return counts;
}

/** Characters of a sentence that fits on a line. */
const SHORT = 40;

/** The training row with a relation whose sentence is nearest to a line's length, the first of them. */
function exampleOf(rows: readonly PreparedRow[], { labels, noRelation }: LabelSet): QualityReport['example'] {
  let best: QualityReport['example'] = null;
  for (const { row, encoded } of rows) {
    if (encoded?.fit !== 'whole' || row.label === noRelation) continue;
    if (best && Math.abs(row.sentence.length - SHORT) >= Math.abs(best.sentence.length - SHORT)) continue;
    best = {
      sentence: row.sentence,
      subject: row.subject.word,
      object: row.object.word,
      question: encoded.question,
      marked_text: encoded.marked.text,
      tokens: encoded.tokens(),
      subject_position: encoded.subjectStart,
      object_position: encoded.objectStart,
      label: row.label,
      label_id: labels.indexOf(row.label),
    };
  }
  return best;
}

function interpret(
  report: Omit<QualityReport, 'interpretation' | 'checks'>,
  checks: readonly QualityCheck[],
): Localized {
  const sum = (count: (part: (typeof PARTS)[number]) => number) =>
    PARTS.reduce((total, part) => total + count(part), 0);
  const rows = sum((part) => report.rows[part]);
  const whole = sum((part) => report.fits[part].whole);
  const impossible = sum((part) => report.fits[part].impossible);
  const shortened = rows - whole - impossible;
  const { passed, warned, failed } = report.summary;
  const names = (status: QualityCheck['status']) =>
    checks
      .filter((check) => check.status === status)
      .map(({ name, count }) => `\`${name}\`(${grouped(count)})`)
      .join(', ');
  const unknown = checks.find(({ name }) => name === 'tokens_known');
  const unknownShare = percent(unknown ? unknown.count / Math.max(1, unknown.checked) : 0, 3);
  return {
    ko:
      `${grouped(rows)}행에 \`${report.marker}\` 마커를 넣어 최대 ${report.max_length}토큰으로 바꾸었다. ${percentNearOne(whole / Math.max(1, rows))}가 온전히 들어가고, ` +
      `${shortened === 0 ? '줄여서 넣은 행은 없으며' : `${grouped(shortened)}행은 줄여서 넣었으며`}, ${impossible === 0 ? '넣을 수 없는 행도 없다' : `${grouped(impossible)}행은 넣을 수 없다`}. ` +
      `어휘에 없는 토큰은 ${unknownShare}이다. 점검 ${checks.length}가지 중 통과 ${passed}, 주의 ${warned}, 실패 ${failed}이다.` +
      (warned > 0 ? ` 주의: ${names('warn')}.` : '') +
      (failed > 0
        ? ` 실패: ${names('fail')}. 고치기 전에는 학습 결과를 믿을 수 없다.`
        : ' 학습에 쓸 수 있는 상태이다.'),
    en:
      `${counted(rows, 'row')} with \`${report.marker}\` markers, encoded into at most ${report.max_length} tokens: ${percentNearOne(whole / Math.max(1, rows))} kept whole, ` +
      `${grouped(shortened)} shortened, ${grouped(impossible)} not encodable. ` +
      `${unknownShare} of the tokens are unknown. Of ${checks.length} checks ${passed} passed; warnings: ${warned}, failures: ${failed}.` +
      (warned > 0 ? ` Warnings: ${names('warn')}.` : '') +
      (failed > 0
        ? ` Failed: ${names('fail')}. Until this is fixed no training result can be trusted.`
        : ' The data is fit for training.'),
  };
}
