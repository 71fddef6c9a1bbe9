import { useState } from 'preact/hooks';
import { addRows } from '../api/labelProject.ts';
import { readFeatures } from '../api/pageData.ts';
import { useLoaded } from '../api/useLoaded.ts';
import { navigate } from '../state/router.ts';
import { Failure } from './Failure.tsx';
import { componentTexts } from './texts.ts';

/** Rows that are taken to the Label view at once. */
export const MOST_CORRECTED = 100;

interface Place {
  readonly start: number;
  readonly end: number;
  readonly type: string | null;
}

/** A row whose label may be wrong; without its sentence it cannot be shown. */
export interface DoubtfulRow {
  readonly guid: string;
  readonly sentence: string | null;
  readonly subject: Place | null;
  readonly object: Place | null;
  readonly gold: string;
}

/** Takes the rows that are shown to the Label view, where the server has a project: their labels are corrected there. */
export function CorrectThese({ rows }: { rows: readonly DoubtfulRow[] }) {
  const t = componentTexts();
  const { value: features } = useLoaded('features', readFeatures);
  const [error, setError] = useState<unknown>(null);
  const known = rows.slice(0, MOST_CORRECTED).flatMap(({ guid, sentence, subject, object, gold }) => {
    if (sentence === null || subject === null || object === null) return [];
    const entity = ({ start, end, type }: Place) => ({ start, end, type });
    return [{ guid, sentence, subject: entity(subject), object: entity(object), relation: gold }];
  });
  if (!features?.labels || known.length === 0) return null;
  const correct = async () => {
    try {
      await addRows(known);
      navigate('label', new URLSearchParams({ tab: 'desk', guids: known.map(({ guid }) => guid).join('\n') }));
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <div class="actions">
      <button type="button" class="quiet small" onClick={correct}>
        {t.correctThese(known.length)}
      </button>
      {error !== null && <Failure error={error} />}
    </div>
  );
}
