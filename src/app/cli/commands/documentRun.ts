import { stat } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { writeJson } from '../../../base/core/files.ts';
import type { Language } from '../../../base/core/types.ts';
import { annotationFiles } from '../../../base/data/annotationFolder.ts';
import { isDocument } from '../../../base/data/formats/documents.ts';
import { loadDocuments } from '../../../base/data/loadDocuments.ts';
import { openRows } from '../../../base/data/openRows.ts';
import type { RelationReport } from '../../../base/eval/relationSetMetrics.ts';
import {
  type AnsweredDocument,
  answerDocuments,
  type DocumentEvaluation,
  evaluateDocuments,
} from '../../../inference/extract/evaluateDocuments.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import { type DocumentErrors, documentErrors } from '../../../study/analysis/documentErrors.ts';
import { type Call, type CommandOption, type CommandResult, option } from '../command.ts';
import { answerOptions, openDocuments, openExtractor } from '../modelOptions.ts';
import { type Cell, entityTable, textTable } from '../tables.ts';

// `korex evaluate` and `korex analyze` on labelled documents.

export const GIVEN_OPTION: CommandOption = option('given', undefined, {
  en: 'of labelled documents, only the relations between the entities that are given: no entities are looked for',
  ko: '라벨이 있는 문서에서 주어진 엔티티 사이의 관계만 본다. 엔티티를 찾지 않는다',
});

/** Whether `--data` names a file of documents rather than of rows. */
export async function isDocumentFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() && (await annotationFiles(path)) === null) return false;
  const opened = await openRows(path).catch(() => null);
  if (opened === null) return false;
  try {
    for await (const { value } of opened.rows) return isDocument(value);
    return false;
  } finally {
    await opened.close();
  }
}

interface DocumentRun {
  readonly data: string;
  readonly folder: string;
  readonly answered: readonly AnsweredDocument[];
  readonly model: string;
}

async function answer(call: Call, model: FoundModel, givenOnly: boolean): Promise<DocumentRun> {
  const { settings, options, reporter, signal } = call;
  const relations = await openExtractor(call, model);
  for (const note of relations.notes) reporter.info(note);
  const extractor = openDocuments(call, relations);
  try {
    const { documents, file, notes } = await loadDocuments(settings.data, {
      labels: new Set(relations.info.labels.map(({ relation }) => relation)),
      entityTypes: relations.info.entity_types.length === 0 ? null : new Set(relations.info.entity_types),
    });
    for (const note of notes) reporter.info(note);
    const bare = documents.find((document) => document.relations === null);
    if (bare)
      throw usageError(
        { en: `${file.path}: ${bare.id} has no relations.`, ko: `${file.path}: ${bare.id}에 관계가 없다.` },
        {
          en: 'Label every document: "relations": [] where it holds none.',
          ko: '모든 문서에 라벨을 단다. 관계가 없으면 "relations": []로 쓴다.',
        },
      );
    const bar = reporter.progress(`evaluate ${model.name}`, documents.length, 'documents');
    const { threshold = null } = answerOptions({ threshold: options.threshold });
    const answered = await answerDocuments(extractor, documents, {
      ...{
        givenOnly,
        threshold,
        window: 1,
        pairEncoding: relations.pairEncoding,
        seed: settings.seed,
        signal,
        onProgress: (done: number) => bar.update(done),
      },
    }).finally(() => bar.end());
    const parts = [
      model.name,
      parse(basename(file.path)).name,
      ...(settings.precision === 'fp32' ? [] : ['int8']),
      ...(relations.pairEncoding === 'inline' ? [] : [relations.pairEncoding]),
    ];
    return { data: file.path, folder: join(settings.out, 'evaluation', parts.join('-')), answered, model: model.name };
  } finally {
    await extractor.release();
  }
}

export async function evaluateDocumentFile(call: Call, model: FoundModel): Promise<CommandResult> {
  const { settings } = call;
  const { data, folder, answered } = await answer(call, model, call.switches?.has('given') ?? false);
  const report = evaluateDocuments(answered, settings);
  await writeJson(join(folder, 'document_metrics.json'), report);
  const text = `${model.name} on ${data}: ${report.given.texts} documents\n\n${reportText(report, settings.lang)}\n\nFiles: ${folder}`;
  return { text, json: { model: model.name, data, folder, ...report } };
}

export async function analyzeDocumentFile(call: Call, model: FoundModel): Promise<CommandResult> {
  const { settings } = call;
  const { data, folder, answered } = await answer(call, model, false);
  const errors = documentErrors(answered);
  await writeJson(join(folder, 'document_errors.json'), errors);
  const text = `${model.name} on ${data}\n\n${errorsText(errors, settings.lang)}\n\nFiles: ${folder}`;
  return { text, json: { model: model.name, data, folder, ...errors } };
}

const WORDS = {
  ko: {
    entities: '엔티티(경계와 유형이 모두 맞아야 맞은 것)',
    given: '관계, 엔티티가 주어질 때',
    endToEnd: '관계, 엔티티도 찾을 때(두 엔티티의 경계와 유형까지 맞아야 맞은 것)',
    free: '관계 없는 글에서 관계를 답한 비율',
    ece: '답한 관계의 보정 오차(ECE)',
    figure: '지표',
    counts: (gold: number, asserted: number, right: number) => `정답 ${gold}개, 답 ${asserted}개, 맞은 답 ${right}개`,
    entityErrors: '엔티티 오류',
    missing: '찾지 못한 관계의 원인',
    wrong: '틀린 관계의 원인',
    kind: '종류',
    entityKinds: {
      boundary: '경계가 다름',
      type: '자리는 맞고 유형이 다름',
      missed: '찾지 못함',
      invented: '없는 엔티티를 답함',
    },
    relationKinds: {
      entity_boundary: '엔티티 오류: 경계',
      entity_type: '엔티티 오류: 유형',
      entity_missed: '엔티티 오류: 찾지 못함',
      entity_invented: '엔티티 오류: 없는 엔티티',
      missed: '관계 오류: 관계를 답하지 않음',
      invented: '관계 오류: 없는 관계를 답함',
      wrong_relation: '관계 오류: 다른 관계를 답함',
      wrong_direction: '관계 오류: 방향이 거꾸로',
    },
  },
  en: {
    entities: 'Entities (right where place and type are)',
    given: 'Relations, with the entities given',
    endToEnd: 'Relations, with the entities found (right where both ends’ places and types are, too)',
    free: 'relation-free texts with one asserted',
    ece: 'calibration error of what is asserted',
    figure: 'figure',
    counts: (gold: number, asserted: number, right: number) =>
      `${gold} there, ${asserted} asserted, ${right} of them right`,
    entityErrors: 'Errors of entities',
    missing: 'Relations that were not found, by cause',
    wrong: 'Relations that are wrong, by cause',
    kind: 'kind',
    entityKinds: {
      boundary: 'wrong boundary',
      type: 'right place, wrong type',
      missed: 'missed',
      invented: 'invented',
    },
    relationKinds: {
      entity_boundary: 'error of an entity: its boundary',
      entity_type: 'error of an entity: its type',
      entity_missed: 'error of an entity: missed',
      entity_invented: 'error of an entity: invented',
      missed: 'error of the relation: none asserted',
      invented: 'error of the relation: there is none',
      wrong_relation: 'error of the relation: another one',
      wrong_direction: 'error of the relation: the wrong way round',
    },
  },
} as const;

/** The figures of documents, in tables. */
export function reportText({ entities, given, end_to_end }: DocumentEvaluation, lang: Language): string {
  const words = WORDS[lang];
  return [
    ...(entities ? [`${words.entities}\n\n${entityTable(entities)}`] : []),
    `${words.given}: ${words.counts(given.gold, given.asserted, given.right)}\n\n${relationTable(given, lang)}`,
    ...(end_to_end
      ? [
          `${words.endToEnd}: ${words.counts(end_to_end.gold, end_to_end.asserted, end_to_end.right)}\n\n${relationTable(end_to_end, lang)}`,
        ]
      : []),
  ].join('\n\n');
}

function relationTable(
  { precision, recall, f1, relation_free, ece, intervals }: RelationReport,
  lang: Language,
): string {
  const words = WORDS[lang];
  const row = (
    figure: string,
    value: number | null,
    interval: readonly [number, number] | null,
  ): Record<string, Cell> => ({
    ...{ [words.figure]: figure, value },
    'from (95 %)': interval?.[0] ?? null,
    to: interval?.[1] ?? null,
  });
  return textTable([
    row('precision', precision, intervals.precision),
    row('recall', recall, intervals.recall),
    row('F1', f1, intervals.f1),
    row(
      `${words.free} (${relation_free.asserted}/${relation_free.texts})`,
      relation_free.share,
      intervals.relation_free,
    ),
    row(words.ece, ece, intervals.ece),
  ]);
}

function errorsText({ entities, missing, wrong }: DocumentErrors, lang: Language): string {
  const words = WORDS[lang];
  const table = (counts: Readonly<Record<string, number>>, kinds: Readonly<Record<string, string>>) => {
    const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
    const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
    return textTable(
      rows.map(([kind, n]) => ({ [words.kind]: kinds[kind] ?? kind, n, '%': Math.round((100 * n) / all) })),
    );
  };
  const parts: readonly (readonly [string, Readonly<Record<string, number>>, Readonly<Record<string, string>>])[] = [
    [words.entityErrors, entities, words.entityKinds],
    [words.missing, missing, words.relationKinds],
    [words.wrong, wrong, words.relationKinds],
  ];
  return parts
    .filter(([, counts]) => Object.keys(counts).length > 0)
    .map(([title, counts, kinds]) => `${title}\n\n${table(counts, kinds)}`)
    .join('\n\n');
}
