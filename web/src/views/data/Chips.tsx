import { relationText } from '../../components/tags.tsx';
import { type Filters, NO_FILTERS, type Range } from './filters.ts';
import { type DataTexts, dataTexts } from './texts.ts';

interface Chip {
  readonly text: string;
  readonly without: Partial<Filters>;
}

/** Everything that is filtered by, each to be taken back with a click. */
export function Chips({ filters, onChange }: { filters: Filters; onChange: (changes: Partial<Filters>) => void }) {
  const t = dataTexts();
  const chips = chipsOf(filters, t);
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label={t.filters}>
      {chips.map(({ text, without }) => (
        <li key={text}>
          <button type="button" class="chip" aria-label={t.remove(text)} onClick={() => onChange(without)}>
            {text} <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <button type="button" class="quiet small" onClick={() => onChange(NO_FILTERS)}>
            {t.clear}
          </button>
        </li>
      )}
    </ul>
  );
}

function chipsOf(filters: Filters, t: DataTexts): Chip[] {
  const list = (key: 'labels' | 'pairs' | 'sources', title: string, shown = (name: string) => name) =>
    filters[key].map((name) => ({
      text: `${title}: ${shown(name)}`,
      without: { [key]: filters[key].filter((other) => other !== name) },
    }));
  const range = (key: 'length' | 'distance', title: string) =>
    isAny(filters[key]) ? [] : [{ text: `${title}: ${rangeText(filters[key])}`, without: { [key]: NO_FILTERS[key] } }];
  const quoted = filters.isRegex ? `/${filters.text}/` : `“${filters.text}”`;
  return [
    ...(filters.text === '' ? [] : [{ text: quoted, without: { text: '', isRegex: false } }]),
    ...list('labels', t.relation, relationText),
    ...list('pairs', t.pair),
    ...list('sources', t.source),
    ...(filters.side === null ? [] : [{ text: `${t.side}: ${t[filters.side]}`, without: { side: null } }]),
    ...range('length', t.length),
    ...range('distance', t.distance),
  ];
}

const isAny = ({ min, max }: Range) => min === null && max === null;
const rangeText = ({ min, max }: Range) => (max === null ? `≥ ${min}` : min === null ? `≤ ${max}` : `${min}–${max}`);
