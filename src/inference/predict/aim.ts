import { usageError } from '../../base/core/errors.ts';
import type { TextSetting } from '../../engine/runs/textSetting.ts';

/** What a user wants of the relations asserted of texts: so much precision, or so much recall. */
export interface Aim {
  readonly measure: 'precision' | 'recall';
  /** In (0, 1]. */
  readonly value: number;
}

/** What an aim costs: the threshold that meets it, and both measures there, cross-validated. */
export interface AimedThreshold {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * `precision=0.9` or `recall=0.8` as an aim.
 *
 * Errors: `usage` for anything else.
 */
export function parseAim(text: string): Aim {
  const [, measure, digits] = /^(precision|recall)=(0?\.\d+|0|1(?:\.0+)?)$/.exec(text.trim()) ?? [];
  const value = Number(digits);
  if ((measure === 'precision' || measure === 'recall') && value > 0) return { measure, value };
  throw usageError(
    { en: `--aim is "${text}".`, ko: `--aim의 값이 "${text}"이다.` },
    {
      en: 'Write precision=0.9 or recall=0.8, with a number above 0 and up to 1.',
      ko: 'precision=0.9나 recall=0.8처럼 0보다 크고 1 이하인 수로 쓴다.',
    },
  );
}

/**
 * The threshold at which relations of texts reach an aim with as much of the other measure as there is, on the documents that
 * the model was calibrated on, each judged by a setting fitted without it.
 *
 * Errors: `usage` where no threshold reaches it, with the best there is, or where the model was not calibrated for text.
 */
export function aimedThreshold(model: string, text: TextSetting | null, { measure, value }: Aim): AimedThreshold {
  if (text === null)
    throw usageError(
      {
        en: `The model ${model} was not calibrated for the pairs of a text, so that nobody knows its ${measure} there.`,
        ko: `모델 ${model}: 글의 엔티티 쌍에 맞춘 보정이 없어 그 ${measure}를 알 수 없다.`,
      },
      {
        en: 'Calibrate it on annotated documents: korex calibrate --model MODEL --data DOCUMENTS.jsonl',
        ko: '주석 문서로 보정한다: korex calibrate --model MODEL --data DOCUMENTS.jsonl',
      },
    );
  const points = text.curve.flatMap(({ threshold, precision, recall }) =>
    precision === null ? [] : [{ threshold, precision, recall }],
  );
  const other = measure === 'precision' ? 'recall' : 'precision';
  const reached = points.filter((point) => point[measure] >= value).sort((a, b) => b[other] - a[other]);
  const [best] = reached;
  if (best !== undefined) return best;
  const most = Math.max(0, ...points.map((point) => point[measure])).toFixed(2);
  throw usageError(
    {
      en: `No threshold gives the model ${model} a ${measure} of ${value}: the most is ${most}.`,
      ko: `어떤 임계값에서도 모델 ${model}의 ${measure}가 ${value}에 이르지 않는다. 가장 높은 값: ${most}.`,
    },
    { en: `Ask for at most ${most}.`, ko: `${most} 이하로 쓴다.` },
  );
}
