// What is shown stands in the address (#layer=moon&view=openlayers&map=wms/IAU_2015:30130&TIME=2024-06-01), so that it can be sent to others.

/** The parts of the address that the page knows; absent ones are ''. `values` are the others: of dimensions, by the names of parameters. */
export function readState() {
  const { layer = '', view = '', map = '', ...values } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  return { layer, view, map, values };
}

/** Puts the state into the address without a new entry in the history. */
export function writeState({ layer, view, map, values = {} }) {
  const parts = new URLSearchParams(Object.entries({ layer, view, map, ...values }).filter(([, value]) => value !== ''));
  history.replaceState(null, '', `#${parts.toString().replaceAll('%2F', '/').replaceAll('%3A', ':')}`);
}
