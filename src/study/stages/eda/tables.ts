import type { Dataset } from '../../../base/core/types.ts';
import { conflictingGroups, type NumberSummary, typePairCounts } from '../../../base/data/profile.ts';
import { relationDescription } from '../../../base/data/relations.ts';
import type { Cell } from '../../../base/eval/csv.ts';
import type { EdaFacts } from './summary.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const SIDES = ['train', 'test'] as const;
const SUMMARY_COLUMNS = ['n', 'min', 'median', 'mean', 'deviation', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

/** The tables of stage 01: file name without `.csv` → table. */
export function edaTables(facts: EdaFacts, dataset: Dataset): Readonly<Record<string, Table>> {
  const { entities, lengths } = facts;
  return {
    label_distribution: {
      columns: [
        'label_id',
        'label',
        'description_ko',
        'description_en',
        ...sideColumns('count', 'share'),
        'share_difference',
        'ratio',
      ],
      rows: facts.labels.rows.map(({ id, label, train, test, ratio }) => [
        id,
        label,
        relationDescription(label, 'ko'),
        relationDescription(label, 'en'),
        ...[train.count, train.share, test.count, test.share],
        test.share - train.share,
        ratio,
      ]),
    },
    sentence_length: {
      columns: ['unit', 'split', ...SUMMARY_COLUMNS],
      rows: [...summaryRows(['characters'], lengths.characters), ...summaryRows(['tokens'], lengths.tokens)],
    },
    token_coverage: {
      columns: ['max_length', ...SIDES.flatMap((side) => [`${side}_share_kept`]), 'relative_cost'],
      rows: lengths.kept.map(({ limit, train, test, cost }) => [limit, train, test, cost]),
    },
    entity_types: {
      columns: ['role', 'type', ...sideColumns('count', 'share')],
      rows: entities.types.map(({ role, type, train, test }) => [
        ...[role, type],
        ...[train.count, train.share, test.count, test.share],
      ]),
    },
    entity_positions: {
      columns: ['measure', 'role', 'split', ...SUMMARY_COLUMNS],
      rows: [
        ...(['subject', 'object'] as const).flatMap((role) => [
          ...summaryRows(['word_length', role], entities.word_lengths[role]),
          ...summaryRows(['relative_start', role], entities.positions[role]),
        ]),
        ...summaryRows(['distance', 'both'], entities.distances),
      ],
    },
    type_pair_relations: {
      columns: ['subject_type', 'object_type', 'label', 'train_count'],
      rows: typePairCounts(dataset.train, dataset.labelSet).map((cell) => [
        ...[cell.subjectType, cell.objectType, cell.label],
        cell.count,
      ]),
    },
    type_pairs: {
      columns: ['subject_type', 'object_type', 'train_count', 'train_share', 'relations', 'top_label', 'top_share'],
      rows: facts.type_pairs.rows.map((row) => [
        ...[row.subject_type, row.object_type, row.count, row.share],
        ...[row.relations, row.top_label, row.top_share],
      ]),
    },
    sources: {
      columns: ['source', ...sideColumns('count', 'share')],
      rows: facts.sources.map(({ source, train, test }) => [source, train.count, train.share, test.count, test.share]),
    },
    conflicting_labels: {
      columns: ['split', 'sentence', 'subject', 'object', 'guids', 'labels'],
      rows: SIDES.flatMap((side) =>
        conflictingGroups(dataset[side]).map(({ sentence, subject, object, guids, labels }) => [
          ...[side, sentence, subject.word, object.word],
          ...[guids.join(' '), labels.join(' ')],
        ]),
      ),
    },
  };
}

const sideColumns = (...names: readonly string[]) => SIDES.flatMap((side) => names.map((name) => `${side}_${name}`));

const summaryRows = (key: readonly string[], sides: Record<(typeof SIDES)[number], NumberSummary>): Cell[][] =>
  SIDES.map((side) => [...key, side, ...SUMMARY_COLUMNS.map((column) => sides[side][column])]);
