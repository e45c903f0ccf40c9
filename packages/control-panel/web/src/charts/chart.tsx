import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../state/theme.ts';

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly colour: 'leaf' | 'info' | 'bad' | 'warn' | 'ok' | 'dim';
  readonly kind?: 'line' | 'area' | 'bars' | 'limit' | 'steps';
}

interface Props {
  /** What the chart shows, in one sentence, for those who do not see it. */
  readonly label: string;
  /** Instants in seconds, oldest first. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly height?: number;
  readonly write: (value: number) => string;
  /** The least height of the scale, so that an empty chart is not a lie. */
  readonly atLeast: number;
}

/** A small chart over time: a canvas that keeps to the page's colours and width. */
export default function Chart({ label, times, series, height = 140, write, atLeast }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const dark = useTheme((theme) => theme.dark);
  const shape = series.map(({ name, kind, colour }) => `${name}:${kind}:${colour}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: built anew when its colours or its lines are others
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const chart = new uPlot(optionsOf(element, series, height, write, atLeast), dataOf(times, series), element);
    plot.current = chart;
    const watch = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
  }, [dark, shape, height, atLeast]);
  useEffect(() => plot.current?.setData(dataOf(times, series)), [times, series]);
  return (
    <figure role="img" aria-label={label} className="min-w-0">
      <div ref={host} className="w-full" />
    </figure>
  );
}

function dataOf(times: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  return [[...times], ...series.map(({ values }) => [...values])];
}

function optionsOf(
  element: HTMLElement,
  series: readonly Series[],
  height: number,
  write: (value: number) => string,
  atLeast: number,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: colour('dim'), font: `11px ${style.fontFamily}`, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true, range: (_chart, low, high) => [low, high + (high - low) / 100] },
      y: { range: (_chart, _low, high) => [0, Math.max(atLeast, (high ?? 0) * 1.08)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 24, space: 70, values: (_chart, splits) => splits.map(hourOf) },
      {
        ...axis,
        grid: { stroke: colour('line'), width: 1 },
        size: 56,
        space: 40,
        values: (_chart, splits) => splits.map(write),
      },
    ],
    series: [{}, ...series.map((each) => lineOf(each, colour))],
  };
}

function lineOf({ kind = 'line', colour: name, name: label }: Series, colour: (name: string) => string): uPlot.Series {
  const stroke = colour(name);
  const plain = { label, stroke, width: 1.5, points: { show: false } };
  const { bars, stepped } = uPlot.paths;
  switch (kind) {
    case 'area':
      return { ...plain, fill: `${stroke}22` };
    case 'limit':
      return { ...plain, dash: [4, 4] };
    case 'bars':
      return { ...plain, width: 0, fill: stroke, ...(bars ? { paths: bars({ size: [0.7, 24, 3], align: 1 }) } : {}) };
    case 'steps':
      return { ...plain, fill: `${stroke}18`, ...(stepped ? { paths: stepped({ align: 1 }) } : {}) };
    default:
      return plain;
  }
}

function hourOf(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
}
