import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { Frame } from '../parts/frame.tsx';
import { late } from '../parts/late.tsx';
import { useVersion } from '../state/version.ts';
import { useFollowWaiting } from '../state/waiting.ts';
import { useWorld } from '../state/world.ts';
import { AddTaskDialog } from './add-task-dialog.tsx';
import { HaltDialog } from './halt-dialog.tsx';
import { BottomNav, PlacesDialog, Sidebar } from './navigation.tsx';
import { Notices } from './notices.tsx';
import { DemoLabel, Standstill } from './standstill.tsx';
import { TopBar } from './top-bar.tsx';
import { useUi } from './ui.ts';
import { useAlerts } from './use-alerts.ts';
import { useShortcuts } from './use-shortcuts.ts';

const CommandMenu = late(() => import('./command-menu.tsx'));
const KeyboardHelp = late(() => import('./keyboard-help.tsx'));

/** What is there on every page: where to go, what state the world is in, and the ways to stop it. */
export function Shell({ children }: { children: ReactNode }) {
  useShortcuts();
  useFollowWaiting();
  useAlerts();
  const lost = useWorld((world) => world.link === 'lost');
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[13rem_1fr]">
      <a href="#content" className="btn fixed left-2 top-2 z-50 -translate-y-16 focus:translate-y-0">
        Skip to content
      </a>
      <Sidebar />
      <div className="flex min-w-0 flex-col">
        <TopBar />
        {lost ? (
          <p role="status" className="border-b border-line bg-leafbg px-4 py-1.5 text-[12.5px] text-warn md:px-6">
            The connection to the panel is lost; what you see may be old. It comes back by itself, and nothing you type is lost.
          </p>
        ) : null}
        <Frame>
          <DemoLabel />
          <Standstill />
        </Frame>
        <Outdated />
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 px-4 pb-24 pt-4 outline-none md:px-6 md:pb-8 md:pt-6">
          {children}
        </main>
      </div>
      <BottomNav />
      <AddTaskDialog />
      <HaltDialog />
      <PlacesDialog />
      <Frame instead={null}>
        <OnDemand />
      </Frame>
      <Frame instead={null}>
        <Notices />
      </Frame>
    </div>
  );
}

/** Says that the server has a newer page, and brings it when the person goes to another one. */
function Outdated() {
  const outdated = useVersion((version) => version.outdated);
  const [path] = useLocation();
  const here = useRef(path);
  useEffect(() => {
    if (outdated && path !== here.current) location.reload();
    here.current = path;
  }, [outdated, path]);
  if (!outdated) return null;
  return (
    <p role="status" className="flex items-center gap-3 border-b border-line bg-leafbg px-4 py-1.5 text-[12.5px] md:px-6">
      Vivarium was updated. The new page comes when you go to another one.
      <button type="button" className="btn ml-auto" onClick={() => location.reload()}>
        Load it now
      </button>
    </p>
  );
}

/** Dialogs that are loaded when they are first asked for. */
function OnDemand() {
  const { searching, helping } = useUi();
  return (
    <Suspense fallback={null}>
      {searching ? <CommandMenu /> : null}
      {helping ? <KeyboardHelp /> : null}
    </Suspense>
  );
}
