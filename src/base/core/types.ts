/** The types that all floors share. */

/** Offsets as in KLUE: Unicode code points, `end` inclusive. `type` is null where the data has none. */
export interface Entity {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly type: string | null;
}

/** One row: a sentence with a marked subject and object. `label` is null in unlabelled input. */
export interface Example {
  readonly guid: string;
  readonly sentence: string;
  readonly subject: Entity;
  readonly object: Entity;
  readonly label: string | null;
  readonly source: string | null;
}

/** A row whose label is known and valid. */
export type LabelledExample = Example & { readonly label: string };

/** A relation between two entities of a document, by their places in its list. */
export interface DocumentRelation {
  readonly subject: number;
  readonly relation: string;
  readonly object: number;
}

/** A text with all its entities and, where they were annotated, all relations between them. */
export interface AnnotatedDocument {
  readonly id: string;
  readonly text: string;
  readonly source: string | null;
  readonly entities: readonly Entity[];
  /** Every pair of entities that is not here has no relation. Null where relations were not annotated. */
  readonly relations: readonly DocumentRelation[] | null;
  /** Pairs that annotators could not decide: they count neither as right nor as wrong, and nothing is learned of them. */
  readonly unsure: readonly DocumentRelation[];
}

/** The relations in id order, and which of them (if any) means "no relation". */
export interface LabelSet {
  readonly labels: readonly string[];
  readonly noRelation: string | null;
}

/** The file that rows came from, with a digest to see later whether it changed. */
export interface DataFile {
  readonly path: string;
  readonly rows: number;
  readonly sha256: string;
}

/** Rows of one data source, validated. `test` is never trained or tuned on. */
export interface Dataset {
  readonly name: string;
  readonly labelSet: LabelSet;
  readonly entityTypes: readonly string[];
  readonly train: readonly LabelledExample[];
  readonly test: readonly LabelledExample[];
  /** Texts to train on beside the rows (`--text-data`); none without it. */
  readonly documents?: readonly AnnotatedDocument[];
  readonly files: readonly DataFile[];
  /** Digest over labels and rows: two datasets with the same digest are the same. */
  readonly digest: string;
}

/** A system's answer to one row. `probabilities` follow the label set's order; null where it gives none. */
export interface Prediction {
  readonly guid: string;
  readonly predicted: string;
  readonly probabilities: readonly number[] | null;
}

/** KLUE-RE's figures as fractions in [0, 1]; names as in every file korex writes. */
export interface Metrics {
  readonly n: number;
  readonly accuracy: number;
  readonly macro_f1: number;
  /** Over all labels but `no_relation`. */
  readonly micro_f1: number;
  /** Null for systems without probabilities. */
  readonly auprc: number | null;
}

export type Language = 'ko' | 'en';
/** A text in both languages of korex. */
export type Localized = Readonly<Record<Language, string>>;
