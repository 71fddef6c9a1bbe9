import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { writeFileAtomic } from '../../../base/core/files.ts';
import { grouped } from '../../../base/core/format.ts';
import { nearest } from '../../../base/core/nearest.ts';
import { checkApart, checkFree, writeFolderAtomic } from '../../../base/core/outputs.ts';
import type { Language } from '../../../base/core/types.ts';
import { annotationFiles } from '../../../base/data/annotationFolder.ts';
import {
  type AnnotationCounts,
  type Annotations,
  countsOf,
  type ReadAnnotations,
  type WrittenFile,
} from '../../../base/data/annotations.ts';
import { PAIR_CHOICES, readAnnotations, writeAnnotations } from '../../../base/data/convert.ts';
import { findDataSource } from '../../../base/data/dataSource.ts';
import { columnMapping } from '../../../base/data/formats/columns.ts';
import type { Format } from '../../../base/data/formats/format.ts';
import { LOSSES, type Loss } from '../../../base/data/formats/losses.ts';
import { READING_NAMES } from '../../../base/data/formats/readings.ts';
import { endingOf, FORMATS, formatOfOutput } from '../../../base/data/formats/table.ts';
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
  const sides = await sidesOf(input, out, format);
  const isFolder = format.write?.extension === '' || sides.length > 1;
  if (out === '-' && isFolder)
    throw usageError(
      sides.length > 1
        ? {
            en: `${input} has a training and a test side, which are two files; standard output is one.`,
            ko: `${input}: 학습 파일과 평가 파일 둘인데, 표준 출력은 하나이다.`,
          }
        : {
            en: `${format.name} is a folder of files, which standard output cannot be.`,
            ko: `${format.name}: 파일이 여럿인 폴더라서 표준 출력에 쓸 수 없다.`,
          },
      { en: 'Name a folder to write.', ko: '쓸 폴더의 이름을 준다.' },
    );
  if (out !== '-') {
    if (input !== '-') await checkApart(input, [out]);
    await checkFree(out, isFolder, settings.force);
  }
  const read: (Side & { readonly found: ReadAnnotations })[] = [];
  for (const side of sides) {
    const opened = await openRows(side.path, {
      ...{ signal, offsets, from: options.from },
      columns: columnMapping(settings.columns),
    });
    try {
      const beside = input === '-' ? null : await readRelationList(dirname(side.path));
      const { noRelation } = options;
      const { onBadRow } = settings;
      const found = await readAnnotations(opened, { labelSet: beside?.labelSet, noRelation, offsets, onBadRow });
      for (const note of found.notes) reporter.info(note);
      read.push({ ...side, found });
    } finally {
      await opened.close();
    }
  }
  const rejected = read.flatMap(({ found }) => found.rejected);
  await reportRejected(settings.out, rejected, reporter);
  const files: WrittenFile[] = [];
  const done: DoneSide[] = [];
  for (const { name, found } of read) {
    const annotations = withLabelsOf(
      found.annotations,
      format.id === 'parquet' ? read.map((one) => one.found.annotations) : [],
    );
    const written = await writeAnnotations(annotations, format, { out, pairs, noRelation: options.noRelation });
    files.push(...written.files.map((file) => (name === null ? file : inSide(file, name, format))));
    const lost = [
      ...found.lost.map((loss) => ({ in: 'reading' as const, ...loss })),
      ...written.lost.map((loss) => ({ in: 'writing' as const, ...loss })),
    ];
    done.push({ name, from: found.format, counts: countsOf(found.annotations), lost });
  }
  await writeAll(out, files, isFolder);
  const [first] = done as [DoneSide];
  const facts = ({ from, counts, lost }: DoneSide) => ({ from, ...counts, lost });
  return {
    text: out === '-' ? null : summary(done, rejected.length, format, out, settings.lang),
    json: {
      ...{ in: input, out, to: format.id, rejected: rejected.length, files: files.length },
      notes: read.flatMap(({ found }) => found.notes.map((note) => note.en)),
      ...(done.length === 1 ? facts(first) : { sides: done.map((one) => ({ side: one.name, ...facts(one) })) }),
    },
  };
}

/** A file or folder to read; of a folder with a training and a test side, the side's name. */
interface Side {
  readonly name: string | null;
  readonly path: string;
}

interface DoneSide {
  readonly name: string | null;
  readonly from: string;
  readonly counts: AnnotationCounts;
  readonly lost: readonly (Loss & { readonly in: 'reading' | 'writing' })[];
}

/**
 * What IN holds: one side, or both of a folder where OUT is a folder as well. Texts of brat and of WebAnno TSV become one file
 * where OUT has the ending of one.
 *
 * Errors: `usage` for a folder with two files of rows where OUT is one file.
 */
async function sidesOf(input: string, out: string, format: Format): Promise<readonly Side[]> {
  const one = [{ name: null, path: input }];
  if (input === '-' || !(await stat(input).catch(() => null))?.isDirectory()) return one;
  const { train, test } = await findDataSource(input, 'train');
  if (train === null || test === null) return [{ name: null, path: train ?? input }];
  if (endingOf(out.replace(/[/\\]+$/, '')) === '' && out !== '-')
    return [
      { name: 'train', path: train },
      { name: 'dev', path: test },
    ];
  if ((await annotationFiles(input)) !== null) return one;
  throw usageError(
    {
      en: `${input} has a training file (${basename(train)}) and a test file (${basename(test)}); ${out} is one file.`,
      ko: `${input}: 학습 파일(${basename(train)})과 평가 파일(${basename(test)})이 있는데 ${out}은(는) 파일 하나이다.`,
    },
    {
      en: `Name a folder to write, with --to ${format.id}, or one of the two files to read.`,
      ko: `쓸 폴더의 이름을 --to ${format.id}(으)로 주거나, 두 파일 가운데 하나를 준다.`,
    },
  );
}

/** A side's file within OUT. */
const inSide = ({ name, content }: WrittenFile, side: string, format: Format): WrittenFile => ({
  name: name === '' ? `${side}${format.write?.extension ?? ''}` : `${side}/${name}`,
  content,
});

/** Rows with the relations of all sides, so that an id means the same in each file. */
function withLabelsOf(annotations: Annotations, all: readonly Annotations[]): Annotations {
  if (annotations.kind !== 'rows' || all.length < 2) return annotations;
  const names = all.flatMap((one) => (one.kind === 'rows' ? one.labelSet.labels : []));
  return { ...annotations, labelSet: { ...annotations.labelSet, labels: [...new Set(names)] } };
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

function summary(sides: readonly DoneSide[], rejected: number, to: Format, out: string, lang: Language): string {
  const ko = lang === 'ko';
  const lines = sides.map(({ name, from, counts: { documents, rows, entities, relations } }) => {
    const fromName = FORMATS.find(({ id }) => id === from)?.name ?? from;
    const what = ko
      ? rows > 0
        ? `${grouped(rows)}행(관계 ${grouped(relations)}개)`
        : `문서 ${grouped(documents)}건, 엔티티 ${grouped(entities)}개, 관계 ${grouped(relations)}개`
      : rows > 0
        ? `${grouped(rows)} rows (${grouped(relations)} with a relation)`
        : `${grouped(documents)} documents, ${grouped(entities)} entities, ${grouped(relations)} relations`;
    return `${name === null ? '' : `${name}: `}${fromName} → ${to.name}: ${what}`;
  });
  if (rejected > 0) lines.push(ko ? `뺀 행: ${grouped(rejected)}` : `Left out: ${grouped(rejected)} bad rows`);
  if (sides.some(({ lost }) => lost.length > 0)) {
    lines.push('', ko ? '옮기지 못한 것:' : 'Not carried over:');
    for (const { name, lost } of sides)
      for (const { what, count, where } of lost) {
        const more = count > where.length && where.length > 0 ? ', …' : '';
        const side = name === null ? '' : `${name}: `;
        lines.push(`  ${side}${grouped(count)} × ${LOSSES[what][lang]} (${where.join(', ')}${more})`);
      }
  }
  lines.push('', ko ? `쓴 곳: ${out}` : `Written: ${out}`);
  return lines.join('\n');
}
