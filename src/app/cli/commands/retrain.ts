import { usageError } from '../../../base/core/errors.ts';
import type { Language } from '../../../base/core/types.ts';
import type { LabelRound } from '../../../inference/predict/api/labelSchema.ts';
import { promotedModel } from '../../../inference/predict/promotedModel.ts';
import { readBeginning } from '../../../study/labelling/beginning.ts';
import { openProject } from '../../../study/labelling/project.ts';
import { promoteRound } from '../../../study/labelling/promotion.ts';
import { retrain } from '../../../study/labelling/retrain.ts';
import { roundName } from '../../../study/labelling/rounds.ts';
import { type Call, type Command, type CommandResult, option } from '../command.ts';
import { MODEL_OPTION, resolveModel } from '../modelOptions.ts';
import { textTable } from '../tables.ts';
import { PROJECT_ARGUMENT } from './label.ts';

export const retrainCommand: Command = {
  description: {
    en:
      'Trains a model on the labels of a project, from 20 pairs on: from the model that answers there now, on the rows of some documents, and judges both on those of the others with a paired test. ' +
      'The new model answers from then on where it wins, or where --promote says so; the old one stays. KLUE-RE’s rows are mixed in where they are in the cache and the project labels KLUE’s relations. ' +
      'It may run while people label.',
    ko: '프로젝트의 라벨로(20쌍부터) 학습한다. 지금 답하는 모델에서 시작해 일부 문서의 행으로 학습하고, 나머지 문서의 행에서 두 모델을 짝지은 검정으로 견준다. 새 모델이 이기거나 --promote로 정하면 그때부터 새 모델이 답하고, 예전 모델은 남는다. KLUE의 관계로 라벨을 다는 프로젝트이고 KLUE-RE가 캐시에 있으면 그 행을 섞는다. 사람들이 라벨을 다는 동안에도 할 수 있다.',
  },
  settings: ['epochs', 'batchSize', 'lr', 'seed', 'out', 'device', 'threads'],
  arguments: [PROJECT_ARGUMENT],
  options: [
    MODEL_OPTION,
    option('promote', 'auto|always|never|N', {
      en: 'whether the new model is to answer: auto where it wins (the default), always, never; a number lets the model of that round answer, without a training, 0 the one that the project began with',
      ko: '새 모델이 답하게 할지: auto 이기면(기본값), always 언제나, never 아니다; 숫자는 학습하지 않고 그 번째 학습의 모델이 답하게 한다, 0은 처음의 모델',
    }),
    option('mix', 'auto|none|DATA', {
      en: 'rows to train on beside the project’s: auto is KLUE-RE’s (the default), DATA a folder or file',
      ko: '프로젝트의 행과 섞을 행: auto는 KLUE-RE(기본값), DATA는 폴더나 파일',
    }),
    option('person', 'NAME', {
      en: 'who asks for it, for the project’s history',
      ko: '누가 시키는지, 프로젝트의 기록에 남는다',
    }),
  ],
  writes: [
    [
      'PROJECT/trained/06_klue_re_training/PROJECT-N/',
      { en: 'the run of round N, as of `korex train`', ko: 'N번째 학습, `korex train`의 것과 같다' },
    ],
    ['PROJECT/promoted.json', { en: 'which model answers', ko: '답하는 모델' }],
  ],
  examples: [
    [
      'korex retrain reviews',
      { en: 'train, and let the new model answer where it wins', ko: '학습하고, 이기면 새 모델이 답한다' },
    ],
    ['korex retrain reviews --promote 0', { en: 'back to the first model', ko: '처음의 모델로 되돌린다' }],
  ],
  run: run,
};

const CHOICES = ['auto', 'always', 'never'] as const;

async function run(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const folder = options.project!;
  const promote = promoteOf(options.promote);
  const person = options.person ?? 'korex';
  const from = (await promotedModel(folder)) ?? (await resolveModel(call));
  const project = await openProject(folder, await readBeginning(from), { onNote: (note) => reporter.info(note) });
  try {
    if (typeof promote === 'number') {
      await promoteRound(project, person, promote);
      const model = promote === 0 ? null : roundName(project, promote);
      return { text: answersNow(model, settings.lang), json: { project: project.name, round: promote, model } };
    }
    const outcome = await retrain(project, {
      settings,
      from,
      mix: options.mix ?? 'auto',
      promote,
      person,
      reporter,
      signal,
    });
    const model = roundName(project, outcome.round);
    return {
      text: `${resultText(from.name, model, outcome.result, settings.lang)}\n\n${outcome.promoted ? answersNow(model, settings.lang) : stays(from.name, outcome.round, settings.lang)}`,
      json: { project: project.name, model, from: from.name, ...outcome },
    };
  } finally {
    project.close();
  }
}

/** Errors: `usage`. */
function promoteOf(text = 'auto'): (typeof CHOICES)[number] | number {
  const choice = CHOICES.find((name) => name === text);
  if (choice) return choice;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw usageError(
    { en: `--promote is ${JSON.stringify(text)}.`, ko: `--promote의 값이 ${JSON.stringify(text)}이다.` },
    { en: 'Take auto, always, never, or the number of a round.', ko: 'auto, always, never나 학습의 번호를 쓴다.' },
  );
}

function resultText(old: string, model: string, result: NonNullable<LabelRound['result']>, lang: Language): string {
  const { only_new_right, only_old_right, p, relations, ece } = result;
  const row = (name: string, { accuracy, micro_f1, macro_f1 }: typeof result.old) => ({
    model: name,
    accuracy,
    micro_f1,
    macro_f1,
  });
  const tables = [
    textTable([row(old, result.old), row(model, result.new)]),
    textTable(
      relations.map(({ relation, rows, old_f1, new_f1 }) => ({ relation, rows, [old]: old_f1, [model]: new_f1 })),
    ),
  ];
  const test =
    lang === 'ko'
      ? `새 모델만 맞힌 쌍 ${only_new_right}개, 예전 모델만 맞힌 쌍 ${only_old_right}개, 맥니마 검정 p = ${p.toFixed(3)}. 새 모델의 보정 오차(ECE) ${ece?.toFixed(3) ?? '–'}.`
      : `Right by the new model alone: ${only_new_right}, by the old one alone: ${only_old_right}; McNemar’s test p = ${p.toFixed(3)}. Calibration error (ECE) of the new one: ${ece?.toFixed(3) ?? '–'}.`;
  return [...tables, test].join('\n\n');
}

const answersNow = (model: string | null, lang: Language): string =>
  lang === 'ko'
    ? `지금부터 ${model ?? '처음의 모델'}이(가) 답한다.`
    : `${model ?? 'The first model'} answers from now on.`;
const stays = (old: string, round: number, lang: Language): string =>
  lang === 'ko'
    ? `${old}이(가) 계속 답한다. --promote ${round}은(는) 새 모델이 답하게 한다.`
    : `${old} goes on answering; --promote ${round} lets the new model answer.`;
