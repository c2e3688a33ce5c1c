export { heap } from './constants';
export { floatBicubic, floatBilinear } from './float';
export { nearest } from './nearest';
export { bicubic, bilinear } from './smooth';
export { mean } from './mean';
