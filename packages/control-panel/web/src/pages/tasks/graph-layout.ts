import dagre from '@dagrejs/dagre';
import type { Edge, Node } from '@xyflow/react';
import type { TaskRow } from '../../../../src/protocol/tasks.ts';
import { waitsFor } from './critical-path.ts';

export type Data = { readonly row: TaskRow; readonly critical: boolean; readonly focus: boolean } & Record<string, unknown>;
const [WIDTH, HEIGHT, GAP, ROW_OF] = [190, 62, 18, 5];

/** Where each task stands: from left to right what waits behind what, and below it the tasks without any link. */
export function laidOut(
  rows: readonly TaskRow[],
  path: readonly string[],
  focus: string | null,
): { nodes: Node<Data>[]; edges: Edge[] } {
  const graph = new dagre.graphlib.Graph().setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 56 }).setDefaultEdgeLabel(() => ({}));
  const ids = new Set(rows.map(({ id }) => id));
  const critical = new Set(path.slice(1).map((id, index) => `${path[index]} ${id}`));
  const edges: Edge[] = [];
  for (const row of rows) graph.setNode(row.id, { width: WIDTH, height: HEIGHT });
  const waits = waitsFor(rows);
  for (const row of rows)
    for (const before of waits.get(row.id) ?? []) {
      if (!ids.has(before)) continue;
      graph.setEdge(before, row.id);
      const onPath = critical.has(`${before} ${row.id}`);
      edges.push({
        id: `${before} ${row.id}`,
        source: before,
        target: row.id,
        className: onPath ? 'on-path' : '',
        animated: row.status === 'in_progress',
      });
    }
  const alone = rows.filter(({ id }) => !edges.some(({ source, target }) => source === id || target === id));
  for (const { id } of alone) graph.removeNode(id);
  dagre.layout(graph);
  const below = edges.length > 0 ? (graph.graph().height ?? 0) + GAP * 3 : 0;
  const nodes = rows.map((row): Node<Data> => {
    const place = alone.indexOf(row);
    return {
      id: row.id,
      type: 'task',
      position: place === -1 ? cornerOf(graph.node(row.id)) : inRows(place, below),
      data: { row, critical: path.includes(row.id), focus: row.id === focus },
      ariaLabel: row.title,
    };
  });
  return { nodes, edges };
}

const cornerOf = ({ x, y }: { x: number; y: number }) => ({ x: x - WIDTH / 2, y: y - HEIGHT / 2 });

/** Tasks without any link stand in rows below the others. */
function inRows(place: number, top: number): { x: number; y: number } {
  return { x: (place % ROW_OF) * (WIDTH + GAP), y: top + Math.floor(place / ROW_OF) * (HEIGHT + GAP) };
}
