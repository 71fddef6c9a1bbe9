import type { EntityRole } from '../../base/text/markers.ts';
import type { Graph } from '../../engine/nn/graph/graph.ts';
import type { Tensor } from '../../engine/nn/graph/nodes.ts';
import { opsOf } from '../../engine/nn/graph/ops.ts';
import { type Part, partsOf, poolsWords } from '../../engine/nn/headPooling.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import { columnNumbers, emit, integer, widthOf } from './inferenceOps.ts';
import { type EntityMarkers, entityMarkers } from './markerTokens.ts';

const MAX_INDEX = Number.MAX_SAFE_INTEGER;

/** The positions that a head pools, found in the ids; see `ModelInputs`. */
export interface PoolingPositions {
  readonly reads: Tensor | null;
  readonly pooling: Tensor | null;
  /** (b, 1): 0, or not a number where the markers are missing or ambiguous; null for a head without them. */
  readonly refusal: Tensor | null;
}

/** Finds the positions in the ids (b, l) that a model's head pools. */
export function poolingPositions(graph: Graph, ids: Tensor, model: RelationModel): PoolingPositions {
  const { head } = model.spec;
  const parts = partsOf(head);
  if (head === 'cls') return { reads: tokenPositions(graph, ids, null), pooling: null, refusal: null };
  const markers = entityMarkers(model);
  const withEnds = poolsWords(head);
  const entities = Object.fromEntries(
    (['subject', 'object'] as const).map((role) => [role, findEntity(graph, ids, role, markers[role], withEnds)]),
  ) as Record<EntityRole, FoundEntity>;
  const refusal = opsOf(graph).add(entities.subject.refusal, entities.object.refusal);
  const first = opsOf(graph).sub(entities.subject.start, entities.subject.start);
  const starts = { first, 'subject-start': entities.subject.start, 'object-start': entities.object.start };
  const isStart = (part: Part): part is keyof typeof starts => part in starts;
  if (!withEnds) {
    const columns = parts.filter(isStart).map((part) => starts[part]);
    const joined = emit(graph, 'Concat', columns, { axis: 1 }, ['b', columns.length]);
    return { reads: tokenPositions(graph, ids, joined), pooling: null, refusal };
  }
  const words = { 'subject-word': entities.subject, 'object-word': entities.object };
  const shares = parts.map((part) =>
    isStart(part) ? tokenShare(graph, ids, starts[part]) : wordShare(graph, ids, words[part as keyof typeof words]),
  );
  return {
    reads: null,
    pooling: emit(graph, 'Concat', shares, { axis: 1 }, ['b', parts.length, 'l'], 'float32'),
    refusal,
  };
}

/** The positions (b · states) among all tokens of the columns (b, states); the first token of each row without columns. */
function tokenPositions(graph: Graph, ids: Tensor, columns: Tensor | null): Tensor {
  const { add, reshape } = opsOf(graph);
  const tokens = emit(graph, 'Size', [ids], {}, []);
  const rowStarts = emit(graph, 'Range', [integer(graph, 0), tokens, widthOf(graph, ids)], {}, ['b']);
  if (!columns) return rowStarts;
  return reshape(add(columns, reshape(rowStarts, ['b', 1])), ['r']);
}

/** Columns (b, 1) of an entity's tokens. */
interface FoundEntity {
  /** Where the opening marker begins. */
  readonly start: Tensor;
  /** The last token of the opening marker and the closing marker, with the word between them. */
  readonly before: Tensor;
  readonly after: Tensor;
  readonly refusal: Tensor;
}

function findEntity(
  graph: Graph,
  ids: Tensor,
  role: EntityRole,
  { opening, openingEnd, closing }: EntityMarkers,
  withEnds: boolean,
): FoundEntity {
  const { add, gatherRows, mul, reduceSum, reshape } = opsOf(graph);
  const flatIds = reshape(ids, ['n']);
  const marked = (name: string, table: Float32Array) =>
    reshape(gatherRows(graph.initializer(`${role}_marker_${name}`, [table.length], table), flatIds), ids.shape);
  const slice = (x: Tensor, start: number, end: number) =>
    emit(graph, 'Slice', [x, ...[start, end, 1].map((value) => graph.integers([value]))], {}, ['b', 's'], 'float32');
  const columnOf = (found: Tensor, which: 'first' | 'last') =>
    emit(graph, 'ArgMax', [found], { axis: 1, keepdims: 1, select_last_index: which === 'last' ? 1 : 0 }, ['b', 1]);
  const refusalUnless = (found: Tensor, occurrences: number) => {
    const count = reduceSum(found, [1], true);
    const isClear = emit(graph, 'Equal', [count, graph.scalar(occurrences)], {}, ['b', 1], 'bool');
    return emit(graph, 'Where', [isClear, graph.scalar(0), graph.scalar(Number.NaN)], {}, ['b', 1], 'float32');
  };

  const [first, second] = opening.tables.map((table, i) => marked(String(i), table));
  const { gap, occurrences } = opening;
  const found = second ? mul(slice(first!, 0, -gap), slice(second, gap, MAX_INDEX)) : first!;
  const start = columnOf(found, 'first');
  const refusal = refusalUnless(found, occurrences);
  if (!withEnds) return { start, before: start, after: start, refusal };

  const closers = marked('end', closing.table);
  const ends = {
    after: columnOf(closers, 'last'),
    refusal: add(refusal, refusalUnless(closers, closing.occurrences)),
  };
  if (openingEnd === null) return { start, before: start, ...ends };
  const inner = add(start, integer(graph, gap));
  const behind = emit(graph, 'Greater', [columnNumbers(graph, ids), inner], {}, ids.shape, 'bool');
  const isBehind = emit(graph, 'Cast', [behind], { to: 'float32' }, ids.shape, 'float32');
  const before = columnOf(mul(marked('inner', openingEnd), isBehind), 'first');
  return { start, before, ...ends };
}

/** 1 at a column (b, 1), 0 elsewhere: (b, 1, l). */
function tokenShare(graph: Graph, ids: Tensor, column: Tensor): Tensor {
  const isThere = emit(graph, 'Equal', [columnNumbers(graph, ids), column], {}, ids.shape, 'bool');
  return opsOf(graph).reshape(emit(graph, 'Cast', [isThere], { to: 'float32' }, ids.shape, 'float32'), ['b', 1, 'l']);
}

/** 1 / count at the tokens of a word, 0 elsewhere: (b, 1, l); not a number where a cut left none. */
function wordShare(graph: Graph, ids: Tensor, { before, after }: FoundEntity): Tensor {
  const { mul, reduceSum, reshape } = opsOf(graph);
  const columns = columnNumbers(graph, ids);
  const cast = (x: Tensor) => emit(graph, 'Cast', [x], { to: 'float32' }, ids.shape, 'float32');
  const behind = cast(emit(graph, 'Greater', [columns, before], {}, ids.shape, 'bool'));
  const ahead = cast(emit(graph, 'Less', [columns, after], {}, ids.shape, 'bool'));
  const isWord = mul(behind, ahead);
  const share = emit(graph, 'Div', [isWord, reduceSum(isWord, [1], true)], {}, ids.shape, 'float32');
  return reshape(share, ['b', 1, 'l']);
}
