import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { probability } from '../../../../src/base/core/format.ts';
import { nodesAndEdges } from '../../../../src/inference/extract/writers/graphParts.ts';
import type { DocumentGraph } from '../../../../src/inference/predict/documentSchema.ts';
import { Failure } from '../../components/Failure.tsx';
import { shortName } from '../../components/relations.ts';
import { EntityTag, RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { shownTheme } from '../../state/theme.ts';
import type { DrawnGraph, GraphHandle } from './drawGraph.ts';
import type { ShownRelation } from './shownGraph.ts';
import { textTexts } from './texts.ts';

export interface GraphViewProps {
  readonly graph: DocumentGraph;
  readonly relations: readonly ShownRelation[];
  readonly onEntity: (entity: string) => void;
  readonly onSentence: (sentence: number) => void;
}

/** Entities as nodes, relations as arrows; beside it the same as a list, for the keyboard and screen readers. */
export function GraphView({ graph, relations, onEntity, onSentence }: GraphViewProps) {
  const t = textTexts();
  const lang = language.value;
  const theme = shownTheme.value;
  const place = useRef<HTMLDivElement>(null);
  const handle = useRef<GraphHandle | null>(null);
  const act = useRef({ onEntity, onSentence });
  act.current = { onEntity, onSentence };
  const [error, setError] = useState<unknown>(null);
  const drawn = useMemo(() => drawnGraph(graph, relations, lang), [graph, relations, lang]);

  useEffect(() => {
    let isWanted = true;
    if (drawn.edges.length === 0) return;
    import('./drawGraph.ts').then(
      ({ drawGraph }) => {
        if (!isWanted) return;
        handle.current = drawGraph(place.current!, drawn, {
          onNode: (id) => act.current.onEntity(id),
          onEdge: (sentence) => act.current.onSentence(sentence),
        });
      },
      (reason: unknown) => isWanted && setError(reason),
    );
    return () => {
      isWanted = false;
      handle.current?.remove();
      handle.current = null;
    };
  }, [drawn, theme]);

  if (drawn.edges.length === 0) return <p class="muted">{t.noRelations}</p>;
  return (
    <>
      {error !== null && <Failure error={error} />}
      <div class="graph-frame">
        <div
          ref={place}
          class="graph-place"
          role="img"
          aria-label={t.graphLabel(drawn.nodes.length, drawn.edges.length)}
        />
        <div class="graph-tools">
          {(['zoomIn', 'zoomOut', 'fit'] as const).map((action) => (
            <button key={action} type="button" class="quiet small" onClick={() => handle.current?.[action]()}>
              {t[action]}
            </button>
          ))}
        </div>
      </div>
      <p class="muted small-print">{t.graphHelp}</p>
      <details class="edge-list">
        <summary>{t.edges}</summary>
        <ul>
          {drawn.edges.map((edge) => (
            <li key={edge.id}>
              <button type="button" class="plain" onClick={() => onSentence(edge.sentence)}>
                <EntityTag {...edge.subject} /> <span class="muted">→</span> <EntityTag {...edge.object} />{' '}
                <RelationName name={edge.relation} /> <span class="muted">{probability(edge.confidence)}</span>
              </button>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** Nodes with a relation, and arrows with the sentence that says so best. */
function drawnGraph(graph: DocumentGraph, relations: readonly ShownRelation[], lang: 'ko' | 'en'): DrawnGraph {
  const { nodes, edges } = nodesAndEdges(graph);
  const idOf = new Map(nodes.map((node, i) => [node, graph.entities[i]!.id]));
  const drawnEdges = edges.map(({ subject, relation, object, confidence, decision }, i) => {
    const [source, target] = [idOf.get(subject)!, idOf.get(object)!];
    const best = relations
      .filter((row) => row.relation === relation && row.subject.entity === source && row.object.entity === target)
      .sort((a, b) => b.confidence - a.confidence)[0];
    return {
      ...{ id: `edge-${i}`, source, target, relation, confidence, isSure: decision === 'relation' },
      subject: { word: subject.name, type: subject.type },
      object: { word: object.name, type: object.type },
      label: shortName(relation, lang),
      sentence: best?.sentence ?? 0,
    };
  });
  const used = new Set(drawnEdges.flatMap(({ source, target }) => [source, target]));
  const drawnNodes = nodes.flatMap((node) => {
    const id = idOf.get(node)!;
    return used.has(id) ? [{ id, label: node.name, type: node.type }] : [];
  });
  return { nodes: drawnNodes, edges: drawnEdges };
}
