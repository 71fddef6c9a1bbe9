import { fieldOf } from './columns.ts';
import { type FileError, fileError, type Head } from './format.ts';
import { firstElement } from './jsonList.ts';

/**
 * Files that are none of korex's, known by their beginning: other kinds of files, and what other tools write. Named for what
 * they are, with what korex needs; nothing of them is guessed at.
 */
interface Foreign {
  /** Follows "it is". */
  readonly name: string;
  readonly recognizes: (sample: Sample) => boolean;
  /** Without one, the message names the columns and keys that korex needs. */
  readonly mend?: string;
}

/** What the beginning of a file shows. */
interface Sample {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The first row of JSON; empty where there is none. */
  readonly row: Readonly<Record<string, unknown>>;
  /** Cells of a table's first line, in lower case. */
  readonly columns: readonly string[];
}

const startsWith =
  (...start: number[]) =>
  ({ bytes }: Sample) =>
    start.every((byte, at) => bytes[at] === byte);
const ascii = (text: string) => startsWith(...new TextEncoder().encode(text));
const has = (value: unknown, ...keys: string[]): boolean =>
  typeof value === 'object' && value !== null && keys.every((key) => Object.hasOwn(value, key));
const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);
const UNPACK = 'Unpack it, and pass the file that is in it.';
const FROM_DATASETS =
  'Export the rows from Python: Dataset.to_parquet("train.parquet") or Dataset.to_json("train.jsonl").';

/** Binary files, the more particular ones first. */
const BINARY: readonly Foreign[] = [
  { name: 'an Arrow file (Dataset.save_to_disk)', recognizes: ascii('ARROW1'), mend: FROM_DATASETS },
  {
    name: 'an Arrow stream (Dataset.save_to_disk)',
    recognizes: startsWith(0xff, 0xff, 0xff, 0xff),
    mend: FROM_DATASETS,
  },
  { name: 'packed with bzip2', recognizes: ascii('BZh'), mend: UNPACK },
  { name: 'packed with xz', recognizes: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a), mend: UNPACK },
  { name: 'packed with Zstandard', recognizes: startsWith(0x28, 0xb5, 0x2f, 0xfd), mend: UNPACK },
  { name: 'a 7z archive', recognizes: startsWith(0x37, 0x7a, 0xbc, 0xaf), mend: UNPACK },
  { name: 'a RAR archive', recognizes: ascii('Rar!'), mend: UNPACK },
  {
    name: 'in the format of Excel 97 to 2003 (.xls)',
    recognizes: startsWith(0xd0, 0xcf, 0x11, 0xe0),
    mend: 'Save it as .xlsx or as CSV UTF-8.',
  },
  { name: 'a SQLite database', recognizes: ascii('SQLite format 3'), mend: 'Export the table as CSV.' },
  { name: 'a PDF', recognizes: ascii('%PDF') },
  { name: 'a picture', recognizes: startsWith(0x89, 0x50, 0x4e, 0x47) },
  {
    name: 'a NumPy array',
    recognizes: startsWith(0x93, 0x4e, 0x55, 0x4d),
    mend: 'Export the rows from Python as CSV or JSON lines.',
  },
  {
    name: 'a Python pickle',
    recognizes: ({ bytes }) => bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5,
    mend: 'Export the rows from Python, e.g. DataFrame.to_json("train.jsonl", orient="records", lines=True).',
  },
  {
    name: 'spaCy’s DocBin',
    recognizes: ({ bytes }) => bytes[0] === 0x78 && [0x01, 0x9c, 0xda].includes(bytes[1]!),
  },
];

/** What other tools write. None of them has all that korex needs under names it knows. */
const TOOLS: readonly Foreign[] = [
  {
    name: 'OpenNRE’s format',
    recognizes: ({ row }) => has(row, 'h', 't') && (has(row.h, 'pos') || has(row.h, 'name')),
  },
  { name: 'TACRED’s format', recognizes: ({ row }) => has(row, 'token', 'subj_start', 'obj_start') },
  {
    name: 'DeepKE’s format',
    recognizes: ({ columns }) => ['head', 'tail', 'head_offset', 'tail_offset'].every((name) => columns.includes(name)),
    mend: 'Name its columns: --columns subject=head,subject_start=head_offset,object=tail,object_start=tail_offset. Its rows have no entity types, which the markers typed-entity and typed-punct need.',
  },
  {
    name: 'an export of doccano',
    recognizes: ({ row }) =>
      has(row, 'text') &&
      (has(first(row.entities), 'start_offset', 'end_offset') ||
        [row.label, row.labels].some(
          (spans) => Array.isArray(first(spans)) && typeof first(first(spans)) === 'number',
        )),
  },
  {
    name: 'an export of Label Studio',
    recognizes: ({ row }) => has(row, 'data') && (has(row, 'annotations') || has(row, 'completions')),
  },
  {
    name: 'brat’s annotation file (.ann)',
    recognizes: ({ text }) => /^(T\d+\t\S+ \d+ \d+(;\d+ \d+)*\t|R\d+\t\S+ Arg1:)/.test(text),
  },
  {
    name: 'an export of Prodigy or spaCy',
    recognizes: ({ row }) =>
      has(row, 'text', 'tokens') && (has(row, 'spans') || has(row, 'ents') || has(row, 'relations')),
  },
  { name: 'an export of INCEpTION or WebAnno', recognizes: ({ text }) => text.startsWith('#FORMAT=WebAnno') },
  {
    name: 'a UIMA CAS, as INCEpTION exports it',
    recognizes: ({ text, row }) => /^\s*(<\?xml[^>]*>\s*)?<xmi:XMI/.test(text) || has(row, '%TYPES'),
  },
  { name: 'GLiREL’s format', recognizes: ({ row }) => has(row, 'tokenized_text') },
  { name: 'DocRED’s format', recognizes: ({ row }) => has(row, 'vertexSet', 'sents') },
  { name: 'a list of triples', recognizes: ({ row }) => has(row, 'triple_list') || has(row, 'triples') },
  {
    name: 'SemEval’s format',
    recognizes: ({ text }) => /^\d+\t".*<e1>.*<\/e1>/.test(text),
  },
  { name: 'XML or HTML', recognizes: ({ text }) => /^\s*<(\?xml|!doctype|html)/i.test(text) },
];

const NEEDED =
  'korex needs a row for each pair of entities: the columns sentence, subject_word, subject_start, subject_end, subject_type, object_word, object_start, object_end, object_type and label (offsets may be missing where a word occurs once), or JSON objects with the keys sentence, subject_entity, object_entity and label.';

/** The error that names a file of another kind; null where it is none that korex knows. */
export function foreignFile({ path, bytes, text, isWhole }: Head): FileError | null {
  const sample: Sample = {
    bytes,
    text: text ?? '',
    row: firstRow(text ?? ''),
    columns: (text ?? '')
      .split('\n', 1)[0]!
      .toLowerCase()
      .split(/[,;\t]/)
      .map((name) => name.trim()),
  };
  const found = [...BINARY, ...TOOLS].find(({ recognizes }) => recognizes(sample));
  if (found)
    return fileError('foreign', `${path}: it is ${found.name}, which korex does not read.`, found.mend ?? NEEDED);
  const keys = isWhole && text !== null ? keysOfOneObject(text) : null;
  if (keys === null) return null;
  return fileError(
    'notList',
    `${path}: the file holds one object with the keys ${keys.join(', ')}; expected a list of rows.`,
    'Rows are a list, [{"sentence": …}, …], or one object a line. From pandas: DataFrame.to_json("train.json", orient="records", force_ascii=False).',
  );
}

/** The keys of a text that is one JSON object and no row; null for all else. */
function keysOfOneObject(text: string): readonly string[] | null {
  const value = parsed(text);
  if (value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value);
  const isRow = entries.some(([key, field]) => typeof field === 'string' && fieldOf(key) === 'sentence');
  return isRow ? null : entries.map(([key]) => key);
}

/** The first row of a list or of JSON lines; of one long object at least its first key. */
function firstRow(text: string): Readonly<Record<string, unknown>> {
  if (text.trimStart().startsWith('[')) return parsed(firstElement(text)) ?? {};
  const [, firstKey] = /^\s*\{\s*"([^"\\]+)"\s*:/.exec(text) ?? [];
  return (
    parsed(text.trimStart().split('\n', 1)[0]!) ?? parsed(text) ?? (firstKey === undefined ? {} : { [firstKey]: null })
  );
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
