export { COMPUTED_KEYS, creatorDid, DEFAULT_STATUS, formatHipsDate, formatProperties, type HipsProperties } from './formatProperties.ts';
export { type HipsDescription, type HipsView, parseProperties } from './parseProperties.ts';
