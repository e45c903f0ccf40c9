import { code, page, table } from './markdown.ts';

/** What `GET /metrics` of the API tells, from its own help lines. */
export function metricsPage(exposition: string): string {
  const types = new Map([...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
  const rows = [...exposition.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', help = '']) => [
    code(name),
    types.get(name) ?? '',
    help,
  ]);
  return page(
    'Metrics',
    '`GET /metrics` of the execution API',
    'Prometheus text at `http://127.0.0.1:8420/metrics`, from loopback, without a token. Counters begin at zero when the API starts.',
    table(['Metric', 'Type', 'Meaning'], rows),
  );
}
