import { asGiven } from '../../core/errors.ts';
import type { DocumentRelation } from '../../core/types.ts';
import { type Problem, problemAt, shown } from '../checkRow.ts';
import { safeName } from './fileNames.ts';
import { BY_LINE, fileError, type Input } from './format.ts';
import type { Losses } from './losses.ts';
import type { FoundSpan } from './offsets.ts';
import { toolFormat } from './toolFormat.ts';

/** `T1<tab>ORG 0 4;6 8<tab>text` */
const TEXT_BOUND = /^(T\S+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t([\s\S]*))?$/;
/** `R1<tab>per:title Arg1:T1 Arg2:T2` */
const RELATION = /^(R\S+)\t(\S+) (\S+?):(T\S+) (\S+?):(T\S+)\s*$/;
/** Events, attributes, modifications, normalisations, equivalences and notes. */
const OTHER = /^[EAMN*#]/;

/** brat's stand-off files: NAME.ann with the annotations of the text NAME.txt beside it. */
export const brat = toolFormat({
  id: 'brat',
  name: 'brat',
  signs: {
    en: 'the ending .ann, or lines like T1, PER 0 3',
    ko: '확장자 .ann, 또는 T1, PER 0 3 같은 줄',
  },
  extensions: ['.ann'],
  mayBeEmpty: true,
  recognizes: ({ path, text }) =>
    text !== null && (/\.ann(\.gz)?$/i.test(path) || /^(T\S+\t\S+ \d+ \d+(;\d+ \d+)*\t|R\d+\t\S+ Arg1:)/.test(text)),
  counting: BY_LINE,
  convention: { name: 'brat', documented: ['codepoint-exclusive'], noneIsUnannotated: true },
  collect: async (input, lost) => {
    const id = input.name.replace(/\.ann(\.gz)?$/i, '');
    const name = id.replace(/^.*[/\\]/, '');
    const text = await input.beside(`${name}.txt`);
    if (text === null)
      throw fileError(
        'foreign',
        {
          en: `${input.path} is brat’s annotation file, and its text, ${name}.txt, is not beside it.`,
          ko: `${input.path}: brat의 주석 파일인데, 그 글 ${name}.txt가 옆에 없다.`,
        },
        { en: `Put ${name}.txt into the same folder.`, ko: `${name}.txt를 같은 폴더에 넣는다.` },
      );
    return { found: [annotated(id, text, await linesOf(input), lost)] };
  },
  write: {
    extension: '',
    holds: 'documents',
    files: (documents, { lost }) => {
      const isAnnotated = documents.some(({ relations }) => relations !== null && relations.length > 0);
      const nameOf = safeName(lost);
      return documents.flatMap(({ id, text, source, entities, relations, unsure }) => {
        const file = nameOf(id);
        if (source !== null) lost.add('sources', id);
        lost.add('unsure', id, unsure.length);
        if (relations === null && isAnnotated) lost.add('unannotated', id);
        if (relations !== null && !isAnnotated) lost.add('empty_relations', id);
        const lines = [
          ...entities.map(({ word, start, end, type }, i) => {
            if (type === null) lost.add('missing_types', id);
            return `T${i + 1}\t${oneWord(type ?? 'Entity', id, lost)} ${start} ${end + 1}\t${word.replace(/[\n\r\t]/g, ' ')}`;
          }),
          ...(relations ?? []).map(
            ({ subject, relation, object }, i) =>
              `R${i + 1}\t${oneWord(relation, id, lost)} Arg1:T${subject + 1} Arg2:T${object + 1}`,
          ),
        ];
        return [
          { name: `${file}.txt`, content: text },
          { name: `${file}.ann`, content: lines.map((line) => `${line}\n`).join('') },
        ];
      });
    },
  },
});

/** A name without white space, which ends names in brat. */
function oneWord(name: string, where: string, lost: Losses): string {
  if (!/\s/.test(name)) return name;
  lost.add('names', where);
  return name.replace(/\s+/g, '_');
}

async function linesOf(input: Input): Promise<readonly string[]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of input.utf8()) text += decoder.decode(piece, { stream: true });
  return (text + decoder.decode()).split(/\r?\n/);
}

function annotated(name: string, text: string, lines: readonly string[], lost: Losses) {
  const row = { number: 1, value: { id: name } };
  const wrong = (line: number, found: string): Problem =>
    problemAt(`line ${line}`, asGiven(shown(found)), {
      en: 'T1<tab>TYPE START END<tab>TEXT, or R1<tab>NAME Arg1:T1 Arg2:T2',
      ko: 'T1<탭>유형 시작 끝<탭>글, 또는 R1<탭>이름 Arg1:T1 Arg2:T2',
    });
  const spans: FoundSpan[] = [];
  const places = new Map<string, number>();
  const pairs: { readonly relation: string; readonly from: string; readonly to: string }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const entity = TEXT_BOUND.exec(line);
    const relation = RELATION.exec(line);
    if (entity) {
      const [, key, type, places_, word] = entity;
      const parts = places_!.split(/[; ]/).map(Number);
      const isWhole = parts.length === 2;
      if (!isWhole) lost.add('gaps', name, parts.length / 2 - 1);
      places.set(key!, spans.length);
      spans.push({ word: isWhole ? (word ?? null) : null, start: parts[0]!, end: parts.at(-1)!, type: type! });
    } else if (relation) pairs.push({ relation: relation[2]!, from: relation[4]!, to: relation[6]! });
    else if (OTHER.test(line)) lost.add('attributes', name);
    else return { ...row, problem: wrong(index + 1, line) };
  }
  const relations = pairs.flatMap(({ relation, from, to }): DocumentRelation[] => {
    const [subject, object] = [places.get(from), places.get(to)];
    if (subject !== undefined && object !== undefined) return [{ subject, relation, object }];
    lost.add('dangling_relations', name);
    return [];
  });
  return { ...row, id: name, text, source: null, tokens: null, spans, says: { relations } };
}
