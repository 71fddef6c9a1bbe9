import { useMemo, useState } from 'preact/hooks';
import { probability } from '../../../../src/base/core/format.ts';
import type { DocumentGraph } from '../../../../src/inference/predict/documentSchema.ts';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { DecisionTag, EntityTag, RelationName, relationText } from '../../components/tags.tsx';
import { type Column, VirtualTable } from '../../components/VirtualTable.tsx';
import { tryParams } from '../../marking/address.ts';
import { isNarrow } from '../../state/narrow.ts';
import { hrefOf } from '../../state/router.ts';
import { inContext, type ShownRelation } from './shownGraph.ts';
import { textTexts } from './texts.ts';

export interface TripleTableProps {
  readonly graph: DocumentGraph;
  readonly relations: readonly ShownRelation[];
  /** The entity whose relations alone are listed; empty for all. */
  readonly entity: string;
  readonly onEntity: (entity: string) => void;
  readonly onSentence: (sentence: number) => void;
}

/** The relations as a table, by entity and relation. */
export function TripleTable({ graph, relations, entity, onEntity, onSentence }: TripleTableProps) {
  const t = textTexts();
  const [relation, setRelation] = useState('');
  const names = useMemo(() => [...new Set(relations.map(({ relation }) => relation))].sort(), [relations]);
  const rows = useMemo(
    () =>
      relations.filter(
        (row) =>
          (relation === '' || row.relation === relation) &&
          (entity === '' || row.subject.entity === entity || row.object.entity === entity),
      ),
    [relations, relation, entity],
  );
  return (
    <>
      <div class="actions table-filters">
        <label>
          {t.byEntity}{' '}
          <select value={entity} onChange={({ currentTarget }) => onEntity(currentTarget.value)}>
            <option value="">{t.allEntities}</option>
            {graph.entities.map(({ id, name, type }) => (
              <option key={id} value={id} lang="ko">
                {type === null ? name : `${name} (${type})`}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.byRelation}{' '}
          <select value={relation} onChange={({ currentTarget }) => setRelation(currentTarget.value)}>
            <option value="">{t.allRelations}</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {relationText(name)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <VirtualTable
        key={`table ${isNarrow.value}`}
        label={t.triples}
        columns={isNarrow.value ? cardColumns(graph, t) : columnsOf(graph, t)}
        rowHeight={isNarrow.value ? CARD_HEIGHT : ROW_HEIGHT}
        count={rows.length}
        rowAt={(index) => rows[index]}
        height={360}
        onOpen={({ sentence }) => onSentence(sentence)}
      />
    </>
  );
}

const ROW_HEIGHT = 40;
const CARD_HEIGHT = 72;

/** On a phone each relation is two lines: who and whom, and what. */
const cardColumns = (graph: DocumentGraph, t: ReturnType<typeof textTexts>): Column<ShownRelation>[] => [
  {
    id: 'relation',
    title: t.relation,
    width: 'minmax(0, 1fr)',
    cell: ({ subject, relation, object, confidence, decision }) => (
      <div class="row-card">
        <EntityTag {...subject} /> <span class="muted">→</span> <EntityTag {...object} />
        <br />
        <span class="muted">{probability(confidence)}</span>{' '}
        <RelationName name={relation} quiet={decision !== 'relation'} />
      </div>
    ),
  },
  { ...whyColumn(graph, t), width: '3.2rem' },
];

function columnsOf(graph: DocumentGraph, t: ReturnType<typeof textTexts>): Column<ShownRelation>[] {
  return [
    {
      id: 'subject',
      title: t.subject,
      width: 'minmax(7rem, 0.6fr)',
      cell: ({ subject }) => <EntityTag {...subject} />,
    },
    {
      id: 'relation',
      title: t.relation,
      width: 'minmax(10rem, 1fr)',
      cell: ({ relation }) => <RelationName name={relation} />,
    },
    {
      id: 'object',
      title: t.object,
      width: 'minmax(7rem, 0.6fr)',
      cell: ({ object }) => <EntityTag {...object} />,
    },
    {
      id: 'confidence',
      title: t.confidence,
      width: '5.5rem',
      numeric: true,
      cell: ({ confidence }) => probability(confidence),
    },
    {
      id: 'decision',
      title: t.decision,
      width: '6.5rem',
      cell: ({ decision }) => <DecisionTag decision={decision} />,
    },
    {
      id: 'sentence',
      title: t.sentenceColumn,
      width: 'minmax(12rem, 1.6fr)',
      cell: (row) => (
        <span lang="ko">
          <MarkedSentence {...inContext(graph, row)} roles={t} cut />
        </span>
      ),
    },
    whyColumn(graph, t),
  ];
}

const whyColumn = (graph: DocumentGraph, t: ReturnType<typeof textTexts>): Column<ShownRelation> => ({
  id: 'why',
  title: t.why,
  width: '4rem',
  cell: (row) => (
    <a
      href={hrefOf('explain', tryParams(inContext(graph, row)))}
      aria-label={`${t.why}: ${row.subject.word} → ${row.object.word}`}
      onClick={(event) => event.stopPropagation()}
    >
      {t.why}
    </a>
  ),
});
