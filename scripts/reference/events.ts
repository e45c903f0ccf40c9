import { ActionEntry, ApiAuditLine, TaskEvent } from '@vivarium/core';
import { BudgetRecord } from '../../packages/core/src/domain/budget/record.ts';
import { GateEvent } from '../../packages/core/src/domain/gates/events.ts';
import { SkillLogEntry } from '../../packages/core/src/domain/skills/record.ts';
import { code, page, table } from './markdown.ts';
import { type Described, fieldRows, membersOf, schemaOf, typeWords } from './schemas.ts';

/** The lines of the logs that programs of others may read. */
export function eventsPage(): string {
  return page(
    'Events and log lines',
    'the schemas of `packages/core/src`',
    'Every line of a shared log also ends in `rec` (who appended it), `part` when one append has several lines, and `sum` (CRC-32 of what stands before). A line that does not fit does not count.',
    '## execution_log.jsonl',
    'What each event means and which may follow which: [lifecycle](../lifecycle.md).',
    union(TaskEvent, 'event', ['status']),
    '## .swarm/budget_ledger.jsonl',
    union(BudgetRecord, 'kind'),
    '## .swarm/quality_gates.jsonl',
    union(GateEvent, 'event'),
    '## .swarm/skills.jsonl',
    union(SkillLogEntry, 'event'),
    '## action_log.jsonl',
    fields(ActionEntry),
    '## .swarm/audit/api.jsonl',
    fields(ApiAuditLine),
  );
}

const fields = (schema: Described): string => table(['Field', 'Holds', 'Default', 'Meaning'], fieldRows(schemaOf(schema)));

function union(schema: Described, key: string, shown: readonly string[] = []): string {
  const rows = membersOf(schema).map(({ properties = {}, required = [] }) => {
    const others = Object.entries(properties).filter(([name]) => name !== key && !shown.includes(name));
    const words = others.map(([name, field]) => {
      const note = field.description === undefined ? '' : ` (${field.description})`;
      return `${code(name)}${required.includes(name) ? '' : '?'}${note}`;
    });
    return [
      typeWords(properties[key] ?? {}).replaceAll('"', ''),
      ...shown.map((name) => typeWords(properties[name] ?? {}).replaceAll('"', '')),
      words.join(', '),
    ];
  });
  return table([key, ...shown, 'fields (`?`: may be absent)'], rows);
}
