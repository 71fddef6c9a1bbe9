import { usageError } from '../../../base/core/errors.ts';
import { endingOf } from '../../../base/data/formats/table.ts';
import { csv } from './csv.ts';
import { cypher } from './cypher.ts';
import { graphml } from './graphml.ts';
import type { GraphFormat } from './graphWriter.ts';
import { html } from './html.ts';
import { jsonLd } from './jsonLd.ts';
import { jsonl } from './jsonl.ts';
import { neo4jCsv } from './neo4jCsv.ts';

/** Every format that graphs are written in. */
export const GRAPH_FORMATS: readonly GraphFormat[] = [jsonl, csv, graphml, jsonLd, cypher, neo4jCsv, html];

/** The format that the ending of a name asks for; JSONL for `-`. Errors: `usage` for other endings. */
export function graphFormatOf(out: string): GraphFormat {
  if (out === '-') return jsonl;
  const ending = endingOf(out.replace(/[/\\]+$/, ''));
  const format = GRAPH_FORMATS.find(({ extension }) => extension === (ending === '.ndjson' ? '.jsonl' : ending));
  if (format) return format;
  const known = GRAPH_FORMATS.map(({ extension, name }) => `${extension} (${name})`).join(', ');
  throw usageError(
    {
      en: `${out}: its ending does not say how to write the graph.`,
      ko: `${out}: 확장자로 그래프를 쓸 형식을 알 수 없다.`,
    },
    { en: `Expected one of ${known}.`, ko: `다음 가운데 하나로 쓴다: ${known}.` },
  );
}
