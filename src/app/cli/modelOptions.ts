import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { PAIR_ENCODINGS, type PairEncoding } from '../../base/core/settings.ts';
import type { Language } from '../../base/core/types.ts';
import { TRAINING_FOLDER } from '../../engine/runs/runFolder.ts';
import type { DocumentExtractor } from '../../inference/extract/documentExtractor.ts';
import { findEntityModel, withEntities } from '../../inference/extract/openDocumentExtractor.ts';
import { parseAim } from '../../inference/predict/aim.ts';
import { type FoundModel, findModel } from '../../inference/predict/findModel.ts';
import { readPriors } from '../../inference/predict/priors.ts';
import {
  type AnswerOptions,
  type ExtractorOptions,
  type ReadingOptions,
  RelationExtractor,
} from '../../inference/predict/relationExtractor.ts';
import type { ModelResponse } from '../../inference/predict/schema.ts';
import { type Call, type CommandOption, option } from './command.ts';

/** Options of commands that work with a trained model, and what follows from them. */

export const MODEL_OPTION = option('model', 'MODEL', {
  en: 'a run’s name below --out, a run or checkpoint folder, or ORG/NAME[@REVISION] of the Hub; without it korex-small, the model in the box',
  ko: '--out 아래의 학습 이름, 학습이나 체크포인트 폴더, 또는 Hub의 ORG/NAME[@REVISION]; 없으면 함께 들어 있는 모델 korex-small',
});

export const ENTITY_MODEL_OPTION = option('entityModel', 'MODEL', {
  en: 'the model that finds entities: a run, a folder or a name as of --model; without it korex-entities, the model in the box',
  ko: '엔티티를 찾는 모델: --model처럼 학습, 폴더, 이름; 없으면 함께 들어 있는 모델 korex-entities',
});

export const THRESHOLD_OPTION = option('threshold', 'P', {
  en: 'confidence below which the answer is "uncertain", 0 to 1; the model’s own without it',
  ko: '신뢰도가 이보다 낮으면 "불확실", 0부터 1까지; 없으면 모델의 값',
});

/** Options of all commands that answer with a model. */
export const ANSWER_OPTIONS: readonly CommandOption[] = [
  MODEL_OPTION,
  option('topK', 'K', {
    en: 'how many relations to list, 1 to 1000; 3 without it',
    ko: '보일 관계 수, 1부터 1000까지; 없으면 3',
  }),
  THRESHOLD_OPTION,
  option('priors', 'FILE', {
    en: 'JSON with the share of each label among the sentences to come, where it is not that of training',
    ko: '앞으로 올 문장의 라벨 비율(JSON). 학습 데이터와 다를 때 쓴다',
  }),
  option('typeMask', 'on|off', {
    en: 'rule out relations that a type pair never had in training; as the model’s calibration says without it',
    ko: '학습에서 유형 쌍에 없던 관계를 제외한다; 없으면 모델의 보정 파일을 따른다',
  }),
];

/** What is wanted of the relations of texts, for commands that answer these. */
export const AIM_OPTION = option('aim', 'MEASURE=VALUE', {
  en: 'precision=0.9 or recall=0.8: the threshold that gives texts’ relations so much of it, by the model’s calibration',
  ko: 'precision=0.9나 recall=0.8: 모델의 보정에 따라 글의 관계가 그만큼 되는 임계값을 쓴다',
});

/** How the pairs of a sentence are read, for commands that may ask about many of one. */
export const PAIR_ENCODING_OPTION = option('pairEncoding', 'HOW', {
  en: 'inline: each pair of a sentence in a pass of its own; shared: all in one, several times faster but less accurate, with a model trained with --pair-encoding both; inline without it',
  ko: 'inline: 한 문장의 쌍을 하나씩 읽는다; shared: 한 번에 읽어 몇 배 빠르지만 덜 정확하다(--pair-encoding both로 학습한 모델); 없으면 inline',
});

/** What `--pair-encoding` asks for. Errors: `usage` for anything that it is not. */
export function pairEncodingOf({ pairEncoding }: Call['options']): PairEncoding | undefined {
  if (pairEncoding === undefined) return undefined;
  const known = PAIR_ENCODINGS.find((name) => name === pairEncoding);
  if (known) return known;
  const names = PAIR_ENCODINGS.join(', ');
  throw usageError(
    { en: `--pair-encoding is "${pairEncoding}".`, ko: `--pair-encoding의 값이 "${pairEncoding}"이다.` },
    { en: `Take one of ${names}.`, ko: `${names} 가운데 하나를 쓴다.` },
  );
}

/** What an aim costs: the threshold that follows, and both measures there. */
export function aimNote({ text }: Pick<ModelResponse, 'text'>, lang: Language): string {
  const { threshold, precision, recall, documents } = text!;
  const share = (value: number | null) => (value === null ? '–' : value.toFixed(2));
  return lang === 'ko'
    ? `임계값 ${share(threshold)}: 글의 관계에서 정밀도 ${share(precision)}, 재현율 ${share(recall)}(문서 ${documents}개 교차 검증).`
    : `Threshold ${share(threshold)}: precision ${share(precision)}, recall ${share(recall)} of texts’ relations, cross-validated over ${documents} documents.`;
}

/** The model that `--model` names, without it that in the box or the newest run; a download shows progress and can be stopped. */
export const resolveModel = (
  { settings, options, reporter, signal }: Call,
  { newest = false } = {},
): Promise<FoundModel> =>
  findModel(options.model ?? null, join(settings.out, TRAINING_FOLDER), {
    ...{ reporter, signal, newest, task: settings.task },
  });

/**
 * The model of a call, with the options that decide its answers.
 *
 * @param resolved the model where it was looked for already
 * @param reading in the place of what the settings say
 */
export async function openExtractor(
  call: Call,
  resolved?: FoundModel,
  reading: ReadingOptions = {},
): Promise<RelationExtractor> {
  const options = { ...(await extractorOptions(call)), ...reading };
  return RelationExtractor.open(resolved ?? (await resolveModel(call)), options);
}

/** The model of a call with one that finds entities, which is looked for and opened when a text needs it. */
export const openDocuments = (call: Call, relations: RelationExtractor): DocumentExtractor => {
  const { settings, options, reporter, signal } = call;
  const runs = join(settings.out, TRAINING_FOLDER);
  const find = () => findEntityModel(options.entityModel ?? null, runs, { reporter, signal });
  return withEntities(relations, find, settings);
};

async function extractorOptions({ settings, options }: Call): Promise<ExtractorOptions> {
  const { device, threads, precision, marker, allowUnknownTokens } = settings;
  if (options.priors === 'em')
    throw usageError(
      {
        en: '--priors takes a file here; em is known to `korex evaluate` alone.',
        ko: '여기서 --priors는 파일을 받는다. em은 `korex evaluate`만 안다.',
      },
      {
        en: 'That estimates class priors from labelled rows; `estimatePriors` of the library does from any.',
        ko: '라벨이 있는 행에서 비율을 추정하는 값이다. 라이브러리의 `estimatePriors`는 어떤 행에서나 추정한다.',
      },
    );
  const pairEncoding = pairEncodingOf(options);
  return {
    device,
    threads,
    precision,
    allowUnknownTokens,
    marker: marker === 'auto' ? null : marker,
    priors: options.priors === undefined ? null : await readPriors(options.priors),
    typeMask: typeMaskOf(options.typeMask),
    ...(pairEncoding && { pairEncoding }),
    aim: options.aim === undefined ? null : parseAim(options.aim),
  };
}

function typeMaskOf(text: string | undefined): boolean | undefined {
  if (text === undefined || text === 'on' || text === 'off') return text === undefined ? undefined : text === 'on';
  throw usageError(
    { en: `--type-mask is "${text}".`, ko: `--type-mask의 값이 "${text}"이다.` },
    { en: 'Write on or off.', ko: 'on이나 off로 쓴다.' },
  );
}

/** What `--top-k` and `--threshold` ask of every answer. Errors: `usage` for values out of range. */
export const answerOptions = ({ topK, threshold }: Call['options']): AnswerOptions => ({
  ...numberOption('top_k', topK),
  ...numberOption('threshold', threshold),
});

function numberOption(name: 'top_k' | 'threshold', text: string | undefined): { top_k?: number; threshold?: number } {
  if (text === undefined) return {};
  const value = Number(text);
  const isValid = name === 'top_k' ? Number.isInteger(value) && value >= 1 && value <= 1000 : value >= 0 && value <= 1;
  if (text.trim() !== '' && isValid) return { [name]: value };
  throw name === 'top_k'
    ? usageError(
        { en: `--top-k is "${text}".`, ko: `--top-k의 값이 "${text}"이다.` },
        {
          en: 'Give a whole number from 1 to 1000.',
          ko: '1부터 1000까지의 정수로 쓴다.',
        },
      )
    : usageError(
        { en: `--threshold is "${text}".`, ko: `--threshold의 값이 "${text}"이다.` },
        { en: 'Give a number from 0 to 1.', ko: '0부터 1까지의 수로 쓴다.' },
      );
}
