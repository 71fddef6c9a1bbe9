import { useMemo } from 'preact/hooks';
import { grouped } from '../../../../src/base/core/format.ts';
import { countsOf, type WrittenFile } from '../../../../src/base/data/annotations.ts';
import type { Converted } from '../../../../src/base/data/convertFiles.ts';
import { LOSSES, type Loss } from '../../../../src/base/data/formats/losses.ts';
import { FORMATS } from '../../../../src/base/data/formats/table.ts';
import { settleParticles } from '../../../../src/base/text/particles.ts';
import { BadRows } from '../../components/BadRows.tsx';
import type { ChosenFile } from '../../components/FileDrop.tsx';
import { saveAs } from '../../components/saveAs.ts';
import { language } from '../../i18n/language.ts';
import { download } from './conversion.ts';
import { convertTexts } from './texts.ts';

export interface OutcomeProps {
  readonly result: Converted;
  readonly given: readonly ChosenFile[];
  /** Whether the visitor named the format. */
  readonly wasAsked: boolean;
}

/** What the files were taken for, what was not carried over, and the files to save. */
export function Outcome({ result: { read, written }, given, wasAsked }: OutcomeProps) {
  const t = convertTexts();
  const lang = language.value;
  const format = FORMATS.find(({ id }) => id === read.format);
  const { documents, rows, entities, relations } = countsOf(read.annotations);
  const saved = useMemo(() => download(written.files, given), [written, given]);
  return (
    <>
      <section class="panel">
        <h2>
          {t.recognised} <span class="convert-format">{format?.name ?? read.format}</span>
        </h2>
        <p>{wasAsked ? t.asked : t.by(format?.signs[lang] ?? '')}</p>
        {read.notes.map((note) => (
          <p key={note.en}>{lang === 'ko' ? settleParticles(note.ko) : note.en}</p>
        ))}
        <p class="muted">{t.counts(documents, rows, entities, relations)}</p>
      </section>
      <BadRows
        title={t.rejected(read.rejected.length)}
        rows={read.rejected.map(({ row, problems }) => ({ number: row, problems }))}
      />
      <section class="panel">
        <h2>{t.lost}</h2>
        <LossTable lost={[...read.lost, ...written.lost]} />
      </section>
      <section class="panel">
        <h2>{t.result}</h2>
        {saved === null ? (
          <p>{t.nothing}</p>
        ) : (
          <p>
            <button
              type="button"
              class="convert-save"
              onClick={() => saveAs(saved.name, 'application/octet-stream', saved.content)}
            >
              {t.save(saved.name, sizeText(saved.content.length))}
            </button>
          </p>
        )}
        <Beginning files={written.files} savedAs={saved?.name ?? ''} />
      </section>
    </>
  );
}

function LossTable({ lost }: { lost: readonly Loss[] }) {
  const t = convertTexts();
  if (lost.length === 0) return <p>{t.nothingLost}</p>;
  return (
    <table class="stacking">
      <thead>
        <tr>
          <th scope="col">{t.what}</th>
          <th scope="col">{t.count}</th>
          <th scope="col">{t.where}</th>
        </tr>
      </thead>
      <tbody>
        {lost.map(({ what, count, where }, i) => (
          <tr key={`${what} ${i}`}>
            <td>{LOSSES[what][language.value]}</td>
            <td>{grouped(count)}</td>
            <td class="convert-where" lang="ko">
              {where.join(', ')}
              {count > where.length && where.length > 0 ? ', …' : ''}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SHOWN_CHARACTERS = 2_000;

/** How the first file begins; nothing where it is no text. */
function Beginning({ files, savedAs }: { files: readonly WrittenFile[]; savedAs: string }) {
  const t = convertTexts();
  const first = files.find(({ content }) => typeof content === 'string');
  if (first === undefined || typeof first.content !== 'string') return null;
  const { content } = first;
  const name = files.length === 1 ? savedAs : first.name;
  return (
    <details open>
      <summary>{t.preview(name)}</summary>
      <pre class="convert-preview" tabIndex={0} role="region" aria-label={t.preview(name)} lang="ko">
        {content.length > SHOWN_CHARACTERS ? `${content.slice(0, SHOWN_CHARACTERS)}…` : content}
      </pre>
    </details>
  );
}

const sizeText = (bytes: number): string =>
  bytes < 1e4 ? `${grouped(bytes)} B` : bytes < 1e6 ? `${grouped(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
