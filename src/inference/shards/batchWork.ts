import { silentReporter } from '../../base/core/reporter.ts';
import type { ColumnMapping } from '../../base/data/formats/format.ts';
import { NO_RELATION } from '../../base/data/labelSet.ts';
import { everyPair } from '../../base/data/pairRows.ts';
import { type FileRange, openRange } from '../../base/data/ranges/openRange.ts';
import type { OpenedFile } from '../../base/storage/storage.ts';
import { storageOf } from '../../base/storage/storageOf.ts';
import type { BatchModel } from '../batch/batchRow.ts';
import { type InputColumns, inputColumns } from '../batch/inputCells.ts';
import type { LineFormat } from '../batch/lines.ts';
import { runBatch } from '../batch/runBatch.ts';
import type { AnswerOptions } from '../predict/request.ts';
import { originOf, type Shard } from './shard.ts';
import { shardRows } from './shardRows.ts';
import { spoolOutput } from './spoolOutput.ts';
import type { Work } from './work.ts';

/** How the rows of shards are answered by a model of relations, as `korex batch` answers those of a file. */
export interface BatchWorkOptions {
  readonly model: BatchModel & { release(): Promise<void> };
  /** The relations that the model knows. */
  readonly labels: readonly string[];
  readonly format: LineFormat;
  readonly answers: AnswerOptions & { readonly probabilities: boolean };
  readonly columns: ColumnMapping | null;
  readonly onBadRow: 'error' | 'skip';
  readonly allowUnknownTokens: boolean;
  readonly batchSize: number;
}

export function batchWork(options: BatchWorkOptions): Work {
  const { model, labels, format, answers, columns, onBadRow, allowUnknownTokens, batchSize } = options;
  const columnsOf = latest((shard: Shard, file: OpenedFile) => headColumns(shard, file, columns));
  return {
    async answer(shard, spool, { poison, only, careful = false, onProgress, signal }) {
      const file = await (await storageOf(shard.path)).open(shard.path);
      try {
        const kept = format.isTable ? await columnsOf(shard, file) : undefined;
        const output = await spoolOutput(spool, format.header(answers.probabilities, kept));
        const range = await openRange(file, originOf(shard), rangeOf(shard), columns);
        let begun = 0;
        const pairs = everyPair(range.rows, range.name, NO_RELATION);
        const rows = shardRows(pairs, { poison, ...(only && { only }) }, (place) => {
          begun = place + 1;
          if (place % OFTEN === 0) tell();
        });
        const first = only?.[0] ?? 0;
        let told = 0;
        const tell = () => {
          told = begun;
          onProgress?.(first + output.rows, begun);
        };
        try {
          await runBatch({
            ...{ rows: { ...range, rows }, output, format, columns: kept, labels, answers, onBadRow },
            ...{ allowUnknownTokens, batchSize: careful ? 1 : batchSize, signal, isPart: true },
            reporter: silentReporter,
            model: {
              encode(row, at) {
                // A window is read before the first of its rows is encoded.
                if (told !== begun) tell();
                return model.encode(row, at);
              },
              answer: (prepared, run) => {
                tell();
                return model.answer(prepared, {
                  ...run,
                  onProgress: (done) => {
                    run?.onProgress?.(done);
                    tell();
                  },
                });
              },
            },
          });
          const { numbers, sha256 } = await range.measure();
          return { ...output.facts, numbers, input_sha256: sha256 };
        } finally {
          await output.close();
        }
      } finally {
        await file.close();
      }
    },
    release: () => model.release(),
  };
}

/** Rows between two signs of life while they are read. */
const OFTEN = 64;

/** The part of a file that a shard is. */
export const rangeOf = ({ unit, start, end }: Shard): FileRange => ({
  unit: unit === 'rows' ? 'file' : unit,
  start,
  end,
});

/** The input's own columns, as the first rows of the whole file have them. */
async function headColumns(shard: Shard, file: OpenedFile, columns: ColumnMapping | null): Promise<InputColumns> {
  const all = { ...rangeOf(shard), start: 0, end: Number.MAX_SAFE_INTEGER };
  const range = await openRange(file, shard.name, all, columns);
  const asked = everyPair(range.rows, range.name, NO_RELATION);
  const { columns: found, rows } = await inputColumns({ ...range, rows: asked });
  await rows[Symbol.asyncIterator]().return?.();
  return found;
}

/** Keeps what was made of the last file: neighbouring shards are of the same one. */
function latest<Made>(make: (shard: Shard, file: OpenedFile) => Promise<Made>) {
  let kept: { readonly key: string; readonly made: Promise<Made> } | null = null;
  return (shard: Shard, file: OpenedFile): Promise<Made> => {
    const key = `${shard.path}\n${shard.version}\n${shard.unit}`;
    if (kept?.key !== key) kept = { key, made: make(shard, file) };
    return kept.made;
  };
}
