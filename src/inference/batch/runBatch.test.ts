import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXPECTED, file, newFolder, ROWS } from '../../../test/support/dataFiles.ts';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import { lineIn, type ReportLine, silentReporter } from '../../base/core/reporter.ts';
import type { RawRow } from '../../base/data/formats/format.ts';
import { jsonl as jsonlFormat } from '../../base/data/formats/jsonl.ts';
import { openRows } from '../../base/data/openRows.ts';
import { alignPredictions, readPredictionFile } from '../../base/eval/predictionFile.ts';
import { createRelationModel } from '../../engine/nn/relationModel.ts';
import { openClassifier } from '../predict/classifier.ts';
import { RelationExtractor } from '../predict/relationExtractor.ts';
import { API_SCHEMAS, type Relation } from '../predict/schema.ts';
import { WINDOW } from '../predict/windows.ts';
import { openFileOutput } from './fileOutput.ts';
import type { Identity } from './identity.ts';
import { inputColumns } from './inputCells.ts';
import { lineFormatOf } from './lines.ts';
import { type BatchJob, runBatch } from './runBatch.ts';

const labelSet = { labels: ['no_relation', 'org:founded_by', 'per:title'], noRelation: 'no_relation' };
const task = { head: 'entity-start', maxLength: 64, labelSet, entityTypes: ['PER', 'ORG', 'DAT', 'POH'] } as const;
const identity: Identity = {
  input: { name: 'x', bytes: 1, changed: 1, sample_sha256: 'x' },
  model: { name: 'tiny', sha256: 'x' },
  settings: {},
};

let model: RelationExtractor;
let typed: RelationExtractor;
beforeAll(async () => {
  const folder = newFolder();
  await writeTinyEncoder(folder);
  const open = async (marker: 'entity' | 'typed-punct') => {
    const untrained = await createRelationModel(folder, { ...task, marker }, { layers: null, seed: 5 });
    const classifier = await openClassifier(untrained, { device: 'cpu', threads: 1 });
    // A batch refuses rows itself.
    return RelationExtractor.of(classifier, { name: 'tiny', allowUnknownTokens: true });
  };
  [model, typed] = await Promise.all([open('entity'), open('typed-punct')]);
}, 60_000);
afterAll(() => Promise.all([model.release(), typed.release()]));

/** Answers a file, into `out.jsonl` of a new folder without another name. */
async function answer(
  input: string,
  name = 'out.jsonl',
  changes: Partial<BatchJob> & { reopen?: string; probabilities?: boolean } = {},
) {
  const out = changes.reopen ?? join(newFolder(), name);
  const format = lineFormatOf(out);
  const probabilities = changes.probabilities ?? false;
  const opened = await openRows(input);
  const { columns, rows: sameRows } = await inputColumns(opened);
  const rows = { ...opened, rows: sameRows };
  const output = await openFileOutput(out, { identity, header: format.header(probabilities, columns), force: false });
  try {
    const outcome = await runBatch({
      ...{ rows, output, format, columns, model, answers: { probabilities }, onBadRow: 'skip', batchSize: 32 },
      ...{ allowUnknownTokens: false, labels: labelSet.labels },
      ...{ reporter: silentReporter, signal: new AbortController().signal },
      ...changes,
    });
    return { out, outcome, text: readFileSync(out, 'utf8') };
  } finally {
    await output.close();
    await rows.close();
  }
}

const linesOf = <T>(text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
const rejectsOf = (out: string) =>
  linesOf<{ row: number; problems: { field: string; expected: string }[] }>(
    readFileSync(`${out}.rejects.jsonl`, 'utf8'),
  );
const jsonlOf = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

test('integer labels have the names of relation_list.json; those without names, and unknown ones, are said', async () => {
  const warnings: string[] = [];
  const reporter = {
    ...silentReporter,
    warn: (line: ReportLine) => {
      if (/label/.test(lineIn(line, 'en'))) warnings.push(lineIn(line, 'en'));
    },
  };
  const numbered = jsonlOf(ROWS.map((row, i) => ({ ...row, label: i % 3 })));
  const csvOf = (label: (i: number) => string) =>
    `sentence,subject_word,object_word,label\n${ROWS.slice(0, 3)
      .map(
        (row, i) =>
          `"${row.sentence.replaceAll('"', '""')}",${row.subject_entity.word},${row.object_entity.word},${label(i)}\n`,
      )
      .join('')}`;
  for (const path of [
    file('rows.jsonl', numbered, { relations: labelSet.labels }),
    file(
      'rows.csv',
      csvOf((i) => `${i}.0`),
      { relations: labelSet.labels },
    ),
  ]) {
    const { text, outcome } = await answer(path, 'out.jsonl', { reporter });
    expect(linesOf<{ label: string }>(text)[1]!.label).toBe('org:founded_by');
    expect(outcome.labelled).toBe(outcome.rows);
  }
  expect(warnings).toEqual([]);
  const { outcome } = await answer(file('rows.jsonl', numbered), 'out.jsonl', { reporter });
  expect([outcome.labelled, outcome.accuracy]).toEqual([0, null]);
  expect(warnings).toEqual([expect.stringContaining('the labels of 4 rows are numbers without names')]);
  await answer(file('rows.jsonl', jsonlOf(ROWS.map((row) => ({ ...row, label: 'x' })))), 'out.jsonl', { reporter });
  expect(warnings[1]).toContain('has labels that the model does not know: x. They count as wrong answers.');
});

test('a sentence that the tokenizer hardly knows is one bad row, and a file of them is refused', async () => {
  const strange = (i: number) => ({
    guid: `x-${i}`,
    sentence: `가람은 ${'𐎀𐎁 '.repeat(30)}나래이다.`,
    subject_entity: { word: '가람', type: null },
    object_entity: { word: '나래', type: null },
  });
  const one = await answer(file('rows.jsonl', jsonlOf([...ROWS, strange(0)])));
  expect(one.outcome).toMatchObject({ rows: ROWS.length + 1, rejected: 1 });
  expect(one.outcome.unknown_tokens).toBeGreaterThan(0.02);
  expect(rejectsOf(one.out)[0]).toMatchObject({ row: ROWS.length + 1, problems: [{ field: 'sentence' }] });
  const many = file('rows.jsonl', jsonlOf(Array.from({ length: 30 }, (_, i) => strange(i))));
  await expect(answer(many)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('rows.jsonl'),
  });
  expect((await answer(many, 'out.jsonl', { allowUnknownTokens: true })).outcome.rejected).toBe(0);
});

test('an answer a row, in order, with guid and gold label before the answer that everybody gets', async () => {
  const { out, outcome, text } = await answer(file('rows.json', JSON.stringify(ROWS)));
  const answers = linesOf<Relation & { guid: string; label: string }>(text);
  expect(answers.map(({ guid }) => guid)).toEqual(ROWS.map(({ guid }) => guid));
  const expected = await model.predictExamples(EXPECTED);
  for (const [i, { guid: _, label, ...relation }] of answers.entries()) {
    expect(label).toBe(ROWS[i]!.label);
    expect(API_SCHEMAS.Relation.parse(relation)).toMatchObject({ subject: EXPECTED[i]!.subject, model: 'tiny' });
    expect(relation.confidence).toBeCloseTo(expected[i]!.confidence, 5);
    expect(relation.relation).toBe(expected[i]!.relation);
  }
  expect(outcome).toMatchObject({ rows: ROWS.length, rejected: 0, resumed_from: 0 });
  expect(existsSync(`${out}.rejects.jsonl`)).toBe(false);
});

test('requests of the API are rows, too, alone or among others', async () => {
  const { guid: _, label: __, source: ___, ...row } = ROWS[0]!;
  const { sentence, subject_entity: subject, object_entity: object } = row;
  const byWord = { sentence, subject: { word: subject.word }, object: { word: object.word, type: object.type } };
  const byPlace = {
    ...{ id: 7, sentence, top_k: 1, threshold: 1 },
    subject: { start: subject.start_idx, end: subject.end_idx, offsets: 'codepoint' },
    object: { word: object.word },
  };
  const { text } = await answer(file('mixed.jsonl', jsonlOf([byWord, row, byPlace])));
  const answers = linesOf<Relation & { guid: string }>(text);
  expect(answers.map(({ guid }) => guid)).toEqual(['mixed.jsonl:1', 'mixed.jsonl:2', '7']);
  expect(new Set(answers.map(({ relation }) => relation)).size).toBe(1);
  expect(answers[1]!.confidence).toBeCloseTo(answers[0]!.confidence, 5);
  expect(answers[2]).toMatchObject({ decision: 'uncertain', threshold: 1, subject: answers[0]!.subject });
  expect(answers.map(({ top }) => top.length)).toEqual([3, 3, 1]);
});

test('rows that cannot be answered are rejected with reasons; the others keep their order', async () => {
  const [row, other] = [ROWS[0]!, ROWS[1]!];
  const bad = [
    { ...row, sentence: '' },
    { ...row, subject_entity: { ...row.subject_entity, type: 'XYZ' } },
    { sentence: '가나', subject: { word: '다' }, object: { word: '나', kind: 1 } },
    { sentence: '가나', subject: { word: '다' }, object: { word: '나' } },
    { id: {}, sentence: '가나', subject: { word: '가' }, object: { word: '나' } },
  ];
  const text = `${jsonlOf([row, ...bad])}{"cut": \n${jsonlOf([other, row])}`;
  const { out, outcome, text: answers } = await answer(file('rows.jsonl', text));
  // Two rows have the same guid, and neither is lost.
  expect(linesOf<{ guid: string }>(answers).map(({ guid }) => guid)).toEqual([row.guid, other.guid, row.guid]);
  expect(outcome).toMatchObject({ rows: 9, rejected: 6 });
  expect(rejectsOf(out).map(({ row, problems }) => [row, problems[0]!.field])).toEqual([
    [2, 'sentence'],
    [3, 'subject_entity.type'],
    [4, '/object'],
    [5, '/subject/word'],
    [6, 'guid'],
    [7, 'line'],
  ]);
  expect(rejectsOf(out)[1]).toMatchObject({
    file: 'rows.jsonl',
    value: bad[1],
    problems: [{ found: '"XYZ"', expected: expect.stringContaining('It knows PER, ORG, DAT, POH.') }],
  });
});

test('a CSV’s own column names stand in its rejects; a typed marker needs types', async () => {
  const header =
    'guid,sentence,subject_word,subject_start,subject_end,subject_type,object_word,object_start,object_end,object_type';
  const rows = ['1,가나다,가,0,0,PER,다,2,2,', '2,가나다,가,0,0,PER,다,2,x,ORG', '3,가나다,가,0,0,PER,다,2,2,ORG'];
  const { out, text } = await answer(file('rows.csv', [header, ...rows, ''].join('\n')), 'out.jsonl', { model: typed });
  expect(linesOf<{ guid: string }>(text).map(({ guid }) => guid)).toEqual(['3']);
  expect(rejectsOf(out).map(({ problems }) => problems)).toEqual([
    [{ field: 'object_type', found: 'null', expected: expect.stringContaining('marker typed-punct') }],
    [expect.objectContaining({ field: 'object_end', found: '"x"' })],
  ]);
});

test('error stops at bad rows, keeps nothing of their window, and tells of them', async () => {
  const input = file('rows.jsonl', jsonlOf([ROWS[0], { sentence: 1 }]));
  await expect(answer(input, 'out.jsonl', { onBadRow: 'error' })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(/^rows\.jsonl has rows that cannot be answered.*\n {2}row 2, sentence: found 1/),
  });
});

test('no rows, or none that can be answered: an error that leaves nothing behind', async () => {
  const out = join(newFolder(), 'out.jsonl');
  await expect(answer(file('empty.jsonl', '\n'), '', { reopen: out })).rejects.toThrow('empty.jsonl is empty.');
  const bad = file('bad.jsonl', jsonlOf([{ a: 1 }, { b: 2 }]));
  await expect(answer(bad, '', { reopen: out })).rejects.toThrow('bad.jsonl: none of 2 rows can be answered');
  await expect(answer(bad, '', { reopen: out })).rejects.toThrow('rows 1, 2, sentence: found nothing');
  expect(existsSync(`${out}.partial`)).toBe(false);
});

test.each(['out.jsonl', 'out.csv'])(
  '`korex score` reads %s, with probabilities where they are asked for',
  async (name) => {
    const input = file('rows.json', JSON.stringify(ROWS));
    const expected = await model.predictExamples(EXPECTED, { top_k: 9 });
    for (const probabilities of [false, true]) {
      const { out } = await answer(input, name, { probabilities });
      const predictions = alignPredictions(out, await readPredictionFile(out), EXPECTED, labelSet);
      expect(predictions.map(({ predicted }) => predicted)).toEqual(expected.map(({ relation }) => relation));
      for (const [i, { probabilities: found }] of predictions.entries()) {
        if (!probabilities) expect(found).toBeNull();
        else
          for (const { relation, probability } of expected[i]!.top)
            expect(found![labelSet.labels.indexOf(relation)]).toBeCloseTo(probability, 5);
      }
    }
  },
);

test('CSV holds the same as JSONL', async () => {
  const input = file('rows.json', JSON.stringify(ROWS));
  const cells = parse((await answer(input, 'out.csv')).text, { columns: true, bom: true }) as Record<string, string>[];
  const answers = linesOf<Relation & { guid: string }>((await answer(input)).text);
  expect(cells).toHaveLength(answers.length);
  for (const [i, row] of cells.entries()) {
    const { guid, relation, decision, confidence, subject, top } = answers[i]!;
    expect(row).toMatchObject({
      guid,
      relation,
      decision,
      subject_word: subject.word,
      subject_type: subject.type ?? '',
    });
    expect(Number(row.confidence)).toBe(confidence);
    expect(JSON.parse(row.top!)).toEqual(top);
  }
});

/** A model that answers at once, to see what lies around it. */
const instant = {
  encode: (row: { sentence: string }) => ({ word: row.sentence, encoded: { counts: { tokens: 9, unknown: 0 } } }),
  answer: async (rows: readonly { word: string }[]) => rows.map(({ word }) => ({ relation: word, top: [] })),
} as unknown as BatchJob['model'];

/** Rows made while they are asked for. */
function madeRows(count: number) {
  const made = { rows: 0 };
  async function* rows(): AsyncGenerator<RawRow> {
    for (let number = 1; number <= count; number++) {
      made.rows = number;
      const sentence = `${number}번째 문장, ${'아주 '.repeat(20)}`;
      yield { number, value: { sentence, subject: { word: `${number}번째` }, object: { word: '문장' } } };
    }
  }
  const source = { size: count, position: 0 };
  return { made, rows: { name: 'made', format: jsonlFormat, notes: [], rows: rows(), source, close: async () => {} } };
}

test('memory stays as it is however many rows come', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap: number[] = [];
  const { rows } = madeRows(24 * WINDOW);
  const counting = {
    ...instant,
    answer: (batch: Parameters<typeof instant.answer>[0]) => {
      collect();
      heap.push(process.memoryUsage().heapUsed);
      return instant.answer(batch);
    },
  };
  const { outcome } = await answer(file('x.jsonl', '{"sentence": "가"}'), 'out.jsonl', { rows, model: counting });
  expect(outcome.rows).toBe(24 * WINDOW);
  expect(heap).toHaveLength(24);
  // A window of these rows takes about a megabyte; two dozen of them would show.
  expect(Math.max(...heap.slice(8)) - Math.max(...heap.slice(0, 8))).toBeLessThan(6 * 2 ** 20);
});

test('no row is read while the output waits, and an interruption keeps what was written', async () => {
  const { rows, made } = madeRows(10 * WINDOW);
  const stop = new AbortController();
  const seen: number[] = [];
  const output = {
    ...{ rows: 0, rejected: 0, resumable: true },
    append: async () => {
      output.rows += WINDOW;
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(made.rows);
      if (seen.length === 3) stop.abort();
    },
    ...{ finish: async () => {}, discard: async () => {}, close: async () => {} },
  };
  const run = answer(file('x.jsonl', '{"sentence": "가"}'), 'out.jsonl', {
    rows,
    output,
    model: instant,
    signal: stop.signal,
  });
  await expect(run).rejects.toMatchObject({
    kind: 'failed',
    message: 'Interrupted after 3,072 rows.',
    hint: expect.stringContaining('continues from there'),
  });
  expect(seen).toEqual([WINDOW, 2 * WINDOW, 3 * WINDOW]);
});

/** Two windows of rows of all lengths, and a model that counts what it is asked and ends as `stop` says. */
async function inPieces(stop: (rows: number, signal: AbortController) => void, out: string) {
  const rows = Array.from({ length: WINDOW + 100 }, (_, i) => ({
    ...{
      sentence: `가온${i}은 ${'아주 '.repeat(i % 7)}나루에서 일했다`,
      subject: { word: `가온${i}` },
      object: { word: '나루' },
    },
    ...(i % 300 === 299 && { sentence: '' }),
  }));
  const signal = new AbortController();
  let computed = 0;
  const watched: BatchJob['model'] = {
    encode: (row) => model.encode(row),
    answer: (prepared, options) =>
      model.answer(prepared, {
        ...options,
        onLogits: (logits) => {
          computed += logits.size;
          options?.onLogits?.(logits);
          stop(computed, signal);
        },
      }),
  };
  const path = join(out, '..', 'rows.jsonl');
  if (!existsSync(path)) writeFileSync(path, jsonlOf(rows));
  const run = answer(path, '', { reopen: out, model: watched, signal: signal.signal });
  const result = await run.catch((error: Error) => ({ error, text: '', outcome: null }));
  return { ...result, computed };
}

test('a window that is interrupted goes on where it was, and ends in the same bytes', async () => {
  const whole = await inPieces(() => {}, join(newFolder(), 'out.jsonl'));
  const out = join(newFolder(), 'out.jsonl');
  const first = await inPieces((rows, signal) => rows >= 300 && signal.abort(), out);
  expect(first).toMatchObject({ error: { message: `Interrupted after ${first.computed} rows.` } });
  expect(first.computed).toBeLessThan(WINDOW);
  // A killed process may have left half a line.
  appendFileSync(`${out}.partial.logits.jsonl`, '{"row": 5');
  const second = await inPieces((rows, signal) => rows >= 300 && signal.abort(), out);
  const third = await inPieces(() => {}, out);
  expect(third.outcome).toMatchObject({ resumed_from: first.computed + second.computed });
  expect(first.computed + second.computed + third.computed).toBe(whole.computed);
  expect(third.text).toBe(whole.text);
  expect(existsSync(`${out}.partial.logits.jsonl`)).toBe(false);
});

test('what the model answered is on the disk within five seconds, however long its window takes', async () => {
  const out = join(newFolder(), 'out.jsonl');
  const kept: number[] = [];
  const slow: BatchJob['model'] = {
    encode: (row) => model.encode(row),
    answer: async (prepared, options) => {
      for (const i of [0, 1]) {
        options?.onLogits?.(new Map([[i, Float32Array.of(1, 2, 3)]]));
        await sleep(2500);
        kept.push(linesOf(readFileSync(`${out}.partial.logits.jsonl`, 'utf8')).length);
      }
      return model.answer(prepared, options);
    },
  };
  await answer(file('rows.json', JSON.stringify(ROWS)), '', { reopen: out, model: slow });
  expect(kept).toEqual([1, 2]);
});

const HEADER = 'guid,sentence,subject_word,subject_start,subject_end,object_word,object_start,object_end';

test('a table for spreadsheets: sentence, gold label and the input’s own columns beside the answer', async () => {
  const rows = [
    '1,"가, 나",가,0,0,나,3,3,no_relation,메모,x',
    '2,"가, 나",가,0,0,나,3,3,nan,,y',
    '3,가나,가,0,0,나,1,1,zzz,"a,b",z',
  ];
  const input = file('rows.csv', [`${HEADER},label,메모,confidence`, ...rows, ''].join('\n'));
  const { text, outcome, out } = await answer(input, 'out.csv');
  expect(text.startsWith('\uFEFFguid,sentence,label,relation,')).toBe(true);
  const cells = parse(text, { columns: true, bom: true }) as Record<string, string>[];
  expect(cells.map((row) => [row.guid, row.sentence, row.label, row.메모, row.input_confidence])).toEqual([
    ['1', '가, 나', 'no_relation', '메모', 'x'],
    ['2', '가, 나', '', '', 'y'],
    ['3', '가나', 'zzz', 'a,b', 'z'],
  ]);
  const correct = cells[0]!.relation === 'no_relation' ? 1 : 0;
  expect(outcome).toMatchObject({ labelled: 2, accuracy: correct / 2 });
  // The relation is the answer, whatever the gold label is.
  expect((await readPredictionFile(out)).map(({ label }) => label)).toEqual(cells.map(({ relation }) => relation));
});

test('own keys of JSON rows are columns, too; integer labels count by their names only', async () => {
  const [row] = ROWS;
  const rows = [
    { ...row, note: { a: 1 } },
    { ...row, guid: 'b', label: 1, other: 'later' },
  ];
  const { text, outcome } = await answer(file('rows.jsonl', jsonlOf(rows)), 'out.csv');
  const cells = parse(text, { columns: true, bom: true }) as Record<string, string>[];
  expect(cells.map(({ label, note, other }) => [label, note, other])).toEqual([
    [row!.label, '{"a":1}', ''],
    ['1', '', 'later'],
  ]);
  expect(outcome).toMatchObject({ labelled: 1 });
});

test('a table without labels has no column for them', async () => {
  const { text, outcome } = await answer(file('rows.csv', `${HEADER}\n1,가나,가,0,0,나,1,1\n`), 'out.csv');
  expect(text.split('\n')[0]).not.toContain('label');
  expect(outcome).toMatchObject({ labelled: 0, accuracy: null });
});
