import { oneFile } from './graphWriter.ts';

/** A document's whole graph a line. */
export const jsonl = oneFile({ name: 'JSONL', extension: '.jsonl', mediaType: 'application/x-ndjson' }, () => ({
  begin: () => '',
  document: (graph) => `${JSON.stringify(graph)}\n`,
  end: () => '',
}));
