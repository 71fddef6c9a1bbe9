import { usageError } from '../../core/errors.ts';
import type { DocumentRelation, Entity, Localized } from '../../core/types.ts';
import { type Problem, problemAt, shown } from '../checkRow.ts';
import { normalText, type Place } from '../normalForm.ts';
import { codePointLength, codePointsBefore, overlap, type Span, unitsOf } from '../span.ts';
import type { RawRow } from './format.ts';
import type { Losses } from './losses.ts';
import { READING_NAMES, READINGS, type Reading, type ReadingName } from './readings.ts';

/** A stretch as a file gives it: how it counts is not known yet. */
export interface FoundSpan {
  /** What the file says is there; null where it says nothing, and nothing can be checked. */
  readonly word: string | null;
  readonly start: number;
  /** Null where the word's length says it. */
  readonly end: number | null;
  readonly type: string | null;
}

/** A text or a row of another tool's file. */
export interface Found {
  readonly number: number;
  /** As it stands in the file, for messages. */
  readonly value: unknown;
  /** Null where the file names none. */
  readonly id: string | null;
  readonly text: string;
  readonly source: string | null;
  /** Where its tokens are in the text, for files that count them. */
  readonly tokens: readonly Place[] | null;
  readonly spans: readonly FoundSpan[];
  /** How it says itself that it counts, as those do that korex wrote. */
  readonly counting?: ReadingName | null;
  /** Of korex's own layouts: the row with its entities at these places; what does not fit is then told of the row itself. */
  readonly withEntities?: (entities: readonly Entity[]) => unknown;
  /** Of a document: between spans, by their places in the list; null where they were not annotated. Of a row: its label. */
  readonly says: { readonly relations: readonly DocumentRelation[] | null } | { readonly label: string | null };
}

/** A text or row that could not even be taken apart. */
export type FoundOrNot = Found | (RawRow & { readonly problem: Problem });
const isFound = (found: FoundOrNot): found is Found => 'spans' in found;

/** What a file of another tool is known to do. */
export interface Convention {
  /** The tool, as messages name it. */
  readonly name: string;
  /** The ways of counting that the tool itself writes, the usual one first. */
  readonly documented: readonly ReadingName[];
  /** Whether its files cannot say that relations were not annotated: where no text has any, they were not. */
  readonly noneIsUnannotated?: boolean;
  /** Whether a file that fits in no way is taken as usual, for its rows to be refused one by one. */
  readonly refusesRows?: boolean;
}

export interface Settled {
  /** Rows in KLUE's layout, or documents, with offsets as korex counts. */
  readonly rows: readonly RawRow[];
  readonly note: Localized;
}

/**
 * Finds how a file counts, and brings it into korex's layouts.
 *
 * What a file says itself of all its texts holds. Else a way of counting is out where a span of the file, read so, has another
 * text than its word or, without a word, is empty, ends outside the text, begins or ends with white space or within a
 * character. What is left and gives the same stretches everywhere is the answer; ways that the tool itself writes come first.
 * Where one fits most spans but not all, the others are bad rows.
 *
 * Errors: `usage` where two ways fit and differ, or none fits, with what was found, for `--offsets` to say it.
 */
export function settle(
  found: readonly FoundOrNot[],
  path: string,
  { name, documented, noneIsUnannotated = false, refusesRows = false }: Convention,
  asked: ReadingName | null,
  lost: Losses,
): Settled {
  const hasRelations = found.some((one) => isFound(one) && 'relations' in one.says && one.says.relations?.length);
  const texts = found.filter(isFound).map((one) => {
    const isBare = noneIsUnannotated && !hasRelations && 'relations' in one.says;
    return locate(isBare ? { ...one, says: { relations: null } } : one);
  });
  const stated = texts[0]?.found.counting ?? null;
  const isStated = stated !== null && texts.every(({ found: { counting } }) => counting === stated);
  const chosen = asked ?? (isStated ? stated : choose(texts, path, documented, refusesRows));
  const located = texts[Symbol.iterator]();
  const rows = found.map((one) => (isFound(one) ? inKorexLayout(located.next().value!, chosen, lost) : one));
  return { rows, note: noteOf(path, name, texts, chosen, asked !== null ? 'asked' : isStated ? 'stated' : 'found') };
}

/** A text with the way from code points to UTF-16 units. */
interface Located {
  readonly found: Found;
  /** Place of each code point in UTF-16 units, with the text's end; null where both count alike. */
  readonly units: Uint32Array | null;
}

const locate = (found: Found): Located => ({ found, units: unitsOf(found.text) });

/** Where a span is in its text (UTF-16 units), read in one way; null where there is no such place. */
function placeOf({ found: { text, tokens }, units }: Located, span: FoundSpan, reading: Reading): Place | null {
  const { start, word } = span;
  if (reading.unit === 'token') {
    const last = (span.end ?? start) - (reading.end === 'exclusive' && span.end !== null ? 1 : 0);
    const [first, end] = [tokens?.[start], tokens?.[last]];
    return first === undefined || end === undefined || last < start ? null : { from: first.from, to: end.to };
  }
  const at = (offset: number) => (reading.unit === 'utf16' || units === null ? offset : (units[offset] ?? -1));
  const from = at(start);
  if (span.end === null) return { from, to: from + (word?.length ?? 0) };
  const to = at(reading.end === 'exclusive' ? span.end : span.end + 1);
  return from < 0 || to <= from || to > text.length ? null : { from, to };
}

/**
 * Whether a span, read in one way, can be what is meant. Without a word to hold it to, `strict` takes white space at its
 * edges for a sign that it is not.
 */
function fits(text: Located, span: FoundSpan, reading: Reading, strict: boolean): boolean {
  const place = placeOf(text, span, reading);
  if (place === null) return false;
  const stretch = text.found.text.slice(place.from, place.to);
  if (span.word !== null) return sameWord(stretch, span.word, reading.unit === 'token');
  // The text itself is well-formed, so that only the edges can lie within a character.
  const isCut = /^[\uDC00-\uDFFF]/.test(stretch) || /[\uD800-\uDBFF]$/.test(stretch.slice(-1));
  return !isCut && (!strict || stretch.trim() === stretch);
}

function isLiteral(text: Located, span: FoundSpan, reading: Reading): boolean {
  const place = placeOf(text, span, reading);
  return place !== null && (span.word === null || text.found.text.slice(place.from, place.to) === span.word);
}

/** Tools write a line break within an entity as a space, and those that count tokens put spaces between them. */
function sameWord(a: string, b: string, areTokens: boolean): boolean {
  if (a === b) return true;
  // Composing shortens a text by a few characters for one; a stretch that is far longer need not be looked at.
  if (!areTokens && a.length > 8 * b.length) return false;
  const normal = (text: string) => normalText(text).replace(/\s/g, areTokens ? '' : ' ');
  return normal(a) === normal(b);
}

/** A way of counting, held against a file. */
interface Trial {
  readonly name: ReadingName;
  readonly reading: Reading;
  readonly fitting: number;
}

function choose(
  texts: readonly Located[],
  path: string,
  documented: readonly ReadingName[],
  refusesRows: boolean,
): ReadingName {
  const spans = texts.flatMap((text) => text.found.spans.map((span): Held => ({ text, span })));
  const [usual] = documented;
  if (spans.length === 0) return usual!;
  const hasTokens = texts.some(({ found }) => found.tokens !== null);
  const names = [...new Set([...documented, ...READING_NAMES])].filter(
    (name) => hasTokens || READINGS[name].unit !== 'token',
  );
  const tried = (strict: boolean) =>
    names.map((name): Trial => {
      const reading = READINGS[name];
      return { name, reading, fitting: spans.filter(({ text, span }) => fits(text, span, reading, strict)).length };
    });
  const isComplete = ({ fitting }: Trial) => fitting === spans.length;
  const strictly = tried(true);
  // Where every way has spans with white space at their edges, the annotators put it there.
  const trials = strictly.some(isComplete) ? strictly : tried(false);
  const complete = trials.filter(isComplete);
  const own = complete.filter(({ name }) => documented.includes(name));
  const likely = own.length > 0 ? own : complete;
  // Words as they stand decide before words that are alike but for white space.
  const literal = likely.filter(({ reading }) => spans.every(({ text, span }) => isLiteral(text, span, reading)));
  const [first, ...others] = literal.length > 0 ? literal : likely;
  if (first !== undefined) {
    for (const other of others) {
      const apart = spans.find(({ text, span }) => !isSame(text, span, first, other));
      if (apart) throw ambiguous(path, first, other, apart);
    }
    return first.name;
  }
  // Where none fits everywhere: the one that fits most, by its edges among equals, and one that the tool itself writes first.
  const most = Math.max(...trials.map(({ fitting }) => fitting));
  const ofMost = trials.filter(({ fitting }) => fitting === most);
  const cleanly = ({ name }: Trial) => strictly.find((trial) => trial.name === name)!.fitting;
  const clean = Math.max(...ofMost.map(cleanly));
  const best = ofMost.filter((trial) => cleanly(trial) === clean);
  const written = best.filter(({ name }) => documented.includes(name));
  const [winner, ...rivals] = written.length > 0 ? written : best;
  // Two that fit alike, and say the same wherever they fit, are one.
  const agree = rivals.every((rival) =>
    spans.every(
      ({ text, span }) =>
        isSame(text, span, winner!, rival) ||
        !(fits(text, span, winner!.reading, false) || fits(text, span, rival.reading, false)),
    ),
  );
  if (most * 2 > spans.length && agree) return winner!.name;
  if (refusesRows) return usual!;
  throw unfitting(path, trials, spans, winner!);
}

function isSame(text: Located, span: FoundSpan, a: Trial, b: Trial): boolean {
  const [one, other] = [placeOf(text, span, a.reading), placeOf(text, span, b.reading)];
  return one?.from === other?.from && one?.to === other?.to;
}

const SAY_IT: Localized = {
  en: `Say how the file counts with --offsets: ${READING_NAMES.join(', ')}.`,
  ko: `--offsets로 파일이 세는 방식을 알려 준다: ${READING_NAMES.join(', ')}.`,
};

/** A span with the text that it is of. */
interface Held {
  readonly text: Located;
  readonly span: FoundSpan;
}

function ambiguous(path: string, a: Trial, b: Trial, { text, span }: Held) {
  const word = ({ name }: Trial) => shown(wordAt(text, span, name) ?? '');
  const at = `${span.start}${span.end === null ? '' : `–${span.end}`}`;
  const { number } = text.found;
  return usageError(
    {
      en: `${path}: its offsets can be read in two ways. Row ${number}, ${at} is ${word(a)} by ${a.name} and ${word(b)} by ${b.name}.`,
      ko: `${path}: 위치를 두 가지로 읽을 수 있다. ${number}행의 ${at}: ${a.name}이면 ${word(a)}, ${b.name}이면 ${word(b)}.`,
    },
    SAY_IT,
  );
}

function unfitting(path: string, trials: readonly Trial[], spans: readonly Held[], best: Trial) {
  const counts = trials.map(({ name, fitting }) => `${name} ${fitting}`).join(', ');
  const total = spans.length;
  const { text, span } = spans.find((held) => !fits(held.text, held.span, best.reading, false)) ?? spans[0]!;
  const { number } = text.found;
  const { found, expected } = spanProblem('', span, wordAt(text, span, best.name), best.name);
  return usageError(
    {
      en: `${path}: its offsets do not fit its texts in any way of counting. Of ${total} entities fit: ${counts}. Row ${number}: found ${found.en}; expected ${expected.en}.`,
      ko: `${path}: 어떤 방식으로 세어도 위치가 글과 맞지 않는다. 엔티티 ${total}개 가운데 맞는 수: ${counts}. ${number}행: 있는 것은 ${found.ko}, 필요한 것은 ${expected.ko}.`,
    },
    {
      en: `Correct the offsets in the file. Or say how it counts with --offsets: ${READING_NAMES.join(', ')}.`,
      ko: `파일의 위치를 고친다. 또는 --offsets로 파일이 세는 방식을 알려 준다: ${READING_NAMES.join(', ')}.`,
    },
  );
}

/** What a span, read in one way, has; null where there is no such place. */
function wordAt(text: Located, span: FoundSpan, name: ReadingName): string | null {
  const place = placeOf(text, span, READINGS[name]);
  return place === null ? null : text.found.text.slice(place.from, place.to);
}

/** What was recognised and how offsets were taken, in a line. */
function noteOf(
  path: string,
  name: string,
  texts: readonly Located[],
  chosen: ReadingName,
  by: 'asked' | 'stated' | 'found',
): Localized {
  const spans = texts.flatMap(({ found }) => found.spans);
  const checked = spans.filter(({ word }) => word !== null).length;
  const { unit, end } = READINGS[chosen];
  const plain = unit !== 'token' && texts.every(({ units }) => units === null);
  const what = {
    en: { codepoint: 'code points', utf16: 'UTF-16 units', token: 'tokens' }[unit],
    ko: { codepoint: '코드 포인트', utf16: 'UTF-16 단위', token: '토큰' }[unit],
  };
  const how = {
    en: `${plain ? 'characters' : what.en}, end ${end}`,
    ko: `${plain ? '글자' : what.ko}, 끝 ${end === 'exclusive' ? '제외' : '포함'}`,
  };
  const why =
    by === 'asked'
      ? { en: '--offsets', ko: '--offsets' }
      : by === 'stated'
        ? { en: 'as the file says', ko: '파일에 적힌 대로' }
        : checked > 0
          ? { en: `checked against ${checked} words`, ko: `단어 ${checked}개와 맞춰 보았다` }
          : {
              en: `as ${name} writes them; the file has no words to check by`,
              ko: `${name}이(가) 쓰는 대로. 파일에 맞춰 볼 단어가 없다`,
            };
  return spans.length === 0
    ? { en: `${path} is read as ${name}.`, ko: `${path}: ${name} 형식으로 읽는다.` }
    : {
        en: `${path} is read as ${name}; offsets: ${how.en} (${why.en}).`,
        ko: `${path}: ${name} 형식으로 읽는다. 위치: ${how.ko}(${why.ko}).`,
      };
}

/** A text or row with offsets as korex counts, or what is wrong with it. */
function inKorexLayout(text: Located, chosen: ReadingName, lost: Losses): RawRow {
  const { number, value, id, text: content, source, spans, says, withEntities } = text.found;
  const where = id ?? `${number}`;
  const isRow = 'label' in says;
  const entities: Entity[] = [];
  for (const [i, span] of spans.entries()) {
    const field = isRow ? ['subject', 'object'][i]! : `entities.${i}`;
    const place = placeOf(text, span, READINGS[chosen]);
    const word = place === null ? null : content.slice(place.from, place.to);
    if (place === null || word === null || word === '' || !fits(text, span, READINGS[chosen], false))
      return withEntities ? { number, value } : { number, value, problem: spanProblem(field, span, word, chosen) };
    const start = codePointsBefore(content, place.from);
    entities.push({ word, start, end: start + codePointLength(word) - 1, type: span.type });
  }
  if (withEntities) return { number, value: withEntities(entities) };
  if (isRow) {
    const [subject, object] = entities.map(({ word, start, end, type }) => ({
      word,
      start_idx: start,
      end_idx: end,
      type,
    }));
    const row = { guid: id, sentence: content, subject_entity: subject, object_entity: object };
    return { number, value: { ...row, label: says.label, source } };
  }
  const relations = says.relations && kept(says.relations, entities, where, lost);
  return { number, value: { id, text: content, source, entities, relations: relations?.map(triple) ?? null } };
}

const triple = ({ subject, relation, object }: DocumentRelation) => [subject, relation, object] as const;

/** The relations that a document has room for: one of a pair, between entities apart. */
function kept(
  relations: readonly DocumentRelation[],
  entities: readonly Span[],
  where: string,
  lost: Losses,
): DocumentRelation[] {
  const pairs = new Set<string>();
  return relations.filter(({ subject, object }) => {
    const pair = `${subject} ${object}`;
    if (subject === object || overlap(entities[subject]!, entities[object]!)) lost.add('overlapping_pairs', where);
    else if (pairs.has(pair)) lost.add('several_relations', where);
    else return pairs.add(pair);
    return false;
  });
}

function spanProblem(field: string, span: FoundSpan, actual: string | null, chosen: ReadingName): Problem {
  const at = `${span.start}${span.end === null ? '' : `–${span.end}`}`;
  const what = actual === null || actual === '' ? { en: 'no place of the text', ko: '글에 없는 자리' } : shown(actual);
  const found =
    typeof what === 'string'
      ? { en: `${what} at ${at}`, ko: `${at}의 ${what}` }
      : { en: `${what.en} (${at})`, ko: `${what.ko}(${at})` };
  const expected =
    span.word === null
      ? { en: `an entity of the text, by ${chosen}`, ko: `글의 엔티티(${chosen})` }
      : { en: `${shown(span.word)}, by ${chosen}`, ko: `${shown(span.word)}(${chosen})` };
  return problemAt(field, found, expected);
}
