export { loadModels } from './models-file.ts';
export { PRICES_FROM, publishedPrice } from './published-price.ts';
