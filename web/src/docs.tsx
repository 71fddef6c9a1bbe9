import { render } from 'preact';
import { ApiDocs } from './shell/ApiDocs.tsx';
import './styles/docs.css';

// The manual of the REST API, at /docs: Swagger UI below the page's header.
render(<ApiDocs />, document.getElementById('app')!);
