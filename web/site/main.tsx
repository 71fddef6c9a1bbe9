import '../src/api/withoutEval.ts';
import { render } from 'preact';
import type { SiteManifest } from '../../src/app/site/siteManifest.ts';
import { type Predictor, ServiceProvider } from '../src/api/predictor.ts';
import { App } from '../src/shell/App.tsx';
import '../src/styles/index.css';
import { SITE_VIEWS } from '../src/views/table.ts';
import { createLocalPredictor } from './localPredictor.ts';
import { ModelBar } from './ModelBar.tsx';
import './site.css';

declare global {
  /** What the browser lacks; undefined where it lacks nothing (see `support.js`). */
  var korexUnsupported: readonly string[] | undefined;
  /** The model of this folder (`data/model.js`). */
  var korexModel: SiteManifest | undefined;
  /** For the browser's console: `await korex.predict([{ sentence, subject: { word }, object: { word } }])`. */
  var korex: Predictor;
}

function start(manifest: SiteManifest): void {
  const { predictor, state, canAnswer, load } = createLocalPredictor(manifest);
  globalThis.korex = predictor;
  render(
    <ServiceProvider value={{ predictor, apiBase: null, canAnswer }}>
      <App
        views={manifest.entities ? SITE_VIEWS : SITE_VIEWS.filter(({ id }) => id !== 'text')}
        notice={<ModelBar state={state} load={load} />}
      />
    </ServiceProvider>,
    document.getElementById('app')!,
  );
}

const { korexUnsupported: missing, korexModel: manifest } = globalThis;
if (missing === undefined) {
  if (manifest === undefined) throw new Error('data/model.js is missing: write the folder anew with `korex site`');
  start(manifest);
}
