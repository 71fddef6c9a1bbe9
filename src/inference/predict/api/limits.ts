/** What a request may cost. The OpenAPI document, the server, its manual and the page use these numbers. */

/** Longest sentence in code points; a model reads far less and takes a window around the entities. */
export const MAX_SENTENCE = 10_000;
/** Most entities of a sentence whose pairs are asked for. */
export const MAX_ENTITIES = 24;
/** Pairs in one call of `/v1/extract`. */
export const MAX_PAIRS = MAX_ENTITIES * (MAX_ENTITIES - 1);
/** Characters that all pairs of a sentence are read with: of 24 entities 1,811 a pair, of ten the longest sentence. */
export const MAX_PAIR_CHARACTERS = 1_000_000;
/** Requests in one call of `/v1/predict`. */
export const MAX_REQUESTS = 256;
/** Bytes of a request's body, except for `/v1/batch`, which may be of any size. */
export const MAX_BODY_BYTES = 2 ** 20;
/** Bytes of a line of `/v1/batch`: the longest sentence with every character escaped fits. */
export const MAX_LINE_BYTES = 2 ** 18;
/** Longest text of a document over HTTP, in code points; the library and the command line take any. */
export const MAX_TEXT = 20_000;
/** Most entities that a document over HTTP may bring. */
export const MAX_TEXT_ENTITIES = 2_000;
/** Pairs of entities that a conversion over HTTP makes into rows. */
export const MAX_CONVERTED_PAIRS = 500_000;
/** Characters that a conversion over HTTP writes. */
export const MAX_CONVERTED_CHARACTERS = 16_000_000;
/** Files of a conversion over HTTP. */
export const MAX_CONVERTED_FILES = 500;
/** Most neighbouring sentences that a pair may lie in. */
export const MAX_WINDOW = 5;
/** Characters that all pairs of a document over HTTP are read with. */
export const MAX_TEXT_PAIR_CHARACTERS = 4_000_000;
