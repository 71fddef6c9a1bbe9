import { stringify } from 'csv-stringify/sync';
import { toJson, toJsonLines } from '../../base/core/files.ts';
import type { Entity, LabelledExample } from '../../base/core/types.ts';
import { spanText } from '../../base/data/span.ts';
import type { LabelEntity, LabelExportFormat, LabelSpan } from '../../inference/predict/api/labelSchema.ts';
import { answerTo, type Project, type Sentence } from './project.ts';
import type { MadeDecision } from './sentenceState.ts';

/** A sentence with what is taken as the answer to it. */
export interface LabelledSentence {
  readonly sentence: Sentence;
  readonly entities: readonly LabelEntity[];
  readonly decisions: readonly MadeDecision[];
  readonly disputed: readonly MadeDecision[];
}

/** Who said what the data brought. */
const DATA = 'data';

/** All that is labelled by now, in the order of the data: by people, else as the data brought it. */
export function labelledSentences(project: Project): LabelledSentence[] {
  return project.sentences().flatMap((sentence): LabelledSentence[] => {
    const answer = answerTo(project, sentence.id);
    if (answer) {
      const { entities, decisions, disputed } = answer;
      return [{ sentence, entities: entities ?? sentence.entities ?? marked(decisions), decisions, disputed }];
    }
    const given = sentence.given ?? [];
    if (given.length === 0) return [];
    const decisions = given.map((decision) => ({ ...decision, by: DATA, at: '' }));
    return [{ sentence, entities: sentence.entities ?? marked(decisions), decisions, disputed: [] }];
  });
}

/** Decisions on entities that were never marked as such. */
const marked = (decisions: readonly MadeDecision[]): LabelEntity[] => {
  const places = new Map<string, LabelSpan>();
  for (const span of decisions.flatMap(({ subject, object }) => [subject, object]))
    places.set(`${span.start} ${span.end}`, span);
  return [...places.values()].map(({ start, end }) => ({ start, end, type: null })).sort((a, b) => a.start - b.start);
};

/** A labelled row with the document that its sentence is of, and who said so. */
export interface LabelledRow extends LabelledExample {
  readonly document: string;
  readonly by: string;
  readonly at: string;
}

/** The decided pairs as rows in KLUE's layout. */
export function labelledRows(project: Project): LabelledRow[] {
  return labelledSentences(project).flatMap(({ sentence, entities, decisions }) => {
    const { guid, text, document, source, pairs } = sentence;
    const placeOf = ({ start, end }: LabelSpan) =>
      entities.findIndex((entity) => entity.start === start && entity.end === end);
    return decisions.flatMap(({ subject, object, relation, by, at }): LabelledRow[] => {
      const [i, j] = [placeOf(subject), placeOf(object)];
      if (i < 0 || j < 0) return [];
      const isOwn =
        pairs?.some((pair) => pair.subject.start === subject.start && pair.object.start === object.start) ?? false;
      return [
        {
          ...{ guid: isOwn ? guid : `${guid}~${i}-${j}`, sentence: text, label: relation, source, document, by, at },
          ...{ subject: entityOf(text, entities[i]!), object: entityOf(text, entities[j]!) },
        },
      ];
    });
  });
}

const entityOf = (text: string, { start, end, type }: LabelEntity): Entity => ({
  word: spanText(text, start, end),
  start,
  end,
  type,
});

/** A file to take away. */
export interface LabelExportFile {
  readonly name: string;
  readonly content: string;
}

/**
 * Everything that is labelled by now, half done or not: documents (JSON lines), KLUE's rows, CSV whose cells no spreadsheet takes for a
 * formula, or the events themselves.
 *
 * @param withPeople whether it says who said what; without, people are numbered
 */
export function exportLabels(project: Project, format: LabelExportFormat, withPeople: boolean): LabelExportFile {
  const { content, ending } = EXPORTS[format](project, withPeople);
  return { name: `${project.name}-${format}.${ending}`, content };
}

const EXPORTS: Readonly<
  Record<
    LabelExportFormat,
    (project: Project, withPeople: boolean) => { readonly content: string; readonly ending: string }
  >
> = {
  documents: (project, withPeople) => ({
    content: toJsonLines(labelledSentences(project).map((each) => documentOf(project, each, withPeople))),
    ending: 'jsonl',
  }),
  klue: (project, withPeople) => ({
    content: toJson(
      labelledRows(project).map(({ guid, sentence, subject, object, label, source, by, at }) => ({
        ...{ guid, sentence, subject_entity: klueEntity(subject), object_entity: klueEntity(object), label, source },
        ...(withPeople && { labelled_by: by, labelled_at: at }),
      })),
    ),
    ending: 'json',
  }),
  csv: (project, withPeople) => {
    const columns = [
      'guid',
      'document',
      'sentence',
      ...COLUMNS,
      'label',
      ...(withPeople ? ['labelled_by', 'labelled_at'] : []),
    ];
    const rows = labelledRows(project).map(({ guid, document, sentence, subject, object, label, by, at }) => [
      ...[guid, document, sentence],
      ...[subject, object].flatMap(({ word, start, end, type }) => [word, start, end, type ?? '']),
      ...[label, ...(withPeople ? [by, at] : [])],
    ]);
    return { content: stringify([columns, ...rows], { escape_formulas: true }), ending: 'csv' };
  },
  events: (project, withPeople) => {
    const numbers = new Map<string, string>();
    const nameOf = (person: string) => {
      if (withPeople) return person;
      const known = numbers.get(person) ?? `person-${numbers.size + 1}`;
      numbers.set(person, known);
      return known;
    };
    const events = project
      .sentences()
      .flatMap(({ id, guid }) => project.history(id).map((event) => ({ ...event, sentence: guid })))
      .sort((a, b) => a.id - b.id);
    return {
      content: toJsonLines(events.map(({ person, ...event }) => ({ ...event, person: nameOf(person) }))),
      ending: 'jsonl',
    };
  },
};

const COLUMNS = ['subject', 'object'].flatMap((role) => [
  `${role}_word`,
  `${role}_start`,
  `${role}_end`,
  `${role}_type`,
]);
const klueEntity = ({ word, start, end, type }: Entity) => ({ word, start_idx: start, end_idx: end, type });

function documentOf(
  project: Project,
  { sentence, entities, decisions, disputed }: LabelledSentence,
  withPeople: boolean,
) {
  const { noRelation } = project.config();
  const placeOf = ({ start, end }: LabelSpan) =>
    entities.findIndex((entity) => entity.start === start && entity.end === end);
  const triple = ({ subject, object, relation }: MadeDecision) =>
    [placeOf(subject), relation, placeOf(object)] as const;
  return {
    id: sentence.guid,
    text: sentence.text,
    source: sentence.source,
    document: sentence.document,
    entities: entities.map((entity) => entityOf(sentence.text, entity)),
    relations: decisions.filter(({ relation }) => relation !== noRelation).map(triple),
    unsure: disputed.filter(({ relation }) => relation !== noRelation).map(triple),
    ...(withPeople && { labelled_by: [...new Set(decisions.map(({ by }) => by))] }),
  };
}
