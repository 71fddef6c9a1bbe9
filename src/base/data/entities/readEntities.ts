import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { inBoth, usageError } from '../../core/errors.ts';
import { readText } from '../../core/files.ts';
import { issueWords } from '../../core/issueWords.ts';
import type { Entity } from '../../core/types.ts';
import { checkRow } from '../checkRow.ts';
import { checkText, DOCUMENT_LAYOUT, isDocument } from '../formats/documents.ts';
import { FileError } from '../formats/format.ts';
import { FORMATS, isAnnotationFormat } from '../formats/table.ts';
import { groupBy } from '../grouping.ts';
import { openRows } from '../openRows.ts';
import { spanText } from '../span.ts';
import { type EntitySentence, flatEntities, type TypedEntity } from './entitySentence.ts';
import { KLUE_NER_TYPES, konneType } from './entityTypes.ts';
import { atLine, taggedBlocks, taggedText } from './taggedLines.ts';

/** One way to keep sentences with their entities in a file; the content decides. */
export interface EntityFormat {
  readonly name: string;
  /** Does a file that begins so have the format? */
  readonly recognizes: (head: string) => boolean;
  /** Errors: `usage`, with the line. */
  readonly read: (text: string, path: string) => EntitySentence[];
}

const whole = (id: string, sentence: string, entities: readonly TypedEntity[]): EntitySentence => ({
  ...{ id, sentence, entities, partial: false, weight: 1 },
});

const entityAt = (sentence: string, start: number, end: number, type: string): TypedEntity => ({
  ...{ word: spanText(sentence, start, end), start, end, type },
});

/** A token and, in the last column, its tag a line (CoNLL-2003); columns apart by spaces or tabs. */
const conll: EntityFormat = {
  name: 'CoNLL',
  recognizes: (head) => /^(?:-DOCSTART-[^\n]*\n\s*)?\S+[ \t](?:\S+[ \t])*(?:O|[BI]-\S+)[ \t]*(?:\r?\n|$)/.test(head),
  read: (text, path) =>
    taggedBlocks(text, path, (line) => {
      const cells = line.trim().split(/[ \t]+/);
      return cells.length < 2 ? null : [cells[0]!, cells.at(-1)!];
    }).map((block) => {
      const { text: sentence, entities } = taggedText(block, ' ');
      return whole(block.title?.split('\t')[0] ?? `${basename(path)}:${block.line}`, sentence, asKlueRe(entities));
    }),
};

/** Entities of KLUE-NER's types by those of KLUE-RE; other types stay, and what KLUE-RE has no entity for goes. */
const asKlueRe = (entities: readonly TypedEntity[]): TypedEntity[] =>
  entities.flatMap((entity) => {
    const type = entity.type in KLUE_NER_TYPES ? KLUE_NER_TYPES[entity.type]! : entity.type;
    return type === null ? [] : [{ ...entity, type }];
  });

function* jsonLines(text: string, path: string): Generator<{ readonly line: number; readonly value: unknown }> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      yield { line: index + 1, value: JSON.parse(line) };
    } catch (error) {
      throw usageError(
        {
          en: `${path}: line ${index + 1} is no JSON: ${(error as Error).message}.`,
          ko: `${path}: ${index + 1}행이 JSON이 아니다: ${(error as Error).message}.`,
        },
        DOCUMENT_LAYOUT,
        error,
      );
    }
  }
}

const konneSchema = z.object({
  id: z.union([z.string(), z.number()]),
  klue_id: z.string().optional(),
  text: z.string().min(1),
  /** Begin, end (exclusive) and class, in code points. */
  label: z.array(z.tuple([z.int().min(0), z.int().min(1), z.string()])),
});

/** konne's JSONL: nested entities of 150 classes, of which the types of KLUE-RE are taken, and of nested ones the longest. */
const konne: EntityFormat = {
  name: 'konne',
  // doccano's exports look alike; konne's classes have two parts.
  recognizes: (head) => /^\s*\{[^\n]*"label"\s*:\s*\[\s*\[\s*\d+\s*,\s*\d+\s*,\s*"[A-Z]+_[A-Z]/.test(head),
  read: (text, path) =>
    [...jsonLines(text, path)].map(({ line, value }) => {
      const parsed = konneSchema.safeParse(value);
      if (!parsed.success) {
        const issue = parsed.error.issues[0]!;
        const words = issueWords(issue);
        throw atLine(path, line, {
          field: issue.path.join('.') || 'line',
          found: { en: 'not as in konne', ko: 'konne의 것과 다른 모양' },
          expected: inBoth((lang) => `{"id", "text", "label": [[begin, end, class], …]} (${words[lang]})`),
        });
      }
      const { id, klue_id, text: sentence, label } = parsed.data;
      const entities = label.flatMap(([start, end, name]) => {
        const type = konneType(name);
        return type === null ? [] : [entityAt(sentence, start, end - 1, type)];
      });
      return whole(klue_id ?? String(id), sentence, flatEntities(entities));
    }),
};

/** What a document has for training beside its entities. */
const trainingFields = z.looseObject({
  partial: z.boolean().default(false),
  weight: z.number().positive().max(1000).default(1),
});

/** Documents (`DOCUMENT_LAYOUT`); `partial` says that there may be other entities, `weight` what a sentence counts. */
const documents: EntityFormat = {
  name: 'documents',
  recognizes: (head) => /^\s*\{/.test(head),
  read: (text, path) =>
    [...jsonLines(text, path)].map(({ line, value }) => {
      const checked = checkText(value, { labels: null, entityTypes: null }, `${basename(path)}:${line}`);
      if ('problems' in checked) throw atLine(path, line, checked.problems[0]!, DOCUMENT_LAYOUT);
      const fields = trainingFields.safeParse(value);
      if (!fields.success) {
        const issue = fields.error.issues[0]!;
        const found = { en: 'out of range', ko: '범위 밖의 값' };
        throw atLine(path, line, { field: issue.path.join('.'), found, expected: issueWords(issue) });
      }
      const { id, text: sentence, entities } = checked.document;
      const typed = (entities ?? []).map((entity, i): TypedEntity => {
        if (entity.type !== null) return { ...entity, type: entity.type };
        throw atLine(path, line, {
          field: `entities.${i}.type`,
          found: { en: 'missing', ko: '없음' },
          expected: { en: 'the entity’s type', ko: '엔티티의 유형' },
        });
      });
      if (flatEntities(typed).length < typed.length)
        throw atLine(path, line, {
          field: 'entities',
          found: { en: 'a list with overlapping ones', ko: '겹치는 것이 있는 목록' },
          expected: { en: 'entities apart from each other', ko: '서로 겹치지 않는 엔티티' },
        });
      const { partial, weight } = fields.data;
      // A sentence that brings no list of entities is one of which none is known.
      return { id, sentence, entities: flatEntities(typed), partial: partial || entities === null, weight };
    }),
};

const klueReEntity = z.object({
  word: z.string(),
  start_idx: z.int().min(0),
  end_idx: z.int().min(0),
  type: z.string().min(1),
});
const klueReSchema = z.array(
  z.object({
    guid: z.string(),
    sentence: z.string().min(1),
    subject_entity: klueReEntity,
    object_entity: klueReEntity,
  }),
);

/** Rows of one sentence put together; there may be other entities than theirs. */
function bySentence(rows: readonly Pick<EntitySentence, 'id' | 'sentence' | 'entities'>[]): EntitySentence[] {
  return [...groupBy(rows, ({ sentence }) => sentence)].map(([sentence, group]) => ({
    ...whole(group[0]!.id, sentence, flatEntities(group.flatMap(({ entities }) => entities))),
    partial: true,
  }));
}

/** KLUE-RE's rows: subject and object are entities, and there may be others. Rows of one sentence are put together. */
const klueRe: EntityFormat = {
  name: 'KLUE-RE',
  recognizes: (head) => /^\s*\[/.test(head),
  read: (text, path) => {
    const parsed = klueReSchema.safeParse(JSON.parse(text));
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      const words = issueWords(issue);
      const [row, field] = [String(issue.path[0]), issue.path.slice(1).join('.')];
      throw usageError({
        en: `${path}: row ${row}: ${field}: ${words.en}.`,
        ko: `${path}: ${row}행: ${field}: ${words.ko}.`,
      });
    }
    return bySentence(
      parsed.data.map(({ guid, sentence, subject_entity, object_entity }) => ({
        ...{ id: guid, sentence },
        entities: [subject_entity, object_entity].map(({ start_idx, end_idx, type }) =>
          entityAt(sentence, start_idx, end_idx, type),
        ),
      })),
    );
  },
};

/** In the order in which a file's beginning is shown to them, before the formats of `formats/table.ts`. */
export const ENTITY_FORMATS: readonly EntityFormat[] = [konne, documents, klueRe, conll];

const HEAD = 4096;

/**
 * The sentences of a file, with their entities, or of a folder of brat's or of WebAnno TSV.
 *
 * Errors: `usage` for a file of no known format, or a line that cannot be read, with its place.
 */
export async function readEntityFile(path: string): Promise<EntitySentence[]> {
  const { isDirectory } = await stat(path).then(
    (found) => ({ isDirectory: found.isDirectory() }),
    () => ({ isDirectory: false }),
  );
  const content = isDirectory || path.includes('*') ? '' : await readText(path);
  const text = content.replace(/^\ufeff/, '');
  const head = text.slice(0, HEAD);
  const own = konne.recognizes(head) ? konne : null;
  if (own === null) {
    const fromTool = await annotatedSentences(path);
    if (fromTool !== null) return fromTool;
  }
  const format = own ?? ENTITY_FORMATS.find(({ recognizes }) => recognizes(head));
  if (!format) {
    const names = [...ENTITY_FORMATS, ...FORMATS.filter(isAnnotationFormat)].map(({ name }) => name).join(', ');
    throw usageError(
      {
        en: `${path}: no format of entities is known by the beginning of this file.`,
        ko: `${path}: 파일의 첫머리로 알 수 있는 엔티티 형식이 없다.`,
      },
      { en: `Known are ${names}. ${DOCUMENT_LAYOUT.en}`, ko: `아는 형식: ${names}. ${DOCUMENT_LAYOUT.ko}` },
    );
  }
  return format.read(text, path);
}

/** The sentences of a file that another tool wrote, or of KLUE-NER; null where it is none. */
async function annotatedSentences(path: string): Promise<EntitySentence[] | null> {
  const opened = await openRows(path).catch((error: unknown) => {
    // A file that is no file of rows may be one of tokens.
    if (error instanceof FileError && error.fault !== 'foreign') return null;
    throw error;
  });
  if (opened === null) return null;
  try {
    if (!isAnnotationFormat(opened.format)) return null;
    const rows: {
      readonly number: number;
      readonly id: string;
      readonly sentence: string;
      readonly entities: Entity[];
    }[] = [];
    for await (const { number, value, problem } of opened.rows) {
      if (problem) throw atLine(path, number, problem);
      const fallback = `${opened.name}:${number}`;
      if (isDocument(value)) {
        const checked = checkText(value, { labels: null, entityTypes: null }, fallback);
        if ('problems' in checked) throw atLine(path, number, checked.problems[0]!);
        const { id, text, entities } = checked.document;
        rows.push({ number, id, sentence: text, entities: [...(entities ?? [])] });
      } else {
        const checked = checkRow(
          value,
          { labels: null, entityTypes: null, labelNames: null, label: 'ignored' },
          fallback,
        );
        if ('problems' in checked) throw atLine(path, number, checked.problems[0]!);
        const { guid, sentence, subject, object } = checked.example;
        rows.push({ number, id: guid, sentence, entities: [subject, object] });
      }
    }
    const typed = rows.map(({ number, id, sentence, entities }) => {
      const bare = entities.findIndex(({ type }) => type === null);
      if (bare >= 0)
        throw atLine(path, number, {
          field: `entities.${bare}.type`,
          found: { en: 'missing', ko: '없음' },
          expected: { en: 'the entity’s type', ko: '엔티티의 유형' },
        });
      return { id, sentence, entities: asKlueRe(entities as readonly TypedEntity[]) };
    });
    // Rows say of two entities only that they are there.
    return opened.format.write?.holds === 'rows'
      ? bySentence(typed)
      : typed.map(({ id, sentence, entities }) => whole(id, sentence, flatEntities(entities)));
  } finally {
    await opened.close();
  }
}
