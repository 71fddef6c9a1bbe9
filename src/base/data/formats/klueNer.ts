import type { AnnotatedDocument } from '../../core/types.ts';
import { flatEntities } from '../entities/entitySentence.ts';
import { taggedBlocks, taggedText } from '../entities/taggedLines.ts';
import { BY_LINE, type Format, type Input, type RawRow } from './format.ts';
import type { Losses } from './losses.ts';
import { oneFile } from './writer.ts';

/** KLUE-NER's files (Park et al., 2021): a character and its tag a line, white space included; before each text `## ID`. */
export const klueNer: Format = {
  id: 'klue-ner',
  name: 'KLUE-NER',
  signs: {
    en: 'lines of ## before a character and its tag a line',
    ko: '## 줄 다음에 한 줄에 글자 하나와 태그',
  },
  extensions: [],
  recognizes: ({ text }) => /^(?:## [^\n]*\r?\n)+.{1,2}\t(?:O|[BI]-)/u.test(text ?? ''),
  counting: BY_LINE,
  open: async (input) => ({
    rows: rowsOf(input),
    notes: [
      {
        en: `${input.path} is read as KLUE-NER; entities are counted by its lines.`,
        ko: `${input.path}: KLUE-NER 형식으로 읽는다. 엔티티의 자리는 줄로 센다.`,
      },
    ],
  }),
  write: {
    extension: '.tsv',
    holds: 'documents',
    files: (documents, { lost }) =>
      oneFile(documents.map((document) => `${taggedLinesOf(document, lost).join('\n')}\n\n`).join('')),
  },
};

async function* rowsOf(input: Input): AsyncGenerator<RawRow> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of input.utf8()) text += decoder.decode(piece, { stream: true });
  const blocks = taggedBlocks(text + decoder.decode(), input.path, (line) => {
    const tab = line.lastIndexOf('\t');
    return tab < 0 ? null : [line.slice(0, tab), line.slice(tab + 1)];
  });
  for (const block of blocks) {
    const { text, entities } = taggedText(block, '');
    const id = block.title?.split('\t')[0] ?? null;
    yield { number: block.line, value: { id, text, entities } };
  }
}

function taggedLinesOf({ id, text, source, entities, relations, unsure }: AnnotatedDocument, lost: Losses): string[] {
  lost.add('relations', id, relations?.length ?? 0);
  if (relations?.length === 0) lost.add('empty_relations', id);
  lost.add('unsure', id, unsure.length);
  if (source !== null) lost.add('sources', id);
  const name = id.replace(/[\t\r\n]/g, ' ');
  if (name !== id) lost.add('ids', id);
  const typed = entities.map((entity) => ({ ...entity, type: entity.type ?? 'UNK' }));
  lost.add('missing_types', id, entities.filter(({ type }) => type === null).length);
  const flat = flatEntities(typed);
  lost.add('overlapping_entities', id, entities.length - flat.length);
  const tags = new Map<number, string>();
  for (const { start, end, type } of flat) {
    const tag = type.replace(/\s+/g, '_');
    if (tag !== type) lost.add('names', id);
    for (let at = start; at <= end; at++) tags.set(at, `${at === start ? 'B' : 'I'}-${tag}`);
  }
  if (/[\r\n]/.test(text)) lost.add('spacing', id);
  return [
    `## ${name}`,
    ...[...text.replace(/[\r\n]/g, ' ')].map((character, at) => `${character}\t${tags.get(at) ?? 'O'}`),
  ];
}
