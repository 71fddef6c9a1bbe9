import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { asGiven, inBoth, usageError } from '../../core/errors.ts';
import { readFailure } from '../../core/files.ts';
import { issueWords } from '../../core/issueWords.ts';
import type { Localized } from '../../core/types.ts';
import type { Problem } from '../checkRow.ts';
import { checkText, DOCUMENT_LAYOUT } from '../formats/documents.ts';
import { codePointLength, spanText } from '../span.ts';
import { type EntitySentence, flatEntities, type TypedEntity } from './entitySentence.ts';
import { KLUE_NER_TYPES, konneType } from './entityTypes.ts';

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

/** An error at a line of a file. */
const atLine = (path: string, line: number, { field, found, expected }: Problem, hint?: Localized) =>
  usageError(
    {
      en: `${path}: line ${line}: ${field} is ${found.en}; expected ${expected.en}.`,
      ko: `${path}: ${line}행: ${field}: 있는 것은 ${found.ko}, 필요한 것은 ${expected.ko}.`,
    },
    hint,
  );

/** Lines of tokens with a tag each, in blocks with an empty line between them. */
interface TaggedBlock {
  /** The line that the block begins at. */
  readonly line: number;
  /** What a line `## …` says before it. */
  readonly title: string | null;
  readonly tokens: readonly (readonly [token: string, tag: string])[];
}

const TAG = /^(?:O|[BI]-\S+)$/;

function taggedBlocks(text: string, path: string, split: (line: string) => readonly [string, string] | null) {
  const blocks: TaggedBlock[] = [];
  let [title, start] = [null as string | null, 1];
  let tokens: [string, string][] = [];
  const flush = (next: number) => {
    if (tokens.length > 0) blocks.push({ line: start, title, tokens });
    [title, tokens, start] = [null, [], next];
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('-DOCSTART-')) flush(index + 2);
    else if (line.startsWith('## ') && tokens.length === 0) title = line.slice(3);
    else {
      const cells = split(line);
      if (cells === null || !TAG.test(cells[1]))
        throw atLine(path, index + 1, {
          field: 'tag',
          found: asGiven(JSON.stringify(cells?.[1] ?? line)),
          expected: { en: 'O, B-TYPE or I-TYPE behind the token', ko: '토큰 뒤의 O, B-TYPE, I-TYPE' },
        });
      tokens.push([...cells]);
    }
  }
  flush(0);
  return blocks;
}

/** The sentence of a block and its entities, tokens joined by `between`. `I` that continues nothing begins an entity. */
function sentenceOf(
  { title, tokens, line }: TaggedBlock,
  between: string,
  typeOf: (name: string) => string | null,
  path: string,
): EntitySentence {
  const entities: { start: number; end: number; type: string }[] = [];
  let [sentence, at, open] = ['', 0, null as string | null];
  for (const [index, [token, tag]] of tokens.entries()) {
    if (index > 0) {
      sentence += between;
      at += between.length;
    }
    const end = at + codePointLength(token) - 1;
    const name = tag === 'O' ? null : tag.slice(2);
    if (name !== null && tag.startsWith('I') && name === open) entities.at(-1)!.end = end;
    else if (name !== null) entities.push({ start: at, end, type: name });
    open = name;
    sentence += token;
    at = end + 1;
  }
  const typed = entities.flatMap(({ start, end, type: name }) => {
    const type = typeOf(name);
    return type === null ? [] : [entityAt(sentence, start, end, type)];
  });
  const id = title?.split('\t')[0] ?? `${basename(path)}:${line}`;
  return whole(id, sentence, typed);
}

/** A character and its tag a line, white space included; before each sentence `## ID`. */
const klueNer: EntityFormat = {
  name: 'KLUE-NER',
  recognizes: (head) => /^(?:## [^\n]*\r?\n)+.{1,2}\t(?:O|[BI]-)/u.test(head),
  read: (text, path) =>
    taggedBlocks(text, path, (line) => {
      const tab = line.lastIndexOf('\t');
      return tab < 0 ? null : [line.slice(0, tab), line.slice(tab + 1)];
    }).map((block) => sentenceOf(block, '', (name) => (name in KLUE_NER_TYPES ? KLUE_NER_TYPES[name]! : name), path)),
};

/** A token and, in the last column, its tag a line (CoNLL-2003); columns apart by spaces or tabs. */
const conll: EntityFormat = {
  name: 'CoNLL',
  recognizes: (head) => /^(?:-DOCSTART-[^\n]*\n\s*)?\S+[ \t](?:\S+[ \t])*(?:O|[BI]-\S+)[ \t]*(?:\r?\n|$)/.test(head),
  read: (text, path) =>
    taggedBlocks(text, path, (line) => {
      const cells = line.trim().split(/[ \t]+/);
      return cells.length < 2 ? null : [cells[0]!, cells.at(-1)!];
    }).map((block) => sentenceOf(block, ' ', (name) => (name in KLUE_NER_TYPES ? KLUE_NER_TYPES[name]! : name), path)),
};

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
  recognizes: (head) => /^\s*\{[^\n]*"label"\s*:\s*\[/.test(head),
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
    const bySentence = new Map<string, { id: string; entities: TypedEntity[] }>();
    for (const { guid, sentence, subject_entity, object_entity } of parsed.data) {
      const known = bySentence.get(sentence) ?? { id: guid, entities: [] };
      for (const { start_idx, end_idx, type } of [subject_entity, object_entity])
        known.entities.push(entityAt(sentence, start_idx, end_idx, type));
      bySentence.set(sentence, known);
    }
    return [...bySentence].map(([sentence, { id, entities }]) => ({
      ...whole(id, sentence, flatEntities(entities)),
      partial: true,
    }));
  },
};

/** In the order in which a file's beginning is shown to them. */
export const ENTITY_FORMATS: readonly EntityFormat[] = [klueNer, konne, documents, klueRe, conll];

const HEAD = 4096;

/**
 * The sentences of a file, with their entities.
 *
 * Errors: `usage` for a file of no known format, or a line that cannot be read, with its place.
 */
export async function readEntityFile(path: string): Promise<EntitySentence[]> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw readFailure(path, error);
  });
  const text = content.replace(/^\ufeff/, '');
  const head = text.slice(0, HEAD);
  const format = ENTITY_FORMATS.find(({ recognizes }) => recognizes(head));
  if (!format)
    throw usageError(
      {
        en: `${path}: no format of entities is known by the beginning of this file.`,
        ko: `${path}: 파일의 첫머리로 알 수 있는 엔티티 형식이 없다.`,
      },
      {
        en: `Known are ${ENTITY_FORMATS.map(({ name }) => name).join(', ')}. ${DOCUMENT_LAYOUT.en}`,
        ko: `아는 형식: ${ENTITY_FORMATS.map(({ name }) => name).join(', ')}. ${DOCUMENT_LAYOUT.ko}`,
      },
    );
  return format.read(text, path);
}
