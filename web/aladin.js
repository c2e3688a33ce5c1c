// Shows a HiPS in the Aladin Lite that this server has; nothing is asked of any other host.

/** Widest field of view to begin with, degrees: the whole disc of a body, a wide part of the sky. */
const WIDEST_FOV = { body: 180, sky: 120 };

/**
 * Degrees by which a view of (0, 0) is moved: Aladin Lite 3.8 takes 0 for "no coordinate" in its read-out, and draws a line of
 * wrong pixels where a meridian between two base cells meets the middle of a pixel.
 */
const NUDGE = 0.01;

function optionsFor(hips, title) {
  const url = new URL(hips.survey, location.href).href.replace(/\/+$/, '');
  const isBody = hips.kind === 'body';
  return {
    survey: url,
    hipsList: [{ id: url, name: title, url }],
    target: `${Number(hips.lon) || NUDGE} ${Number(hips.lat) || NUDGE}`,
    fov: Math.min(Number(hips.fov) || Infinity, isBody ? WIDEST_FOV.body : WIDEST_FOV.sky),
    cooFrame: hips.frame === 'galactic' ? 'galactic' : isBody ? 'ICRSd' : 'ICRS',
    projection: 'SIN',
    showFrame: !isBody,
    showCooGridControl: true,
    showReticle: false,
    samp: false,
    log: false,
  };
}

/** A view of 180 degrees fills the width: draws back until the whole disc is seen in a window that is wider than high. */
function fitDisc(lite, viewer) {
  const ratio = viewer.clientWidth / viewer.clientHeight;
  if (ratio > 1) lite.setZoomFactor(lite.getZoomFactor() * ratio);
}

/** Puts Aladin Lite into an element. @param hips {script, survey, kind, frame, lon, lat, fov}: addresses relative to the page */
export async function showAladin(viewer, hips, title) {
  const { default: aladinLite } = await import(new URL(hips.script, location.href).href);
  await aladinLite.init;
  viewer.replaceChildren();
  viewer.classList.add('live');
  const options = optionsFor(hips, title);
  const lite = aladinLite.aladin(viewer, options);
  if (options.fov >= WIDEST_FOV.body) fitDisc(lite, viewer);
}

/** Says in an element why there is no map. */
export function tellTrouble(viewer, text) {
  const note = document.createElement('p');
  note.className = 'trouble';
  note.textContent = text;
  viewer.append(note);
}
