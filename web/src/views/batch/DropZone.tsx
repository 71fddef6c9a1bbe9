import { useRef, useState } from 'preact/hooks';
import { FORMATS } from '../../../../src/base/data/formats/table.ts';
import { saveAs } from '../../components/saveAs.ts';
import { TEMPLATE } from './download.ts';
import { batchTexts } from './texts.ts';

const ENDINGS = FORMATS.flatMap(({ extensions }) => extensions);

/** A place to drop a file on, and a button to choose one. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const t = batchTexts();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  return (
    <div
      class={isOver ? 'drop drop-over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer?.files[0];
        if (file) onFile(file);
      }}
    >
      <p class="drop-title">{t.drop}</p>
      <button type="button" onClick={() => input.current?.click()}>
        {t.choose}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        accept={ENDINGS.join(',')}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          // The same file can be chosen again.
          currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
      <p class="muted small-print">{t.formats(ENDINGS.join(' '))}</p>
      <p class="muted small-print">
        {t.columns}{' '}
        <button type="button" class="plain link" onClick={() => saveAs('korex-template.csv', 'text/csv', TEMPLATE)}>
          {t.template}
        </button>
      </p>
    </div>
  );
}
