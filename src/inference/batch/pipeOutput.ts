import { once } from 'node:events';
import type { Output } from './output.ts';

/**
 * Standard output, which waits for who reads it. Nothing can be gone on with.
 *
 * @param warn is told of each rejected row, since there is no file for them
 */
export function pipeOutput(stream: NodeJS.WritableStream, warn: (reject: string) => void, signal: AbortSignal): Output {
  let [rows, rejected] = [0, 0];
  return {
    get rows() {
      return rows;
    },
    get rejected() {
      return rejected;
    },
    resumable: false,
    async append(part) {
      if (part.lines !== '' && !stream.write(part.lines)) await once(stream, 'drain', { signal });
      for (const line of part.rejects.split('\n').filter(Boolean)) warn(line);
      rows += part.rows;
      rejected += part.rejected;
    },
    finish: async () => {},
    discard: async () => {},
    close: async () => {},
  };
}
