export { scan, straighten, take } from './samples';
export { filter } from './filter';
