import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { fetchPage, fetchPages } from './pages.ts';
import { Mishap } from './shell/mishap.tsx';
import { connect } from './state/connect.ts';
import './styles.css';

/** By then what the first page needs has long been asked for. */
const FORESEE_AFTER_MS = 2000;

const root = document.getElementById('root');
if (root) {
  connect();
  await fetchPage(location.pathname);
  createRoot(root).render(
    <StrictMode>
      <Mishap>
        <App />
      </Mishap>
    </StrictMode>,
  );
  setTimeout(fetchPages, FORESEE_AFTER_MS);
}
