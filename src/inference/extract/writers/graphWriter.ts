import type { Language } from '../../../base/core/types.ts';
import type { DocumentGraph } from '../../predict/documentSchema.ts';

/** Graphs written as text, document by document: what a file begins with, each document, what it ends with. */
export interface GraphWriter {
  begin(): string;
  document(graph: DocumentGraph): string;
  end(): string;
}

/** A writer with its words, where it has any, in a language. */
export type OpenWriter = (lang: Language) => GraphWriter;

/** A format that graphs are written in. */
export interface GraphFormat {
  readonly name: string;
  /** The ending of a file's name, or of a folder's where there are several files. */
  readonly extension: string;
  /** For downloads. */
  readonly mediaType: string;
  /** Its files, each with a writer of its own; the name is empty where there is one alone. */
  readonly files: readonly { readonly name: string; readonly open: OpenWriter }[];
}

/** A format of one file. */
export const oneFile = (facts: Omit<GraphFormat, 'files'>, open: OpenWriter): GraphFormat => ({
  ...facts,
  files: [{ name: '', open }],
});

/** All of some graphs at once, for what is small enough to hold: the content of each file by its name. */
export function written(format: GraphFormat, graphs: readonly DocumentGraph[], lang: Language): Record<string, string> {
  return Object.fromEntries(
    format.files.map(({ name, open }) => {
      const writer = open(lang);
      return [name, writer.begin() + graphs.map((graph) => writer.document(graph)).join('') + writer.end()];
    }),
  );
}
