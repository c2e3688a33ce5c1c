export { scan, spread, straighten, take } from './samples';
export { filter } from './filter';
