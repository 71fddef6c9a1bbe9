import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkDocument } from '../src/base/data/formats/documents.ts';
import { KLUE_ENTITY_TYPES, KLUE_LABELS } from '../src/base/data/relations.ts';
import { inverseOf } from '../src/base/data/relationTraits.ts';

// The documents that were written for korex: offsets, types, labels and conventions, since no reader sees a slip in them.

const RULES = {
  labels: new Set(KLUE_LABELS.filter((label) => label !== 'no_relation')),
  entityTypes: new Set(KLUE_ENTITY_TYPES),
};
const SYMMETRIC = new Set(['per:colleagues', 'per:other_family']);
/** How the relations of a subject begin, by its type. */
const PREFIXES: Readonly<Record<string, string>> = { PER: 'per:', ORG: 'org:' };
const TRAPS = 'negation list quotation passive dates parent_child headquarters police_courts media homonyms'.split(' ');

const rows = (path: string): Record<string, unknown>[] =>
  readFileSync(new URL(`../data/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

function documents(path: string) {
  const documents = rows(path).map((row, i) => {
    const checked = checkDocument(row, RULES, String(i));
    if (!('document' in checked)) throw new Error(`${path}:${i + 1} ${JSON.stringify(checked.problems)}`);
    return checked.document;
  });
  expect(new Set(documents.map(({ id }) => id)).size, path).toBe(documents.length);
  expect(new Set(documents.map(({ text }) => text)).size, path).toBe(documents.length);
  return documents;
}

test.each(['probes/probes.jsonl', 'paragraphs/paragraphs.jsonl'])('%s is consistently annotated', (path) => {
  for (const { id, entities, relations, unsure } of documents(path)) {
    const known = [...(relations ?? []), ...unsure];
    const key = (subject: number, object: number, relation = '') => `${subject} ${object} ${relation}`;
    const pairs = new Set((relations ?? []).map(({ subject, object }) => key(subject, object)));
    const triples = new Set(known.map(({ subject, relation, object }) => key(subject, object, relation)));
    expect(triples.size, `${id}: a triple twice`).toBe(known.length);
    for (const { subject, relation, object } of known) {
      const [from, to] = [entities[subject]!, entities[object]!];
      const said = `${id}: ${from.word} ${relation} ${to.word}`;
      expect(relation.startsWith(PREFIXES[from.type ?? ''] ?? '-'), said).toBe(true);
      const inverse = SYMMETRIC.has(relation) ? relation : inverseOf(relation);
      // The pair the other way round has the inverse, or another relation that goes before it (a founder's employment).
      if (inverse?.startsWith(PREFIXES[to.type ?? ''] ?? '-'))
        expect(triples.has(key(object, subject, inverse)) || pairs.has(key(object, subject)), said).toBe(true);
    }
    for (const { subject, object } of unsure)
      expect(pairs.has(key(subject, object)), `${id}: ${subject} and ${object} both sure and unsure`).toBe(false);
  }
});

test('each trap has 25 probes, and no relation of KLUE is left out of them', () => {
  const probes = rows('probes/probes.jsonl');
  for (const trap of TRAPS) expect(probes.filter((row) => row.trap === trap).length, trap).toBe(25);
  expect(probes.length).toBe(25 * TRAPS.length);
  const labels = new Set(
    documents('probes/probes.jsonl').flatMap(({ relations }) => relations!.map((r) => r.relation)),
  );
  expect([...RULES.labels].filter((label) => !labels.has(label))).toEqual([]);
});
