import { useMemo } from 'preact/hooks';
import { signedPoints } from '../../../../src/base/core/format.ts';
import type { Explanation } from '../../../../src/inference/predict/explain.ts';
import { Chart } from '../../components/Chart.tsx';
import { shortName } from '../../components/relations.ts';
import { language } from '../../i18n/language.ts';
import { explainTexts } from './texts.ts';
import { wordDrops } from './wordDrops.ts';

/** Bars that the chart shows; the table below it has all words. */
const MOST_BARS = 12;

/** The sentence with each word as dark as the answer's probability falls without it, and the words sorted by that. */
export function WordHeat({ explanation }: { explanation: Explanation }) {
  const t = explainTexts();
  const { plan, words, original } = explanation;
  const { sentence, subject, object } = plan.original;
  // The strongest word sets the scale, but a tenth is the least: small wavering should not look like much.
  const scale = Math.max(0.1, ...words.map(({ drop }) => Math.abs(drop)));
  const pieces = [
    ...words.map((word) => ({ ...word, entity: null as string | null })),
    ...[subject, object].map(({ start, end, type }) => ({ start, end, drop: 0, relation: '', entity: type ?? '' })),
  ].sort((a, b) => a.start - b.start);
  const sorted = useMemo(
    () =>
      words
        .map(({ start, end, drop, relation }) => {
          // An ending of an entity's word, such as a particle, is written like a suffix.
          const isEnding = start > 0 && /\S/.test(sentence[start - 1]!);
          return { word: `${isEnding ? '-' : ''}${sentence.slice(start, end)}`, drop, relation, start };
        })
        .sort((a, b) => b.drop - a.drop),
    [words, sentence],
  );
  const lang = language.value;
  const title = t.dropChart(shortName(original.relation, lang));
  const spec = useMemo(
    () => wordDrops({ title, words: sorted.slice(0, MOST_BARS), axis: t.drop }),
    [sorted, title, t.drop],
  );
  return (
    <>
      <p class="muted">{t.wordsLead}</p>
      <p class="heat" lang="ko">
        {pieces.map((piece, i) => {
          const before = sentence.slice(pieces[i - 1]?.end ?? 0, piece.start);
          const shown = sentence.slice(piece.start, piece.end);
          return (
            <>
              {before}
              {piece.entity !== null ? (
                <span key={piece.start} class="tag" data-type={piece.entity}>
                  {shown}
                </span>
              ) : (
                <span
                  key={piece.start}
                  class="heat-word"
                  title={t.points(signedPoints(-piece.drop))}
                  style={{
                    '--heat-share': (Math.abs(piece.drop) / scale).toFixed(3),
                    '--heat-color': piece.drop >= 0 ? 'rgb(var(--heat))' : 'rgb(var(--cool))',
                  }}
                >
                  {shown}
                </span>
              )}
            </>
          );
        })}
        {sentence.slice(pieces.at(-1)?.end ?? 0)}
      </p>
      <p class="heat-scale muted" aria-hidden="true">
        {t.heatLow} <span class="heat-ramp" /> {t.heatHigh}
      </p>
      {words.length > 0 && (
        <Chart
          spec={spec}
          table={{
            columns: [t.word, t.drop, t.newAnswer],
            rows: sorted.map(({ word, drop, relation }) => [
              word,
              t.points(signedPoints(-drop)),
              shortName(relation, lang),
            ]),
          }}
        />
      )}
    </>
  );
}
