// The page of one HiPS: what to show stands in the attributes of its viewer.
import { showAladin, tellTrouble } from './aladin.js';

const viewer = document.querySelector('#viewer');
showAladin(viewer, viewer.dataset, document.title).catch((error) => tellTrouble(viewer, `The interactive view could not start: ${error.message}`));
