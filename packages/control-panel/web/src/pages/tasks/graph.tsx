import { Background, Controls, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import { Frame } from '../../parts/frame.tsx';
import { inAddress } from '../../state/address.ts';
import '@xyflow/react/dist/style.css';
import './graph.css';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { GraphAnswer, TaskRow } from '../../../../src/protocol/tasks.ts';
import { Empty, Loading, Trouble } from '../../parts/card.tsx';
import { Mark } from '../../parts/mark.tsx';
import { Status } from '../../parts/status.tsx';
import { useTheme } from '../../state/theme.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { workApi } from '../../state/work-api.ts';
import { useWorld } from '../../state/world.ts';
import { criticalPath } from './critical-path.ts';
import { type Data, laidOut } from './graph-layout.ts';

interface Props {
  readonly focus: string;
  readonly levels: number;
  readonly set: (changes: Readonly<Record<string, string>>) => void;
}

/** What waits for what: everything while it fits, else the neighbourhood of one task. */
export default function Graph({ focus, levels, set }: Props) {
  const total = useWorld((world) => world.picture?.counts.total);
  const { data, trouble, again } = useAnswer(`${focus}|${levels}|${total}`, (signal) =>
    workApi.graph({ ...(focus ? { focus } : {}), levels }, signal),
  );
  const touched = useWorld((world) => world.picture?.touched);
  const rows = useMemo(() => data?.nodes.map((row) => ({ ...row, ...touched?.get(row.id) })) ?? [], [data, touched]);
  if (!data || rows.length === 0)
    return (
      <div className="card">
        {data ? <Empty>No task yet. Add one, or press c.</Empty> : null}
        {trouble && !data ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
        {data || trouble ? null : <Loading label="Loading the graph" lines={6} />}
      </div>
    );
  const path = criticalPath(rows);
  return (
    <>
      <Legend data={data} shown={rows.length} open={path.length} focus={focus} levels={levels} set={set} />
      <Drawing rows={rows} path={path} focus={data.focus} onFocus={(id) => set({ focus: id })} />
      <p className="mt-2 text-[12px] text-dim">A press opens the task; with Shift it becomes the focus.</p>
    </>
  );
}

function Legend(props: Props & { data: GraphAnswer; shown: number; open: number }) {
  const { data, shown, open, focus, levels, set } = props;
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2 text-[12.5px] text-dim">
      <span>
        {shown.toLocaleString()} of {data.total.toLocaleString()} tasks
        {data.focus ? (
          <>
            , round <span className="break-all font-mono text-ink">{data.focus}</span>
          </>
        ) : null}
      </span>
      {open > 0 ? (
        <span>
          <span aria-hidden className="mr-1.5 inline-block h-0.5 w-5 bg-warn align-middle" />
          Critical path: {open} tasks not approved yet
        </span>
      ) : null}
      {data.focus ? (
        <label className="ml-auto flex items-center gap-2">
          Levels
          <input
            type="range"
            min={1}
            max={8}
            value={levels}
            className="accent-leaf"
            onChange={(event) => set({ levels: event.target.value })}
          />
          <span className="num w-4 text-ink">{levels}</span>
        </label>
      ) : null}
      {focus ? (
        <button type="button" className="btn" onClick={() => set({ focus: '' })}>
          Without focus
        </button>
      ) : null}
    </div>
  );
}

function Drawing(props: {
  rows: readonly TaskRow[];
  path: readonly string[];
  focus: string | null;
  onFocus: (id: string) => void;
}) {
  const { rows, path, focus, onFocus } = props;
  const [, go] = useLocation();
  const dark = useTheme((theme) => theme.dark);
  const { nodes, edges } = useMemo(() => laidOut(rows, path, focus), [rows, path, focus]);
  return (
    <div className="card h-[calc(100dvh-15rem)] min-h-96 overflow-hidden">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={dark ? 'dark' : 'light'}
        fitView
        fitViewOptions={{ maxZoom: 1.1, padding: 0.15 }}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onNodeClick={(event, node) => (event.shiftKey ? onFocus(node.id) : go(`/tasks/${inAddress(node.id)}`))}
        ariaLabelConfig={{ 'node.a11yDescription.default': 'Press Enter to choose it.' }}
      >
        <Background gap={24} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

const NODE_TYPES = { task: TaskNode };

function TaskNode({ data }: NodeProps<Node<Data>>) {
  return (
    <Frame>
      <Task {...data} />
    </Frame>
  );
}

function Task({ row, critical, focus }: Data) {
  return (
    <div
      className={`h-[62px] w-[190px] rounded-lg border bg-panel px-2.5 py-1.5 text-left ${critical ? 'border-warn' : focus ? 'border-leaf' : 'border-line'} ${focus ? 'ring-2 ring-leaf/40' : ''}`}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <p className="truncate text-[12.5px] font-medium">{row.title}</p>
      <p className="mt-1 flex items-center">
        <Status status={row.status} held={row.hold !== undefined} />
        <span className="ml-auto">{row.resident ? <Mark name={row.resident} size={16} /> : null}</span>
      </p>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
