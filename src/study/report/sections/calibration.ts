import { counted, grouped, score } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { systemName } from '../../../base/eval/systems.ts';
import type { Calibration } from '../../../engine/runs/calibration.ts';
import type { FineTunedRecord } from '../../../engine/runs/record.ts';
import { RUN_FIGURES } from '../../../engine/runs/runFolder.ts';
import { calibrationChange } from '../../analysis/reliability.ts';
import { list, markdownTable } from '../markdown.ts';

const WORDS = {
  ko: {
    heading: '**신뢰도 보정**',
    text: (rows: number) =>
      `모델이 말하는 확률과 실제 정답 비율이 같도록, 검증 ${grouped(rows)}행에서 음의 로그 가능도가 가장 작아지는 온도 T로 로짓을 나눈다(Guo et al. 2017). T가 1보다 크면 보정 전의 신뢰도가 지나치게 높았다는 뜻이다. ECE는 15개 구간의 기대 보정 오차다. 라벨의 순위는 바뀌지 않으므로 위 점수는 그대로다.`,
    header: ['실행', 'T', 'ECE 보정 전', 'ECE 보정 후', 'NLL 보정 전', 'NLL 보정 후', '기본 임계값', '유형 제약'],
    alt: (name: string) => `${name}의 신뢰도별 정답 비율. 왼쪽이 보정 전, 오른쪽이 보정 후이며 점선이 완전한 보정이다`,
    mask: '유형 제약은 학습 행에서 그 유형 쌍에 없던 관계를 답에서 뺀다. 검증 micro-F1이 오르고 정확도가 내리지 않을 때만 켠다. 신뢰도가 임계값보다 낮은 답은 “불확실”이 된다. 임계값은 오답의 비용을 1, 불확실의 비용을 0.5로 하여 검증 행에서 정했다(Chow 1970).',
    on: '켬',
    off: '끔',
    micro: (from: string, to: string) => `micro-F1 ${from} → ${to}`,
  },
  en: {
    heading: '**Calibration**',
    text: (rows: number) =>
      `To make the model’s probabilities match how often it is right, logits are divided by the temperature T that minimises the negative log-likelihood on ${counted(rows, 'validation row')} (Guo et al. 2017). T above 1 means that the model was over-confident. ECE is the expected calibration error over 15 bins. The order of labels stays the same, and so do the scores above.`,
    header: ['Run', 'T', 'ECE before', 'ECE after', 'NLL before', 'NLL after', 'Default threshold', 'Type mask'],
    alt: (name: string) =>
      `Share of right answers of ${name} by confidence, before calibration on the left, after it on the right; the dashed line is perfect calibration`,
    mask: 'The type mask rules out relations that no training row has for a pair of entity types; it is on only where it raises validation micro-F1 without lowering accuracy. Answers with a confidence below the threshold are “uncertain”. The threshold was set on the validation rows, with a cost of 1 for a wrong answer and 0.5 for an uncertain one (Chow 1970).',
    on: 'on',
    off: 'off',
    micro: (from: string, to: string) => `micro-F1 ${from} → ${to}`,
  },
} as const;

/** What was fitted of the runs' confidence; nothing for runs of versions that fitted none. */
export function calibrationBlocks(
  runs: readonly FineTunedRecord[],
  figure: (run: FineTunedRecord, name: string, alt: string) => string,
  lang: Language,
): string[] {
  const words = WORDS[lang];
  const calibrated = runs.flatMap((run) => (run.calibration ? [{ run, calibration: run.calibration }] : []));
  const [first] = calibrated;
  if (!first) return [];
  const maskCell = ({ type_mask }: Calibration) =>
    type_mask
      ? `${type_mask.use ? words.on : words.off} (${words.micro(score(type_mask.without.micro_f1), score(type_mask.with.micro_f1))})`
      : '–';
  return [
    words.heading,
    words.text(first.calibration.rows),
    markdownTable(
      words.header,
      calibrated.map(({ run, calibration }) => [
        run.name,
        calibration.temperature.toFixed(2),
        score(calibration.before.ece),
        score(calibration.after.ece),
        score(calibration.before.nll),
        score(calibration.after.nll),
        calibration.thresholds.default.toFixed(2),
        maskCell(calibration),
      ]),
    ),
    list(
      calibrated.map(
        ({ run, calibration: { before, after } }) => `${run.name}: ${calibrationChange(before.ece, after.ece, lang)}`,
      ),
    ),
    words.mask,
    figure(first.run, RUN_FIGURES.reliability, words.alt(systemName(first.run.name)[lang])),
  ];
}
