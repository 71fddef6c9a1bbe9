import { useMemo } from 'preact/hooks';
import type { RunDetail } from '../../../../src/app/serve/page/shapes.ts';
import { Chart } from '../../components/Chart.tsx';
import { language } from '../../i18n/language.ts';
import { isNarrow } from '../../state/narrow.ts';
import type { ComparedRun } from './RunLegend.tsx';
import { RunSection } from './RunSection.tsx';
import { classChart, classRows } from './runCharts.ts';
import { runTexts } from './texts.ts';

/** F1 by relation under the runs; of two of them the largest gain first. */
export function ClassPanel({ runs, details }: { runs: readonly ComparedRun[]; details: readonly RunDetail[] }) {
  const t = runTexts();
  const lang = language.value;
  const narrow = isNarrow.value;
  const drawn = useMemo(
    () => classChart(classRows(details.map(({ classes }) => classes)), runs, t, lang, narrow),
    [runs, details, t, lang, narrow],
  );
  return (
    <RunSection id="classes" title={t.classes} runs={runs}>
      <p class="muted">{runs.length === 2 ? t.classesOfTwo(runs[0]!.name, runs[1]!.name) : t.classesHint}</p>
      <Chart {...drawn} />
    </RunSection>
  );
}
