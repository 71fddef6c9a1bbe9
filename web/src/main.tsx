import { signal } from '@preact/signals';
import { render } from 'preact';
import { httpBatch } from './api/httpBatch.ts';
import { httpPredictor } from './api/httpPredictor.ts';
import { ServiceProvider } from './api/predictor.ts';
import { App } from './shell/App.tsx';
import './styles/index.css';
import { VIEWS } from './views/table.ts';

/** Where the page lies: behind a proxy, the API is below the same path. */
const apiBase = new URL('.', location.href).href.replace(/\/$/, '');

render(
  <ServiceProvider
    value={{ predictor: httpPredictor(apiBase), apiBase, sendBatch: httpBatch(apiBase), canAnswer: signal(true) }}
  >
    <App views={VIEWS} />
  </ServiceProvider>,
  document.getElementById('app')!,
);
