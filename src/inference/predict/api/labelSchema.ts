import { z } from 'zod';
import { localized, offset, probability, wellFormed } from '../schemaParts.ts';
import { MAX_ENTITIES, MAX_SENTENCE } from './limits.ts';

/** Requests and answers of the label API (`korex label`). Offsets count code points, `end` inclusive, as everywhere. */

/** Most actions in one request. */
const MAX_ACTIONS = 64;
/** Most sentences that a filter names, and most that a list gives at once. */
export const MAX_LISTED = 1_000;
/** Most relations of a project. */
const MAX_RELATIONS = 500;

const name = wellFormed.min(1).max(200);
const words = wellFormed.max(4_000);
const sentenceId = z.int().min(1).describe('Id of a sentence of the project.');

const spanSchema = z
  .strictObject({ start: offset, end: offset })
  .refine(({ start, end }) => start <= end, 'ends before it begins')
  .meta({ description: 'A stretch of the sentence in code points, `end` inclusive.' });

const entitySchema = z
  .strictObject({ start: offset, end: offset, type: name.nullable() })
  .refine(({ start, end }) => start <= end, 'ends before it begins')
  .meta({ description: 'An entity of the sentence.' });

const decisionSchema = z
  .strictObject({ subject: spanSchema, object: spanSchema, relation: name })
  .describe('What relation the subject has to the object; the name of "no relation" where there is none.');

const entitiesAction = z
  .strictObject({ kind: z.literal('entities'), entities: z.array(entitySchema).max(MAX_ENTITIES) })
  .describe('The entities of the sentence, all of them; decisions about others go.');
const decideAction = z
  .strictObject({ kind: z.literal('decide'), decisions: z.array(decisionSchema).min(1).max(MAX_ACTIONS) })
  .describe('Relations between entities, in one direction or both.');
const clearAction = z
  .strictObject({ kind: z.literal('clear'), subject: spanSchema, object: spanSchema })
  .describe('Takes the decision about one direction of a pair back.');
const doneAction = z.strictObject({ kind: z.literal('done') }).describe('The sentence is finished.');
const skipAction = z.strictObject({ kind: z.literal('skip') }).describe('The sentence is left to others.');
const reopenAction = z.strictObject({ kind: z.literal('reopen') }).describe('The sentence is worked on again.');
const commentAction = z
  .strictObject({ kind: z.literal('comment'), text: words })
  .describe('A remark; empty takes it back.');

const actionSchema = z
  .discriminatedUnion('kind', [
    entitiesAction,
    decideAction,
    clearAction,
    doneAction,
    skipAction,
    reopenAction,
    commentAction,
  ])
  .describe('One thing that somebody did to a sentence.');

const exampleSchema = z.strictObject({ sentence: words, subject: wellFormed.max(200), object: wellFormed.max(200) });

const relationSchema = z
  .strictObject({
    name,
    title: localized.describe('What people read.'),
    when: localized.describe('What counts, and what does not.'),
    example: exampleSchema.nullable(),
    inverse: name
      .nullable()
      .describe('The relation that the object then has to the subject; its own name where it is symmetric.'),
    types: z.array(name).nullable().describe('Type pairs between which it holds, as `SUBJECT>OBJECT`; null where any.'),
  })
  .describe('A relation of the project, with its guideline.');

const settingsSchema = z
  .strictObject({
    overlap_share: probability.describe('Share of the sentences that several people label.'),
    overlap_people: z.int().min(1).max(20).describe('How many people label these.'),
    gold_share: probability.describe(
      'Share of the sentences given out that are hidden gold rows, where there are some.',
    ),
  })
  .describe('How sentences are given out.');

/** Why a sentence is given out next. */
export const LABEL_REASONS = [
  'random',
  'uncertain',
  'directions',
  'models',
  'rare',
  'different',
  'filter',
  'adjudicate',
  'open',
] as const;
export const LABEL_STATUSES = ['open', 'done', 'skipped'] as const;
export const LABEL_ROLES = ['label', 'adjudicate'] as const;

const status = z.enum(LABEL_STATUSES);
const role = z.enum(LABEL_ROLES);

const filterSchema = z
  .strictObject({
    guids: z.array(name).max(MAX_LISTED).optional().describe('Sentences by name.'),
    text: wellFormed.max(200).optional().describe('A part of the sentence.'),
    relation: name.optional().describe('Decided, given or suggested for one of its pairs.'),
    status: status.optional(),
    disputed: z.boolean().optional().describe('Whether people answered differently.'),
  })
  .describe('Which sentences are meant.');

const doSchema = z
  .strictObject({
    sentence: sentenceId,
    actions: z.array(actionSchema).min(1).max(MAX_ACTIONS),
    role: role.optional(),
    key: z
      .string()
      .regex(/^[\w.:-]{8,128}$/, 'has 8 to 128 letters, digits or _.:-')
      .optional()
      .describe('Of the client’s choice: sent again with the same key, nothing is done twice.'),
  })
  .describe('What somebody did to a sentence, done together or not at all.');

const nextSchema = z
  .strictObject({
    filter: filterSchema.optional(),
    role: role.optional(),
    not: z.array(sentenceId).max(MAX_LISTED).optional().describe('Sentences that are not to come next.'),
  })
  .describe('Asks for the sentence to label next.');

const openSchema = z.strictObject({ sentence: sentenceId, role: role.optional() }).describe('Asks for a sentence.');
const undoSchema = z
  .strictObject({ sentence: sentenceId.optional(), role: role.optional() })
  .describe('Takes back the last thing that the person did, of that sentence where one is named.');
const suggestSchema = z
  .strictObject({ sentence: sentenceId, entities: z.array(entitySchema).max(MAX_ENTITIES) })
  .describe('Asks what the model says of the pairs of these entities.');
const listSchema = z
  .strictObject({
    filter: filterSchema.optional(),
    offset: z.int().min(0).max(100_000_000).optional(),
    limit: z.int().min(1).max(MAX_LISTED).optional(),
  })
  .describe('Asks for sentences.');
const changeSchema = z
  .strictObject({
    relation: relationSchema.optional().describe('A relation to add, or to replace by its name.'),
    remove_relation: name.optional(),
    settings: settingsSchema.partial().optional(),
  })
  .describe('Changes the project.');
const rowSchema = z.strictObject({
  guid: name,
  sentence: wellFormed.min(1).max(MAX_SENTENCE),
  subject: entitySchema,
  object: entitySchema,
  relation: name.nullable(),
});
const addSchema = z
  .strictObject({ rows: z.array(rowSchema).min(1).max(MAX_LISTED) })
  .describe('Adds rows with a marked pair; those that are there already stay as they are.');
/** What a project can be written as over HTTP. */
export const LABEL_EXPORTS = ['documents', 'klue', 'csv', 'events'] as const;
const exportSchema = z
  .strictObject({
    format: z.enum(LABEL_EXPORTS),
    people: z.boolean().optional().describe('Whether it says who said what; off without it.'),
  })
  .describe('Asks for everything that is labelled by now.');
const trainSchema = z
  .strictObject({
    epochs: z.int().min(1).max(100).optional(),
    promote: z.enum(['auto', 'never']).optional().describe('`auto`, the default: where it wins.'),
  })
  .describe('Starts a training.');
const promoteSchema = z
  .strictObject({ round: z.int().min(0) })
  .describe('Lets the model of a round answer; 0 is the model that the project began with.');

const shownEntity = z.strictObject({
  start: offset,
  end: offset,
  type: name.nullable(),
  word: z.string(),
  by: z.enum(['data', 'model', 'person']).describe('Who marked it.'),
});
const shownDecision = z.strictObject({
  subject: spanSchema,
  object: spanSchema,
  relation: z.string(),
  by: z.string().describe('Who said so.'),
  at: z.string().describe('When, as an ISO 8601 time.'),
});
const suggestion = z.strictObject({
  subject: spanSchema,
  object: spanSchema,
  top: z
    .array(z.strictObject({ relation: z.string(), probability }))
    .describe('Relations of the project, most probable first.'),
});
const suggestionsSchema = z
  .strictObject({
    model: z
      .string()
      .nullable()
      .describe('What suggested it; null where the model knows none of the project’s relations.'),
    entities: z.array(shownEntity),
    pairs: z.array(suggestion).describe('Pairs that may have a relation, each direction by itself.'),
  })
  .describe('What a model says of a sentence.');

const taskSchema = z
  .strictObject({
    sentence: sentenceId,
    guid: z.string(),
    document: z.string(),
    text: z.string(),
    before: z.string().nullable().describe('The sentence before it in its document.'),
    after: z.string().nullable(),
    status,
    role,
    reason: z
      .strictObject({ kind: z.enum(LABEL_REASONS), value: z.number().nullable() })
      .describe('Why it was given out.'),
    entities: z.array(shownEntity),
    pairs: z.array(suggestion),
    model: z.string().nullable(),
    decisions: z.array(shownDecision),
    given: z.array(decisionSchema).describe('What the data says.'),
    others: z
      .array(z.strictObject({ person: z.string(), entities: z.array(shownEntity), decisions: z.array(shownDecision) }))
      .describe('What others said, to whom it is decided between them.'),
    comment: z.string().nullable(),
  })
  .describe('A sentence to label.');

const countsSchema = z.strictObject({
  sentences: z.int(),
  done: z.int().describe('Finished by somebody.'),
  open: z.int().describe('Begun and not finished.'),
  skipped: z.int(),
  disputed: z.int().describe('People answered differently, and nobody decided yet.'),
  pairs: z.int().describe('Decided pairs, each direction by itself.'),
  mine: z.int().describe('Finished by who asks.'),
});
const nextResponse = z
  .strictObject({ task: taskSchema.nullable().describe('Null where nothing is left.'), counts: countsSchema })
  .describe('The sentence to label next.');

const roundSchema = z
  .strictObject({
    round: z.int().min(1),
    model: z.string(),
    state: z.enum(['running', 'done', 'failed', 'interrupted']),
    began: z.string(),
    ended: z.string().nullable(),
    from: z.string().describe('The model that it started from, and is compared with.'),
    rows: z.strictObject({ training: z.int(), judging: z.int(), mixed: z.int() }).nullable(),
    progress: z.strictObject({ title: z.string(), done: z.number(), total: z.number() }).nullable(),
    error: z.string().nullable(),
    result: z
      .strictObject({
        old: z.strictObject({ accuracy: z.number(), micro_f1: z.number(), macro_f1: z.number() }),
        new: z.strictObject({ accuracy: z.number(), micro_f1: z.number(), macro_f1: z.number() }),
        only_new_right: z.int(),
        only_old_right: z.int(),
        p: probability.describe('McNemar’s, two-sided.'),
        wins: z.boolean(),
        ece: z.number().nullable().describe('Expected calibration error on the judging rows.'),
        relations: z.array(
          z.strictObject({
            relation: z.string(),
            rows: z.int(),
            old_f1: z.number().nullable(),
            new_f1: z.number().nullable(),
          }),
        ),
      })
      .nullable(),
    promoted: z.boolean().describe('Whether it answers now.'),
  })
  .describe('A training of the project.');

const projectSchema = z
  .strictObject({
    name: z.string(),
    me: z.string().describe('Who the server takes the client for.'),
    may_choose_name: z.boolean().describe('Whether clients say who they are (`X-Korex-Person`).'),
    people: z.array(z.strictObject({ name: z.string(), done: z.int() })),
    relations: z.array(relationSchema),
    no_relation: z.string(),
    entity_types: z.array(z.string()),
    settings: settingsSchema,
    counts: countsSchema,
    model: z.string().describe('What answers now.'),
    scored: z.int().describe('Sentences of which the model has said something already.'),
    rounds: z.array(roundSchema),
    least_rows: z.int().describe('Decided pairs from which a training is possible.'),
  })
  .describe('A label project.');

const historySchema = z
  .strictObject({
    events: z.array(
      z.strictObject({
        id: z.int(),
        at: z.string(),
        person: z.string(),
        role,
        actions: z.array(actionSchema),
        undone: z.boolean(),
      }),
    ),
  })
  .describe('All that was done to a sentence, oldest first.');

const listedSchema = z
  .strictObject({
    total: z.int(),
    sentences: z.array(
      z.strictObject({
        sentence: sentenceId,
        guid: z.string(),
        text: z.string(),
        status,
        people: z.array(z.string()),
        disputed: z.boolean(),
        comment: z.string().nullable(),
      }),
    ),
  })
  .describe('Sentences of the project.');

const interval = z.tuple([z.number(), z.number()]);
const figure = z.strictObject({ value: z.number().nullable(), interval: interval.nullable() });
const agreementSchema = z
  .strictObject({
    pairs: z.int().describe('Pairs that two or more people decided.'),
    people: z.array(z.string()),
    alpha: figure.describe(
      'Krippendorff’s alpha over all relations (nominal), with a 95 % bootstrap interval over sentences.',
    ),
    relations: z.array(
      z.strictObject({
        relation: z.string(),
        pairs: z.int(),
        alpha: figure,
        kappa: figure.describe('Cohen’s kappa, mean over the pairs of people.'),
      }),
    ),
    couples: z.array(z.strictObject({ first: z.string(), second: z.string(), pairs: z.int(), kappa: figure })),
    gold: z.array(z.strictObject({ person: z.string(), pairs: z.int(), right: z.int(), interval })),
  })
  .describe('How far people agree.');

const addedSchema = z.strictObject({ added: z.int(), known: z.int() }).describe('How many rows were added.');

export const LABEL_SCHEMAS = {
  LabelSpan: spanSchema,
  LabelEntity: entitySchema,
  LabelDecision: decisionSchema,
  LabelAction: actionSchema,
  LabelRelation: relationSchema,
  LabelSettings: settingsSchema,
  LabelFilter: filterSchema,
  LabelDo: doSchema,
  LabelNext: nextSchema,
  LabelOpen: openSchema,
  LabelUndo: undoSchema,
  LabelSuggest: suggestSchema,
  LabelList: listSchema,
  LabelChange: changeSchema,
  LabelAdd: addSchema,
  LabelExport: exportSchema,
  LabelTrain: trainSchema,
  LabelPromote: promoteSchema,
  LabelSuggestions: suggestionsSchema,
  LabelTask: taskSchema,
  LabelNextResponse: nextResponse,
  LabelRound: roundSchema,
  LabelProject: projectSchema,
  LabelHistory: historySchema,
  LabelListed: listedSchema,
  LabelAgreement: agreementSchema,
  LabelAdded: addedSchema,
} as const;

export type LabelSchemaName = keyof typeof LABEL_SCHEMAS;
export const MOST_RELATIONS = MAX_RELATIONS;

export type LabelSpan = z.output<typeof spanSchema>;
export type LabelEntity = z.output<typeof entitySchema>;
export type LabelDecision = z.output<typeof decisionSchema>;
export type LabelAction = z.output<typeof actionSchema>;
export type LabelRelation = z.output<typeof relationSchema>;
export type LabelSettings = z.output<typeof settingsSchema>;
export type LabelFilter = z.output<typeof filterSchema>;
export type LabelDo = z.output<typeof doSchema>;
export type LabelNext = z.output<typeof nextSchema>;
export type LabelChange = z.output<typeof changeSchema>;
export type LabelAddedRow = z.output<typeof rowSchema>;
export type LabelExport = z.output<typeof exportSchema>;
export type LabelTrain = z.output<typeof trainSchema>;
export type LabelShownEntity = z.output<typeof shownEntity>;
export type LabelSuggestion = z.output<typeof suggestion>;
export type LabelSuggestions = z.output<typeof suggestionsSchema>;
export type LabelTask = z.output<typeof taskSchema>;
export type LabelCounts = z.output<typeof countsSchema>;
export type LabelNextResponse = z.output<typeof nextResponse>;
export type LabelRound = z.output<typeof roundSchema>;
export type LabelProject = z.output<typeof projectSchema>;
export type LabelHistory = z.output<typeof historySchema>;
export type LabelListed = z.output<typeof listedSchema>;
export type LabelAgreement = z.output<typeof agreementSchema>;
export type LabelReason = (typeof LABEL_REASONS)[number];
export type LabelRole = (typeof LABEL_ROLES)[number];
export type LabelStatus = (typeof LABEL_STATUSES)[number];
export type LabelExportFormat = (typeof LABEL_EXPORTS)[number];
