import { expect, test } from 'vitest';
import { analysisInput } from '../../../test/support/analysisRows.ts';
import { analyzeErrors } from './analyzeErrors.ts';
import { calibrationChange, disagreementText, reliabilityAt, reliabilityText } from './reliability.ts';

test('a calibration that makes the error larger is said to have done so', () => {
  expect(calibrationChange(0.04, 0.085, 'ko')).toContain('오히려 커졌다(0.040 → 0.085)');
  expect(calibrationChange(0.04, 0.085, 'en')).toContain('worse (0.040 → 0.085)');
  expect(calibrationChange(0.085, 0.04, 'en')).toContain('lowered');
  expect(calibrationChange(0.0401, 0.0403, 'en')).toContain('as it was');
});

test('a confidence stands beside the share of right answers that have it', async () => {
  const analysis = await analyzeErrors(analysisInput());
  // 30 right rows with 0.8 and none wrong: the bin (0.733, 0.8]; one wrong row with 0.97.
  expect(reliabilityAt(analysis, 0.8)).toMatchObject({ answers: 30, right: 30 });
  expect(reliabilityAt(analysis, 0.97)).toMatchObject({ answers: 1, right: 0 });
  expect(reliabilityAt(analysis, 0.2)).toBeNull();
  expect(reliabilityText(analysis, 0.97, 'en')).toBe('right at a confidence of 93%–100%: 0 of 1 answer (0%)');
  expect(reliabilityText(analysis, 0.2, 'ko')).toBe('');
  const disagreements = { ...analysis.disagreements, reliability: { from: 0.8, answers: 31, right: 30 } };
  expect(disagreementText({ disagreements }, 'ko')).toBe(
    '신뢰도가 0.8 이상인 답은 평가 행에서 31개 가운데 30개(96.8%)가 맞았다.',
  );
});
