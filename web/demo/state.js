// What is shown stands in the address (#layer=moon&view=openlayers&map=wms/IAU_2015:30130), so that it can be sent to others.

/** The parts of the address that the page knows; absent ones are ''. */
export function readState() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return { layer: parts.get('layer') ?? '', view: parts.get('view') ?? '', map: parts.get('map') ?? '' };
}

/** Puts the state into the address without a new entry in the history. */
export function writeState(state) {
  const parts = new URLSearchParams(Object.entries(state).filter(([, value]) => value !== ''));
  history.replaceState(null, '', `#${parts.toString().replaceAll('%2F', '/').replaceAll('%3A', ':')}`);
}
