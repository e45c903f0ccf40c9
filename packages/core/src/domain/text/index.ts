export { type Decoded, decodeFix, decodeText } from './decode.ts';
export { type JsonReading, readJson } from './json.ts';
export { nearest } from './nearest.ts';
export { linesOf, type Place, placeAt } from './place.ts';
