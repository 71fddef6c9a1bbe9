import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inBoth, usageError } from '../../base/core/errors.ts';
import { sha256File } from '../../base/core/files.ts';
import type { AnnotatedDocument, Entity, Example, Localized } from '../../base/core/types.ts';
import { badRowsError } from '../../base/data/badRows.ts';
import { checkText, isDocument, type TextDocument } from '../../base/data/formats/documents.ts';
import { endingOf, FORMATS } from '../../base/data/formats/table.ts';
import { loadUnlabelledRows } from '../../base/data/loadRows.ts';
import { openRows } from '../../base/data/openRows.ts';
import { RELATION_LIST } from '../../base/data/relationList.ts';
import { readTexts } from '../../inference/extract/readTexts.ts';
import { inTextOrder, textSentences } from '../../inference/extract/textSentences.ts';
import type { LabelDecision, LabelEntity, LabelSpan } from '../../inference/predict/api/labelSchema.ts';
import { PROMOTED_FILE } from '../../inference/predict/promotedModel.ts';

/** A sentence of a file, before the project has it. */
export interface NewSentence {
  readonly guid: string;
  readonly document: string;
  /** First code point in the document. */
  readonly position: number;
  readonly text: string;
  /** Null: to be found. */
  readonly entities: readonly LabelEntity[] | null;
  /** The pairs that the data asks about; null: all. */
  readonly pairs: readonly { readonly subject: LabelSpan; readonly object: LabelSpan }[] | null;
  /** What the data says of pairs. */
  readonly given: readonly LabelDecision[];
  readonly source: string | null;
}

/** A file of a project. */
export interface ProjectFile {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  /** Whether its answers are known and hidden: people are measured by them. */
  readonly gold: boolean;
}

const TEXTS = ['.txt', '.md'];
const isData = (name: string): boolean =>
  !name.startsWith('.') &&
  name !== RELATION_LIST &&
  name !== PROMOTED_FILE &&
  [...TEXTS, ...FORMATS.flatMap(({ extensions }) => extensions)].includes(endingOf(name.replace(/\.gz$/i, '')));

/** Files of the project's folder that hold data, by name; those whose name begins with `gold` hold hidden answers. */
export async function projectFiles(folder: string): Promise<ProjectFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile() && isData(entry.name)).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const path = join(folder, name);
      return { path, name, sha256: await sha256File(path), gold: /^gold/i.test(name) };
    }),
  );
}

/**
 * The sentences of a file: a text is divided into them, a document keeps its entities and relations, a row is a sentence with
 * one pair.
 *
 * @param noRelation what "no relation" is called, for documents whose relations are all annotated
 * Errors: `usage` where it cannot be read, with the row.
 */
export async function readSentences(
  path: string,
  name: string,
  noRelation: string,
): Promise<{ readonly sentences: readonly NewSentence[]; readonly notes: readonly Localized[] }> {
  const found = await stat(path);
  if (found.isDirectory()) throw usageError({ en: `${path} is a folder.`, ko: `${path}: 폴더이다.` });
  if (TEXTS.includes(endingOf(name)) || (await holdsDocuments(path)))
    return ofDocuments(await documentsOf(path), noRelation);
  const { rows, notes } = await loadUnlabelledRows(path);
  return { sentences: rows.map(ofRow), notes };
}

/** Whether the first row is a document, or a text without entities. */
async function holdsDocuments(path: string): Promise<boolean> {
  const opened = await openRows(path);
  try {
    for await (const { value } of opened.rows)
      return (
        isDocument(value) ||
        (typeof value === 'object' && value !== null && 'text' in value && !('subject_entity' in value))
      );
    return false;
  } finally {
    await opened.close();
  }
}

const RULES = { labels: null, entityTypes: null };

async function documentsOf(path: string): Promise<TextDocument[]> {
  if (TEXTS.includes(endingOf(path))) {
    const texts: TextDocument[] = [];
    for await (const read of readTexts(path))
      if ('document' in read) texts.push({ ...read.document, source: null, relations: null, unsure: [] });
    return texts;
  }
  const opened = await openRows(path);
  const documents: TextDocument[] = [];
  try {
    for await (const { number, value, problem } of opened.rows) {
      const checked = problem
        ? { problems: [problem] }
        : checkText(fromGraph(value), RULES, `${opened.name}:${number}`);
      if ('problems' in checked)
        throw badRowsError(path, number, opened.format.counting, [
          { file: opened.name, row: number, problems: checked.problems, value },
        ]);
      documents.push(checked.document);
    }
  } finally {
    await opened.close();
  }
  return documents;
}

/** A graph of `korex extract` as a document: its entities are mentions, its relations suggestions of a model and no answers. */
function fromGraph(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('mentions' in value)) return value;
  const { id, text, mentions } = value as Readonly<Record<string, unknown>>;
  return { id, text, entities: mentions };
}

function ofDocuments(documents: readonly TextDocument[], noRelation: string) {
  let apart = 0;
  const sentences = documents.flatMap((document) => {
    const parts = ofDocument(document, noRelation);
    apart += parts.apart;
    return parts.sentences;
  });
  const notes: Localized[] =
    apart > 0
      ? [
          inBoth((lang) =>
            lang === 'ko'
              ? `두 문장에 걸친 관계 ${apart}개는 문장별 라벨에 들어가지 않는다.`
              : `${apart} relations between two sentences have no place in labels by sentence.`,
          ),
        ]
      : [];
  return { sentences, notes };
}

function ofDocument({ id, text, source, entities, relations, unsure }: TextDocument, noRelation: string) {
  const ordered = entities && inTextOrder(entities);
  let placed = 0;
  const sentences = [...textSentences(text, ordered ?? [])].map((sentence): NewSentence => {
    const inside = (entity: Entity) => entity.start >= sentence.start && entity.end <= sentence.end;
    const own = ordered?.filter(inside) ?? null;
    const moved = (entity: Entity): LabelEntity => ({
      start: entity.start - sentence.start,
      end: entity.end - sentence.start,
      type: entity.type,
    });
    const given =
      relations === null || entities === null
        ? []
        : givenOf({ entities, relations, unsure }, inside, moved, noRelation);
    placed += given.filter(({ relation }) => relation !== noRelation).length;
    return {
      guid: `${id}@${sentence.start}`,
      document: id,
      position: sentence.start,
      text: sentence.text,
      entities: own?.map(moved) ?? null,
      pairs: null,
      given,
      source,
    };
  });
  return { sentences, apart: (relations?.length ?? 0) - placed };
}

/** The labelled pairs of a sentence: its relations, and "no relation" the other way round where that was not said to be open. */
function givenOf(
  {
    entities,
    relations,
    unsure,
  }: Pick<AnnotatedDocument, 'entities' | 'unsure'> & {
    readonly relations: NonNullable<AnnotatedDocument['relations']>;
  },
  inside: (entity: Entity) => boolean,
  moved: (entity: Entity) => LabelEntity,
  noRelation: string,
): LabelDecision[] {
  const said = new Set([...relations, ...unsure].map(({ subject, object }) => `${subject} ${object}`));
  return relations.flatMap(({ subject, relation, object }) => {
    const [from, to] = [entities[subject]!, entities[object]!];
    if (!inside(from) || !inside(to)) return [];
    const [a, b] = [spanOf(moved(from)), spanOf(moved(to))];
    const forth = { subject: a, object: b, relation };
    return said.has(`${object} ${subject}`) ? [forth] : [forth, { subject: b, object: a, relation: noRelation }];
  });
}

export const spanOf = ({ start, end }: LabelSpan): LabelSpan => ({ start, end });

/** A row with a marked pair as a sentence of its own. */
export function ofRow({ guid, sentence, subject, object, label, source }: Example): NewSentence {
  const pair = { subject: spanOf(subject), object: spanOf(object) };
  return {
    ...{ guid, document: guid, position: 0, text: sentence, source },
    entities: [subject, object].map(({ start, end, type }) => ({ start, end, type })).sort((a, b) => a.start - b.start),
    pairs: [pair],
    given: label === null ? [] : [{ ...pair, relation: label }],
  };
}
