import { MAX_ENTITIES } from '../schema.ts';

/** What a request may cost. The OpenAPI document, the server and its manual tell of the same numbers. */

/** Bytes of a request's body, except for `/v1/batch`, which may be of any size. */
export const MAX_BODY_BYTES = 2 ** 20;
/** Bytes of a line of `/v1/batch`: the longest sentence with every character escaped fits. */
export const MAX_LINE_BYTES = 2 ** 18;
/** Requests in one call of `/v1/predict`. */
export const MAX_REQUESTS = 256;
/** Pairs in one call of `/v1/extract`. */
export const MAX_PAIRS = MAX_ENTITIES * (MAX_ENTITIES - 1);
