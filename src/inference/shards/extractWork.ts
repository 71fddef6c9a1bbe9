import { textBeside } from '../../base/data/annotationFolder.ts';
import { type RejectedRow, rejectedRowsText } from '../../base/data/badRows.ts';
import { randomAccessSource } from '../../base/data/formats/byteSource.ts';
import { openRange, rangeDigest } from '../../base/data/ranges/openRange.ts';
import type { OpenedFile } from '../../base/storage/storage.ts';
import { schemeOf, storageOf } from '../../base/storage/storageOf.ts';
import type { DocumentExtractor } from '../extract/documentExtractor.ts';
import { badText, graphOfText, type WantedOfTexts } from '../extract/graphOfText.ts';
import { type ReadOptions, type ReadText, readSource, textsOf } from '../extract/readTexts.ts';
import { jsonl } from '../extract/writers/jsonl.ts';
import { rangeOf } from './batchWork.ts';
import { originOf, type Shard } from './shard.ts';
import { poisonProblem } from './shardRows.ts';
import { spoolOutput } from './spoolOutput.ts';
import type { Work } from './work.ts';

/** How the texts of shards are read, as `korex extract` reads those of a folder. */
export interface ExtractWorkOptions {
  readonly extractor: DocumentExtractor;
  readonly wanted: WantedOfTexts;
  readonly onBadRow: 'error' | 'skip';
}

export function extractWork({ extractor, wanted, onBadRow }: ExtractWorkOptions): Work {
  const writer = jsonl.files[0]!.open('en');
  return {
    async answer(shard, spool, { poison, only, onProgress, signal }) {
      const file = await (await storageOf(shard.path)).open(shard.path);
      const output = await spoolOutput(spool, writer.begin());
      const reasons = new Map(poison.map(({ place, reason }) => [place, reason]));
      try {
        const { texts, measure } = await textsOfShard(shard, file, { signal });
        let place = -1;
        for await (const read of texts) {
          place++;
          if (only && place < only[0]) continue;
          if (only && place >= only[1]) break;
          const tell = () => onProgress?.(place, place + 1);
          tell();
          const reason = reasons.get(place);
          const rejected = reason === undefined ? rejectedOf(read) : poisoned(shard, read, reason);
          if (rejected && onBadRow === 'error') throw badText(rejected);
          const graph =
            rejected === null && 'document' in read
              ? await graphOfText(extractor, read.document, wanted, { signal, onProgress: tell })
              : null;
          await output.append({
            lines: graph === null ? '' : writer.document(graph),
            rejects: rejected === null ? '' : rejectedRowsText([rejected]),
            ...{ rows: 1, rejected: rejected === null ? 0 : 1 },
          });
        }
        await output.append({ lines: writer.end(), rejects: '', rows: 0, rejected: 0 });
        await output.finish();
        const { numbers, sha256 } = await measure();
        return { ...output.facts, numbers, input_sha256: sha256 };
      } finally {
        await output.close();
        await file.close();
      }
    },
    release: () => extractor.release(),
  };
}

/** The texts of a shard; and, once they are read, the facts of its range. */
async function textsOfShard(shard: Shard, file: OpenedFile, options: ReadOptions) {
  if (shard.unit !== 'file') {
    const range = await openRange(file, originOf(shard), rangeOf(shard));
    return { texts: textsOf(range, options), measure: () => range.measure() };
  }
  const beside = schemeOf(file.path) === null ? textBeside(file.path) : undefined;
  return {
    texts: readSource(leftOpen(file), shard.name, beside, options),
    measure: async () => ({ numbers: 0, sha256: await rangeDigest(file, shard.name, rangeOf(shard)) }),
  };
}

/** A file as a source whose end does not close it. */
const leftOpen = (file: OpenedFile) =>
  randomAccessSource({
    ...{ path: file.path, size: file.size, close: async () => {} },
    read: (start, length) => file.read(start, length),
  });

const rejectedOf = (read: ReadText): RejectedRow | null => ('rejected' in read ? read.rejected : null);

const poisoned = (shard: Shard, read: ReadText, reason: Parameters<typeof poisonProblem>[0]): RejectedRow => ({
  file: originOf(shard),
  row: 'rejected' in read ? read.rejected.row : read.number,
  problems: [poisonProblem(reason)],
  value: 'rejected' in read ? read.rejected.value : { id: read.document.id, text: read.document.text },
});
