/** The chart libraries as one chunk. */
export * as vega from 'vega';
export { expressionInterpreter } from 'vega-interpreter';
export { compile } from 'vega-lite';
