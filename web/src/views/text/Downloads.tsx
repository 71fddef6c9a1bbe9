import { written } from '../../../../src/inference/extract/writers/graphWriter.ts';
import { GRAPH_FORMATS } from '../../../../src/inference/extract/writers/table.ts';
import type { DocumentGraph } from '../../../../src/inference/predict/documentSchema.ts';
import { saveAs } from '../../components/saveAs.ts';
import { language } from '../../i18n/language.ts';
import { textTexts } from './texts.ts';

/** The graph as files, in each format that `korex extract` writes. */
export function Downloads({ graph }: { graph: DocumentGraph }) {
  const t = textTexts();
  return (
    <div class="downloads">
      <span class="muted">{t.download}</span>
      {GRAPH_FORMATS.map((format) => (
        <button
          key={format.name}
          type="button"
          class="quiet small"
          onClick={() => {
            for (const [name, content] of Object.entries(written(format, [graph], language.value)))
              saveAs(name === '' ? `korex${format.extension}` : `korex.${name}`, format.mediaType, content);
          }}
        >
          {format.name}
        </button>
      ))}
    </div>
  );
}
