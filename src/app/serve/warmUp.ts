import type { RelationExtractor } from '../../inference/predict/relationExtractor.ts';
import type { PredictRequest } from '../../inference/predict/schema.ts';

/** Words of the rows, short to long, so that batches of every size are seen. */
const WORDS = [2, 8, 16, 24];
const ROWS = 32;

/** Lets a model answer invented rows once, so that the first client waits no longer than others. */
export async function warmUp(extractor: Pick<RelationExtractor, 'info' | 'predict'>): Promise<void> {
  const [type] = extractor.info.entity_types;
  const requests = Array.from({ length: ROWS }, (_, row): PredictRequest => {
    const filler = '아주 '.repeat(WORDS[row % WORDS.length]!);
    const entity = (word: string) => ({ word, type: type ?? (extractor.info.needs_types ? 'PER' : null) });
    return { sentence: `가온은 ${filler}나루이다.`, subject: entity('가온'), object: entity('나루') };
  });
  await extractor.predict(requests, { expectMany: true });
}
