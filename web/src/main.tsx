import { render } from 'preact';
import { httpBatch } from './api/httpBatch.ts';
import { httpPredictor } from './api/httpPredictor.ts';
import { ServiceProvider } from './api/predictor.ts';
import { App } from './shell/App.tsx';
import './styles/index.css';
import { VIEWS } from './views/table.ts';

render(
  <ServiceProvider value={{ predictor: httpPredictor(), apiBase: location.origin, sendBatch: httpBatch() }}>
    <App views={VIEWS} />
  </ServiceProvider>,
  document.getElementById('app')!,
);
