import { FORMATS } from '../../../../src/base/data/formats/table.ts';
import { FileDrop } from '../../components/FileDrop.tsx';
import { saveAs } from '../../components/saveAs.ts';
import { TEMPLATE } from './download.ts';
import { batchTexts } from './texts.ts';

const ENDINGS = FORMATS.flatMap(({ extensions }) => extensions);

/** A place for the file to answer, with what it must hold. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const t = batchTexts();
  return (
    <FileDrop
      title={t.drop}
      choose={t.choose}
      accept={[...ENDINGS, '.gz', '.zip']}
      onFiles={([first]) => first && onFile(first.file)}
    >
      <p class="muted small-print">{t.formats(ENDINGS.join(' '))}</p>
      <p class="muted small-print">
        {t.columns}{' '}
        <button type="button" class="plain link" onClick={() => saveAs('korex-template.csv', 'text/csv', TEMPLATE)}>
          {t.template}
        </button>
      </p>
    </FileDrop>
  );
}
