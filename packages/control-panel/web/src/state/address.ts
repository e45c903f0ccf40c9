/** Any text as a part of an address. Half a character, which no address can hold, becomes the sign for one that is unknown. */
export const inAddress = (text: string): string => encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\ufffd'));

/** What a part of an address means; one that was not encoded means itself. */
export function fromAddress(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
