import { BellRing, Gauge, HeartPulse, ListChecks, Plug, ShieldCheck, SlidersHorizontal } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import type { ProviderView } from '../../../src/protocol/running.ts';
import { Card, Empty, Loading, Trouble } from '../parts/card.tsx';
import { FormField } from '../parts/form-field.tsx';
import { GroqKey } from '../parts/groq-key.tsx';
import { allowNotices, notifyPermission, type Permission } from '../shell/use-alerts.ts';
import { Refused } from '../state/api.ts';
import { clockTime, took, usd } from '../state/format.ts';
import { tell } from '../state/notices.ts';
import { type Answer, useAnswer } from '../state/use-answer.ts';
import { workApi } from '../state/work-api.ts';
import { useWorld } from '../state/world.ts';
import { Executors } from './settings/executors.tsx';
import { Health } from './settings/health.tsx';
import { Models } from './settings/models.tsx';
import { Workers } from './settings/workers.tsx';

type Settings = Answer<Awaited<ReturnType<typeof workApi.settings>>>;

/** How this world is set up: what can be changed here, and what is only shown. */
export default function SettingsPage() {
  const settings = useAnswer('settings', (signal) => workApi.settings(signal));
  return (
    <>
      <h1 className="mb-3 text-[17px] font-semibold">Settings</h1>
      <div className="flex flex-col gap-4 lg:grid lg:grid-cols-2 lg:items-start">
        <div className="flex min-w-0 flex-col gap-4">
          <Provider />
          <Workers />
          <Pace />
          <Approval settings={settings} />
          <Desktop />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Card title="Health" icon={HeartPulse}>
            <Health />
          </Card>
          <Models />
          <Executors />
          <Limits settings={settings} />
          <Safety settings={settings} />
        </div>
      </div>
    </>
  );
}

const STATES = {
  ready: ['Ready', 'text-ok'],
  unverified: ['Not tried yet', 'text-warn'],
  backing_off: ['Away, asked again', 'text-warn'],
  misconfigured: ['Does not work', 'text-bad'],
  absent: ['No model', 'text-warn'],
} as const;

type Tested = Awaited<ReturnType<typeof workApi.testProvider>>;

function Provider() {
  const provider = useWorld((world) => world.picture?.provider);
  const [tested, setTested] = useState<Tested | undefined>();
  const [busy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    setTested(await workApi.testProvider().catch(() => undefined));
    setBusy(false);
  };
  if (!provider)
    return (
      <Card title="Provider" icon={Plug}>
        <Loading label="Loading the provider" />
      </Card>
    );
  const [word, tone] = provider.reachable ? STATES[provider.state] : (['API not reachable', 'text-bad'] as const);
  return (
    <Card title="Provider" icon={Plug} aside={<span className={`text-[12.5px] font-medium ${tone}`}>{word}</span>}>
      <div className="flex flex-col gap-2 px-4 pb-4">
        <p className="break-words">{provider.detail}</p>
        {provider.fix ? <p className="break-words text-[12.5px] text-dim">{provider.fix}</p> : null}
        {provider.reachable ? <Circuit circuit={provider.circuit} /> : null}
        <div className="flex flex-wrap items-center gap-3">
          <button type="button" className="btn" disabled={busy} onClick={test}>
            {busy ? 'Asking the model…' : 'Test'}
          </button>
          <span className="text-[12.5px] text-dim">One tiny question; it costs far less than a cent.</span>
        </div>
        {tested ? (
          <div role="status" className="rounded-lg bg-bg p-3">
            <p className={`break-words font-medium ${tested.ok ? 'text-ok' : 'text-bad'}`}>
              {tested.ok ? 'Works' : 'Does not work'}: {tested.detail}
            </p>
            <p className="text-[12.5px] text-dim">
              {took(tested.took_ms)}
              {tested.cost_usd === undefined ? '' : ` · ${usd(tested.cost_usd)}`}
              {tested.fix ? ` · ${tested.fix}` : ''}
            </p>
          </div>
        ) : null}
        <GroqKey />
      </div>
    </Card>
  );
}

/** Whether calls go through, and when a provider that does not answer is asked again by itself. */
function Circuit({ circuit }: Pick<Extract<ProviderView, { reachable: true }>, 'circuit'>) {
  if (!circuit) return null;
  const words =
    circuit.until === undefined ? 'Circuit closed: calls go through.' : `Asked again by itself at ${clockTime(circuit.until)}.`;
  return <p className="text-[12.5px] text-dim">{words}</p>;
}

function Pace() {
  const { data, again } = useAnswer('pace', (signal) => workApi.pace(signal));
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | undefined>();
  useEffect(() => setTyped(data ? String(data.wait_seconds) : ''), [data]);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const number = Number(typed.replace(',', '.'));
      const { wait_seconds } = await workApi.savePace(typed.trim() === '' || Number.isNaN(number) ? Number.NaN : number);
      setError(undefined);
      setTyped(String(wait_seconds));
      tell('done', `Residents wait ${wait_seconds} s between tasks`);
      again();
    } catch (refused) {
      setError(refused instanceof Refused ? (refused.fields['wait_seconds'] ?? refused.message) : 'That did not work');
    }
  };
  return (
    <Card title="Pace" icon={Gauge}>
      <form onSubmit={save} noValidate className="flex flex-col gap-3 px-4 pb-4">
        <FormField label="Wait between looks for work, seconds" hint="0 to 300; more is calmer and cheaper" error={error}>
          {(given) => (
            <input
              {...given}
              inputMode="decimal"
              className="field max-w-40"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </FormField>
        <button type="submit" className="btn self-start">
          Save pace
        </button>
      </form>
    </Card>
  );
}

function Approval({ settings: { data } }: { settings: Settings }) {
  return (
    <Card title="Approval" icon={ListChecks}>
      <div className="px-4 pb-4">
        {data === undefined ? <div className="skeleton h-4 w-1/2" /> : null}
        {data ? (
          <>
            <p className="font-medium">{data.approval === 'human' ? 'You decide about every result' : 'By evidence'}</p>
            <p className="mt-0.5 text-[12.5px] text-dim">
              {data.approval === 'human'
                ? 'Every finished task waits under “Needs you”.'
                : 'An independent check, a witness or the critic, must pass; where none is possible, you decide.'}{' '}
              Set with <code className="font-mono">VIVARIUM_APPROVAL</code>.
            </p>
            {data.docs_only ? <p className="mt-1 text-warn">Documentation only: no code is written.</p> : null}
          </>
        ) : null}
      </div>
    </Card>
  );
}

const NOTICE_WORDS: Readonly<Record<Permission, string>> = {
  granted: 'On: you hear of what waits for you, also in another window.',
  denied: 'This browser was told not to show any. Allow them for this page in its settings.',
  default: 'Off. Nothing is sent anywhere; your browser shows them.',
  missing: 'This browser has none.',
};

function Desktop() {
  const [permission, setPermission] = useState<Permission>(notifyPermission);
  return (
    <Card title="Desktop notifications" icon={BellRing}>
      <div className="flex flex-wrap items-center gap-3 px-4 pb-4">
        <p className="min-w-0 flex-1 text-dim">{NOTICE_WORDS[permission]}</p>
        {permission === 'default' ? (
          <button type="button" className="btn" onClick={async () => setPermission(await allowNotices())}>
            Allow
          </button>
        ) : null}
      </div>
    </Card>
  );
}

function Limits({ settings: { data, trouble, again } }: { settings: Settings }) {
  return (
    <Card title="Limits" icon={SlidersHorizontal}>
      {trouble && !data ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {!data && !trouble ? <Loading label="Loading the limits" /> : null}
      {data ? (
        <dl className="flex flex-col gap-2 px-4 pb-4 text-[12.5px]">
          {data.limits.map(({ name, value, meaning, from }) => (
            <div key={name} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3">
              <dt className="min-w-0">
                {meaning}
                <span className="block break-all font-mono text-[11.5px] text-dim">
                  {name} · {from}
                </span>
              </dt>
              <dd className="num text-right">{value}</dd>
            </div>
          ))}
          <div className="border-t border-line pt-2 text-dim">
            <dt className="sr-only">Workspace</dt>
            <dd className="break-all">
              World: <span className="font-mono text-[11.5px]">{data.workspace}</span>
            </dd>
          </div>
        </dl>
      ) : null}
    </Card>
  );
}

function Safety({ settings: { data } }: { settings: Settings }) {
  return (
    <Card title="Safety rules" icon={ShieldCheck}>
      {data === undefined ? <Loading label="Loading the rules" /> : null}
      {data ? (
        <div className="flex flex-col gap-3 px-4 pb-4 text-[12.5px]">
          <p>
            Network: <span className="font-medium">{data.safety.network}</span>
          </p>
          <div>
            <h3 className="font-medium text-dim">Programs that local commands may start</h3>
            <p className="mt-1 flex flex-wrap gap-1.5">
              {data.safety.programs.map(({ name, about }) => (
                <span key={name} title={about} className="rounded border border-line bg-bg px-1.5 font-mono text-[12px]">
                  {name}
                </span>
              ))}
            </p>
          </div>
          {data.safety.rules.length === 0 ? <Empty>The rules cannot be read; nothing may run.</Empty> : null}
          <details>
            <summary className="cursor-pointer font-medium text-dim">{data.safety.rules.length} rules for every task</summary>
            <ul className="mt-2 flex flex-col gap-1.5">
              {data.safety.rules.map(({ id, about }) => (
                <li key={id}>
                  <span className="font-mono text-[12px]">{id}</span>
                  <span className="block text-dim">{about}</span>
                </li>
              ))}
            </ul>
          </details>
        </div>
      ) : null}
    </Card>
  );
}
