import { inBoth } from '../../core/errors.ts';
import type { Localized } from '../../core/types.ts';
import { fieldOf } from './columns.ts';
import { type FileError, fileError, type Head } from './format.ts';
import { isPandas } from './pandasJson.ts';
import { firstCells, firstRow, has, parsed } from './toolFormat.ts';

/**
 * Files that are none of korex's, known by their beginning: other kinds of files, and what other tools write. Named for what
 * they are, with what korex needs; nothing of them is guessed at.
 */
interface Foreign {
  /** Follows "it is". */
  readonly name: Localized;
  readonly recognizes: (sample: Sample) => boolean;
  /** Without one, the message names the columns and keys that korex needs. */
  readonly mend?: Localized;
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
export const UNPACK = {
  en: 'Unpack it, and pass the file of rows that is in it.',
  ko: '압축을 풀고 그 안의 행 파일을 준다.',
};
export const FROM_DATASETS = inBoth(
  (lang) =>
    `${lang === 'ko' ? '파이썬에서 행을 내보낸다' : 'Export the rows from Python'}: Dataset.to_parquet("train.parquet"), Dataset.to_json("train.jsonl").`,
);

/** Binary files, the more particular ones first. */
const BINARY: readonly Foreign[] = [
  {
    name: { en: 'an Arrow file (Dataset.save_to_disk)', ko: 'Arrow 파일(Dataset.save_to_disk)' },
    recognizes: ascii('ARROW1'),
    mend: FROM_DATASETS,
  },
  {
    name: { en: 'an Arrow stream (Dataset.save_to_disk)', ko: 'Arrow 스트림(Dataset.save_to_disk)' },
    recognizes: startsWith(0xff, 0xff, 0xff, 0xff),
    mend: FROM_DATASETS,
  },
  {
    name: { en: 'text in UTF-32', ko: 'UTF-32 글자 파일' },
    recognizes: (sample) => startsWith(0xff, 0xfe, 0, 0)(sample) || startsWith(0, 0, 0xfe, 0xff)(sample),
    mend: { en: 'Save it as UTF-8.', ko: 'UTF-8로 저장한다.' },
  },
  { name: { en: 'packed with bzip2', ko: 'bzip2로 압축된 파일' }, recognizes: ascii('BZh'), mend: UNPACK },
  {
    name: { en: 'packed with xz', ko: 'xz로 압축된 파일' },
    recognizes: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a),
    mend: UNPACK,
  },
  {
    name: { en: 'packed with Zstandard', ko: 'Zstandard로 압축된 파일' },
    recognizes: startsWith(0x28, 0xb5, 0x2f, 0xfd),
    mend: UNPACK,
  },
  { name: { en: 'a 7z archive', ko: '7z 파일' }, recognizes: startsWith(0x37, 0x7a, 0xbc, 0xaf), mend: UNPACK },
  { name: { en: 'a RAR archive', ko: 'RAR 파일' }, recognizes: ascii('Rar!'), mend: UNPACK },
  {
    name: { en: 'in the format of Excel 97 to 2003 (.xls)', ko: 'Excel 97–2003 형식(.xls)' },
    recognizes: startsWith(0xd0, 0xcf, 0x11, 0xe0),
    mend: { en: 'Save it as .xlsx or as CSV UTF-8.', ko: '.xlsx나 CSV UTF-8로 저장한다.' },
  },
  {
    name: { en: 'a SQLite database', ko: 'SQLite 데이터베이스' },
    recognizes: ascii('SQLite format 3'),
    mend: { en: 'Export the table as CSV.', ko: '표를 CSV로 내보낸다.' },
  },
  { name: { en: 'a PDF', ko: 'PDF' }, recognizes: ascii('%PDF') },
  { name: { en: 'a picture', ko: '그림 파일' }, recognizes: startsWith(0x89, 0x50, 0x4e, 0x47) },
  {
    name: { en: 'a NumPy array', ko: 'NumPy 배열' },
    recognizes: startsWith(0x93, 0x4e, 0x55, 0x4d),
    mend: {
      en: 'Export the rows from Python as CSV or JSON lines.',
      ko: '파이썬에서 행을 CSV나 JSON Lines로 내보낸다.',
    },
  },
  {
    name: { en: 'a Python pickle', ko: '파이썬 pickle' },
    recognizes: ({ bytes }) => bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5,
    mend: inBoth(
      (lang) =>
        `${lang === 'ko' ? '파이썬에서 행을 내보낸다' : 'Export the rows from Python'}: DataFrame.to_json("train.jsonl", orient="records", lines=True).`,
    ),
  },
  {
    name: { en: 'spaCy’s DocBin', ko: 'spaCy의 DocBin' },
    recognizes: ({ bytes }) => bytes[0] === 0x78 && [0x01, 0x9c, 0xda].includes(bytes[1]!),
  },
];

/** What other tools write. None of them has all that korex needs under names it knows. */
const TOOLS: readonly Foreign[] = [
  {
    name: { en: 'WebAnno TSV 1 or 2', ko: 'WebAnno TSV 1이나 2' },
    recognizes: ({ text, columns }) =>
      text.startsWith('#FORMAT=WebAnno') || /^# ?webanno\.|^ # \S+\.ukp\./.test(columns[0] ?? ''),
    mend: { en: 'Export it as WebAnno TSV 3.', ko: 'WebAnno TSV 3으로 내보낸다.' },
  },
  {
    name: { en: 'a UIMA CAS, as INCEpTION exports it', ko: 'UIMA CAS(INCEpTION에서 내보낸 파일)' },
    recognizes: ({ text, row }) => /^\s*(<\?xml[^>]*>\s*)?<xmi:XMI/.test(text) || has(row, '%TYPES'),
  },
  { name: { en: 'DocRED’s format', ko: 'DocRED 형식' }, recognizes: ({ row }) => has(row, 'vertexSet', 'sents') },
  {
    name: { en: 'a list of triples', ko: '트리플 목록' },
    recognizes: ({ row }) => has(row, 'triple_list') || has(row, 'triples'),
  },
  {
    name: { en: 'SemEval’s format', ko: 'SemEval 형식' },
    recognizes: ({ text }) => /^\d+\t".*<e1>.*<\/e1>/.test(text),
  },
  {
    name: { en: 'a pointer of Git LFS, not the file itself', ko: 'Git LFS 포인터(파일 자체가 아님)' },
    recognizes: ({ text }) => text.startsWith('version https://git-lfs.github.com/'),
    mend: { en: 'Fetch the file: git lfs pull.', ko: '파일을 받는다: git lfs pull.' },
  },
  {
    name: { en: 'JSON that was encoded twice', ko: '두 번 인코딩한 JSON' },
    recognizes: ({ text }) => /^\s*"\s*[[{]\s*(\{\s*)?\\"/.test(text),
    mend: {
      en: 'Write the text that is in it: json.loads(text) in Python, once.',
      ko: '안에 든 글자를 그대로 쓴다: 파이썬에서 json.loads(text)를 한 번.',
    },
  },
  {
    name: { en: 'XML or HTML', ko: 'XML이나 HTML' },
    recognizes: ({ text }) => /^\s*<(\?xml|!doctype|html)/i.test(text),
  },
];

const COLUMNS =
  'sentence, subject_word, subject_start, subject_end, subject_type, object_word, object_start, object_end, object_type, label';
const KEYS = 'sentence, subject_entity, object_entity, label';
const NEEDED: Localized = {
  en: `korex needs a row for each pair of entities, with the columns ${COLUMNS}, or JSON objects with the keys ${KEYS}. Offsets may be missing where a word occurs once in its sentence.`,
  ko: `엔티티 쌍마다 한 행이 있어야 한다. 열은 ${COLUMNS}, JSON의 키는 ${KEYS}다. 단어가 문장에 한 번만 나오면 위치는 없어도 된다.`,
};

/** The error for a file of a kind that korex does not read. */
export const foreignError = (path: string, name: Localized, hint: Localized = NEEDED, cause?: unknown): FileError =>
  fileError(
    'foreign',
    {
      en: `${path}: it is ${name.en}, which korex does not read.`,
      ko: `${path}: korex가 읽지 않는 형식이다: ${name.ko}.`,
    },
    hint,
    cause,
  );

/** The error that names a file of another kind; null where it is none that korex knows. */
export function foreignFile(head: Head): FileError | null {
  const { path, bytes, text, isWhole } = head;
  const sample: Sample = { bytes, text: text ?? '', row: firstRow(head), columns: firstCells(head) };
  const found = [...BINARY, ...TOOLS].find(({ recognizes }) => recognizes(sample));
  if (found) return foreignError(path, found.name, found.mend);
  const keys = isWhole && text !== null && !isPandas(head) ? keysOfOneObject(text) : null;
  if (keys === null) return null;
  return fileError(
    'notList',
    {
      en: `${path}: the file holds one object with the keys ${keys.join(', ')}; expected a list of rows.`,
      ko: `${path}: 행의 목록이 아니라 객체 하나다. 키: ${keys.join(', ')}.`,
    },
    inBoth(
      (lang) =>
        `${lang === 'ko' ? '행은 [{"sentence": …}, …] 목록이거나 한 줄에 객체 하나다. pandas에서는' : 'Rows are a list, [{"sentence": …}, …], or one object a line. From pandas:'} DataFrame.to_json("train.json", orient="records", force_ascii=False).`,
    ),
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
