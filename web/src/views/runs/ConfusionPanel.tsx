import { useMemo } from 'preact/hooks';
import type { RunDetail } from '../../../../src/app/serve/page/shapes.ts';
import { Chart } from '../../components/Chart.tsx';
import { language } from '../../i18n/language.ts';
import { isNarrow } from '../../state/narrow.ts';
import { type ComparedRun, RunName } from './RunLegend.tsx';
import { RunSection, sectionId } from './RunSection.tsx';
import { confusionBars, largestConfusions, matrixChart, takenFor } from './runCharts.ts';
import { ANY_ANSWER, type AnswersWanted, type RunsState } from './runsAddress.ts';
import { runTexts } from './texts.ts';

interface ConfusionPanelProps {
  readonly runs: readonly ComparedRun[];
  readonly details: readonly RunDetail[];
  readonly cells: RunsState['cells'];
  readonly answers: AnswersWanted;
  readonly onChange: (changes: Partial<RunsState>) => void;
}

/** Confusions drawn, over all runs. */
const MOST = 14;

/** Labels that the runs take for others: the largest confusions of all of them, and the matrix of each. */
export function ConfusionPanel({ runs, details, cells, answers, onChange }: ConfusionPanelProps) {
  const t = runTexts();
  const lang = language.value;
  const narrow = isNarrow.value;
  const bars = useMemo(
    () => confusionBars(largestConfusions(details, MOST), runs, t, lang, narrow),
    [runs, details, t, lang, narrow],
  );
  const open = (gold: string, predicted: string, by: string) => {
    onChange({ answers: { ...ANY_ANSWER, gold, predicted, by, outcome: 'all' } });
    document.getElementById(sectionId('answers'))?.scrollIntoView({ behavior: 'smooth' });
  };
  const controls = !narrow && (
    <div class="run-toggle" role="group" aria-label={t.cells}>
      {(['counts', 'shares'] as const).map((option) => (
        <button
          key={option}
          type="button"
          class="quiet small"
          aria-pressed={cells === option}
          onClick={() => onChange({ cells: option })}
        >
          {t[option]}
        </button>
      ))}
    </div>
  );
  return (
    <RunSection id="confusions" title={t.confusions} runs={runs}>
      <p class="muted">{narrow ? t.confusionsNarrow : t.confusionsHint}</p>
      <h3>{t.largest}</h3>
      {bars.table.rows.length === 0 ? (
        <p class="muted">{t.noConfusions}</p>
      ) : (
        <Chart
          {...bars}
          onPick={({ name, series }) => {
            const labels = takenFor(name);
            if (labels && typeof series === 'string') open(...labels, series);
          }}
        />
      )}
      {/* A matrix of thirty labels has no room on a phone; its largest cells are the bars above. */}
      {!narrow && (
        <>
          <div class="run-head">
            <h3>{t.matrices}</h3>
            {controls}
          </div>
          <div class={details.length > 1 ? 'run-matrices' : undefined}>
            {details.map((detail, i) => (
              <Matrix
                key={detail.name}
                detail={detail}
                color={runs[i]!.color}
                isDense={details.length > 1}
                cells={cells}
                chosen={answers.by === detail.name ? answers : ANY_ANSWER}
                onPick={(gold, predicted) => open(gold, predicted, detail.name)}
              />
            ))}
          </div>
        </>
      )}
    </RunSection>
  );
}

interface MatrixProps {
  readonly detail: RunDetail;
  readonly color: string;
  readonly isDense: boolean;
  readonly cells: RunsState['cells'];
  readonly chosen: AnswersWanted;
  readonly onPick: (gold: string, predicted: string) => void;
}

function Matrix({ detail, color, isDense, cells, chosen, onPick }: MatrixProps) {
  const t = runTexts();
  const lang = language.value;
  const drawn = useMemo(
    () => matrixChart(detail, { show: cells, chosen, isDense }, t, lang),
    [detail, cells, chosen.gold, chosen.predicted, isDense, t, lang],
  );
  return (
    <div>
      {isDense && (
        <h4>
          <RunName name={detail.name} color={color} />
        </h4>
      )}
      <Chart
        {...drawn}
        onPick={({ row, column }) => typeof row === 'string' && typeof column === 'string' && onPick(row, column)}
      />
    </div>
  );
}
