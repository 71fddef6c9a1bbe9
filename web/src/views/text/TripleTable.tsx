import { useMemo, useState } from 'preact/hooks';
import { probability } from '../../../../src/base/core/format.ts';
import type { DocumentGraph } from '../../../../src/inference/predict/documentSchema.ts';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { DecisionTag, EntityTag, RelationName, relationText } from '../../components/tags.tsx';
import { type Column, VirtualTable } from '../../components/VirtualTable.tsx';
import { tryParams } from '../../marking/address.ts';
import { hrefOf } from '../../state/router.ts';
import { inSentence, type ShownRelation, sentenceText } from './shownGraph.ts';
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
        label={t.triples}
        columns={columnsOf(graph, t)}
        count={rows.length}
        rowAt={(index) => rows[index]}
        height={360}
        onOpen={({ sentence }) => onSentence(sentence)}
      />
    </>
  );
}

function columnsOf(graph: DocumentGraph, t: ReturnType<typeof textTexts>): Column<ShownRelation>[] {
  const inContext = ({ subject, object, sentence }: ShownRelation) => ({
    sentence: sentenceText(graph, sentence),
    subject: inSentence(graph, subject),
    object: inSentence(graph, object),
  });
  return [
    {
      id: 'subject',
      title: t.subject,
      width: 'minmax(7rem, 0.6fr)',
      narrowWidth: 'minmax(3.5rem, 1fr)',
      cell: ({ subject }) => <EntityTag {...subject} />,
    },
    {
      id: 'relation',
      title: t.relation,
      width: 'minmax(10rem, 1fr)',
      narrowWidth: 'minmax(4.2rem, 1.2fr)',
      cell: ({ relation }) => <RelationName name={relation} />,
    },
    {
      id: 'object',
      title: t.object,
      width: 'minmax(7rem, 0.6fr)',
      narrowWidth: 'minmax(3.5rem, 1fr)',
      cell: ({ object }) => <EntityTag {...object} />,
    },
    {
      id: 'confidence',
      title: t.confidence,
      width: '5.5rem',
      numeric: true,
      wideOnly: true,
      cell: ({ confidence }) => probability(confidence),
    },
    {
      id: 'decision',
      title: t.decision,
      width: '6.5rem',
      wideOnly: true,
      cell: ({ decision }) => <DecisionTag decision={decision} />,
    },
    {
      id: 'sentence',
      title: t.sentenceColumn,
      width: 'minmax(12rem, 1.6fr)',
      wideOnly: true,
      cell: (row) => (
        <span lang="ko">
          <MarkedSentence {...inContext(row)} roles={t} cut />
        </span>
      ),
    },
    {
      id: 'why',
      title: t.why,
      width: '4rem',
      narrowWidth: '3rem',
      cell: (row) => (
        <a
          href={hrefOf('explain', tryParams(inContext(row)))}
          aria-label={`${t.why}: ${row.subject.word} → ${row.object.word}`}
          onClick={(event) => event.stopPropagation()}
        >
          {t.why}
        </a>
      ),
    },
  ];
}
