import { useSearchParams } from 'wouter';

/** The words behind the `?` of the address, and a way to change some of them; an empty one goes. */
export function useAddress(): readonly [URLSearchParams, (changes: Readonly<Record<string, string>>) => void] {
  const [params, setParams] = useSearchParams();
  const set = (changes: Readonly<Record<string, string>>) =>
    setParams((former) => {
      const next = new URLSearchParams(former);
      for (const [key, value] of Object.entries(changes)) value ? next.set(key, value) : next.delete(key);
      return next;
    });
  return [params, set];
}
