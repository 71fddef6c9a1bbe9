import { counted, grouped, percent, percentNearOne } from '../../../base/core/format.ts';
import type { Localized } from '../../../base/core/types.ts';
import { UNKNOWN_TOKENS } from '../../../base/text/unknownTokens.ts';
import { STUDY_LIMIT } from './maxLength.ts';
import type { EdaFacts } from './summary.ts';

const keptAt = ({ lengths }: EdaFacts, limit: number) => lengths.kept.find((row) => row.limit === limit)!;

/** How long sentences are, in characters and tokens. */
export function lengths({ lengths: { characters, tokens, unknown, marker, encoder }, dataset }: EdaFacts): Localized {
  const perToken = (characters.train.mean / tokens.train.mean).toFixed(1);
  return {
    ko:
      `학습 문장은 중앙값 ${characters.train.median}자, 99% 분위 ${characters.train.p99}자, 최대 ${characters.train.max}자이다. ` +
      `마커(\`${marker}\`)를 넣고 인코더(\`${encoder}\`)의 토큰으로 바꾸면 중앙값 ${tokens.train.median}토큰, 99% 분위 ${tokens.train.p99}토큰, 최대 ${tokens.train.max}토큰이며, ` +
      `토큰 하나가 평균 ${perToken}자를 담는다.` +
      (dataset.test_rows === 0
        ? ''
        : ` 평가 문장의 중앙값은 ${characters.test.median}자, ${tokens.test.median}토큰이다.`) +
      ` 어휘에 없는 토큰은 학습 행에서 ${percent(unknown.train, 2)}${dataset.test_rows === 0 ? '' : `, 평가 행에서 ${percent(unknown.test, 2)}`}이다.${doubtful(unknown) ? ' 토크나이저가 이 글에 맞지 않을 수 있다.' : ''}`,
    en:
      `Training sentences have a median of ${characters.train.median} characters, a 99th percentile of ${characters.train.p99} and at most ${characters.train.max}. ` +
      `With the markers (\`${marker}\`) and as tokens of the encoder (\`${encoder}\`) the median is ${tokens.train.median} tokens, the 99th percentile ${tokens.train.p99}, the longest ${tokens.train.max}; ` +
      `a token holds ${perToken} characters on average.` +
      (dataset.test_rows === 0
        ? ''
        : ` Test sentences have a median of ${characters.test.median} characters and ${tokens.test.median} tokens.`) +
      ` Unknown to the vocabulary are ${percent(unknown.train, 2)} of the tokens of the training rows${dataset.test_rows === 0 ? '' : ` and ${percent(unknown.test, 2)} of those of the test rows`}.${doubtful(unknown) ? ' The tokenizer may not fit this text.' : ''}`,
  };
}

const doubtful = ({ train, test }: EdaFacts['lengths']['unknown']): boolean =>
  Math.max(train, test) > UNKNOWN_TOKENS.warnAbove;

/** Which maximum length follows from the training rows. */
export function maxLength({ max_length: derived, dataset }: EdaFacts): Localized {
  const { exact, value, positions, target } = derived;
  const cut = Math.round((1 - derived.train) * dataset.train_rows);
  const capped = exact > positions;
  return {
    ko:
      `학습 행의 ${percent(target)}를 온전히 담는 가장 짧은 길이는 ${exact}토큰이다. ` +
      (capped
        ? `인코더의 위치가 ${positions}개뿐이므로 최대 길이는 ${value}토큰이다. `
        : `8의 배수로 올린 ${value}토큰을 최대 길이로 정한다(인코더의 위치는 ${positions}개). `) +
      `이 길이에서 학습 행의 ${percentNearOne(derived.train)}, 평가 행의 ${percentNearOne(derived.test)}가 온전히 남고, ${cut === 0 ? '줄여야 하는 학습 행은 없다' : `더 긴 학습 행 ${grouped(cut)}개는 두 엔티티 주변만 남긴다`}. 길이는 학습 행만으로 정했다.`,
    en:
      `The shortest length that keeps ${percent(target)} of the training rows whole is ${exact} tokens. ` +
      (capped
        ? `The encoder has ${positions} positions only, so the maximum length is ${value} tokens. `
        : `Rounded up to a multiple of 8, the maximum length is ${value} tokens (the encoder has ${positions} positions). `) +
      `It keeps ${percentNearOne(derived.train)} of the training rows and ${percentNearOne(derived.test)} of the test rows whole; ${cut === 0 ? 'no training row is longer' : `of ${counted(cut, 'longer training row')} only a window around both entities is kept`}. It was derived from the training rows alone.`,
  };
}

/** Why the study took 256 tokens, and what that costs here. */
export function studyLength(facts: EdaFacts): Localized {
  const { power_of_two: power, value, target } = facts.max_length;
  const [half, study, double] = [keptAt(facts, 128), keptAt(facts, STUDY_LIMIT), keptAt(facts, 512)];
  const gain = (100 * (double.train - study.train)).toFixed(2);
  const cost = double.cost.toFixed(2);
  const verdict: Localized =
    power === STUDY_LIMIT
      ? {
          ko: `목표(${percent(target)})를 채우는 가장 작은 2의 거듭제곱이 바로 256이다.`,
          en: `It is the smallest power of two that reaches the target of ${percent(target)}.`,
        }
      : power < STUDY_LIMIT
        ? {
            ko: `이 데이터에서는 ${power}토큰으로도 목표(${percent(target)})를 채우므로 256은 여유 있는 선택이다.`,
            en: `Here ${power} tokens already reach the target of ${percent(target)}, so 256 leaves room to spare.`,
          }
        : {
            ko: `다만 이 데이터에서 목표(${percent(target)})를 채우는 가장 작은 2의 거듭제곱은 ${power}이다.`,
            en: `Yet the smallest power of two that reaches the target of ${percent(target)} is ${power} here.`,
          };
  const short = half.train < target;
  const gains = double.train > study.train;
  return {
    ko:
      `연구에서 쓴 256토큰은 학습 행의 ${percentNearOne(study.train)}를 온전히 담는다. ${verdict.ko} ` +
      (short ? `128토큰이면 ${percentNearOne(half.train)}만 온전히 남는다. ` : '') +
      `512토큰으로 늘리면 ${gains ? `${gain}%p를 더 담지만` : '더 담기는 행이 없는데도'} 그 길이까지 채운 입력의 연산량은 256토큰의 ${cost}배이다. ` +
      `여기서 도출한 ${value}토큰의 연산량은 256토큰의 ${keptAt(facts, value).cost.toFixed(2)}배이다.`,
    en:
      `The 256 tokens of the study keep ${percentNearOne(study.train)} of the training rows whole. ${verdict.en} ` +
      (short ? `With 128 tokens only ${percentNearOne(half.train)} stay whole. ` : '') +
      `512 tokens ${gains ? `keep ${gain} percentage points more` : 'keep no more rows'}, but an input filled to that length takes ${cost} times the multiply-adds of 256. ` +
      `The ${value} tokens derived here take ${keptAt(facts, value).cost.toFixed(2)} times those of 256.`,
  };
}
