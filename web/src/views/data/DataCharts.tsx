import { useMemo, useState } from 'preact/hooks';
import type { DataFacts } from '../../../../src/app/serve/page/shapes.ts';
import { Chart } from '../../components/Chart.tsx';
import { untitled } from '../../components/panels.ts';
import { language } from '../../i18n/language.ts';
import { isNarrow } from '../../state/narrow.ts';
import type { Counts } from './counts.ts';
import { binChart, type Drawn, labelChart, pairBars, pairChart, typeChart } from './dataCharts.ts';
import { type Filters, toggled, toggledRange } from './filters.ts';
import type { RowTable } from './rowTable.ts';
import { dataTexts } from './texts.ts';

interface DataChartsProps {
  readonly table: RowTable;
  readonly counts: Counts;
  readonly filters: Filters;
  /** What stage 01 says of these rows, as captions; null where it did not run on them. */
  readonly words: DataFacts['interpretations'];
  readonly onChange: (changes: Partial<Filters>) => void;
}

/** The charts of stage 01 over the filtered rows; what is clicked becomes a filter. */
export function DataCharts({ table, counts, filters, words, onChange }: DataChartsProps) {
  const t = dataTexts();
  const lang = language.value;
  const narrow = isNarrow.value;
  const labels = useMemo(
    () => labelChart(table, counts, filters.labels, t, lang, narrow),
    [table, counts, filters.labels, t, lang, narrow],
  );
  const lengths = useMemo(() => binChart(t.length, counts.length, filters.length, t), [counts, filters.length, t]);
  const distances = useMemo(
    () => binChart(t.distance, counts.distance, filters.distance, t),
    [counts, filters.distance, t],
  );
  const types = useMemo(() => typeChart(table, counts, t, lang), [table, counts, t, lang]);
  const pairCounts = useMemo(() => pairBars(table, counts, filters.pairs, t), [table, counts, filters.pairs, t]);
  const [arePairsShown, setPairsShown] = useState(false);
  const pairs = useMemo(
    () => (arePairsShown ? pairChart(table, counts, t, lang) : null),
    [arePairsShown, table, counts, t, lang],
  );
  const pickBin = (key: 'length' | 'distance') => (datum: Readonly<Record<string, unknown>>) => {
    const { start, end } = datum;
    if (typeof start === 'number')
      onChange({ [key]: toggledRange(filters[key], start, (end as number | null) ?? null) });
  };
  const caption = (key: string) => words?.[key]?.[lang];
  return (
    // A phone shows rows first: all charts are five windows long there.
    <details class="panel data-charts" open={!narrow}>
      <summary>
        <h2>{t.charts}</h2>
      </summary>
      <p class="muted">{t.chartsHint}</p>
      <div class="data-chart-grid">
        <div>
          <ChartCard
            title={t.labelsTitle}
            words={caption('labels')}
            drawn={labels}
            onPick={({ name }) => typeof name === 'string' && onChange({ labels: toggled(filters.labels, name) })}
          />
          <ChartCard
            title={t.pairsOfTypes}
            words={undefined}
            drawn={pairCounts}
            onPick={({ name }) => typeof name === 'string' && onChange({ pairs: toggled(filters.pairs, name) })}
          />
        </div>
        <div>
          <ChartCard title={t.lengthTitle} words={caption('lengths')} drawn={lengths} onPick={pickBin('length')} />
          <ChartCard
            title={t.distanceTitle}
            words={caption('positions')}
            drawn={distances}
            onPick={pickBin('distance')}
          />
          <ChartCard title={t.typesTitle} words={caption('entity_types')} drawn={types} />
        </div>
      </div>
      {/* Relations by pairs have no room on a phone; the bars of both above filter as well. */}
      {!narrow && (
        <details class="data-pairs" onToggle={({ currentTarget }) => setPairsShown(currentTarget.open)}>
          <summary>{t.pairsTitle}</summary>
          {pairs && (
            <ChartCard
              words={caption('type_pairs')}
              drawn={pairs}
              onPick={({ row, column }) => {
                if (typeof row !== 'string' || typeof column !== 'string') return;
                const isChosen = filters.labels.includes(row) && filters.pairs.includes(column);
                onChange(isChosen ? { labels: [], pairs: [] } : { labels: [row], pairs: [column] });
              }}
            />
          )}
        </details>
      )}
    </details>
  );
}

function ChartCard(props: {
  readonly title?: string;
  readonly words: string | undefined;
  readonly drawn: Drawn;
  readonly onPick?: (datum: Readonly<Record<string, unknown>>) => void;
}) {
  const { title, words, drawn, onPick } = props;
  const t = dataTexts();
  const spec = useMemo(() => untitled(drawn.spec), [drawn]);
  return (
    <section class="data-chart">
      {title !== undefined && <h3>{title}</h3>}
      {drawn.isEmpty ? (
        <p class="muted">{t.noRows}</p>
      ) : (
        <Chart spec={spec} table={drawn.table} {...(onPick && { onPick })} />
      )}
      {words !== undefined && (
        <details class="chart-table">
          <summary>{t.stageWords}</summary>
          <p class="data-caption">
            {words.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}
          </p>
        </details>
      )}
    </section>
  );
}
