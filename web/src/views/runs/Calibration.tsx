import { useMemo, useState } from 'preact/hooks';
import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { reliabilityDiagram } from '../../../../src/base/charts/reliability.ts';
import { readRun } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Chart } from '../../components/Chart.tsx';
import { atOwnSize, untitled } from '../../components/panels.ts';
import { language } from '../../i18n/language.ts';
import { firstChoice, RunSelect } from './RunSelect.tsx';
import { runTexts } from './texts.ts';

/** How far a run's confidence is to be believed, before and after calibration. */
export function Calibration({ runs }: { runs: readonly RunEntry[] }) {
  const t = runTexts();
  const lang = language.value;
  const [chosen, setChosen] = useState<string | null>(null);
  const tuned = runs.filter(({ fine_tuned }) => fine_tuned);
  const name = chosen ?? firstChoice(tuned, 'baseline');
  const detail = useLoaded(name === '' ? null : name, (signal) => readRun(name, signal));
  const calibration = detail.value?.calibration ?? null;
  const drawn = useMemo(() => {
    if (calibration === null) return null;
    const { before, after } = calibration;
    return {
      spec: atOwnSize(untitled(reliabilityDiagram(calibration, lang))),
      table: {
        columns: [t.calibration, t.bin, t.counts, t.confidence, t.shareRight],
        rows: [
          ...before.bins.map((bin) => [t.before, ...binCells(bin)]),
          ...after.bins.map((bin) => [t.after, ...binCells(bin)]),
        ],
      },
    };
  }, [calibration, lang, t]);
  if (tuned.length === 0) return null;
  return (
    <section class="panel">
      <h2>{t.calibration}</h2>
      <div class="run-choices">
        <RunSelect label={t.run} runs={tuned} value={name} onChange={setChosen} />
      </div>
      {drawn === null ? (
        detail.value && <p class="muted">{t.noCalibration}</p>
      ) : (
        <>
          <p>
            {t.calibrated(calibration!.rows, calibration!.temperature.toFixed(2))}{' '}
            <strong>
              {t.ece}: {calibration!.before.ece.toFixed(3)} → {calibration!.after.ece.toFixed(3)}
            </strong>
          </p>
          <Chart {...drawn} />
        </>
      )}
    </section>
  );
}

const binCells = (bin: {
  from: number;
  to: number;
  rows: number;
  confidence: number | null;
  accuracy: number | null;
}) => [
  `${bin.from.toFixed(2)}–${bin.to.toFixed(2)}`,
  bin.rows,
  bin.confidence?.toFixed(3) ?? '–',
  bin.accuracy?.toFixed(3) ?? '–',
];
