import { relationDescription } from '../../../../src/base/data/relations.ts';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { tryParams } from '../../marking/address.ts';
import { hrefOf } from '../../state/router.ts';
import type { Row } from './rowTable.ts';
import { dataTexts } from './texts.ts';

interface RowDetailsProps {
  readonly row: Row;
  readonly onClose: () => void;
  readonly onMove: (by: 1 | -1) => void;
}

/** One row in full. */
export function RowDetails({ row, onMove, onClose }: RowDetailsProps) {
  const t = dataTexts();
  const lang = language.value;
  return (
    <section class="panel data-row" aria-label={t.details} aria-live="polite">
      <p class="data-sentence" lang="ko">
        <MarkedSentence {...row} roles={t} named />
      </p>
      <dl>
        <dt>{t.relation}</dt>
        <dd>
          <RelationName name={row.label} />
          <br />
          <span class="muted">{relationDescription(row.label, lang)}</span>
        </dd>
        {(['subject', 'object'] as const).map((role) => (
          <>
            <dt>{t[role]}</dt>
            <dd>
              {row[role].word} <span class="muted">{row[role].type ?? t.none}</span>
              <br />
              <span class="muted">{`${t.offsets}: ${row[role].start}–${row[role].end}`}</span>
            </dd>
          </>
        ))}
        <dt>{t.side}</dt>
        <dd>{t[row.side]}</dd>
        <dt>{t.length}</dt>
        <dd>{row.length}</dd>
        <dt>{t.distance}</dt>
        <dd>{row.distance}</dd>
        <dt>{t.source}</dt>
        <dd>{row.source ?? t.none}</dd>
        <dt>{t.guid}</dt>
        <dd>
          <code>{row.guid}</code>
        </dd>
      </dl>
      <div class="actions">
        <a role="button" href={hrefOf('try', tryParams(row))}>
          {t.tryThis}
        </a>
        <button type="button" class="quiet" onClick={() => onMove(-1)}>
          {t.previous}
        </button>
        <button type="button" class="quiet" onClick={() => onMove(1)}>
          {t.next}
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          {t.close}
        </button>
      </div>
    </section>
  );
}
