export { heap } from './constants';
export { nearest } from './nearest';
export { bicubic, bilinear } from './smooth';
export { mean } from './mean';
