import { once } from 'node:events';
import { dirname } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { writeFileAtomic } from '../../../base/core/files.ts';
import { grouped } from '../../../base/core/format.ts';
import { nearest } from '../../../base/core/nearest.ts';
import { checkApart, checkFree, writeFolderAtomic } from '../../../base/core/outputs.ts';
import type { Language } from '../../../base/core/types.ts';
import {
  type AnnotationCounts,
  countsOf,
  type ReadAnnotations,
  type WrittenFile,
} from '../../../base/data/annotations.ts';
import { PAIR_CHOICES, readAnnotations, writeAnnotations } from '../../../base/data/convert.ts';
import { columnMapping } from '../../../base/data/formats/columns.ts';
import type { Format } from '../../../base/data/formats/format.ts';
import { LOSSES, type Loss } from '../../../base/data/formats/losses.ts';
import { READING_NAMES } from '../../../base/data/formats/readings.ts';
import { FORMATS, formatOfOutput } from '../../../base/data/formats/table.ts';
import { reportRejected } from '../../../base/data/loadDataset.ts';
import { openRows } from '../../../base/data/openRows.ts';
import { readRelationList } from '../../../base/data/relationList.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { option } from '../command.ts';

const IDS = FORMATS.map(({ id }) => id).join(', ');

export const convertCommand: Command = {
  description: {
    en:
      'Reads annotations in one format and writes them in another: KLUE, tables, documents, and what OpenNRE, DeepKE, TACRED, spaCy/Prodigy, doccano, Label ' +
      'Studio, brat, INCEpTION (WebAnno TSV 3), GLiREL and KLUE-NER use. The format of IN is found by its content. Offsets are held to the words of the whole file, ' +
      'and refused where they can be read in two ways. What the format of OUT has no place for is counted and named.',
    ko:
      '주석 파일을 다른 형식으로 바꾼다: KLUE, 표, 문서, 그리고 OpenNRE, DeepKE, TACRED, spaCy/Prodigy, doccano, Label Studio, brat, INCEpTION(WebAnno TSV 3), GLiREL, KLUE-NER의 형식. ' +
      'IN의 형식은 내용으로 알아낸다. 위치는 파일 전체의 단어와 맞춰 보고, 두 가지로 읽히면 바꾸지 않고 알린다. OUT의 형식에 자리가 없는 것은 세어서 알린다.',
  },
  settings: ['out', 'columns', 'onBadRow', 'force'],
  options: [
    option('from', 'FORMAT', {
      en: `the format of IN, where its content does not say it: ${IDS}`,
      ko: `내용으로 알 수 없을 때 IN의 형식: ${IDS}`,
    }),
    option('to', 'FORMAT', {
      en: 'the format of OUT, where its ending does not say it',
      ko: '확장자로 알 수 없을 때 OUT의 형식',
    }),
    option('offsets', 'HOW', {
      en: `how the offsets of IN count, where its words do not say it: ${READING_NAMES.join(', ')}`,
      ko: `단어로 알 수 없을 때 IN의 위치를 세는 방식: ${READING_NAMES.join(', ')}`,
    }),
    option('pairs', 'WHICH', {
      en: 'which pairs of a text become rows: those with a relation, also those whose types have one in some text, or every pair [related | possible | all; default possible]',
      ko: '글의 어느 쌍을 행으로 쓸지: 관계가 있는 쌍, 그 유형의 쌍이 어느 글에서든 관계가 있는 쌍까지, 모든 쌍 [related | possible | all; 기본값 possible]',
    }),
    option('noRelation', 'NAME', {
      en: 'the label of pairs without a relation; without it no_relation, NA, Other and None are known',
      ko: '관계가 없는 쌍의 라벨. 없으면 no_relation, NA, Other, None을 안다',
    }),
  ],
  arguments: [
    {
      name: 'input',
      value: 'IN',
      help: { en: 'the file or folder to read, or -', ko: '읽을 파일이나 폴더, 또는 -' },
      required: true,
    },
    {
      name: 'output',
      value: 'OUT',
      help: { en: 'the file or folder to write, or -', ko: '쓸 파일이나 폴더, 또는 -' },
      required: true,
    },
  ],
  writes: [
    ['OUT', { en: 'the annotations; a folder for brat and WebAnno TSV', ko: '주석. brat과 WebAnno TSV는 폴더이다' }],
    [
      'rejected_rows.jsonl',
      { en: 'under --out: rows that --on-bad-row skip left out', ko: '--out 아래: --on-bad-row skip이 뺀 행' },
    ],
  ],
  examples: [
    [
      'korex convert admin.jsonl train.json',
      { en: 'an export of doccano as KLUE’s rows', ko: 'doccano의 내보내기를 KLUE의 행으로' },
    ],
    [
      'korex convert train.json tasks.json --to label-studio',
      { en: 'rows as tasks for Label Studio', ko: '행을 Label Studio의 작업으로' },
    ],
    [
      'korex convert brat-folder documents.jsonl --to documents',
      { en: 'brat’s texts as documents', ko: 'brat의 글을 문서로' },
    ],
  ],
  run: convert,
};

async function convert(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const { input = '-', output: out = '-' } = options;
  const pairs = oneOf('--pairs', options.pairs, PAIR_CHOICES);
  const offsets = oneOf('--offsets', options.offsets, READING_NAMES) ?? null;
  const format = formatOfOutput(out, options.to);
  if (out === '-' && settings.json)
    throw usageError(
      {
        en: '--json needs standard output, which OUT is here.',
        ko: '--json은 표준 출력을 쓰는데, OUT도 표준 출력이다.',
      },
      { en: 'Name a file to write, or leave --json out.', ko: '쓸 파일의 이름을 주거나 --json을 뺀다.' },
    );
  const isFolder = format.write?.extension === '';
  if (out === '-' && isFolder)
    throw usageError(
      {
        en: `${format.name} is a folder of files, which standard output cannot be.`,
        ko: `${format.name}: 파일이 여럿인 폴더라서 표준 출력에 쓸 수 없다.`,
      },
      { en: 'Name a folder to write.', ko: '쓸 폴더의 이름을 준다.' },
    );
  if (out !== '-') {
    if (input !== '-') await checkApart(input, [out]);
    await checkFree(out, isFolder, settings.force);
  }
  const columns = columnMapping(settings.columns);
  const opened = await openRows(input, { signal, columns, offsets, from: options.from });
  let read: ReadAnnotations;
  try {
    const beside = input === '-' ? null : await readRelationList(dirname(input));
    const { noRelation } = options;
    read = await readAnnotations(opened, {
      labelSet: beside?.labelSet,
      noRelation,
      offsets,
      onBadRow: settings.onBadRow,
    });
  } finally {
    await opened.close();
  }
  for (const note of read.notes) reporter.info(note);
  await reportRejected(settings.out, read.rejected, reporter);
  const written = await writeAnnotations(read.annotations, format, { out, pairs, noRelation: options.noRelation });
  await writeAll(out, written.files, isFolder);
  const lost = [
    ...read.lost.map((loss) => ({ in: 'reading' as const, ...loss })),
    ...written.lost.map((loss) => ({ in: 'writing' as const, ...loss })),
  ];
  const counts = countsOf(read.annotations);
  return {
    text: out === '-' ? null : summary(read, format, out, counts, lost, settings.lang),
    json: {
      ...{ in: input, out, from: read.format, to: format.id, ...counts },
      ...{
        rejected: read.rejected.length,
        files: written.files.length,
        notes: read.notes.map((note) => note.en),
        lost,
      },
    },
  };
}

/** One of these words; undefined where the option was not given. Errors: `usage` for another one. */
function oneOf<Word extends string>(name: string, given: string | undefined, words: readonly Word[]): Word | undefined {
  const word = words.find((one) => one === given);
  if (given === undefined || word !== undefined) return word;
  const near = nearest(given, words);
  throw usageError(
    { en: `${name} is "${given}".`, ko: `${name}의 값이 "${given}"이다.` },
    {
      en: `${near ? `Perhaps ${near}. ` : ''}Expected one of ${words.join(', ')}.`,
      ko: `${near ? `혹시 ${near}? ` : ''}다음 가운데 하나로 쓴다: ${words.join(', ')}.`,
    },
  );
}

async function writeAll(out: string, files: readonly WrittenFile[], isFolder: boolean): Promise<void> {
  if (isFolder) await writeFolderAtomic(out, files);
  else if (out === '-') {
    for (const { content } of files) if (!process.stdout.write(content)) await once(process.stdout, 'drain');
  } else await writeFileAtomic(out, files[0]!.content);
}

function summary(
  { format: from, rejected }: ReadAnnotations,
  to: Format,
  out: string,
  { documents, rows, entities, relations }: AnnotationCounts,
  lost: readonly (Loss & { readonly in: 'reading' | 'writing' })[],
  lang: Language,
): string {
  const ko = lang === 'ko';
  const from_ = FORMATS.find(({ id }) => id === from)?.name ?? from;
  const what = ko
    ? rows > 0
      ? `${grouped(rows)}행(관계 ${grouped(relations)}개)`
      : `문서 ${grouped(documents)}건, 엔티티 ${grouped(entities)}개, 관계 ${grouped(relations)}개`
    : rows > 0
      ? `${grouped(rows)} rows (${grouped(relations)} with a relation)`
      : `${grouped(documents)} documents, ${grouped(entities)} entities, ${grouped(relations)} relations`;
  const lines = [ko ? `${from_} → ${to.name}: ${what}` : `${from_} → ${to.name}: ${what}`];
  if (rejected.length > 0)
    lines.push(ko ? `뺀 행: ${grouped(rejected.length)}` : `Left out: ${grouped(rejected.length)} bad rows`);
  if (lost.length > 0) {
    lines.push('', ko ? '옮기지 못한 것:' : 'Not carried over:');
    for (const { what, count, where } of lost) {
      const more = count > where.length && where.length > 0 ? ', …' : '';
      lines.push(`  ${grouped(count)} × ${LOSSES[what][lang]} (${where.join(', ')}${more})`);
    }
  }
  lines.push('', ko ? `쓴 곳: ${out}` : `Written: ${out}`);
  return lines.join('\n');
}
