import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { asGiven, usageError } from '../../../base/core/errors.ts';
import { writeJson } from '../../../base/core/files.ts';
import { PRECISION_NAMES } from '../../../base/core/settings.ts';
import type { LabelledExample, Prediction } from '../../../base/core/types.ts';
import { linesOf } from '../../../base/data/lines.ts';
import { within } from '../../../base/storage/storageOf.ts';
import { checkUnknownTokens, sumCounts, type TokenCounts, unknownShare } from '../../../base/text/unknownTokens.ts';
import { writeEvaluation } from '../../../engine/runs/evaluation.ts';
import { type AnsweredDocument, evaluateDocuments } from '../../../inference/extract/evaluateDocuments.ts';
import { DOCUMENT_SCHEMAS } from '../../../inference/predict/documentSchema.ts';
import { writeManifest } from '../../../inference/shards/manifest.ts';
import { mergeShards } from '../../../inference/shards/mergeShards.ts';
import { parseSetLine } from '../../../inference/shards/setWork.ts';
import { FOLDER_FILES, type ShardFolder } from '../../../inference/shards/shardFolder.ts';
import type { Call, CommandResult } from '../command.ts';
import { reportText } from '../commands/documentRun.ts';
import { metricTable } from '../tables.ts';
import { SPOOL_PREFIX } from './answerShard.ts';

const entity = z.object({ word: z.string(), start: z.int(), end: z.int(), type: z.string().nullable() });
const example = z.object({
  ...{ guid: z.string(), sentence: z.string(), subject: entity, object: entity, label: z.string() },
  source: z.string().nullable(),
});
const prediction = z.object({
  ...{ guid: z.string(), predicted: z.string(), probabilities: z.array(z.number()).nullable() },
});
const rowLine = z.object({ example, prediction });
const rowsEnd = z.object({
  ...{ tokens: z.number(), unknown: z.number() },
  label_set: z.object({ labels: z.array(z.string()), noRelation: z.string().nullable() }),
});
const relation = z.object({ subject: z.int(), relation: z.string(), object: z.int() });
const documentLine = z.object({
  document: z.object({
    ...{ id: z.string(), text: z.string(), source: z.string().nullable(), entities: z.array(entity) },
    ...{ relations: z.array(relation).nullable(), unsure: z.array(relation) },
  }),
  given: DOCUMENT_SCHEMAS.DocumentGraph,
  found: DOCUMENT_SCHEMAS.DocumentGraph.nullable(),
});

const settingsSchema = z.object({
  ...{ of: z.enum(['rows', 'documents']), data: z.string(), seed: z.number(), allowUnknownTokens: z.boolean() },
  precision: z.enum(PRECISION_NAMES),
});

/** Figures of a labelled set from the shards of its evaluation: the files, and the figures, of one run over all of it. */
export async function mergeEvaluation(call: Call, folder: ShardFolder, out: string): Promise<CommandResult> {
  const { reporter, signal, settings: asked } = call;
  const settings = settingsSchema.parse(folder.work.settings);
  const model = folder.work.models[0]!.name;
  const { items, ends, rejected } = await setLines(folder, signal);
  if (rejected > 0)
    reporter.warn({
      en: `${rejected} rows ended a process or took too long, and count in no figure (rejects/).`,
      ko: `${rejected}행은 프로세스를 끝내거나 시간을 넘겨 어느 지표에도 들지 않는다(rejects/).`,
    });
  const { of, data, seed, precision, allowUnknownTokens } = settings;
  if (of === 'documents') {
    const answered: AnsweredDocument[] = items.map((item) => documentLine.parse(item));
    const report = evaluateDocuments(answered, { seed });
    await writeJson(join(out, 'document_metrics.json'), report);
    const text = `${model} on ${data}: ${report.given.texts} documents\n\n${reportText(report, asked.lang)}\n\nFiles: ${out}`;
    return { text, json: { model, data, folder: out, ...report } };
  }
  const rows = items.map((item) => rowLine.parse(item));
  const counts: TokenCounts = sumCounts(ends.map((end) => rowsEnd.parse(end)));
  checkUnknownTokens(counts, { where: asGiven(data), isAllowed: allowUnknownTokens, reporter });
  const facts = { unknown_tokens: unknownShare(counts) };
  const summary = await writeEvaluation(out, {
    examples: rows.map(({ example }): LabelledExample => example),
    predictions: rows.map(({ prediction }): Prediction => prediction),
    labelSet: rowsEnd.parse(ends[0]).label_set,
    ...{ seed, validation: null, facts: { precision, ...facts } },
  });
  return {
    text: `${model} on ${data}: ${summary.metrics.n} rows, ${summary.errors} errors\n\n${metricTable(summary.metrics, summary.intervals)}\n\nFiles: ${out}`,
    json: { model, data, folder: out, ...summary, ...facts },
  };
}

/** All lines of all shards, in order. */
async function setLines(folder: ShardFolder, signal: AbortSignal) {
  const spool = await mkdtemp(join(tmpdir(), SPOOL_PREFIX));
  try {
    const manifest = join(spool, 'manifest');
    await writeManifest(folder, manifest);
    const pieces: Uint8Array[] = [];
    const answers = { write: async (piece: Uint8Array) => void pieces.push(piece) };
    const outcome = await mergeShards(folder, manifest, { answers, rejects: { write: async () => {} } }, { signal });
    const [items, ends]: [unknown[], unknown[]] = [[], []];
    for await (const { bytes } of linesOf(streamOf(pieces))) {
      const read = parseSetLine(new TextDecoder().decode(bytes!));
      if ('item' in read) items.push(read.item);
      else ends.push(read.end);
    }
    if (items.length === 0) throw nothingAnswered(folder);
    await folder.storage.moveIn(manifest, within(folder.out, FOLDER_FILES.manifest));
    return { items, ends, rejected: outcome.rejected };
  } finally {
    await rm(spool, { recursive: true, force: true });
  }
}

async function* streamOf(pieces: readonly Uint8Array[]) {
  yield* pieces;
}

const nothingAnswered = ({ out }: ShardFolder) =>
  usageError(
    { en: `${out}: no row was answered.`, ko: `${out}: 답한 행이 없다.` },
    { en: 'Look at the reasons in its rejects.', ko: 'rejects에서 까닭을 본다.' },
  );
