import { labelFacts, repetitionFacts } from '../../../study/stages/eda/facts.ts';
import { type EdaSummary, edaSummaryFile } from '../../../study/stages/eda/summary.ts';
import type { LoadedSet } from './dataSets.ts';
import { fileInside } from './folderInside.ts';
import type { DataFacts } from './shapes.ts';

/** Stage 01's figures of a data set, as far as they need no encoder. */
export function dataFigures({ train, test, labelSet }: LoadedSet): Omit<DataFacts, 'interpretations'> {
  return {
    labels: train.length === 0 ? null : figuresOf(labelFacts(train, test, labelSet)),
    repetition: repetitionFacts(train, test),
  };
}

const figuresOf = ({ rows: _, ...figures }: EdaSummary['labels']) => figures;

/** What stage 01 wrote about these very rows below `out`; null where it did not. */
export async function interpretationsOf({ digest }: LoadedSet, out: string): Promise<DataFacts['interpretations']> {
  if ((await fileInside(out, edaSummaryFile.folder, edaSummaryFile.name)) === null) return null;
  const summary = await edaSummaryFile.read(out).catch(() => null);
  return summary?.dataset.digest === digest ? summary.interpretations : null;
}
