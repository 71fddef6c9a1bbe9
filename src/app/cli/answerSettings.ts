import { usageError } from '../../base/core/errors.ts';
import { sha256 } from '../../base/core/files.ts';
import { VERSION } from '../../base/core/version.ts';
import type { Identity } from '../../inference/batch/identity.ts';
import type { WantedOfTexts } from '../../inference/extract/graphOfText.ts';
import { MAX_WINDOW } from '../../inference/predict/api/limits.ts';
import { readPriors } from '../../inference/predict/priors.ts';
import type { Call } from './command.ts';
import { answerOptions, pairEncodingOf } from './modelOptions.ts';

/** What `korex batch` and `korex extract` are asked, as values; and all of it that the bytes of their answers follow from. */

/** What `--on-bad-row` asks of them. Errors: `usage` for anything that it is not. */
export function onBadRowOf(text: string | undefined): 'skip' | 'error' {
  if (text === undefined || text === 'skip' || text === 'error') return text ?? 'skip';
  throw usageError(
    { en: `--on-bad-row is "${text}".`, ko: `--on-bad-row의 값이 "${text}"이다.` },
    { en: 'Write skip or error.', ko: 'skip이나 error로 쓴다.' },
  );
}

/** What is wanted of every text alike. Errors: `usage` for values out of range. */
export const wantedOfTexts = ({ options, switches }: Call): WantedOfTexts => ({
  ...answerOptions({ threshold: options.threshold }),
  pairs: switches?.has('allPairs') ? 'all' : 'typed',
  window: windowOf(options.window),
  join: !switches?.has('noJoin'),
  uncertain: switches?.has('uncertain') ?? false,
});

function windowOf(text: string | undefined): number {
  const value = Number(text ?? 1);
  if (Number.isInteger(value) && value >= 1 && value <= MAX_WINDOW) return value;
  throw usageError(
    { en: `--window is "${text}".`, ko: `--window의 값이 "${text}"이다.` },
    { en: `Give a whole number from 1 to ${MAX_WINDOW}.`, ko: `1부터 ${MAX_WINDOW}까지의 정수로 쓴다.` },
  );
}

type Recorded = Identity['settings'];

/** What is asked of every answer of a batch. */
export async function batchSettings(call: Call): Promise<Recorded> {
  const { settings, options, switches } = call;
  const { precision, columns, allowUnknownTokens } = settings;
  const answers = answerOptions(options);
  return {
    ...{ korex: VERSION, marker: settings.marker, precision },
    ...{ top_k: answers.top_k ?? null, threshold: answers.threshold ?? null },
    probabilities: switches?.has('probabilities') ?? false,
    priors: await priorsDigest(options),
    type_mask: options.typeMask ?? null,
    ...(columns !== null && { columns }),
    ...(allowUnknownTokens && { allowUnknownTokens }),
  };
}

/** What is asked of every graph. */
export async function extractSettings(call: Call): Promise<Recorded> {
  const { settings, options } = call;
  const { marker, precision, allowUnknownTokens } = settings;
  const { threshold = null, pairs = null, window = null, join = null, uncertain = null } = wantedOfTexts(call);
  return {
    ...{ korex: VERSION, marker, precision, threshold, pairs, window, join, uncertain },
    priors: await priorsDigest(options),
    ...{ type_mask: options.typeMask ?? null, aim: options.aim ?? null },
    pair_encoding: pairEncodingOf(options) ?? null,
    ...(allowUnknownTokens && { allowUnknownTokens }),
  };
}

const priorsDigest = async ({ priors }: Call['options']): Promise<string | null> =>
  priors === undefined ? null : sha256(JSON.stringify(await readPriors(priors)));
