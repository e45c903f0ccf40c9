import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connect } from './state/connect.ts';
import './styles.css';

const root = document.getElementById('root');
if (root) {
  connect();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
