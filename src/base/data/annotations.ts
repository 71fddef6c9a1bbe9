import type { AnnotatedDocument, Example, LabelSet, Localized } from '../core/types.ts';
import type { RejectedRow } from './badRows.ts';
import type { Loss } from './formats/losses.ts';

/** What a file of annotations holds: texts with all their entities and relations, or sentences with one marked pair each. */
export type Annotations =
  | { readonly kind: 'documents'; readonly documents: readonly AnnotatedDocument[] }
  | { readonly kind: 'rows'; readonly rows: readonly Example[]; readonly labelSet: LabelSet };

/** A file as it was read, whatever its format. */
export interface ReadAnnotations {
  /** As `--from` names it. */
  readonly format: string;
  readonly annotations: Annotations;
  /** What the file says that korex has no place for. */
  readonly lost: readonly Loss[];
  readonly rejected: readonly RejectedRow[];
  /** What was recognised, and how offsets were taken: lines for people. */
  readonly notes: readonly Localized[];
}

/** A file to write: its name within OUT where that is a folder, else empty. */
export interface WrittenFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Annotations in another format, and what that format has no place for. */
export interface WrittenAnnotations {
  /** As `--to` names it. */
  readonly format: string;
  readonly files: readonly WrittenFile[];
  readonly lost: readonly Loss[];
}

/** What there is in annotations; rows have two entities each. */
export type AnnotationCounts = Readonly<Record<'documents' | 'rows' | 'entities' | 'relations', number>>;

export function countsOf(annotations: Annotations): AnnotationCounts {
  if (annotations.kind === 'rows') {
    const { rows, labelSet } = annotations;
    const related = rows.filter(({ label }) => label !== null && label !== labelSet.noRelation);
    return { documents: 0, rows: rows.length, entities: 2 * rows.length, relations: related.length };
  }
  const { documents } = annotations;
  const sum = (count: (document: (typeof documents)[number]) => number) =>
    documents.reduce((total, document) => total + count(document), 0);
  return {
    ...{ documents: documents.length, rows: 0 },
    entities: sum(({ entities }) => entities.length),
    relations: sum(({ relations }) => relations?.length ?? 0),
  };
}
