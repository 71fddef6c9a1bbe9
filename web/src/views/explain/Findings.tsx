import { probability } from '../../../../src/base/core/format.ts';
import { type Explanation, type Finding, findingsOf } from '../../../../src/inference/predict/explain.ts';
import { shortName } from '../../components/relations.ts';
import { language } from '../../i18n/language.ts';
import { explainTexts } from './texts.ts';

/** What stands out, in plain sentences. */
export function Findings({ explanation }: { explanation: Explanation }) {
  const t = explainTexts();
  return (
    <>
      <ul class="findings">
        {findingsOf(explanation).map((finding) => (
          <li key={finding.kind} class={isShortcut(finding) ? 'finding finding-warn' : 'finding'}>
            {sentenceOf(finding, explanation.plan.original.sentence, t)}
          </li>
        ))}
      </ul>
      <p class="muted small-print">{t.limits}</p>
    </>
  );
}

/** Signs that something else than the sentence's meaning decides. */
const isShortcut = ({ kind }: Finding): boolean =>
  ['names_suffice', 'names_needed', 'direction_ignored', 'types_decide', 'no_key_word'].includes(kind);

function sentenceOf(finding: Finding, sentence: string, t: ReturnType<typeof explainTexts>): string {
  switch (finding.kind) {
    case 'names_suffice':
    case 'context_suffices':
    case 'direction_ignored':
      return t[finding.kind](probability(finding.probability));
    case 'sentence_needed':
    case 'names_needed':
      return t[finding.kind](shortName(finding.relation, language.value), probability(finding.probability));
    case 'types_decide':
      return t.types_decide(finding.changed, finding.of);
    case 'types_ignored':
      return t.types_ignored(finding.of);
    case 'key_word': {
      const word = sentence.slice(finding.start, finding.end);
      return (finding.flips ? t.key_word_flips : t.key_word)(word, t.points((100 * finding.drop).toFixed(1)));
    }
    case 'no_key_word':
      return t.no_key_word;
  }
}
