import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codePointLength, spanText } from '../../base/data/span.ts';
import type { Decoder } from './decoder.ts';
import { type DocumentParts, type DocumentTask, extractDocument } from './extractDocument.ts';
import type { PairQuestion, PairScorer } from './pairScorer.ts';
import { STRETCH } from './questions.ts';
import type { EntityRecognizer } from './recognizer.ts';

const NAMES = /한빛전자|가온물산|서지우|서 대표|대전|서울|2011년/gu;
const TYPES: Readonly<Record<string, string>> = {
  한: 'ORG',
  가: 'ORG',
  서지: 'PER',
  '서 ': 'PER',
  대: 'LOC',
  서울: 'LOC',
};
const typeOf = (word: string) => TYPES[word.slice(0, 2)] ?? TYPES[word[0]!] ?? 'DAT';

/** Finds the names above, each with a score of its own. */
const recognizer: EntityRecognizer = {
  name: 'names',
  entityTypes: ['PER', 'ORG', 'LOC', 'DAT'],
  recognize: async (sentences) =>
    sentences.map((sentence) =>
      [...sentence.matchAll(NAMES)].map(({ 0: word, index }) => {
        const start = codePointLength(sentence.slice(0, index));
        return { word, start, end: start + codePointLength(word) - 1, type: typeOf(word), score: 0.9 };
      }),
    ),
  release: async () => {},
};

/** Remembers what it was asked; the logit of the one relation is 1 where the subject comes first. */
function scorer(asked: PairQuestion[] = []): PairScorer {
  return {
    score: async (questions) => {
      asked.push(...questions);
      return questions.map(({ entities, pairs }) =>
        pairs.map(([subject, object]) => {
          const isFirst = entities[subject]!.start < entities[object]!.start;
          return { subject, object, logits: [isFirst ? 0 : 1, isFirst ? 1 : 0], shortened: false };
        }),
      );
    },
  };
}
const decide: Decoder = (_, pairs, { threshold }) =>
  pairs.map(({ subject, object, logits }) => {
    const relation = logits[1]! > logits[0]! ? 'org:founded_by' : 'no_relation';
    const confidence = 0.8;
    const decision = confidence < (threshold ?? 0) ? 'uncertain' : relation === 'no_relation' ? relation : 'relation';
    return { subject, object, relation, confidence, decision };
  });
const model = {
  id: 'tiny',
  no_relation: 'no_relation',
  type_pairs: [
    { subject: 'ORG', object: 'PER', relations: ['org:founded_by'] },
    { subject: 'PER', object: 'ORG', relations: ['per:employee_of'] },
  ],
};
const parts = (asked?: PairQuestion[]): DocumentParts => ({
  ...{ recognizer, decide, model },
  scorers: { inline: scorer(asked), shared: scorer(asked) },
});
const task = (text: string, changes: Partial<DocumentTask> = {}): DocumentTask => ({
  ...{ id: 'doc-1', text, entities: null, pairs: 'typed', pairEncoding: 'inline', window: 1, join: true },
  ...{ uncertain: false, threshold: null },
  ...changes,
});

test('a text becomes a graph of mentions, entities and relations', async () => {
  const text = '😀 한빛전자는 서지우가 세웠다. 가온물산도 있다.\n서 대표는 “한빛전자는 크다. 더 큰다.”고 했다.';
  const graph = await extractDocument(parts(), task(text));
  expect(graph.sentences.map(({ start, end }) => spanText(text, start, end))).toEqual([
    '😀 한빛전자는 서지우가 세웠다.',
    '가온물산도 있다.',
    '서 대표는 “한빛전자는 크다. 더 큰다.”고 했다.',
  ]);
  expect(
    graph.mentions.map(({ id, word, start, type, entity, sentence }) => [id, word, start, type, entity, sentence]),
  ).toEqual([
    ['m1', '한빛전자', 2, 'ORG', 'e1', 0],
    ['m2', '서지우', 8, 'PER', 'e2', 0],
    ['m3', '가온물산', 18, 'ORG', 'e3', 1],
    ['m4', '서 대표', 28, 'PER', 'e2', 2],
    ['m5', '한빛전자', 35, 'ORG', 'e1', 2],
  ]);
  expect(graph.entities[1]).toEqual({
    ...{ id: 'e2', name: '서지우', type: 'PER', mentions: ['m2', 'm4'] },
    joins: [{ mention: 'm4', to: 'm2', reason: 'surname', evidence: '서 대표 → 서지우' }],
  });
  expect(graph.relations).toEqual([
    { subject: 'm1', relation: 'org:founded_by', object: 'm2', confidence: 0.8, decision: 'relation' },
    { subject: 'm4', relation: 'org:founded_by', object: 'm5', confidence: 0.8, decision: 'relation' },
  ]);
  expect(graph).toMatchObject({ id: 'doc-1', pairs: 4, model: 'tiny', entity_model: 'names' });
});

test('relations below the threshold are listed when asked for, and mentions are left apart when asked to be', async () => {
  const text = '한빛전자는 서지우가 세웠다. 서지우는 한빛전자를 떠났다.';
  expect((await extractDocument(parts(), task(text, { threshold: 0.9 }))).relations).toEqual([]);
  const graph = await extractDocument(parts(), task(text, { threshold: 0.9, uncertain: true, join: false }));
  expect(graph.relations.map(({ decision }) => decision)).toEqual(['uncertain', 'uncertain']);
  expect(graph.entities.map(({ mentions }) => mentions)).toEqual([['m1'], ['m2'], ['m3'], ['m4']]);
});

test('a window of sentences asks for each pair once, with the text between them', async () => {
  const asked: PairQuestion[] = [];
  const text = '한빛전자가 있다. 대전에 있다. 서지우가 왔다. 그뿐이다.';
  const one = await extractDocument(parts(), task(text));
  expect(one.pairs).toBe(0);
  const two = await extractDocument(parts(asked), task(text, { window: 2 }));
  expect(two.pairs).toBe(0);
  const three = await extractDocument(parts(asked), task(text, { window: 3 }));
  expect(three).toMatchObject({ pairs: 2, relations: [{ subject: 'm1', object: 'm3' }] });
  expect(asked.map(({ sentence }) => sentence)).toEqual(['한빛전자가 있다. 대전에 있다. 서지우가 왔다.']);
});

test('of an entity and itself nothing is asked by the same name, and by others only other names are said', async () => {
  const text = '한국은행(한은)이 있다. 한국은행은 크다.';
  const given = [
    { word: '한국은행', start: 0, end: 3, type: 'ORG' },
    { word: '한은', start: 5, end: 6, type: 'ORG' },
    { word: '한국은행', start: 14, end: 17, type: 'ORG' },
  ];
  const graphWith = (relation: string, changes: Partial<DocumentTask> = {}) => {
    const everything: Decoder = (_, pairs) =>
      pairs.map(({ subject, object }) => ({ subject, object, relation, confidence: 0.8, decision: 'relation' }));
    return extractDocument(
      { ...parts(), decide: everything },
      task(text, { entities: given, pairs: 'all', window: 2, ...changes }),
    );
  };
  const names = await graphWith('org:alternate_names');
  expect(names.entities).toHaveLength(1);
  expect(names.pairs).toBe(4);
  expect(names.relations.map(({ subject, object }) => `${subject} ${object}`)).toEqual([
    'm1 m2',
    'm2 m1',
    'm2 m3',
    'm3 m2',
  ]);
  expect((await graphWith('org:members')).relations).toEqual([]);
  // Nothing is known of what labels of one's own mean.
  expect((await graphWith('별칭')).relations).toHaveLength(4);
  expect(await graphWith('org:members', { join: false })).toMatchObject({ pairs: 6, relations: { length: 6 } });
});

test('given entities stay as they are, in any order, also across what looks like two sentences', async () => {
  const text = '영화 끝났다. 정말로를 서지우가 봤다. 그렇다.';
  const entities = [
    { word: '서지우', start: 14, end: 16, type: 'PER' },
    { word: '끝났다. 정말로', start: 3, end: 11, type: 'ORG' },
  ];
  const graph = await extractDocument(parts(), task(text, { entities }));
  expect(graph.sentences).toHaveLength(2);
  expect(graph.mentions).toMatchObject([
    { word: '끝났다. 정말로', score: null, sentence: 0 },
    { word: '서지우', score: null, sentence: 0 },
  ]);
  expect(graph).toMatchObject({ pairs: 2, entity_model: null });
  await expect(extractDocument({ ...parts(), recognizer: null }, task(text))).rejects.toThrow('has no entities');
});

test('a long sentence is asked in windows: pairs that lie near each other, once, at the same places', async () => {
  const filler = '아주 '.repeat(60);
  const text = `한빛전자와 서지우, ${filler}가온물산, ${filler}서지우와 ${filler}한빛전자가 있다.`;
  const asked: PairQuestion[] = [];
  const graph = await extractDocument(parts(asked), task(text));
  expect(graph.mentions).toHaveLength(5);
  // All but the first person with the last firm, both ways: they lie too far apart.
  expect(graph.pairs).toBe(10);
  for (const { sentence, entities } of asked) {
    expect(codePointLength(sentence)).toBeLessThanOrEqual(STRETCH);
    for (const { word, start, end } of entities) expect(spanText(sentence, start, end)).toBe(word);
  }
});

test('progress is that of the text, whatever the models tell of theirs', async () => {
  const told: number[] = [];
  const counting: DocumentParts = {
    ...parts(),
    recognizer: {
      ...recognizer,
      recognize(sentences, options) {
        expect(Object.keys(options ?? {})).toEqual([]);
        return recognizer.recognize(sentences);
      },
    },
  };
  const text = '한빛전자는 서지우가 세웠다. '.repeat(40).trim();
  await extractDocument(counting, task(text), { onProgress: (done) => told.push(done) });
  expect(told).toHaveLength(2);
  expect(told.at(-1)).toBe(codePointLength(text));
});

test('an abort ends the work', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(extractDocument(parts(), task('한빛전자는 서지우가 세웠다.'), { signal })).rejects.toThrow('enough');
});

const piece = fc.constantFrom(
  '한빛전자',
  '서지우',
  '서 대표',
  '대전',
  '는 ',
  '가 ',
  '간다. ',
  '"',
  '“',
  '”',
  '\n',
  '😀',
  '(',
  ')',
  ' ',
);

test('places are exact in code points, pairs are asked at their own places, and nothing is asked twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 80 }),
      fc.integer({ min: 1, max: 3 }),
      async (pieces, window) => {
        const text = pieces.join('');
        const asked: PairQuestion[] = [];
        const { mentions, sentences, pairs } = await extractDocument(
          parts(asked),
          task(text, { window, pairs: 'all', join: false }),
        );
        for (const { word, start, end, sentence } of mentions) {
          expect(spanText(text, start, end)).toBe(word);
          expect(start >= sentences[sentence]!.start && end <= sentences[sentence]!.end).toBe(true);
        }
        expect(mentions.map(({ word }) => word)).toEqual([...text.matchAll(NAMES)].map(([word]) => word));
        for (const { sentence, entities, pairs } of asked) {
          expect(pairs.length).toBeGreaterThan(0);
          for (const { word, start, end } of entities) expect(spanText(sentence, start, end)).toBe(word);
        }
        const near = mentions.flatMap((a) =>
          mentions.filter((b) => a !== b && Math.abs(a.sentence - b.sentence) < window),
        );
        if (codePointLength(text) <= STRETCH) expect(pairs).toBe(near.length);
        else expect(pairs).toBeLessThanOrEqual(near.length);
      },
    ),
  );
});
