import { lazy } from '../core/lazy.ts';
import { OpenMarks } from './quotations.ts';
import { blocksOf, type Segment } from './textLines.ts';

/**
 * Where a text's sentences are. Boundaries are proposed by `Intl.Segmenter` (Unicode Standard Annex 29), which knows nothing
 * of Korean: those within quotations and brackets, before quotative endings, after abbreviations, initials, dates and list
 * numbers are taken back, and those that lines, 다… and footnotes make are added.
 */

export type { Segment } from './textLines.ts';

const sentenceSegmenter = lazy(() => new Intl.Segmenter('ko', { granularity: 'sentence' }));

/** Sentence by sentence, each with the blanks behind it: together they are the text. */
export function* segmentsOf(text: string): Generator<Segment, void, undefined> {
  for (const { from, to } of blocksOf(text)) {
    // Ends of lines within a block are blanks; the length stays.
    const block = text.slice(from, to).replace(/[\r\n\v\f\u0085\u2028\u2029]/g, ' ');
    let start = 0;
    let marks = new OpenMarks(block, start);
    for (const end of proposals(block)) {
      if (end < block.length && (marks.isInside(end) || goesOn(block, start, end))) continue;
      yield { from: from + start, to: from + end };
      start = end;
      marks = new OpenMarks(block, start);
    }
  }
}

/** Sentences without the blanks around them, in order; blank ones are left out. */
export function* sentencesOf(text: string): Generator<Segment, void, undefined> {
  for (const { from, to } of segmentsOf(text)) {
    const sentence = text.slice(from, to);
    const start = from + (sentence.length - sentence.trimStart().length);
    const end = start + sentence.trim().length;
    if (start < end) yield { from: start, to: end };
  }
}

const CLOSER = `["'”’)\\]}」』》〉】）]`;
/** What stands behind a sentence and belongs to it: emoji, laughing and crying, smileys. */
const TAIL = String.raw`(?:[\p{Extended_Pictographic}\u200d\ufe0f\u{1f3fb}-\u{1f3ff}]|[ㅋㅎㅠㅜ]{2,}|\^\^|[:;]-?[)(DP])`;
/** Boundaries that the standard does not know: behind a final ending also before v2.0, behind its dots and tildes, emoji, footnotes. */
const MORE = [
  new RegExp(`(?<=[다요죠까네지])[.…⋯‥]+${CLOSER}*\\s+`, 'gu'),
  /(?<=[다요죠까네지게])~+\s+/gu,
  new RegExp(`(?<=[.!?~다요죠까네지])\\s?${TAIL}(?:\\s?${TAIL})*[.!?~]*\\s+`, 'gu'),
  new RegExp(`[.!?]${CLOSER}*(?:\\[\\d{1,3}\\])+\\s*`, 'gu'),
];

/** Ends of what may be sentences, the last one that of the block. */
function proposals(block: string): number[] {
  const ends = new Set([block.length]);
  for (const { index, segment } of sentenceSegmenter().segment(block)) ends.add(index + segment.length);
  for (const pattern of MORE) for (const match of block.matchAll(pattern)) ends.add(match.index + match[0].length);
  return [...ends].sort((a, b) => a - b);
}

/** Characters behind a boundary that are looked at. */
const AHEAD = 24;

/** Whether the sentence from `start` goes on behind `end`. */
function goesOn(block: string, start: number, end: number): boolean {
  const left = block.slice(start, end).trimEnd();
  const right = block.slice(end, end + AHEAD);
  if (left.trim() === '' || right.trim() === '') return left.trim() === '';
  const isApart = /\s/.test(block[end - 1]!);
  return (
    (isApart ? false : isOneWord(left, right)) ||
    QUOTATIVE.test(right) ||
    (QUOTED.test(left) && AFTER_QUOTATION.test(right)) ||
    BELONGS.test(right) ||
    isListNumber(left) ||
    isAbbreviation(left, right) ||
    isNumber(left, right) ||
    isPause(left)
  );
}

/** Endings of finite verbs and of the nouns that notes end in. */
const FINAL = new RegExp(`[다요죠까네라자오군걸함임음됨][.!?]+${CLOSER}*$`, 'u');
const QUOTED = /["'”’」』》〉＂]$/;
const OPENS = /^["'“‘「『《〈([【]/;

/** Without a blank between, only what ends like a sentence is one: not 45.여, example.한국, v2.Beta or `“간다.”라고`. */
function isOneWord(left: string, right: string): boolean {
  if (/[。！？]["'”’」』]*$/.test(left)) return false;
  if (new RegExp(`${CLOSER}$`).test(left)) return !OPENS.test(right);
  return !FINAL.test(left) || !/^[가-힣A-Z0-9"'“‘「『《〈([]/u.test(right);
}

/** Endings that go with what was said and begin no sentence. */
const QUOTATIVE = /^(?:이?라(?:고|며|는|면서|던|니까|지만)|냐고|냐는|자고|다고|다며|다는|라면서)(?![가-힣]*[.]?$)/u;
/** What goes on after a closed quotation: quotative endings, and particles, which stand by themselves only by mistake. */
const AFTER_QUOTATION =
  /^(?:이?라(?:고|며|는|면서|던|니|지만|도|면|든지|기|거나|서)?|이?란|고|고는|고도|하고|하며|하면서|했|한다(?:고|는|며)|하는|하던|하자|며|이며|면서|는|은|을|를|에|에게|에서|의|와|과|로|으로|도|등|등[을의이은에과도]|처럼|보다|이다|였다|이었다|인|냐고|냐는|자고|다고|다며|다는)(?=[\s,.]|$)|^(?:이?라(?:고|며|는|면서|던|지만)|했|등)/u;
const BELONGS = new RegExp(`^(?:\\[\\d{1,3}\\]|${TAIL})`, 'u');

/** The number or letter of an item, a question or an answer: `1.`, `가.`, `II.`, `2.1.`, `(3)`, `Q1.`. */
const isListNumber = (left: string): boolean =>
  /^[#*>•·\-\s]*\(?(?:\d{1,3}(?:[.-]\d{1,3})*|[IVXivx]{1,5}|[가나다라마바사아자차카타파하ㄱ-ㅎ]|[A-Za-z]\d{0,2}|제\s?\d{1,3}[조장절항편관호]?)[.)]+$/u.test(
    left.trim(),
  );

/** Always before something else. */
const BEFORE =
  'Dr|Mr|Mrs|Ms|Mx|Prof|St|Mt|Ft|Fr|Gen|Col|Maj|Capt|Cpt|Sgt|Lt|Cmdr|Rev|Hon|Gov|Sen|Rep|Pres|Amb|Dept|Univ|Assn|vs|cf|al|ed|eds|Vol|vol|pp|Fig|fig|Figs|Eq|Sec|Ch|Art|ver|Ver|approx|ca|Tel|tel|Fax|feat|Feat|ft|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec';
/** At the end of an English sentence, too. */
const WITHIN = 'Inc|Ltd|Co|Corp|LLC|Bros|Jr|Sr|Esq|etc|Ave|Blvd|Rd|Bldg';
const ABBREVIATION = new RegExp(`(?:^|[^A-Za-z])(?:${BEFORE})\\.$`);
const PERHAPS = new RegExp(`(?:^|[^A-Za-z])(?:${WITHIN})\\.$`);
const NUMERO = /(?:^|[^A-Za-z])(?:No|Nos|no|c|p|pp|Op|op|Art|Ch|Sec|Vol|vol)\.$/;
/** A single capital, or letters each with their stop: J. K., A.I., U.S., Ph.D. */
const INITIALS = /(?:^|[^A-Za-z0-9])(?:[A-Z]\.\s?)+$|(?:[A-Za-z]{1,2}\.){2,}$/;

const isAbbreviation = (left: string, right: string): boolean =>
  ABBREVIATION.test(left) ||
  INITIALS.test(left) ||
  (NUMERO.test(left) && /^\d/.test(right)) ||
  (PERHAPS.test(left) && !/^[A-Z]/.test(right)) ||
  /(?:야후|Yahoo)!$/i.test(left);

/** A date such as `2024. 5. 3.`, a number of a list within a sentence, and what else has a digit on both sides. */
const isNumber = (left: string, right: string): boolean =>
  (/[\s,]\d{1,2}\.$/.test(left) && !/대\s\d+\.$/.test(left)) ||
  /(?:\d{4}|['’]\d{2})\.\s?\d{1,2}\.(?:\s?\d{1,2}\.)?$/.test(left) ||
  (/\d\.$/.test(left) && /^\d/.test(right));

/** Dots behind what is no end of a sentence: 그런데..., 네... */
const isPause = (left: string): boolean =>
  new RegExp(`(?:\\.{2,}|[…⋯‥])${CLOSER}*$`, 'u').test(left) &&
  (!new RegExp(`[다요죠까네지][.…⋯‥!?]+${CLOSER}*$`, 'u').test(left) || /^[가-힣]{1,2}[.…⋯‥]+$/u.test(left));
