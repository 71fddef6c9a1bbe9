import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { fieldError, usageError } from '../../base/core/errors.ts';
import { sha256File } from '../../base/core/files.ts';
import type { Localized } from '../../base/core/types.ts';
import { entityTypesOf } from '../../base/data/labelSet.ts';
import { readRelationList } from '../../base/data/relationList.ts';
import { codePointLength, overlap } from '../../base/data/span.ts';
import {
  LABEL_ROLES,
  LABEL_SCHEMAS,
  type LabelAction,
  type LabelDo,
  type LabelEntity,
  type LabelRole,
  type LabelSuggestion,
  MOST_RELATIONS,
} from '../../inference/predict/api/labelSchema.ts';
import { PROJECT_FILE } from '../../inference/predict/promotedModel.ts';
import { type Answers, agreedAnswer } from './agreedAnswer.ts';
import { type Database, openDatabase } from './database.ts';
import {
  changed,
  EMPTY_CONFIG,
  type ProjectChange,
  type ProjectConfig,
  projectChangeSchema,
  relationWithGuide,
} from './projectConfig.ts';
import { type NewSentence, projectFiles, readSentences } from './projectData.ts';
import {
  EMPTY_STATE,
  type LabelEvent,
  lastStanding,
  pairKey,
  type SentenceState,
  standing,
  stateOf,
} from './sentenceState.ts';

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text) => schema.parse(JSON.parse(text)) as z.output<T>);
const span = LABEL_SCHEMAS.LabelSpan;

const sentenceRow = z.object({
  id: z.number(),
  guid: z.string(),
  document: z.string(),
  position: z.number(),
  text: z.string(),
  entities: json(z.array(LABEL_SCHEMAS.LabelEntity)).nullable(),
  pairs: json(z.array(z.object({ subject: span, object: span }))).nullable(),
  given: json(z.array(LABEL_SCHEMAS.LabelDecision)).nullable(),
  gold: z.number().transform(Boolean),
  source: z.string().nullable(),
});
/** A sentence of a project. */
export type Sentence = z.output<typeof sentenceRow>;

const eventRow = z.object({
  id: z.number(),
  at: z.string(),
  person: z.string(),
  role: z.enum(LABEL_ROLES),
  sentence: z.number().nullable(),
  actions: z.string(),
  undoes: z.number().nullable(),
});
const actions = json(z.array(LABEL_SCHEMAS.LabelAction));
const changes = json(projectChangeSchema);

const handedRow = z.object({ sentence: z.number(), person: z.string(), at: z.string(), reason: z.string() });
export type Handed = z.output<typeof handedRow>;

const suggestionRow = z.object({
  sentence: z.number(),
  entities: json(z.array(LABEL_SCHEMAS.LabelEntity)),
  pairs: json(LABEL_SCHEMAS.LabelSuggestions.shape.pairs),
});
/** What a model said of a sentence. */
export interface KeptSuggestion {
  readonly entities: readonly LabelEntity[];
  readonly pairs: readonly LabelSuggestion[];
}

/** Labels and types that a project begins with, where its data says nothing of them. */
export interface Beginning {
  readonly labels: readonly string[];
  readonly noRelation: string | null;
  readonly entityTypes: readonly string[];
}

/**
 * A folder with data and an SQLite file that holds what people did to it. All processes and browsers that have it open see
 * the same: what others wrote is read before each answer.
 */
export interface Project {
  readonly folder: string;
  readonly name: string;
  config(): ProjectConfig;
  sentences(): readonly Sentence[];
  sentence(id: number): Sentence | null;
  /** Of one person, or that which was decided between all. */
  state(sentence: number, person: string, role: LabelRole): SentenceState;
  /** What all people said of a sentence. */
  answers(sentence: number): Answers;
  decided(sentence: number): SentenceState | null;
  /** Sentences to which something was done. */
  touched(): readonly number[];
  people(): readonly string[];
  history(sentence: number): readonly LabelEvent[];
  /** Errors: `usage` with the field where an action does not fit the sentence or the project. */
  act(person: string, request: LabelDo): void;
  /** Takes the last thing back that the person did; the sentence, or null where there is none. */
  undo(person: string, role: LabelRole, sentence: number | null): number | null;
  change(person: string, change: ProjectChange): void;
  add(sentences: readonly NewSentence[]): { readonly added: number; readonly known: number };
  /** Notes what was given to whom. */
  hand(sentence: number, person: string, reason: string): void;
  handed(): readonly Handed[];
  suggestion(sentence: number, model: string): KeptSuggestion | null;
  suggestions(model: string): ReadonlyMap<number, KeptSuggestion>;
  /** Under what another model's suggestions are kept, of several the one that said most; null where there is none. */
  otherModel(model: string): string | null;
  keepSuggestion(sentence: number, model: string, suggestion: KeptSuggestion): void;
  readonly database: Database;
  close(): void;
}

/** Name under which korex itself notes what it did. */
const ITSELF = 'korex';
const now = (): string => new Date().toISOString();

/**
 * Opens the project of a folder, or begins one: files of the folder that are new to it are read in.
 *
 * @param beginning the relations of a new project, unless a `relation_list.json` or labelled rows of the folder say others
 * @param more files elsewhere whose sentences are to be added
 * Errors: `usage` for files that cannot be read, and for a folder that no data was ever in.
 */
export async function openProject(
  folder: string,
  beginning: Beginning,
  {
    more = [],
    onNote = () => {},
  }: { readonly more?: readonly string[]; readonly onNote?: (note: Localized) => void } = {},
): Promise<Project> {
  const database = await openDatabase(join(folder, PROJECT_FILE));
  try {
    const project = projectOver(database, folder);
    await begin(project, beginning);
    await addFiles(project, more, onNote);
    if (project.sentences().length === 0)
      throw usageError(
        { en: `${folder} holds nothing to label.`, ko: `${folder}: 라벨을 달 것이 없다.` },
        {
          en: 'Put texts (.txt), documents or rows (.jsonl, .json, .csv, .tsv, .xlsx, .parquet) into it, or name a file with --add.',
          ko: '글(.txt)이나 문서, 행(.jsonl, .json, .csv, .tsv, .xlsx, .parquet)을 넣거나, --add로 파일을 준다.',
        },
      );
    return project;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function begin(project: Project, { labels, noRelation, entityTypes }: Beginning): Promise<void> {
  if (project.config().relations.length > 0) return;
  const list = await readRelationList(project.folder);
  const none = (list ? list.labelSet.noRelation : noRelation) ?? 'no_relation';
  const names = (list?.labelSet.labels ?? labels).filter((label) => label !== none);
  project.change(ITSELF, {
    began: {
      relations: names.map(relationWithGuide),
      no_relation: none,
      entity_types: [...entityTypesOf(list?.entityTypes ?? entityTypes)],
    },
  });
}

const filesRow = z.object({ sha256: z.string() });

async function addFiles(project: Project, more: readonly string[], onNote: (note: Localized) => void): Promise<void> {
  const { database } = project;
  const known = new Set(database.all('SELECT sha256 FROM files', filesRow).map(({ sha256 }) => sha256));
  const given = await Promise.all(
    more.map(async (path) => ({
      path,
      name: basename(path),
      sha256: await sha256File(path),
      gold: /^gold/i.test(basename(path)),
    })),
  );
  for (const file of [...(await projectFiles(project.folder)), ...given]) {
    if (known.has(file.sha256)) continue;
    const { sentences, notes } = await readSentences(file.path, file.name, project.config().noRelation);
    for (const note of notes) onNote(note);
    database.together(() => {
      database.run(
        'INSERT OR IGNORE INTO files (sha256, name, at, sentences) VALUES (?, ?, ?, ?)',
        file.sha256,
        file.name,
        now(),
        sentences.length,
      );
      for (const sentence of sentences) insertSentence(database, sentence, file);
    });
    addRelations(project, sentences);
    onNote({
      en: `${file.name}: ${sentences.length} sentences${file.gold ? ', hidden gold' : ''}.`,
      ko: `${file.name}: 문장 ${sentences.length}개${file.gold ? '(숨은 정답)' : ''}.`,
    });
  }
}

/** Relations that the data names and the project does not have yet. */
export function addRelations(project: Project, sentences: readonly NewSentence[]): void {
  const labels = new Set(sentences.flatMap(({ given }) => given.map(({ relation }) => relation)));
  const { relations, noRelation } = project.config();
  for (const label of labels)
    if (label !== noRelation && !relations.some(({ name }) => name === label))
      project.change(ITSELF, { relation: relationWithGuide(label) });
}

function insertSentence(
  database: Database,
  sentence: NewSentence,
  file: { readonly sha256: string; readonly gold: boolean } | null,
): number {
  const { guid, document, position, text, entities, pairs, given, source } = sentence;
  return database.run(
    'INSERT OR IGNORE INTO sentences (guid, document, position, text, entities, pairs, given, gold, source, file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ...[guid, document, position, text, entities && JSON.stringify(entities), pairs && JSON.stringify(pairs)],
    ...[JSON.stringify(given), file?.gold && given.length > 0 ? 1 : 0, source, file?.sha256 ?? null],
  ).changes;
}

function projectOver(database: Database, folder: string): Project {
  // What was read so far of tables that only grow.
  let config = EMPTY_CONFIG;
  const sentences = new Map<number, Sentence>();
  const events = new Map<number, LabelEvent[]>();
  const states = new Map<string, SentenceState>();
  const people = new Set<string>();
  let [lastSentence, lastEvent] = [0, 0];
  /** Whether it was read in this turn of the event loop: a list of thousands of sentences asks once. */
  let isFresh = false;

  const catchUp = () => {
    if (isFresh) return;
    isFresh = true;
    setImmediate(() => {
      isFresh = false;
    });
    for (const row of database.all(
      'SELECT id, guid, document, position, text, entities, pairs, given, gold, source FROM sentences WHERE id > ? ORDER BY id',
      sentenceRow,
      lastSentence,
    )) {
      sentences.set(row.id, row);
      lastSentence = row.id;
    }
    const news = database.all(
      'SELECT events.id, at, people.name AS person, role, sentence, actions, undoes FROM events JOIN people ON people.id = person WHERE events.id > ? ORDER BY events.id',
      eventRow,
      lastEvent,
    );
    for (const { sentence, ...event } of news) {
      lastEvent = event.id;
      if (sentence === null) config = changed(config, changes.parse(event.actions));
      else {
        events.set(sentence, [...(events.get(sentence) ?? []), { ...event, actions: actions.parse(event.actions) }]);
        if (event.role === 'label') people.add(event.person);
        for (const key of [...states.keys()]) if (key.startsWith(`${sentence} `)) states.delete(key);
      }
    }
  };
  const own = (sentence: number, person: string, role: LabelRole) =>
    (events.get(sentence) ?? []).filter(
      (event) => event.role === role && (role === 'adjudicate' || event.person === person),
    );
  const state = (sentence: number, person: string, role: LabelRole): SentenceState => {
    const key = `${sentence} ${role} ${role === 'label' ? person : ''}`;
    const known = states.get(key) ?? stateOf(own(sentence, person, role));
    states.set(key, known);
    return known;
  };
  /** Work that writes: nothing may come between what it reads and what it writes. */
  const written = <Result>(work: () => Result): Result => {
    isFresh = false;
    try {
      return database.together(() => {
        catchUp();
        return work();
      });
    } finally {
      isFresh = false;
    }
  };
  const personId = (name: string): number => {
    database.run('INSERT OR IGNORE INTO people (name) VALUES (?)', name);
    return database.get('SELECT id FROM people WHERE name = ?', z.object({ id: z.number() }), name)!.id;
  };
  const write = (
    person: string,
    role: LabelRole,
    sentence: number | null,
    what: unknown,
    undoes: number | null,
    key: string | null,
  ) =>
    database.run(
      'INSERT INTO events (at, person, role, sentence, actions, undoes, key) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[now(), personId(person), role, sentence, JSON.stringify(what), undoes, key],
    );
  const caughtUp =
    <Args extends readonly unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      catchUp();
      return work(...args);
    };

  return {
    folder,
    name: basename(resolve(folder)),
    database,
    config: caughtUp(() => config),
    sentences: caughtUp(() => [...sentences.values()]),
    sentence: caughtUp((id: number) => sentences.get(id) ?? null),
    state: caughtUp(state),
    answers: caughtUp((sentence: number) => {
      const names = new Set(
        (events.get(sentence) ?? []).filter(({ role }) => role === 'label').map(({ person }) => person),
      );
      return new Map([...names].map((name) => [name, state(sentence, name, 'label')]));
    }),
    decided: caughtUp((sentence: number) => {
      const decided = state(sentence, '', 'adjudicate');
      return decided === EMPTY_STATE || decided.changed === null ? null : decided;
    }),
    touched: caughtUp(() => [...events.keys()]),
    people: caughtUp(() => [...people].sort()),
    history: caughtUp((sentence: number) => events.get(sentence) ?? []),
    act(person, { sentence: id, actions, role = 'label', key }) {
      written(() => {
        if (key !== undefined && database.get('SELECT id FROM events WHERE key = ?', z.object({ id: z.number() }), key))
          return;
        const sentence = sentences.get(id);
        if (!sentence) throw fieldError('/sentence', { en: `There is no sentence ${id}.`, ko: `없는 문장: ${id}.` });
        checkActions(sentence, actions, config);
        write(person, role, id, actions, null, key ?? null);
      });
    },
    undo(person, role, sentence) {
      return written(() => {
        const candidates = sentence === null ? [...events.keys()] : [sentence];
        const last = candidates
          .map((id) => ({
            id,
            event: lastStanding(
              (events.get(id) ?? []).filter((event) => event.person === person && event.role === role),
            ),
          }))
          .filter(({ event }) => event !== null)
          .sort((a, b) => b.event!.id - a.event!.id)[0];
        if (!last) return null;
        write(person, role, last.id, [], last.event!.id, null);
        return last.id;
      });
    },
    change(person, change) {
      written(() => {
        checkChange(change, config);
        write(person, 'label', null, change, null, null);
      });
    },
    add: (added) => {
      const count = database.together(() =>
        added.reduce((sum, sentence) => sum + insertSentence(database, sentence, null), 0),
      );
      return { added: count, known: added.length - count };
    },
    hand(sentence, person, reason) {
      written(() =>
        database.run(
          'INSERT INTO handed (sentence, person, at, reason) VALUES (?, ?, ?, ?) ON CONFLICT (sentence, person) DO UPDATE SET at = excluded.at, reason = excluded.reason',
          ...[sentence, personId(person), now(), reason],
        ),
      );
    },
    handed: () =>
      database.all(
        'SELECT sentence, people.name AS person, at, reason FROM handed JOIN people ON people.id = person',
        handedRow,
      ),
    suggestion: (sentence, model) =>
      database.get(
        'SELECT sentence, entities, pairs FROM suggestions WHERE sentence = ? AND model = ?',
        suggestionRow,
        sentence,
        model,
      ),
    suggestions: (model) =>
      new Map(
        database
          .all('SELECT sentence, entities, pairs FROM suggestions WHERE model = ?', suggestionRow, model)
          .map(({ sentence, ...kept }) => [sentence, kept]),
      ),
    otherModel: (model) =>
      database.get(
        'SELECT model FROM suggestions WHERE model <> ? GROUP BY model ORDER BY count(*) DESC, model LIMIT 1',
        z.object({ model: z.string() }),
        model,
      )?.model ?? null,
    keepSuggestion: (sentence, model, { entities, pairs }) =>
      void database.run(
        'INSERT OR REPLACE INTO suggestions (sentence, model, entities, pairs) VALUES (?, ?, ?, ?)',
        ...[sentence, model, JSON.stringify(entities), JSON.stringify(pairs)],
      ),
    close: () => database.close(),
  };
}

/** Errors: `usage` with the field. */
function checkActions(
  { text }: Sentence,
  given: readonly LabelAction[],
  { relations, noRelation }: ProjectConfig,
): void {
  const length = codePointLength(text);
  const inside = (at: { readonly start: number; readonly end: number }, field: string) => {
    if (at.end < length) return;
    throw fieldError(field, {
      en: `${field}: the sentence has ${length} characters; found ${at.start}–${at.end}.`,
      ko: `${field}: 문장은 ${length}글자인데 ${at.start}–${at.end}이다.`,
    });
  };
  for (const [i, action] of given.entries()) {
    const field = `/actions/${i}`;
    if (action.kind === 'entities')
      for (const [j, entity] of action.entities.entries()) {
        inside(entity, `${field}/entities/${j}`);
        if (action.entities.some((other, k) => k < j && overlap(other, entity)))
          throw fieldError(`${field}/entities/${j}`, {
            en: `${field}/entities/${j}: it overlaps another entity.`,
            ko: `${field}/entities/${j}: 다른 엔티티와 겹친다.`,
          });
      }
    if (action.kind !== 'decide') continue;
    for (const [j, { subject, object, relation }] of action.decisions.entries()) {
      const at = `${field}/decisions/${j}`;
      inside(subject, `${at}/subject`);
      inside(object, `${at}/object`);
      if (overlap(subject, object))
        throw fieldError(`${at}/object`, {
          en: `${at}/object: it overlaps the subject.`,
          ko: `${at}/object: 주어와 겹친다.`,
        });
      if (relation !== noRelation && !relations.some(({ name }) => name === relation))
        throw fieldError(
          `${at}/relation`,
          {
            en: `${at}/relation: the project has no relation "${relation}".`,
            ko: `${at}/relation: 프로젝트에 없는 관계 "${relation}".`,
          },
          { en: 'Add it to the project first.', ko: '먼저 프로젝트에 관계를 더한다.' },
        );
    }
  }
}

function checkChange({ relation, remove_relation }: ProjectChange, { relations, noRelation }: ProjectConfig): void {
  if (relation?.name === noRelation)
    throw fieldError('/relation/name', {
      en: `"${noRelation}" means no relation.`,
      ko: `"${noRelation}"은(는) 관계 없음을 뜻한다.`,
    });
  if (relation && relations.length >= MOST_RELATIONS && !relations.some(({ name }) => name === relation.name))
    throw fieldError('/relation', {
      en: `A project has at most ${MOST_RELATIONS} relations.`,
      ko: `관계는 ${MOST_RELATIONS}개까지이다.`,
    });
  if (remove_relation !== undefined && !relations.some(({ name }) => name === remove_relation))
    throw fieldError('/remove_relation', {
      en: `There is no relation "${remove_relation}".`,
      ko: `없는 관계 "${remove_relation}".`,
    });
}

/** What is taken as the answer to a sentence: people's, decided between them; null where nobody finished it. */
export const answerTo = (project: Project, sentence: number) =>
  agreedAnswer(project.answers(sentence), project.decided(sentence));

/** The events of a sentence with whether they still count. */
export function historyOf(project: Project, sentence: number) {
  const events = project.history(sentence);
  const kept = new Set(standing(events).map(({ id }) => id));
  return events.map((event) => ({ ...event, undone: event.undoes === null && !kept.has(event.id) }));
}

export { pairKey };
