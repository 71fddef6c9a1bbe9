import { failure, usageError } from '../../../base/core/errors.ts';
import { counted, duration, grouped } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { badRowsText } from '../../../base/data/badRows.ts';
import { codePointLength } from '../../../base/data/span.ts';
import type { DocumentExtractor } from '../../../inference/extract/documentExtractor.ts';
import { type GraphOutput, openGraphOutput } from '../../../inference/extract/graphFile.ts';
import { badText, graphOfText, type WantedOfTexts } from '../../../inference/extract/graphOfText.ts';
import { type ReadText, readTexts } from '../../../inference/extract/readTexts.ts';
import { GRAPH_FORMATS } from '../../../inference/extract/writers/table.ts';
import { MAX_WINDOW } from '../../../inference/predict/api/limits.ts';
import { onBadRowOf, wantedOfTexts } from '../answerSettings.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { option } from '../command.ts';
import { documentText } from '../documentText.ts';
import {
  AIM_OPTION,
  ANSWER_OPTIONS,
  aimNote,
  ENTITY_MODEL_OPTION,
  openDocuments,
  openExtractor,
  PAIR_ENCODING_OPTION,
} from '../modelOptions.ts';
import { HAND_OUT_OPTIONS } from '../queueOptions.ts';
import { SHARD_OPTIONS, shareOf } from '../shards/shardOptions.ts';

const TEXT = '"한빛전자는 2011년 서지우가 대전에 세운 회사이다. 서 대표는 2020년까지 회사를 이끌었다."';
const ENDINGS = GRAPH_FORMATS.map(({ extension }) => extension).join(', ');

export const extractCommand: Command = {
  description: {
    en:
      'Text in, graph out: finds the entities of texts, joins their mentions, and the relations between them. INPUT is a text file (.txt, .md), a folder ' +
      'of them, documents as JSON lines, or - for standard input; rows that bring "entities" keep them. A text is divided into sentences; a pair ' +
      'is asked for where both entities are in one of them, or in --window neighbouring ones. The ending of OUT chooses what is written: ' +
      `${ENDINGS}. Without OUT it is JSON lines on standard output; for --text on a terminal a readable form.`,
    ko:
      '글을 넣으면 그래프가 나온다. 글의 엔티티를 찾고, 같은 엔티티를 가리키는 말을 묶고, 엔티티 사이의 관계를 찾는다. INPUT은 글 파일(.txt, .md), 그런 파일의 폴더, ' +
      'JSON Lines 문서, 또는 표준 입력 -이다. "entities"가 있는 행은 그 엔티티를 그대로 쓴다. 글을 문장으로 나누고, 두 엔티티가 한 문장에, 또는 --window로 정한 수의 이웃한 ' +
      `문장 안에 있는 쌍을 묻는다. OUT의 확장자가 쓸 형식을 정한다: ${ENDINGS}. OUT이 없으면 표준 출력에 JSON Lines로, 터미널에서 --text를 쓰면 읽기 쉬운 모양으로 낸다.`,
  },
  settings: ['out', 'marker', 'device', 'threads', 'precision', 'allowUnknownTokens', 'force'],
  options: [
    option('text', 'TEXT', { en: 'the text itself, in place of INPUT', ko: 'INPUT 대신 글 자체' }),
    ENTITY_MODEL_OPTION,
    ...ANSWER_OPTIONS.filter(({ name }) => name !== 'topK'),
    AIM_OPTION,
    PAIR_ENCODING_OPTION,
    option('window', 'N', {
      en: `how many neighbouring sentences a pair may lie in, 1 to ${MAX_WINDOW}; 1 without it`,
      ko: `한 쌍이 들 수 있는 이웃한 문장 수, 1부터 ${MAX_WINDOW}까지; 없으면 1`,
    }),
    option('allPairs', undefined, {
      en: 'ask for every pair of entities, also those whose types training never had',
      ko: '학습에 없던 유형 쌍도 포함해 모든 쌍을 묻는다',
    }),
    option('noJoin', undefined, {
      en: 'do not join mentions of one entity: each is an entity of its own',
      ko: '같은 엔티티를 가리키는 말을 묶지 않는다. 나온 곳마다 엔티티 하나이다',
    }),
    option('uncertain', undefined, {
      en: 'also write relations whose confidence is below their threshold',
      ko: '신뢰도가 임계값보다 낮은 관계도 쓴다',
    }),
    ...SHARD_OPTIONS,
    ...HAND_OUT_OPTIONS,
    option('onBadRow', 'WHAT', {
      en: 'leave out rows that are no documents, with a warning, or stop at them [skip | error; default skip]',
      ko: '문서가 아닌 행을 알리고 빼거나, 거기서 멈춘다 [skip | error; 기본값 skip]',
    }),
  ],
  arguments: [
    {
      name: 'input',
      value: 'INPUT',
      help: { en: 'a text file, a folder, JSON lines, or -', ko: '글 파일, 폴더, JSON Lines, 또는 -' },
      required: false,
    },
    {
      name: 'output',
      value: 'OUT',
      help: { en: `the file to write: ${ENDINGS}, or -`, ko: `쓸 파일: ${ENDINGS}, 또는 -` },
      required: false,
    },
  ],
  writes: [
    [
      'OUT',
      {
        en: 'the graphs; a .neo4j folder with nodes.csv and relationships.csv',
        ko: '그래프. .neo4j는 nodes.csv와 relationships.csv가 든 폴더이다',
      },
    ],
  ],
  examples: [
    [`korex extract --text ${TEXT}`, { en: 'the graph of a text', ko: '글 하나의 그래프' }],
    [
      'korex extract articles graph.html',
      { en: 'the texts of a folder, as a page to look at', ko: '폴더에 든 글을 보기 좋은 페이지로' },
    ],
    [
      'korex extract documents.jsonl triples.csv --threshold 0.8',
      { en: 'triples for a spreadsheet, sure ones only', ko: '확실한 관계만 표 계산 프로그램에서 볼 수 있게' },
    ],
    [
      'korex extract report.txt graph.cypher --window 2',
      { en: 'for Neo4j, pairs of neighbouring sentences too', ko: 'Neo4j에 넣을 수 있게, 이웃한 문장의 쌍까지' },
    ],
  ],
  run: extract,
};

async function extract(call: Call): Promise<CommandResult> {
  const share = shareOf(call);
  if (share) return (await import('../shards/runShare.ts')).runShare('extract', call, share);
  if (call.options.queue !== undefined) return (await import('../shards/runOnQueue.ts')).runOnQueue('extract', call);
  const { settings, options } = call;
  const { text, output: out = '-' } = options;
  if (text !== undefined && options.input !== undefined && options.output !== undefined)
    throw usageError(
      { en: '--text and INPUT name two things to read.', ko: '--text와 INPUT이 함께 있다.' },
      { en: 'Pass one of them.', ko: '하나만 준다.' },
    );
  const wanted = wantedOfTexts(call);
  // With --text, the first word is what to write.
  if (text !== undefined) return extractText(call, text, wanted, options.input ?? '-');
  if (out === '-' && settings.json)
    throw usageError(
      {
        en: '--json needs standard output, which OUT is here.',
        ko: '--json은 표준 출력을 쓰는데, OUT이 표준 출력이다.',
      },
      { en: 'Name a file to write, or leave --json out.', ko: '쓸 파일 이름을 주거나 --json을 뺀다.' },
    );
  const input = options.input ?? '-';
  const output = await openGraphOutput(out, settings.lang, settings.force);
  try {
    const outcome = await extractAll(
      call,
      readTexts(input, { signal: call.signal, say: call.reporter.info }),
      wanted,
      output,
    );
    await output.finish();
    const shown = out === '-' ? null : `${summary(outcome, settings.lang)}\n\n${out}`;
    return { text: shown, json: { in: input, out, ...outcome } };
  } catch (error) {
    throw call.signal.aborted && out !== '-' ? interrupted(out, error) : error;
  } finally {
    await output.close();
  }
}

/** The error at Ctrl-C: a graph is there whole or not at all. */
const interrupted = (out: string, cause: unknown) =>
  failure(
    { en: `Interrupted; ${out} was not written.`, ko: `중단했다. ${out}에 쓴 것은 없다.` },
    { en: 'The same command begins anew.', ko: '같은 명령이 처음부터 다시 한다.' },
    cause,
  );

/** One text: its graph to a file, or to standard output. */
async function extractText(call: Call, text: string, wanted: WantedOfTexts, out: string): Promise<CommandResult> {
  const { settings, signal } = call;
  const output = out === '-' ? null : await openGraphOutput(out, settings.lang, settings.force);
  const extractor = await openBoth(call);
  try {
    const graph = await extractor.extract({ ...wanted, text }, { signal });
    await output?.write(graph);
    await output?.finish();
    const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
    const readable = documentText(graph, { lang: settings.lang, color });
    const line = process.stdout.isTTY ? readable : JSON.stringify(graph);
    return { text: output ? `${readable}\n\n${out}` : line, json: graph };
  } finally {
    await output?.close();
    await extractor.release();
  }
}

/** What became of the texts. */
interface Outcome {
  readonly documents: number;
  readonly rejected: number;
  readonly characters: number;
  readonly sentences: number;
  readonly mentions: number;
  readonly entities: number;
  readonly relations: number;
  readonly pairs: number;
  readonly seconds: number;
}

async function extractAll(
  call: Call,
  texts: AsyncIterable<ReadText>,
  wanted: WantedOfTexts,
  output: GraphOutput,
): Promise<Outcome> {
  const { settings, options, reporter, signal } = call;
  const onBadRow = onBadRowOf(options.onBadRow);
  const counts = {
    documents: 0,
    rejected: 0,
    characters: 0,
    sentences: 0,
    mentions: 0,
    entities: 0,
    relations: 0,
    pairs: 0,
  };
  let extractor: DocumentExtractor | null = null;
  let began = performance.now();
  try {
    for await (const read of texts) {
      if ('rejected' in read) {
        if (onBadRow === 'error') throw badText(read.rejected);
        reporter.warn(`${read.rejected.file}\n${badRowsText([read.rejected], settings.lang)}`);
        counts.rejected++;
        continue;
      }
      const { id, text } = read.document;
      if (extractor === null) {
        extractor = await openBoth(call);
        began = performance.now();
      }
      const characters = codePointLength(text);
      const bar = characters > LONG ? reporter.progress(id, characters, 'characters') : null;
      const graph = await graphOfText(extractor, read.document, wanted, {
        signal,
        ...(bar && { onProgress: (done: number) => bar.update(done) }),
      }).finally(() => bar?.end());
      await output.write(graph);
      counts.documents++;
      counts.characters += characters;
      counts.pairs += graph.pairs;
      for (const part of ['sentences', 'mentions', 'entities', 'relations'] as const)
        counts[part] += graph[part].length;
    }
  } finally {
    await extractor?.release();
  }
  return { ...counts, seconds: (performance.now() - began) / 1000 };
}

/** Characters from which the progress within a text is shown. */
const LONG = 20_000;

async function openBoth(call: Call): Promise<DocumentExtractor> {
  const relations = await openExtractor(call);
  for (const note of relations.notes) call.reporter.info(note);
  if (call.options.aim !== undefined) call.reporter.info(aimNote(relations.info, call.settings.lang));
  return openDocuments(call, relations);
}

function summary(outcome: Outcome, lang: Language): string {
  const { documents, rejected, sentences, mentions, entities, relations, seconds } = outcome;
  const rate = (sentences / Math.max(1e-9, seconds)).toFixed(1);
  if (lang === 'ko') {
    const left = rejected > 0 ? `, 뺀 행 ${grouped(rejected)}개` : '';
    return `문서 ${grouped(documents)}개, 문장 ${grouped(sentences)}개${left}; ${duration(seconds)}, 초당 ${rate}문장\n엔티티 ${grouped(entities)}개(${grouped(mentions)}번 나옴), 관계 ${grouped(relations)}개`;
  }
  const left = rejected > 0 ? `, ${counted(rejected, 'row')} left out` : '';
  return `${counted(documents, 'document')}, ${counted(sentences, 'sentence')}${left}; ${duration(seconds)}, ${rate} sentences/s\n${counted(entities, 'entity', 'entities')} (${counted(mentions, 'mention')}), ${counted(relations, 'relation')}`;
}
