import { KorexError, usageError } from '../../../base/core/errors.ts';
import type { Settings } from '../../../base/core/settings.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import { readPriors } from '../../../inference/predict/priors.ts';
import {
  type AnswerOptions,
  type ExtractorOptions,
  RelationExtractor,
} from '../../../inference/predict/relationExtractor.ts';
import { PAIR_KINDS, type PredictRequest } from '../../../inference/predict/schema.ts';
import { calledModel, MODEL_HELP } from '../calledModel.ts';
import type { Call, Command, CommandOption, CommandResult } from '../command.ts';
import { entityArgument } from '../entityArgument.ts';
import { graphText, relationText } from '../relationText.ts';

const own = (name: string, value: string, help: string, more: Partial<CommandOption> = {}): CommandOption => ({
  name,
  value,
  help,
  required: false,
  ...more,
});

/** Options of all commands that answer with a model. */
export const ANSWER_OPTIONS: readonly CommandOption[] = [
  own('model', 'MODEL', MODEL_HELP),
  own('topK', 'K', 'how many relations to list, 1 to 1000; 3 without it'),
  own('threshold', 'P', 'confidence below which the answer is "uncertain", 0 to 1; the model’s own without it'),
  own(
    'priors',
    'FILE',
    'JSON with the share of each label among the sentences to come, where it is not that of training',
  ),
  own(
    'typeMask',
    'on|off',
    'rule out relations that a type pair never had in training; as the model’s calibration says without it',
  ),
];

export const predictCommand: Command = {
  description:
    'Lets a trained model answer one sentence. Entities are named by their word, with a type where the model’s marker shows types (비틀즈/ORG), and with ' +
    '#2 for the second place of a word that stands more than once (비틀즈/ORG#2). Confidences are calibrated where the training fitted a temperature; an ' +
    'answer below the threshold is uncertain. With --entity, the relations between all entities are extracted: of the pairs whose types the training rows ' +
    'had, or with --all-pairs of all. Colours go to terminals only and heed NO_COLOR.',
  settings: ['marker', 'out', 'device', 'threads', 'precision', 'lang', 'json'],
  options: [
    own('sentence', 'TEXT', 'the sentence', { required: true }),
    own('subject', 'WORD[/TYPE]', 'the subject'),
    own('object', 'WORD[/TYPE]', 'the object; several give an answer each', { repeatable: true }),
    own('entity', 'WORD[/TYPE]', 'an entity of the sentence, two or more of them, in place of subject and object', {
      repeatable: true,
    }),
    {
      name: 'allPairs',
      help: 'ask for every pair of entities, also those whose types training never had',
      required: false,
    },
    ...ANSWER_OPTIONS,
  ],
  writes: [],
  examples: [
    [
      'korex predict --sentence "한빛전자는 2011년 서지우가 세운 회사이다." --subject 한빛전자/ORG --object 서지우/PER',
      'the relation of the subject to the object',
    ],
    [
      'korex predict --sentence "한빛전자는 2011년 서지우가 세운 회사이다." --entity 한빛전자/ORG --entity 2011년/DAT --entity 서지우/PER --json',
      'the relations between all entities, as JSON',
    ],
  ],
  run: predict,
};

async function predict(call: Call): Promise<CommandResult> {
  const { settings, options, reporter } = call;
  const sentence = options.sentence!;
  const asked = entitiesOf(call, sentence);
  const answer = answerOptions(options);
  const extractor = await openExtractor(call);
  try {
    for (const note of extractor.notes) reporter.info(note);
    const text = { lang: settings.lang, color: showsColors() };
    if (asked.kind === 'graph') {
      const pairs = PAIR_KINDS[call.switches?.has('allPairs') ? 1 : 0];
      const graph = await extractor.extract({ sentence, entities: asked.entities, pairs, ...answer });
      return { text: graphText(graph, text), json: graph };
    }
    const requests = asked.objects.map(
      (object): PredictRequest => ({ sentence, subject: asked.subject, object, ...answer }),
    );
    // One by one, so that an error names the field of a single request.
    const relations = await extractor.answer(requests.map((request) => extractor.prepare(request)));
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

/**
 * The model of a call, with the options that decide its answers.
 *
 * @param found the model where it was looked for already
 */
export async function openExtractor(call: Call, found?: FoundModel): Promise<RelationExtractor> {
  const options = await extractorOptions(call);
  return RelationExtractor.open(found ?? (await calledModel(call)), options);
}

async function extractorOptions({ settings, options }: Call): Promise<ExtractorOptions> {
  const { device, threads, precision } = settings;
  if (options.priors === 'em')
    throw usageError(
      '--priors takes a file here; em is known to `korex evaluate` alone.',
      'That estimates class priors from labelled rows; `estimatePriors` of the library does from any.',
    );
  return {
    device,
    threads,
    precision,
    marker: markerOf(settings),
    priors: options.priors === undefined ? null : await readPriors(options.priors),
    typeMask: typeMaskOf(options.typeMask),
  };
}

const markerOf = ({ marker }: Settings) => (marker === 'auto' ? null : marker);

function typeMaskOf(text: string | undefined): boolean | undefined {
  if (text === undefined || text === 'on' || text === 'off') return text === undefined ? undefined : text === 'on';
  throw usageError(`--type-mask is "${text}".`, 'Write on or off.');
}

/** Subject and objects, or entities whose pairs are meant. */
function entitiesOf({ options, lists = {}, switches }: Call, sentence: string) {
  const subject = options.subject === undefined ? null : entityArgument(options.subject, sentence);
  const objects = (lists.object ?? []).map((text) => entityArgument(text, sentence));
  const others = (lists.entity ?? []).map((text) => entityArgument(text, sentence));
  if (others.length > 0 || switches?.has('allPairs')) {
    const entities = [...(subject ? [subject] : []), ...objects, ...others];
    if (entities.length < 2)
      throw usageError('Relations are between two entities; one was named.', 'Give --entity WORD/TYPE for each.');
    return { kind: 'graph', entities } as const;
  }
  if (subject === null || objects.length === 0)
    throw usageError(
      `${subject === null ? '--subject' : '--object'} is missing.`,
      'Give --subject and --object, or --entity for each entity of the sentence.',
    );
  return { kind: 'pairs', subject, objects } as const;
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
    ? usageError(`--top-k is "${text}".`, 'Give a whole number from 1 to 1000.')
    : usageError(`--threshold is "${text}".`, 'Give a number from 0 to 1.');
}

/** A word that stands more than once: how this command picks one of its places. */
function withPlaceHint(error: unknown): unknown {
  if (!(error instanceof KorexError) || !error.hint?.includes('occurrence')) return error;
  return new KorexError(
    error.kind,
    error.message,
    'Say which is meant with # and its number: WORD#2 or WORD/TYPE#2.',
    error,
    error.field,
  );
}

/** Colours where a person looks, unless they said no (https://no-color.org). */
const showsColors = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR;
