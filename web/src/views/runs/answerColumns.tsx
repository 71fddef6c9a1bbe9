import type { AnswerRow, RunAnswer } from '../../../../src/app/serve/page/shapes.ts';
import { probability } from '../../../../src/base/core/format.ts';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { shortName } from '../../components/relations.ts';
import { RelationName } from '../../components/tags.tsx';
import type { Column } from '../../components/VirtualTable.tsx';
import { language } from '../../i18n/language.ts';
import { type ComparedRun, RunName } from './RunLegend.tsx';
import type { RunTexts } from './texts.ts';

const share = (value: number | null) => (value === null ? '–' : probability(value));

/** The sentence, or the guid where it is not at hand. */
const sentenceOf = ({ sentence, subject, object, guid }: AnswerRow, t: RunTexts) =>
  sentence !== null && subject && object ? (
    <MarkedSentence sentence={sentence} subject={subject} object={object} roles={t} cut />
  ) : (
    guid
  );

/** An answer, right or wrong by more than its colour. */
function Verdict({ answer, gold, t }: { answer: RunAnswer; gold: string; t: RunTexts }) {
  const isRight = answer.predicted === gold;
  return (
    <span class={isRight ? 'is-right' : 'is-wrong'}>
      <span aria-hidden="true">{isRight ? '✓ ' : '✗ '}</span>
      <span class="sr-only">{isRight ? t.right : t.wrong} </span>
      {shortName(answer.predicted, language.value)}
    </span>
  );
}

/** Columns of a wide place: an answer with its confidence for each run; of a single one its probabilities, too. */
export function answerColumns(runs: readonly ComparedRun[], hasSentences: boolean, t: RunTexts): Column<AnswerRow>[] {
  const first: Column<AnswerRow> = {
    id: 'sentence',
    title: hasSentences ? t.sentence : 'guid',
    width: 'minmax(16rem, 1fr)',
    cell: (row) => sentenceOf(row, t),
  };
  const gold: Column<AnswerRow> = {
    id: 'gold',
    title: t.gold,
    width: runs.length > 1 ? '9rem' : '11rem',
    cell: (row) => (runs.length > 1 ? shortName(row.gold, language.value) : <RelationName name={row.gold} quiet />),
  };
  if (runs.length > 1)
    return [
      first,
      gold,
      ...runs.map(
        ({ name }, i): Column<AnswerRow> => ({
          id: name,
          title: name,
          width: runs.length > 3 ? '8.5rem' : '12rem',
          cell: ({ answers, gold }) => (
            <>
              <span class="muted">{share(answers[i]!.confidence)}</span>{' '}
              <Verdict answer={answers[i]!} gold={gold} t={t} />
            </>
          ),
        }),
      ),
    ];
  return [
    first,
    gold,
    {
      id: 'predicted',
      title: t.predicted,
      width: '11rem',
      cell: ({ answers, gold }) => <Verdict answer={answers[0]!} gold={gold} t={t} />,
    },
    {
      id: 'confidence',
      title: t.confidence,
      width: '6.5rem',
      numeric: true,
      cell: ({ answers }) => share(answers[0]!.confidence),
    },
    {
      id: 'gold_p',
      title: t.goldProbability,
      width: '9.5rem',
      numeric: true,
      cell: ({ answers }) => share(answers[0]!.gold_probability),
    },
    {
      id: 'runner_up',
      title: t.runnerUp,
      width: '12rem',
      cell: ({ answers: [answer] }) =>
        answer!.runner_up === null
          ? '–'
          : `${shortName(answer!.runner_up, language.value)} ${share(answer!.runner_up_probability)}`,
    },
  ];
}

/** The same on a phone: a card a row. */
export const answerCards = (runs: readonly ComparedRun[], t: RunTexts): Column<AnswerRow>[] => [
  {
    id: 'card',
    title: t.sentence,
    width: 'minmax(0, 1fr)',
    cell: (row) => (
      <div class="row-card">
        <div class="row-card-sentence">{sentenceOf(row, t)}</div>
        <div class="row-card-line">
          <span class="muted">{t.gold}</span> {shortName(row.gold, language.value)}
        </div>
        {runs.map(({ name, color }, i) => (
          <div key={name} class="row-card-line">
            {runs.length > 1 && <RunName name={name} color={color} />}{' '}
            <span class="muted">{share(row.answers[i]!.confidence)}</span>{' '}
            <Verdict answer={row.answers[i]!} gold={row.gold} t={t} />
          </div>
        ))}
      </div>
    ),
  },
];
