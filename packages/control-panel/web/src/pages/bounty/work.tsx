import type { BountyView, SubmissionView } from '../../../../src/protocol/bounties.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Select, TextArea, TextField } from '../../parts/fields.tsx';
import { Form } from '../../parts/form.tsx';
import { useDraft } from '../../state/draft.ts';
import { tell } from '../../state/notices.ts';
import { society } from '../../state/society-api.ts';
import { useWorld } from '../../state/world.ts';

interface Props {
  readonly bounty: BountyView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const NO_WORK = { identity_id: '', description: '', artifacts: '' };
const NO_VERDICT = { evidence: '', verdict: 'accepted' };

/** Hand in work that a resident did outside of a submission of its own. */
export function SubmitDialog({ open, ...props }: Props & { open: boolean }) {
  return (
    <Dialog
      open={open}
      onOpenChange={(open) => open || props.onClose()}
      title="Hand in work"
      description="For a resident who did it and has not handed it in."
      wide
    >
      <SubmitForm {...props} />
    </Dialog>
  );
}

function SubmitForm({ bounty, onClose, onDone }: Props) {
  const residents = useWorld((world) => world.picture?.identities) ?? [];
  const [draft, change, clear] = useDraft(`submit_${bounty.id}`, NO_WORK);
  const send = async () => {
    const artifacts = draft.artifacts
      .split(/[\n,]/)
      .map((path) => path.trim())
      .filter(Boolean);
    await society.submitWork(bounty.id, { identity_id: draft.identity_id, description: draft.description, artifacts });
    clear();
    tell('done', 'Handed in');
    onDone();
  };
  return (
    <Form onSend={send} submit="Hand in" onCancel={onClose} fields={['identity_id', 'description']}>
      {(errorOf) => (
        <>
          <Select
            label="Resident"
            value={draft.identity_id}
            onChange={(identity_id) => change({ identity_id })}
            error={errorOf('identity_id')}
          >
            <option value="">Choose who did it</option>
            {residents.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
          <TextArea
            label="What was done"
            value={draft.description}
            onChange={(description) => change({ description })}
            error={errorOf('description')}
          />
          <TextField
            label="Files"
            hint="Paths in the workspace, with commas between them"
            value={draft.artifacts}
            onChange={(artifacts) => change({ artifacts })}
          />
        </>
      )}
    </Form>
  );
}

/** Accept or reject one piece of work; rejected work is not paid. */
export function ReviewDialog({ submission, ...props }: Props & { submission: SubmissionView }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => open || props.onClose()}
      title={`Judge the work of ${submission.identity_name}`}
      description="Rejected work is not paid and gives up its place."
    >
      <ReviewForm submission={submission} {...props} />
    </Dialog>
  );
}

function ReviewForm({ bounty, submission, onClose, onDone }: Props & { submission: SubmissionView }) {
  const [draft, change, clear] = useDraft<{ evidence: string; verdict: string }>(`judge_${submission.id}`, NO_VERDICT);
  const send = async () => {
    await society.reviewWork(bounty.id, submission.id, draft);
    clear();
    tell('done', `The work of ${submission.identity_name} is ${draft.verdict}`);
    onDone();
  };
  const rejects = draft.verdict === 'rejected';
  return (
    <Form
      onSend={send}
      submit={rejects ? 'Reject' : 'Accept'}
      tone={rejects ? 'btn-bad' : 'btn-go'}
      onCancel={onClose}
      fields={['evidence']}
    >
      {(errorOf) => (
        <>
          <Select label="Verdict" value={draft.verdict} onChange={(verdict) => change({ verdict })}>
            <option value="accepted">Accept it</option>
            <option value="rejected">Reject it</option>
          </Select>
          <TextArea
            label="Evidence"
            hint="What you looked at, and what it shows"
            value={draft.evidence}
            onChange={(evidence) => change({ evidence })}
            error={errorOf('evidence')}
          />
        </>
      )}
    </Form>
  );
}
