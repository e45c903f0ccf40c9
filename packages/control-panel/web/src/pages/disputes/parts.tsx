import { CircleCheck, Gavel, RotateCcw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { DisputeView } from '../../../../src/protocol/community.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Select, TextArea } from '../../parts/fields.tsx';
import { Form } from '../../parts/form.tsx';
import { Fact, Plain, When, Who, Word } from '../../parts/small.tsx';
import { inAddress } from '../../state/address.ts';
import { useDraft } from '../../state/draft.ts';
import { tell } from '../../state/notices.ts';
import { society } from '../../state/society-api.ts';
import { useWorld } from '../../state/world.ts';

export function DisputeWord({ dispute }: { dispute: DisputeView }) {
  if (dispute.status === 'open')
    return (
      <Word icon={Gavel} tone="text-warn">
        Open
      </Word>
    );
  return dispute.outcome === 'reopen' ? (
    <Word icon={RotateCcw} tone="text-info">
      Reopened
    </Word>
  ) : (
    <Word icon={CircleCheck} tone="text-ok">
      Upheld
    </Word>
  );
}

export const TARGETS = { journal: 'The vote on a journal', guild_join: 'The vote on a newcomer' } as const;

/** What is disputed, by whom, and whom it concerns. */
export function DisputeFacts({ dispute }: { dispute: DisputeView }) {
  return (
    <>
      <Plain>{dispute.reason}</Plain>
      <dl className="flex flex-col gap-1">
        <Fact name="Opened by">
          <Who id={dispute.requester_id} name={dispute.requester_name} /> <When at={dispute.created_at} />
        </Fact>
        <Fact name="It concerns">
          <span className="flex flex-wrap gap-x-3 gap-y-1">
            {dispute.participants.map((id) => (
              <Who key={id} id={id} name={dispute.participant_names[id] ?? id} />
            ))}
          </span>
        </Fact>
        <Fact name="At stake">{dispute.risk_privilege.replaceAll('_', ' ')}</Fact>
        <Fact name="Mediator">
          {dispute.mediator ? (
            <Who id={dispute.mediator.id} name={dispute.mediator.name} />
          ) : (
            <span className="text-dim">nobody yet</span>
          )}
        </Fact>
        {dispute.notes ? <Fact name="Decision">{dispute.notes}</Fact> : null}
      </dl>
    </>
  );
}

/** What a person can do about it. A rising `deciding` opens the decision. */
export function DisputeDeeds(props: { dispute: DisputeView; again: () => void; deciding?: number }) {
  const { dispute, again, deciding = 0 } = props;
  const [asked, setAsked] = useState<'resolve' | 'appoint' | undefined>();
  const first = useRef(deciding);
  useEffect(() => {
    if (deciding !== first.current) setAsked('resolve');
    first.current = deciding;
  }, [deciding]);
  const close = () => setAsked(undefined);
  const done = () => {
    close();
    again();
  };
  return (
    <div className="flex flex-wrap gap-2">
      <Link href={`/rooms/${inAddress(dispute.chatroom_id)}`} className="btn">
        Its room
      </Link>
      {dispute.status === 'open' ? (
        <>
          <button type="button" className="btn" onClick={() => setAsked('appoint')}>
            Appoint a mediator
          </button>
          <button type="button" className="btn btn-go" onClick={() => setAsked('resolve')}>
            Decide
          </button>
        </>
      ) : null}
      <Dialog
        open={asked === 'resolve'}
        onOpenChange={(open) => open || close()}
        title="Decide the dispute"
        description="Reopening takes back what was paid and starts the vote again."
      >
        <ResolveForm dispute={dispute} onClose={close} onDone={done} />
      </Dialog>
      <Dialog
        open={asked === 'appoint'}
        onOpenChange={(open) => open || close()}
        title="Appoint a mediator"
        description="Somebody who had no part in it. It decides while it wears the Hat of Objectivity."
      >
        <AppointForm dispute={dispute} onClose={close} onDone={done} />
      </Dialog>
    </div>
  );
}

interface FormProps {
  readonly dispute: DisputeView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const NO_DECISION = { outcome: 'uphold', notes: '' };

function ResolveForm({ dispute, onClose, onDone }: FormProps) {
  const [draft, change, clear] = useDraft(`resolve_${dispute.dispute_id}`, NO_DECISION);
  const send = async () => {
    await society.resolve(dispute.dispute_id, draft);
    clear();
    tell('done', 'The dispute is decided');
    onDone();
  };
  return (
    <Form onSend={send} submit="Decide" onCancel={onClose} fields={['notes']}>
      {(errorOf) => (
        <>
          <Select label="Outcome" value={draft.outcome} onChange={(outcome) => change({ outcome })}>
            <option value="uphold">Uphold the vote</option>
            <option value="reopen">Reopen the vote</option>
          </Select>
          <TextArea
            label="What it rests on"
            value={draft.notes}
            onChange={(notes) => change({ notes })}
            error={errorOf('notes')}
          />
        </>
      )}
    </Form>
  );
}

function AppointForm({ dispute, onClose, onDone }: FormProps) {
  const all = useWorld((world) => world.picture?.identities) ?? [];
  const free = all.filter(({ id }) => !dispute.participants.includes(id));
  const [id, setId] = useState('');
  const send = async () => {
    await society.appoint(dispute.dispute_id, id);
    tell('done', 'Appointed');
    onDone();
  };
  return (
    <Form onSend={send} submit="Appoint" onCancel={onClose} fields={['identity_id']}>
      {(errorOf) => (
        <Select
          label="Mediator"
          value={id}
          onChange={setId}
          error={errorOf('identity_id')}
          hint={free.length === 0 ? 'Everybody here had a part in it' : ''}
        >
          <option value="">Choose a resident</option>
          {free.map((resident) => (
            <option key={resident.id} value={resident.id}>
              {resident.name}
            </option>
          ))}
        </Select>
      )}
    </Form>
  );
}
