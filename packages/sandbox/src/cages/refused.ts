/**
 * How many packets and connections a program sent in vain, from the kernel's counters for its network (`/proc/net/snmp`):
 * connections refused, destinations without a route, datagrams to a port where nobody is.
 */
export function refusedConnects(counters: string): number {
  const values = new Map<string, number>();
  const lines = counters.split('\n');
  for (const [index, line] of lines.entries()) {
    const [kind = '', ...names] = line.trim().split(/\s+/);
    const [next, ...numbers] = lines[index + 1]?.trim().split(/\s+/) ?? [];
    if (kind.endsWith(':') && next === kind)
      for (const [at, name] of names.entries()) values.set(kind + name, Number(numbers[at]));
    else if (kind.includes('Ip6Out') || kind.startsWith('Udp6')) values.set(kind, Number(names[0]));
  }
  const counted = ['Tcp:AttemptFails', 'Ip:OutNoRoutes', 'Udp:NoPorts', 'Ip6OutNoRoutes', 'Udp6NoPorts'];
  return counted.reduce((sum, name) => sum + (values.get(name) || 0), 0);
}
