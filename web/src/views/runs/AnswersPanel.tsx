import { useEffect, useMemo, useState } from 'preact/hooks';
import type { AnswerPage, AnswerRow } from '../../../../src/app/serve/page/shapes.ts';
import { pText } from '../../../../src/base/core/format.ts';
import { readAnswers } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { CorrectThese } from '../../components/CorrectThese.tsx';
import { Failure } from '../../components/Failure.tsx';
import { relationText } from '../../components/tags.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { isNarrow } from '../../state/narrow.ts';
import { AnswerDetails } from './AnswerDetails.tsx';
import { answerCards, answerColumns } from './answerColumns.tsx';
import { type ComparedRun, RunName } from './RunLegend.tsx';
import { RunSection } from './RunSection.tsx';
import { ANY_ANSWER, type AnswersWanted } from './runsAddress.ts';
import { type RunTexts, runTexts } from './texts.ts';
import { usePages } from './usePages.ts';

interface AnswersPanelProps {
  readonly runs: readonly ComparedRun[];
  readonly labels: readonly string[];
  readonly wanted: AnswersWanted;
  readonly onChange: (wanted: AnswersWanted) => void;
}

const PAGE = 200;
/** What is typed is asked for this long after the last key. */
const TYPING_MS = 250;

/** The rows that all runs answered: who has them right, and each one's answer with its confidence. */
export function AnswersPanel({ runs, labels, wanted, onChange }: AnswersPanelProps) {
  const t = runTexts();
  const narrow = isNarrow.value;
  const names = runs.map(({ name }) => name);
  const outcome = outcomeOf(wanted, names.length);
  const by = wanted.by === null ? -1 : names.indexOf(wanted.by);
  const { gold, predicted } = wanted;
  const text = useTyped(wanted.text, (text) => onChange({ ...wanted, text }));
  const asked = {
    outcome,
    ...(gold !== null && { gold }),
    ...(predicted !== null && { predicted, ...(by >= 0 && { by }) }),
    ...(wanted.text !== '' && { text: wanted.text }),
  };
  const key = JSON.stringify([names, asked]);
  const ask = (offset: number, signal: AbortSignal) => readAnswers(names, { ...asked, offset, limit: PAGE }, signal);
  const first = useLoaded(key, async (signal) => ({ key, page: await ask(0, signal) }));
  const pages = usePages(key, PAGE, ask);
  const [open, setOpen] = useState<AnswerRow | null>(null);
  useEffect(() => setOpen(null), [key]);
  // Rows of other runs have other answers than the columns.
  const page = first.value?.key === key ? first.value.page : null;
  const hasSentences = page?.data != null;
  const columns = useMemo(
    () => (narrow ? answerCards(runs, t) : answerColumns(runs, hasSentences, t)),
    [narrow, runs, hasSentences, t],
  );
  const select = (key: 'gold' | 'predicted') => (
    <label class="run-select">
      {t[key]}
      <select
        value={wanted[key] ?? ''}
        onChange={({ currentTarget }) => {
          const label = currentTarget.value || null;
          onChange({ ...wanted, [key]: label, ...(key === 'predicted' && label === null && { by: null }) });
        }}
      >
        <option value="">{t.any}</option>
        {labels.map((label) => (
          <option key={label} value={label}>
            {relationText(label)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <RunSection id="answers" title={t.answersTitle} runs={runs}>
      <p class="muted">{runs.length > 1 ? t.answersOfMore : t.answersOfOne}</p>
      <Outcomes
        runs={runs}
        page={first.value?.page ?? null}
        outcome={outcome}
        onChange={(outcome) => onChange({ ...wanted, outcome })}
      />
      <div class="run-choices">
        {select('gold')}
        {select('predicted')}
        {runs.length > 1 && predicted !== null && (
          <label class="run-select">
            {t.answeredBy}
            <select
              value={by < 0 ? '' : names[by]}
              onChange={({ currentTarget }) => onChange({ ...wanted, by: currentTarget.value || null })}
            >
              <option value="">{t.anyRun}</option>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="run-select run-search">
          {t.searchRows}
          <input type="search" value={text.value} onInput={({ currentTarget }) => text.type(currentTarget.value)} />
        </label>
        <p role="status">
          <strong>{page === null ? '…' : t.answers(page.total)}</strong>
        </p>
        {formatWanted(wanted) !== formatWanted(ANY_ANSWER) && (
          <button type="button" class="quiet small" onClick={() => onChange(ANY_ANSWER)}>
            {t.clear}
          </button>
        )}
      </div>
      {page !== null && <CorrectThese rows={page.rows} />}
      {page !== null && page.apart > 0 && <p class="notice notice-warn">{t.apart(page.apart)}</p>}
      {page !== null && page.data === null && page.joint > 0 && <p class="notice notice-warn">{t.noSentences}</p>}
      {first.error !== null && <Failure error={first.error} />}
      {page !== null && (
        <VirtualTable<AnswerRow>
          key={`${key} ${narrow}`}
          label={t.answersTitle}
          columns={columns}
          count={page.total}
          rowAt={(index) => (index < PAGE ? page.rows[index] : pages.rowAt(index))}
          rowHeight={narrow ? 76 + 26 * runs.length : 40}
          height={narrow ? 560 : 420}
          onOpen={setOpen}
          onRange={pages.onRange}
        />
      )}
      {open !== null && <AnswerDetails row={open} runs={runs} onClose={() => setOpen(null)} />}
    </RunSection>
  );
}

const formatWanted = (wanted: AnswersWanted): string => JSON.stringify(wanted);

/** The outcome asked for, where it is one of so many runs; else what one of them has wrong, or where they differ. */
function outcomeOf({ outcome }: AnswersWanted, runs: number): string {
  const isOfRuns = outcome === 'all' || (outcome === 'differ' && runs > 1) || outcome?.length === runs;
  return outcome !== null && isOfRuns ? outcome : runs > 1 ? 'differ' : '0';
}

interface OutcomesProps {
  readonly runs: readonly ComparedRun[];
  readonly page: AnswerPage | null;
  readonly outcome: string;
  readonly onChange: (outcome: string) => void;
}

/** How many rows which of the runs have right; each is a choice. */
function Outcomes({ runs, page, outcome, onChange }: OutcomesProps) {
  const t = runTexts();
  const found = page?.outcomes.filter(({ outcome }) => outcome.length === runs.length) ?? [];
  const rowsOf = (test: (outcome: string) => boolean) =>
    found.reduce((sum, { outcome, rows }) => sum + (test(outcome) ? rows : 0), 0);
  const differ = (outcome: string) => outcome.includes('0') && outcome.includes('1');
  const choices = [
    { id: 'all', rows: rowsOf(() => true), name: t.all },
    ...(runs.length > 1 ? [{ id: 'differ', rows: rowsOf(differ), name: t.differ }] : []),
    ...found.map(({ outcome, rows }) => ({ id: outcome, rows, name: outcomeName(outcome, runs, t) })),
  ];
  return (
    <>
      <fieldset class="run-outcomes">
        <legend class="sr-only">{t.outcome}</legend>
        {choices.map(({ id, rows, name }) => (
          <button key={id} type="button" class="quiet small" aria-pressed={outcome === id} onClick={() => onChange(id)}>
            {name} <strong>{rows}</strong>
          </button>
        ))}
      </fieldset>
      {page?.p != null && <p class="muted">{t.mcnemar(pText(page.p), page.p < 0.05)}</p>}
    </>
  );
}

/** Who is right, in words and colours. */
function outcomeName(outcome: string, runs: readonly ComparedRun[], t: RunTexts) {
  if (runs.length === 1) return outcome === '1' ? t.right : t.wrong;
  if (!outcome.includes('0')) return t.allRight;
  if (!outcome.includes('1')) return t.allWrong;
  const right = runs.filter((_, i) => outcome[i] === '1');
  return (
    <>
      {right.map(({ name, color }) => (
        <>
          <RunName key={name} name={name} color={color} />{' '}
        </>
      ))}
      {t.onlyRight}
    </>
  );
}

/** A text field that tells what was typed a moment after the last key, and follows the address. */
function useTyped(given: string, onTyped: (text: string) => void): { value: string; type: (text: string) => void } {
  const [typed, setTyped] = useState(given);
  useEffect(() => setTyped(given), [given]);
  useEffect(() => {
    if (typed === given) return;
    const timer = setTimeout(() => onTyped(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return { value: typed, type: setTyped };
}
