import '../../api/withoutEval.ts';
import { KorexError } from '../../../../src/base/core/errors.ts';
import { settleParticles } from '../../../../src/base/text/particles.ts';
import { Failure } from '../../components/Failure.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { language } from '../../i18n/language.ts';
import { conversion, convert } from './conversion.ts';
import { Outcome } from './Outcome.tsx';
import { convertTexts } from './texts.ts';
import { Wishes } from './Wishes.tsx';
import './convert.css';

/** Files of annotations in, files in another format out; all of it in the browser. */
export default function ConvertView() {
  const t = convertTexts();
  const { phase, files, wish, result, error } = conversion.value;
  return (
    <div class="convert">
      <section class="panel">
        <FileDrop title={t.drop} choose={t.choose} multiple onFiles={(chosen) => convert({ files: chosen })}>
          <p class="muted small-print">{t.help}</p>
        </FileDrop>
        <Wishes wish={wish} onChange={(change) => convert({ wish: change })} />
        <p class={phase === 'working' ? 'muted' : 'sr-only'} role="status">
          {phase === 'working' ? t.working : phase === 'done' ? t.done : ''}
        </p>
        {phase === 'failed' && <Failure error={inWords(error)} />}
      </section>
      {result !== null && (
        <div class={phase === 'working' ? 'waits' : undefined}>
          <Outcome result={result} given={files} wasAsked={wish.from !== null} />
        </div>
      )}
    </div>
  );
}

/** An error in the page's language, by the page's names of what can be chosen. */
function inWords(error: unknown): unknown {
  if (!(error instanceof KorexError)) return error;
  const t = convertTexts();
  const { message, hint = '' } = error.in(language.value);
  const names: Readonly<Record<string, string>> = { '--offsets': t.offsets, '--from': t.from, '--to': t.to };
  const said = hint
    .replace(/--(offsets|from|to)\b/g, (option) => `‘${names[option]}’`)
    .replace('--columns', 'korex convert --columns');
  const text = [message, said].filter((part) => part !== '').join('\n');
  return new Error(language.value === 'ko' ? settleParticles(text) : text);
}
