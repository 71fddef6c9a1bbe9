import { asGiven } from '../../core/errors.ts';
import type { AnnotatedDocument, DocumentRelation, Entity } from '../../core/types.ts';
import { problemAt, shown } from '../checkRow.ts';
import { codePointLength, spanText } from '../span.ts';
import { safeName } from './fileNames.ts';
import { BY_LINE, type Input, type RawRow } from './format.ts';
import type { Losses } from './losses.ts';
import type { FoundOrNot, FoundSpan } from './offsets.ts';
import { type TextToken, tokenSpan, tokensOf } from './tokens.ts';
import { toolFormat } from './toolFormat.ts';

/**
 * WebAnno TSV 3, as INCEpTION exports it: a file for each text, a line for each token, with a group of columns for each
 * layer of annotation. A relation stands at its object's first token and names its subject's (WebAnno user guide, appendix B).
 */
export const webanno = toolFormat({
  id: 'webanno',
  name: 'WebAnno TSV 3',
  signs: {
    en: 'its first line is #FORMAT=WebAnno TSV 3',
    ko: '첫 줄이 #FORMAT=WebAnno TSV 3이다',
  },
  extensions: [],
  recognizes: ({ text }) => /^#FORMAT=WebAnno TSV 3/.test(text ?? ''),
  counting: BY_LINE,
  convention: { name: 'WebAnno TSV 3', documented: ['utf16-exclusive'] },
  collect: async (input, lost) => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of input.utf8()) text += decoder.decode(piece, { stream: true });
    return { found: [annotated(input, (text + decoder.decode()).split(/\r?\n/), lost)] };
  },
  write: {
    extension: '',
    holds: 'documents',
    files: (documents, { lost }) => {
      const nameOf = safeName(lost);
      return documents.map((document) => {
        if (document.source !== null) lost.add('sources', document.id);
        lost.add('unsure', document.id, document.unsure.length);
        return { name: `${nameOf(document.id)}.tsv`, content: tsvOf(document) };
      });
    },
  },
});

const ENTITY_LAYER = 'de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity';
const RELATION_LAYER = 'webanno.custom.Relation';
/** Layers of grammar: their units are no entities. */
const GRAMMAR = /\.(lexmorph|segmentation|syntax|transform)\./;

interface Layer {
  readonly kind: 'span' | 'relation' | 'chain';
  readonly name: string;
  readonly features: readonly string[];
  /** Its first column behind the token. */
  readonly column: number;
  readonly width: number;
  /** Of a relation: the layer whose units it joins. */
  readonly base: string | null;
}

function layersOf(lines: readonly string[]): Layer[] {
  let column = 3;
  return lines.flatMap((line): Layer[] => {
    const [, kind, rest] = /^#T_(SP|RL|CH)=(.*)$/.exec(line) ?? [];
    if (kind === undefined || rest === undefined) return [];
    const [name = '', ...parts] = rest.split('|').filter((part, i) => i === 0 || part !== '');
    const base = parts.find((part) => part.startsWith('BT_'))?.slice(3) ?? null;
    const features = parts.filter((part) => !part.startsWith('BT_'));
    // A layer without features has a column all the same.
    const width = kind === 'RL' ? features.length + 1 : Math.max(1, features.length);
    const layer = { kind: KINDS[kind]!, name, features, column, width, base };
    column += width;
    return [layer];
  });
}

const KINDS: Readonly<Record<string, Layer['kind']>> = { SP: 'span', RL: 'relation', CH: 'chain' };

/** A line of a token, or of a part of one. */
interface Unit {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly word: string;
  readonly cells: readonly string[];
}

/** A unit of annotation: the tokens that it covers, and what it says. */
interface Annotation {
  readonly units: Unit[];
  readonly id: string | null;
  readonly values: readonly (string | null)[];
}

const UNIT = /^(\d+-\d+(?:\.\d+)?)\t(\d+)-(\d+)\t([^\t]*)((?:\t[^\t]*)*)$/;

function annotated(input: Input, lines: readonly string[], lost: Losses): FoundOrNot {
  const name = input.name.replace(/\.tsv(\.gz)?$/i, '');
  const layers = layersOf(lines);
  const row: RawRow = { number: 1, value: { id: name } };
  const units: Unit[] = [];
  /** Where sentences begin in the list of units, and their texts. */
  const sentences: { readonly text: string; readonly first: number }[] = [];
  let pending: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('#Text=')) pending.push(unescaped(line.slice('#Text='.length)));
    else if (line === '' || line.startsWith('#')) continue;
    else {
      const [, id, start, end, word, rest] = UNIT.exec(line) ?? [];
      if (id === undefined)
        return {
          ...row,
          problem: problemAt(`line ${index + 1}`, asGiven(shown(line)), {
            en: 'SENTENCE-TOKEN<tab>START-END<tab>TOKEN and the columns of the layers',
            ko: '문장-토큰<탭>시작-끝<탭>토큰과 레이어의 열',
          }),
        };
      if (pending.length > 0) sentences.push({ text: pending.join('\n'), first: units.length });
      pending = [];
      units.push({
        ...{ id, start: Number(start), end: Number(end), word: unescaped(word!) },
        cells: rest!.split('\t'),
      });
    }
  }
  const built = [true, false].map((utf16) => textOf(sentences, units, utf16)).find((text) => text !== null);
  if (!built)
    return {
      ...row,
      problem: problemAt('#Text', asGiven(shown(sentences[0]?.text ?? '')), {
        en: 'tokens whose offsets are those of the text',
        ko: '글에서의 자리와 위치가 같은 토큰',
      }),
    };
  return { ...row, id: name, source: null, tokens: null, ...found(layers, units, built, name, lost) };
}

/** The text that sentences and the offsets of tokens make, line breaks where the file has nothing; null where they do not fit. */
function textOf(
  sentences: readonly { readonly text: string; readonly first: number }[],
  units: readonly Unit[],
  utf16: boolean,
): { readonly text: string; readonly utf16: boolean } | null {
  const lengthOf = (text: string) => (utf16 ? text.length : codePointLength(text));
  let text = '';
  for (const sentence of sentences) {
    const { start, word } = units[sentence.first]!;
    const at = sentence.text.indexOf(word);
    const gap = start - lengthOf(sentence.text.slice(0, Math.max(0, at))) - lengthOf(text);
    if (at < 0 || gap < 0) return null;
    text += '\n'.repeat(gap) + sentence.text;
  }
  const sliced = ({ start, end }: Unit) => (utf16 ? text.slice(start, end) : spanText(text, start, end - 1));
  return units.every((unit) => sliced(unit) === unit.word) ? { text, utf16 } : null;
}

function found(
  layers: readonly Layer[],
  units: readonly Unit[],
  { text, utf16 }: { readonly text: string; readonly utf16: boolean },
  name: string,
  lost: Losses,
) {
  const spans = layers.filter(({ kind, name }) => kind === 'span' && !GRAMMAR.test(name));
  const joins = layers.filter(({ kind, base }) => kind === 'relation' && spans.some(({ name }) => name === base));
  const entityLayers = new Set(
    joins.length > 0
      ? joins.map(({ base }) => base)
      : [spans.find(({ name }) => name === ENTITY_LAYER) ?? spans[0]].map((layer) => layer?.name),
  );
  for (const layer of layers)
    if (!entityLayers.has(layer.name) && !joins.includes(layer))
      lost.add(layer.kind === 'span' ? 'other_fields' : 'attributes', name, annotationsOf(layer, units).length);
  const entities: FoundSpan[] = [];
  const places = new Map<string, number>();
  const key = (layer: string, unit: string, id: string | null) => `${layer} ${unit} ${id ?? '0'}`;
  for (const layer of spans.filter(({ name }) => entityLayers.has(name)))
    for (const annotation of annotationsOf(layer, units)) {
      const [start, end] = [annotation.units[0]!.start, Math.max(...annotation.units.map(({ end }) => end))];
      if (end <= start) {
        lost.add('attributes', name);
        continue;
      }
      const word = utf16 ? text.slice(start, end) : spanText(text, start, end - 1);
      for (const { id } of annotation.units) places.set(key(layer.name, id, annotation.id), entities.length);
      entities.push({ word, start, end, type: said(layer, annotation.values, ['value', 'label', 'type']) });
    }
  const relations = joins.flatMap((layer) =>
    units.flatMap((unit) => relationsOf(layer, unit, (id, at) => places.get(key(layer.base!, at, id)), name, lost)),
  );
  return { text, spans: entities, says: { relations: joins.length > 0 ? relations : null } };
}

/** What a layer says, by the feature of the usual name, else by the first that says something. */
function said({ features }: Layer, values: readonly (string | null)[], usual: readonly string[]): string | null {
  const named = usual.map((name) => values[features.indexOf(name)]).find((value) => value != null);
  return named ?? values.find((value) => value !== null) ?? null;
}

function annotationsOf(layer: Layer, units: readonly Unit[]): Annotation[] {
  const all: Annotation[] = [];
  const open = new Map<string, Annotation>();
  for (const unit of units) {
    const columns = unit.cells.slice(layer.column - 2, layer.column - 2 + layer.width).map(stacked);
    for (const [i, { id, value }] of (columns[0] ?? []).entries()) {
      if (value === undefined) continue;
      const known = id === null ? undefined : open.get(id);
      if (known) known.units.push(unit);
      else {
        const annotation = { units: [unit], id, values: columns.map((column) => column[i]?.value ?? null) };
        all.push(annotation);
        if (id !== null) open.set(id, annotation);
      }
    }
  }
  return all;
}

/** The relations that end at a token. */
function relationsOf(
  layer: Layer,
  unit: Unit,
  placeOf: (id: string | null, unit: string) => number | undefined,
  name: string,
  lost: Losses,
): DocumentRelation[] {
  const columns = unit.cells.slice(layer.column - 2, layer.column - 2 + layer.width);
  const ends = columns.at(-1) ?? '_';
  if (ends === '_') return [];
  const values = columns.slice(0, -1).map(stacked);
  return ends.split('|').flatMap((end, i): DocumentRelation[] => {
    const [, from, source, target] = /^(\d+-\d+(?:\.\d+)?)(?:\[(\d+)_(\d+)\])?$/.exec(end) ?? [];
    const idOf = (id: string | undefined) => (id === undefined || id === '0' ? null : id);
    const subject = placeOf(idOf(source), from ?? '');
    const object = placeOf(idOf(target), unit.id);
    const relation = said(
      layer,
      values.map((column) => column[i]?.value ?? null),
      ['label', 'value', 'role'],
    );
    if (subject === undefined || object === undefined) lost.add('dangling_relations', name);
    else if (relation === null) lost.add('unnamed_relations', name);
    else return [{ subject, relation, object }];
    return [];
  });
}

/** The annotations in a cell: `_` for none, `*` for one that says nothing, `A[1]|B[2]` for two. */
function stacked(cell: string): { readonly id: string | null; readonly value: string | null | undefined }[] {
  if (cell === '_') return [{ id: null, value: undefined }];
  return (cell.match(/(?:\\.|[^|\\])+/g) ?? []).map((part) => {
    const [, value = '', id = null] = /^((?:\\.|[^[\\])*)(?:\[(\d+)\])?$/.exec(part) ?? [null, part];
    return { id, value: value === '*' ? null : unescaped(value) };
  });
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const unescaped = (text: string): string =>
  text.replace(/\\(->|.)/g, (_, character: string) => ESCAPES[character] ?? character);
const escapedText = (text: string): string =>
  text.replace(/[\\\n\r\t]/g, (character) => {
    const letter = Object.entries(ESCAPES).find(([, raw]) => raw === character)?.[0];
    return `\\${letter ?? character}`;
  });
const escapedValue = (value: string): string =>
  escapedText(value)
    .replace(/[[\]|_;*]/g, '\\$&')
    .replaceAll('->', '\\->');

/** A text and its annotations; a sentence for each line, or one alone where lines could not be put together again. */
function tsvOf({ text, entities, relations }: AnnotatedDocument): string {
  const tokens = tokensOf(text, entities);
  const isInk = (line: string) => line === '' || /\S/.test(line);
  const lines = text.split('\n');
  const areSentences = lines.every(isInk) && lines.at(-1) !== '' && tokens.every((token) => token.text.trim() !== '');
  const spans = entities.map((entity) => tokenSpan(tokens, entity)!);
  const places = placesOf(text, tokens, areSentences);
  const idOf = disambiguation(entities, spans);
  const rows = tokens.map((token, at) => {
    const covering = [...entities.keys()].filter((i) => spans[i]![0] <= at && at <= spans[i]![1]);
    const cell = (contentOf: (entity: Entity) => string | null) =>
      covering
        .map((i) => {
          const value = contentOf(entities[i]!);
          return `${value === null ? '*' : escapedValue(value)}${idOf[i] === 0 ? '' : `[${idOf[i]}]`}`;
        })
        .join('|') || '_';
    const ending = (relations ?? []).filter(({ object }) => spans[object]![0] === at);
    const ends = ending.map(({ subject, object }) => {
      const [from, to] = [idOf[subject], idOf[object]];
      return `${places[spans[subject]![0]]}${from === 0 && to === 0 ? '' : `[${from}_${to}]`}`;
    });
    const { from, to } = token.place;
    return [
      ...[places[at], `${from}-${to}`, escapedText(token.text), cell(() => null), cell(({ type }) => type)],
      ...(relations === null
        ? []
        : [ending.map(({ relation }) => escapedValue(relation)).join('|') || '_', ends.join('|') || '_']),
    ];
  });
  const header = [
    '#FORMAT=WebAnno TSV 3.3',
    `#T_SP=${ENTITY_LAYER}|identifier|value`,
    ...(relations === null ? [] : [`#T_RL=${RELATION_LAYER}|label|BT_${ENTITY_LAYER}`]),
  ];
  const sentences = areSentences ? lines.filter((line) => line !== '').map((line) => [line]) : [lines];
  let next = 0;
  const body = sentences.map((sentence, number) => {
    const own: string[] = [];
    while (next < rows.length && places[next]!.startsWith(`${number + 1}-`)) own.push(`${rows[next++]!.join('\t')}\t`);
    return ['', ...sentence.map((line) => `#Text=${escapedText(line)}`), ...own].join('\n');
  });
  return `${header.join('\n')}\n\n${body.join('\n')}\n`;
}

/** `SENTENCE-TOKEN` of each token, both counted from 1. */
function placesOf(text: string, tokens: readonly TextToken[], areSentences: boolean): string[] {
  let [sentence, token, end] = [0, 0, -1];
  return tokens.map(({ place }) => {
    const isNew = end < 0 || (areSentences && text.slice(end, place.from).includes('\n'));
    if (isNew) [sentence, token] = [sentence + 1, 0];
    end = place.to;
    token++;
    return `${sentence}-${token}`;
  });
}

/** Ids of entities of several tokens, or with another one at a token of theirs; 0 for all others. */
function disambiguation(entities: readonly Entity[], spans: readonly (readonly [number, number])[]): number[] {
  let next = 1;
  return entities.map((_, i) => {
    const [first, last] = spans[i]!;
    const isAlone = first === last && spans.every(([a, b], other) => other === i || b < first || last < a);
    return isAlone ? 0 : next++;
  });
}
