import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Example, LabelSet } from '../../core/types.ts';
import { klueRow } from './rowLayouts.ts';

/**
 * Rows as the Hub keeps `klue/klue`: entities as structs, labels by their ids (-1 where there is none), with their names in
 * the metadata from which the library `datasets` takes its features.
 *
 * @param groupRows the most rows in a row group; as many as the library likes without it
 */
export function hubParquet(rows: readonly Example[], { labels }: LabelSet, groupRows?: number): Uint8Array {
  const values = rows.map(klueRow);
  const column = <T>(name: string, data: T[]) => ({ name, data });
  return new Uint8Array(
    parquetWriteBuffer({
      schema: SCHEMA,
      ...(groupRows !== undefined && { rowGroupSize: groupRows }),
      columnData: [
        column(
          'guid',
          values.map(({ guid }) => guid),
        ),
        column(
          'sentence',
          values.map(({ sentence }) => sentence),
        ),
        column(
          'subject_entity',
          values.map(({ subject_entity }) => subject_entity),
        ),
        column(
          'object_entity',
          values.map(({ object_entity }) => object_entity),
        ),
        column(
          'label',
          values.map(({ label }) => BigInt(label === null ? -1 : labels.indexOf(label))),
        ),
        column(
          'source',
          values.map(({ source }) => source),
        ),
      ],
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features: features(labels) } }) }],
    }),
  );
}

const text = (name: string): SchemaElement => ({
  ...{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
});
const entity = (name: string): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', num_children: 4 },
  text('word'),
  { name: 'start_idx', type: 'INT32', repetition_type: 'OPTIONAL' },
  { name: 'end_idx', type: 'INT32', repetition_type: 'OPTIONAL' },
  text('type'),
];
const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 6 },
  text('guid'),
  text('sentence'),
  ...entity('subject_entity'),
  ...entity('object_entity'),
  { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
  text('source'),
];

/** As `datasets` writes `Features`. */
function features(names: readonly string[]) {
  const string = { dtype: 'string', _type: 'Value' };
  const number = { dtype: 'int32', _type: 'Value' };
  const entity = { word: string, start_idx: number, end_idx: number, type: string };
  return {
    ...{ guid: string, sentence: string, subject_entity: entity, object_entity: entity },
    ...{ label: { names, _type: 'ClassLabel' }, source: string },
  };
}
