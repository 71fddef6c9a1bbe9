import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../../base/core/errors.ts';
import { percentNearOne } from '../../../base/core/format.ts';
import { loadDocuments } from '../../../base/data/loadDocuments.ts';
import { type EntityModel, loadEntityModel, saveEntityModel } from '../../../engine/nn/entityModel.ts';
import { poolingSpans } from '../../../engine/nn/headPooling.ts';
import { loadRelationModel, type RelationModel, saveRelationModel } from '../../../engine/nn/relationModel.ts';
import { pairByPair } from '../../../inference/extract/pairByPair.ts';
import type { PairQuestion } from '../../../inference/extract/pairScorer.ts';
import { openTagger } from '../../../inference/extract/tokenRecognizer.ts';
import { openClassifier } from '../../../inference/predict/classifier.ts';
import { BOXED_ENTITIES, BOXED_MODEL } from '../../../inference/predict/findModel.ts';
import { RelationExtractor } from '../../../inference/predict/relationExtractor.ts';
import { alternate, figuresOf, type Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { runKorex } from '../freshProcess.ts';
import { saveRows } from '../peers/peer.ts';
import { versionsSchema } from '../peers/torchSteps.ts';
import { type Figure, type Measured, spreadOf } from '../result.ts';
import { pairQuestions } from './pairs.ts';

const ROUNDS = 3;
const MIB = 2 ** 20;
/** Among the facts: the largest resident memory of this process, which means something where it did nothing else. */
const RESIDENT = 'largest resident MiB';
/** Sentences worked on at a time, as extraction does. */
const PORTION = 32;

/** The best tag of each token that an entity may begin or end with, by sentence, and the best label of each pair. */
interface Answers {
  tags: readonly (readonly number[])[];
  labels: readonly number[];
}

/**
 * Sentences per second from text to tags of all tokens and scores of all pairs of the documents' own entities, with the models
 * in the box and the weights that `--precision` names: what `korex extract` does before it decides. Against transformers' token
 * classification and pair classification on the same weights, which is given the token ids, so that its time is the models'
 * alone; and the largest memory of either in a process of its own.
 */
export async function measureText(context: BenchContext): Promise<Measured> {
  const { options, settings, threads, signal, reporter, batchSize } = context;
  const models = {
    entities: await loadEntityModel(BOXED_ENTITIES.folder),
    relations: await loadRelationModel(BOXED_MODEL.folder),
  };
  const given = await loadDocuments(settings.data, { labels: null, entityTypes: null });
  // Longer ones are read in stretches, which the other side knows nothing of.
  const documents = given.documents.filter(({ text }) => models.entities.inputs.encode(text).length === 1);
  if (documents.length === 0)
    throw usageError(
      { en: `${settings.data} has no sentence to read.`, ko: `${settings.data}: 읽을 문장이 없다.` },
      { en: 'Name annotated documents with --data.', ko: '--data로 주석 문서를 준다.' },
    );
  const questions = pairQuestions(documents);
  const ours = await openOurs(context, models, questions);
  const rival = options.against.includes('pipeline') ? await openRival(context, models, questions) : null;
  const sides = [ours.side, ...(rival ? [rival.side] : [])];
  try {
    const watch = { signal, reporter, title: 'text' };
    const timings = await alternate(sides, { warmup: 1, rounds: options.repeat ?? ROUNDS, block: 1 }, watch);
    const figures = figuresOf(sides, timings, { rows: documents.length }).map(
      (figure): Figure => ({ ...figure, unit: 'sentences/s' }),
    );
    return {
      figures: [...figures, ...(rival ? await memoryFigures(context, await rival.peak()) : [])],
      details: rival ? [agreement(ours.answers, rival.answers)] : [],
      facts: {
        sentences: documents.length,
        pairs: questions.reduce((sum, { pairs }) => sum + pairs.length, 0),
        models: `${BOXED_ENTITIES.name}, ${BOXED_MODEL.name}`,
        ...{ batch: batchSize, threads, ...rival?.versions },
        [RESIDENT]: (process.resourceUsage().maxRSS * 1024) / MIB,
      },
    };
  } finally {
    await ours.release();
  }
}

interface Models {
  readonly entities: EntityModel;
  readonly relations: RelationModel;
}

async function openOurs({ settings, threads }: BenchContext, models: Models, questions: readonly PairQuestion[]) {
  const { precision, device } = settings;
  const tagger = await openTagger(models.entities, { device, threads, precision });
  const relations = RelationExtractor.of(await openClassifier(models.relations, { device, threads }, precision), {
    name: BOXED_MODEL.name,
  });
  const scorer = pairByPair(relations);
  const answers: Answers = { tags: [], labels: [] };
  const tags = models.entities.spec.labels;
  const side: Side = {
    system: `korex ${precision}`,
    async run() {
      const start = performance.now();
      const [found, scored] = [[] as number[][], [] as number[]];
      for (let at = 0; at < questions.length; at += PORTION) {
        const portion = questions.slice(at, at + PORTION);
        const tagged = await tagger.tag(portion.map(({ sentence }) => sentence));
        for (const { units, logits } of tagged)
          found.push(units.map((_, unit) => best(logits.subarray(unit * tags, (unit + 1) * tags))));
        for (const pairs of await scorer.score(portion)) for (const { logits } of pairs) scored.push(best(logits));
      }
      answers.tags = found;
      answers.labels = scored;
      return (performance.now() - start) / 1000;
    },
  };
  return { side, answers, release: () => Promise.all([tagger.release(), relations.release()]) };
}

const best = (logits: ArrayLike<number>): number => {
  let first = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[first]!) first = i;
  return first;
};

const runSchema = z.object({
  seconds: z.number(),
  tags: z.array(z.array(z.number())),
  labels: z.array(z.number()),
});

async function openRival(context: BenchContext, { entities, relations }: Models, questions: readonly PairQuestion[]) {
  const { scratch, threads, batchSize } = context;
  const folders = { entities: join(scratch, 'entities'), relations: join(scratch, 'relations') };
  await saveEntityModel(folders.entities, entities);
  await saveRelationModel(folders.relations, relations);
  const encoded = questions.map(({ sentence }) => entities.inputs.encode(sentence)[0]!);
  const pairs = questions.flatMap(({ sentence, entities: ends, pairs: asked }) =>
    asked.map(([subject, object]) => {
      const row = relations.inputs.encode({ sentence, subject: ends[subject]!, object: ends[object]! });
      const spans = poolingSpans(relations.spec.head, row).map(({ start, end }) => [start, end]);
      return { ids: row.ids, spans };
    }),
  );
  const peer = await context.openScript('text_pipeline.py');
  const rows = await saveRows(scratch, 'text', { sentences: encoded.map(({ ids }) => ids), pairs });
  const versions = await peer.ask({ do: 'load', ...folders, rows, threads, batch_size: batchSize }, versionsSchema);
  const answers: Answers = { tags: [], labels: [] };
  const side: Side = {
    system: 'transformers: token and pair classification',
    async run() {
      const { seconds, tags, labels } = await peer.ask({ do: 'run' }, runSchema);
      answers.tags = encoded.map(({ units }, row) => units.map(({ token }) => tags[row]![token]!));
      answers.labels = labels;
      return seconds;
    },
  };
  const peak = async () => (await peer.ask({ do: 'peak' }, z.object({ bytes: z.number() }))).bytes;
  return { versions, side, answers, peak };
}

const freshSchema = z.object({
  results: z.array(z.object({ facts: z.object({ [RESIDENT]: z.number() }) })).length(1),
});

/** The same work in a process that does nothing else, beside what the other side took for it. */
async function memoryFigures(context: BenchContext, theirs: number): Promise<Figure[]> {
  const { settings, threads, scratch } = context;
  const given = { '--only': 'text', '--data': settings.data, '--precision': settings.precision, '--repeat': 1 };
  const more = { '--threads': threads, '--device': settings.device, '--out': join(scratch, 'fresh') };
  const words = Object.entries({ ...given, ...more }).flatMap(([flag, value]) => [flag, String(value)]);
  const printed = await runKorex(context, ['bench', ...words, '--json']);
  const own = freshSchema.parse(JSON.parse(printed)).results[0]!.facts[RESIDENT];
  return [
    { system: `korex ${settings.precision}`, unit: 'MiB', value: spreadOf([own]), ratio: null },
    {
      system: 'transformers: token and pair classification',
      unit: 'MiB',
      value: spreadOf([theirs / MIB]),
      ratio: spreadOf([(own * MIB) / theirs]),
    },
  ];
}

/** Faster is only worth something where the answers are the same. */
function agreement(ours: Answers, theirs: Answers) {
  const shareOf = (own: readonly number[], other: readonly number[]) =>
    own.length === 0 ? '–' : percentNearOne(own.filter((value, i) => value === other[i]).length / own.length);
  return {
    title: 'The same answers as transformers’',
    rows: [
      { of: 'tags of tokens', share: shareOf(ours.tags.flat(), theirs.tags.flat()) },
      { of: 'relations of pairs', share: shareOf(ours.labels, theirs.labels) },
    ],
  };
}
