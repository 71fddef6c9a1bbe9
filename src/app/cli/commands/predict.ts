import { inBoth, KorexError, usageError } from '../../../base/core/errors.ts';
import type { Localized } from '../../../base/core/types.ts';
import { entityTypeName, KLUE_ENTITY_TYPES } from '../../../base/data/relations.ts';
import { THE_SENTENCE, warnOfUnknown } from '../../../base/text/unknownTokens.ts';
import type { Prepared } from '../../../inference/predict/extractor.ts';
import { checkedRequest } from '../../../inference/predict/request.ts';
import { API_SCHEMAS, type EntityInput, PAIR_KINDS, type PredictRequest } from '../../../inference/predict/schema.ts';
import { type Call, type Command, type CommandResult, option } from '../command.ts';
import { ANSWER_OPTIONS, answerOptions, openExtractor } from '../modelOptions.ts';
import { graphText, relationText } from '../relationText.ts';

const SENTENCE = '"한빛전자는 2011년 서지우가 세운 회사이다."';

/** `PER (person), ORG (organisation), …` */
const typesIn = (lang: 'en' | 'ko'): string =>
  KLUE_ENTITY_TYPES.map((type) => `${type} (${entityTypeName(type, lang)})`).join(', ');

export const predictCommand: Command = {
  description: {
    en:
      'Lets a trained model answer one sentence. Entities are named by their word, with a type where the model’s marker shows types (비틀즈/ORG), and with ' +
      '#2 for the second place of a word that occurs more than once (비틀즈/ORG#2). Confidences are calibrated where the training fitted a temperature; an ' +
      'answer below the threshold is uncertain. With --entity, the relations between all entities are extracted: of the pairs whose types the training rows ' +
      'had, or with --all-pairs of all. Colours go to terminals only and heed NO_COLOR.\n\n' +
      `Types of KLUE’s models, in any case: ${typesIn('en')}.`,
    ko:
      '학습된 모델이 문장 하나에 답하게 한다. 엔티티는 단어로 쓰고, 모델의 마커가 유형을 보이면 유형을(비틀즈/ORG), 단어가 여러 번 나오면 #2로 두 번째를(비틀즈/ORG#2) ' +
      '붙인다. 신뢰도는 학습이 온도를 맞추었으면 보정한 것이고, 임계값보다 낮은 답은 불확실하다. --entity를 쓰면 모든 엔티티 사이의 관계를 찾는다: 학습 행에 있던 ' +
      '유형 쌍만, --all-pairs면 모두. 색은 터미널에만 쓰고 NO_COLOR를 따른다.\n\n' +
      `KLUE 모델의 유형(대소문자 무관): ${typesIn('ko')}.`,
  },
  settings: ['marker', 'allowUnknownTokens', 'out', 'device', 'threads', 'precision'],
  options: [
    option('sentence', 'TEXT', { en: 'the sentence', ko: '문장' }, { required: true }),
    option('subject', 'WORD[/TYPE]', { en: 'the subject', ko: '주어' }),
    option(
      'object',
      'WORD[/TYPE]',
      { en: 'the object; several give an answer each', ko: '목적어. 여럿이면 각각 답한다' },
      { repeatable: true },
    ),
    option(
      'entity',
      'WORD[/TYPE]',
      {
        en: 'an entity of the sentence, two or more of them, in place of subject and object',
        ko: '문장의 엔티티. 주어와 목적어 대신 둘 이상',
      },
      { repeatable: true },
    ),
    option('allPairs', undefined, {
      en: 'ask for every pair of entities, also those whose types training never had',
      ko: '학습에 없던 유형 쌍도 포함해 모든 쌍을 묻는다',
    }),
    ...ANSWER_OPTIONS,
  ],
  writes: [],
  examples: [
    [
      `korex predict --sentence ${SENTENCE} --subject 한빛전자/ORG --object 서지우/PER`,
      { en: 'the relation of the subject to the object', ko: '주어와 목적어의 관계' },
    ],
    [
      `korex predict --sentence ${SENTENCE} --entity 한빛전자/ORG --entity 2011년/DAT --entity 서지우/PER --json`,
      { en: 'the relations between all entities, as JSON', ko: '모든 엔티티 사이의 관계를 JSON으로' },
    ],
  ],
  run: predict,
};

async function predict(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const sentence = options.sentence!;
  const asked = entitiesOf(call, sentence);
  const answer = answerOptions(options);
  const extractor = await openExtractor(call);
  try {
    for (const note of extractor.notes) reporter.info(note);
    const text = { lang: settings.lang, color: showsColors() };
    const warn = ([row]: readonly Prepared[]) =>
      row && warnOfUnknown(row.encoded.counts, { where: THE_SENTENCE, reporter });
    if (asked.kind === 'graph') {
      const pairs = PAIR_KINDS[call.switches?.has('allPairs') ? 1 : 0];
      const request = { sentence, entities: asked.entities, pairs, ...answer };
      const prepared = await extractor.encodePairs(checkedRequest(API_SCHEMAS.ExtractRequest, request), signal);
      warn(prepared.rows);
      const graph = prepared.graph(await extractor.answer(prepared.rows, { signal }));
      return { text: graphText(graph, text), json: graph };
    }
    const requests = asked.objects.map(
      (object): PredictRequest => ({ sentence, subject: asked.subject, object, ...answer }),
    );
    // One by one, so that an error names the field of a single request.
    const rows = requests.map((request) => extractor.prepare(request));
    warn(rows);
    const relations = await extractor.answer(rows);
    return {
      text: relations.map((relation) => relationText(sentence, relation, text)).join('\n\n'),
      json: relations.length === 1 ? relations[0]! : { relations },
    };
  } catch (error) {
    throw withPlaceHint(error);
  } finally {
    await extractor.release();
  }
}

/** Subject and objects, or entities whose pairs are meant. */
function entitiesOf({ options, lists = {}, switches }: Call, sentence: string) {
  const subject = options.subject === undefined ? null : entityArgument(options.subject, sentence);
  const objects = (lists.object ?? []).map((text) => entityArgument(text, sentence));
  const others = (lists.entity ?? []).map((text) => entityArgument(text, sentence));
  if (others.length > 0 || switches?.has('allPairs')) {
    const entities = [...(subject ? [subject] : []), ...objects, ...others];
    if (entities.length < 2)
      throw usageError(
        {
          en: `Relations are between two entities; ${entities.length === 1 ? 'one was' : 'none was'} named.`,
          ko: `관계는 두 엔티티 사이의 것인데 ${entities.length === 1 ? '하나만 주었다' : '준 것이 없다'}.`,
        },
        exampleWith('--entity 한빛전자/ORG --entity 서지우/PER'),
      );
    return { kind: 'graph', entities } as const;
  }
  if (subject === null || objects.length === 0) {
    const missing = [...(subject === null ? ['--subject'] : []), ...(objects.length === 0 ? ['--object'] : [])];
    const [en, ko] = [missing.join(' and '), missing.join(', ')];
    throw usageError(
      {
        en: `${en} ${missing.length === 1 ? 'is' : 'are'} missing: whose relation to whom? --entity for each of several names asks for all pairs.`,
        ko: `빠진 옵션: ${ko}. 누구와 누구의 관계인지 알 수 없다. 이름마다 --entity를 쓰면 모든 쌍을 묻는다.`,
      },
      exampleWith('--subject 한빛전자/ORG --object 서지우/PER'),
    );
  }
  return { kind: 'pairs', subject, objects } as const;
}

function exampleWith(entities: string): Localized {
  const line = `korex predict --sentence ${SENTENCE} ${entities}`;
  return { en: `For example: ${line}`, ko: `예: ${line}` };
}

/**
 * An entity as a command line names it: `WORD`, `WORD/TYPE`, and `#2` behind either for the second place of the word. What
 * stands in the sentence as a whole is a word, also with a slash or a number sign in it. KLUE's types may have any case.
 *
 * @example entityArgument('비틀즈/ORG#2', sentence) // { word: '비틀즈', type: 'ORG', occurrence: 2 }
 * Errors: `usage` for an empty word.
 */
export function entityArgument(text: string, sentence: string): EntityInput {
  if (text !== '' && sentence.includes(text)) return { word: text };
  const [, front = text, place] = /^(.+)#([1-9]\d{0,5})$/s.exec(text) ?? [];
  const occurrence = place === undefined ? {} : { occurrence: Number(place) };
  if (sentence.includes(front) && front !== '') return { word: front, ...occurrence };
  const slash = front.lastIndexOf('/');
  const [word, type] = slash < 0 ? [front, null] : [front.slice(0, slash), front.slice(slash + 1)];
  if (word === '' || type === '')
    throw usageError(
      { en: `"${text}" names no entity.`, ko: `"${text}"에 엔티티가 없다.` },
      { en: 'Write WORD or WORD/TYPE, e.g. 비틀즈/ORG.', ko: '단어, 또는 단어/유형으로 쓴다. 예: 비틀즈/ORG' },
    );
  return { word, ...(type !== null && { type: knownType(type) }), ...occurrence };
}

const knownType = (type: string): string => KLUE_ENTITY_TYPES.find((known) => known === type.toUpperCase()) ?? type;

/** A word that stands more than once: how this command picks one of its places. */
function withPlaceHint(error: unknown): unknown {
  if (!(error instanceof KorexError) || !error.hint?.includes('occurrence')) return error;
  return new KorexError(
    error.kind,
    inBoth((lang) => error.in(lang).message),
    {
      en: 'Say which is meant with # and its number: WORD#2 or WORD/TYPE#2.',
      ko: '#과 번호로 어느 것인지 쓴다: 단어#2, 단어/유형#2.',
    },
    error,
    error.field,
  );
}

/** Colours where a person looks, unless they said no (https://no-color.org). */
const showsColors = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR;
