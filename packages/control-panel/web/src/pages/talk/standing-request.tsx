import { Target } from 'lucide-react';
import { Card } from '../../parts/card.tsx';
import { TextArea } from '../../parts/fields.tsx';
import { Form } from '../../parts/form.tsx';
import { Reading } from '../../parts/reading.tsx';
import { Plain, When } from '../../parts/small.tsx';
import { useDraft } from '../../state/draft.ts';
import { attempt, tell } from '../../state/notices.ts';
import { useRead } from '../../state/society.ts';
import { society } from '../../state/society-api.ts';

const EMPTY = { request: '' };

/** What the person asks of everybody, until it is met. */
export function StandingRequest() {
  const read = useRead('request', (signal) => society.request(signal), []);
  return (
    <Card title="Asked of everybody" icon={Target}>
      <Reading read={read} label="Loading the request" lines={1}>
        {({ request, updated_at }) =>
          request === '' ? (
            <Ask onDone={read.again} />
          ) : (
            <div className="flex flex-col gap-2 px-4 pb-4">
              <Plain>{request}</Plain>
              {updated_at ? <When at={updated_at} /> : null}
              <div className="flex flex-wrap gap-2">
                <button
                  type="button"
                  className="btn btn-go"
                  onClick={() => attempt(() => society.met(request), 'Marked as met').then(read.again)}
                >
                  It is met
                </button>
                <button
                  type="button"
                  className="btn"
                  onClick={() => attempt(() => society.ask(''), 'Taken back').then(read.again)}
                >
                  Take it back
                </button>
              </div>
            </div>
          )
        }
      </Reading>
    </Card>
  );
}

function Ask({ onDone }: { onDone: () => void }) {
  const [draft, change, clear] = useDraft('standing_request', EMPTY);
  const send = async () => {
    if (draft.request.trim() === '') return;
    await society.ask(draft.request);
    clear();
    tell('done', 'Everybody is asked');
    onDone();
  };
  return (
    <div className="-mt-3 px-4 pb-4">
      <Form onSend={send} submit="Ask everybody" fields={['request']}>
        {(errorOf) => (
          <TextArea
            label="Your request"
            hint="A request, not a command"
            rows={2}
            value={draft.request}
            onChange={(request) => change({ request })}
            error={errorOf('request')}
          />
        )}
      </Form>
    </div>
  );
}
