import { expect, test } from 'vitest';
import type { AnsweredDocument } from '../../inference/extract/evaluateDocuments.ts';
import type { DocumentGraph } from '../../inference/predict/documentSchema.ts';
import { documentErrors } from './documentErrors.ts';

const entity = (start: number, end: number, type: string) => ({ word: 'x', start, end, type });
const gold = [
  entity(0, 1, 'ORG'),
  entity(3, 4, 'PER'),
  entity(6, 7, 'LOC'),
  entity(9, 12, 'DAT'),
  entity(14, 15, 'POH'),
];

function answered(
  found: readonly ReturnType<typeof entity>[],
  asserted: readonly (readonly [number, string, number])[],
  relations: readonly (readonly [number, string, number])[],
): AnsweredDocument {
  const graph: DocumentGraph = {
    ...{ id: 'd', text: 'x'.repeat(30), sentences: [{ start: 0, end: 29 }], entities: [], pairs: 0, model: 'm' },
    mentions: found.map((each, i) => ({ ...each, id: `m${i}`, score: 1, entity: 'e', sentence: 0 })),
    relations: asserted.map(([subject, relation, object]) => ({
      ...{ subject: `m${subject}`, relation, object: `m${object}`, confidence: 0.9, decision: 'relation' as const },
    })),
    entity_model: 'names',
  };
  const triples = relations.map(([subject, relation, object]) => ({ subject, relation, object }));
  const document = { id: 'd', text: graph.text, source: null, entities: gold, relations: triples, unsure: [] };
  return { document, given: graph, found: graph };
}

test('errors of entities: place, type, missed, invented', () => {
  // The second has another type, the third is too long, the fourth is not found; the last one is not there.
  const found = [gold[0]!, entity(3, 4, 'ORG'), entity(6, 8, 'LOC'), gold[4]!, entity(20, 21, 'PER')];
  const { entities, examples } = documentErrors([answered(found, [], [])]);
  expect(entities).toEqual({ boundary: 1, type: 1, missed: 1, invented: 1 });
  expect(examples).toContainEqual({ document: 'd', kind: 'entity: invented', what: '20-21/PER' });
});

test('errors of relations: those of their entities, and their own', () => {
  const found = [gold[0]!, gold[1]!, entity(6, 8, 'LOC'), gold[4]!, entity(20, 21, 'PER')];
  const { missing, wrong } = documentErrors([
    answered(
      found,
      [
        [0, 'a', 1],
        [1, 'b', 0],
        [0, 'x', 3],
        [4, 'c', 0],
        [0, 'c', 2],
        [3, 'd', 1],
      ],
      // Found; a relation of another kind; the end too long; not found; none asserted; the wrong way round.
      [
        [0, 'a', 1],
        [1, 'other', 0],
        [0, 'c', 2],
        [0, 'c', 3],
        [1, 'e', 4],
        [1, 'd', 4],
      ],
    ),
  ]);
  expect(missing).toEqual({ wrong_relation: 1, entity_boundary: 1, entity_missed: 1, missed: 1, wrong_direction: 1 });
  expect(wrong).toEqual({ wrong_relation: 1, invented: 1, entity_invented: 1, entity_boundary: 1, wrong_direction: 1 });
});
