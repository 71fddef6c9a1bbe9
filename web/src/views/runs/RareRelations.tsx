import { REMEDY_NAMES } from '../../../../src/study/analysis/kinds.ts';
import type { ErrorAnalysis } from '../../../../src/study/analysis/schema.ts';
import { relationText } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { analysisTexts } from './analysisTexts.ts';

/** Relations that are taken for one another, and rare relations with what might help each. */
export function RareRelations({ analysis: { confusions, rare } }: { analysis: ErrorAnalysis }) {
  const t = analysisTexts();
  const lang = language.value;
  return (
    <>
      {confusions.pairs.length > 0 && (
        <Table
          title={t.confusions}
          columns={[t.gold, t.predicted, t.rows, t.reverse]}
          rows={confusions.pairs.map(({ gold, predicted, count, reverse_count }) => [
            relationText(gold),
            relationText(predicted),
            count,
            reverse_count,
          ])}
        />
      )}
      {rare !== null && rare.relations.length > 0 && (
        <Table
          title={t.rare}
          columns={[t.relation, t.trainRows, t.testRows, 'F1', t.takenFor, t.remedies]}
          rows={rare.relations.map(({ label, train_rows, support, f1, taken_for, remedies }) => [
            relationText(label),
            train_rows,
            support,
            f1.toFixed(3),
            taken_for === null ? '–' : `${relationText(taken_for.label)} × ${taken_for.count}`,
            remedies
              .map(({ remedy, rows, label: other }) => {
                const facts = [other && relationText(other), rows].filter((fact) => fact !== null);
                return `${REMEDY_NAMES[remedy][lang]}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
              })
              .join('; ') || '–',
          ])}
        />
      )}
    </>
  );
}

interface TableProps {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

function Table({ title, columns, rows }: TableProps) {
  return (
    <>
      <h3>{title}</h3>
      <div class="scroll-x" role="region" aria-label={title} tabIndex={0}>
        <table class="run-cards run-rows">
          <thead>
            <tr>
              {columns.map((name, i) => (
                <th key={name} scope="col" class={typeof rows[0]?.[i] === 'number' ? 'number' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row[0]} ${row[1]}`}>
                {row.map((cell, i) => (
                  <td key={columns[i]} class={typeof cell === 'number' ? 'number' : undefined} data-label={columns[i]}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
