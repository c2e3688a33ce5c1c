// The demo page: one layer at a time, in the viewer of the chosen tab. Everything comes from this server.
import { showAladin, tellTrouble } from '../aladin.js';
import { leafletMaps, showLeaflet } from './leaflet.js';
import { openLayersMaps, showOpenLayers } from './openlayers.js';
import { readState, writeState } from './state.js';

const page = document.querySelector('#demo');
const viewer = document.querySelector('#viewer');
const readout = document.querySelector('#readout');
const layerChoice = document.querySelector('#layer');
const mapChoice = document.querySelector('#map');
const dimensionChoices = document.querySelector('#dimensions');
const tabs = [...document.querySelectorAll('[role=tab]')];
const root = new URL(page.dataset.root, location.href).href;

const { layers, crs: everyCrs } = await (await fetch(new URL('demo/layers.json', root))).json();

function crsOf(id) {
  return everyCrs.find((crs) => crs.id === id);
}

/** Documents name the server by its public address; the page asks it by the one it was reached by. */
function here(text) {
  return text.replaceAll(page.dataset.public, root.replace(/\/$/, ''));
}

const MAPS = { aladin: () => [], openlayers: (layer) => openLayersMaps(layer, crsOf), leaflet: leafletMaps };

/** Why a layer cannot be seen in a viewer, or null. */
function missing(view, layer, tab) {
  if (tab.dataset.script === undefined) return `${tab.textContent} is not installed on this server: run npm install ${tab.dataset.package} and start it again.`;
  if (view === 'aladin') return layer.hips === null ? 'This layer is not offered as a HiPS: give it md.hips and switch services.hips on.' : null;
  if (MAPS[view](layer).length > 0) return null;
  return view === 'leaflet' ? 'This layer has no tiles: give it a cache and switch services.tms on.' : 'This layer is offered neither as WMS nor as WMTS.';
}

const loading = new Map();

/** Loads a script or a style sheet once. */
function load(url, create) {
  if (!loading.has(url)) {
    loading.set(url, new Promise((resolve, reject) => {
      const element = create(url);
      element.addEventListener('load', () => resolve());
      element.addEventListener('error', () => reject(new Error(`${url} could not be loaded`)));
      document.head.append(element);
    }));
  }
  return loading.get(url);
}

function scriptElement(src) {
  return Object.assign(document.createElement('script'), { src });
}

function styleElement(href) {
  return Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
}

async function showLibrary(show, { layer, map, values }, tab, stage) {
  await Promise.all([load(tab.dataset.script, scriptElement), load(tab.dataset.style, styleElement)]);
  const [kind, id] = [map.slice(0, map.indexOf('/')), map.slice(map.indexOf('/') + 1)];
  const offered = layer[kind].maps.find((each) => each.id === id);
  const say = (text) => void (readout.textContent = text);
  return show(stage, { layer, kind, map: offered, crs: crsOf(offered.crs), values, root, here, say });
}

const SHOW = {
  aladin: async ({ layer }, tab, stage) => {
    await showAladin(stage, { ...layer.hips, survey: new URL(layer.hips.survey, root).href, script: tab.dataset.script }, layer.title);
    return () => {};
  },
  openlayers: (choice, tab, stage) => showLibrary(showOpenLayers, choice, tab, stage),
  leaflet: (choice, tab, stage) => showLibrary(showLeaflet, choice, tab, stage),
};

/** What the address asks for, as far as it exists; else the first of what does. */
function choose() {
  const asked = readState();
  const layer = layers.find(({ name }) => name === asked.layer) ?? layers[0];
  const possible = tabs.filter((tab) => missing(tab.dataset.view, layer, tab) === null);
  const tab = tabs.find(({ dataset }) => dataset.view === asked.view) ?? possible[0] ?? tabs[0];
  const maps = MAPS[tab.dataset.view](layer);
  const map = (maps.find(({ value }) => value === asked.map) ?? maps[0])?.value ?? '';
  const dimensions = layer[map.slice(0, map.indexOf('/'))]?.dimensions ?? [];
  const values = Object.fromEntries(dimensions.flatMap((one) => (one.values.includes(asked.values[one.parameter]) ? [[one.parameter, asked.values[one.parameter]]] : [])));
  return { layer, tab, maps, map, dimensions, values };
}

/** A choice of values for each dimension of the map; what is not chosen is the default. */
function fillDimensions(dimensions, values) {
  dimensionChoices.replaceChildren(...dimensions.map((dimension) => {
    const { name, parameter } = dimension;
    const choice = document.createElement('select');
    choice.dataset.parameter = parameter;
    choice.append(...dimension.values.map((value) => new Option(value, value, false, value === (values[parameter] ?? dimension.default))));
    choice.addEventListener('change', () => change({ values: { ...values, [parameter]: choice.value } }));
    const label = document.createElement('label');
    label.append(name, choice);
    return label;
  }));
}

function fillMaps(maps, map) {
  const groups = new Map();
  for (const { value, label, group } of maps) {
    if (!groups.has(group)) groups.set(group, Object.assign(document.createElement('optgroup'), { label: group }));
    groups.get(group).append(new Option(label, value, false, value === map));
  }
  mapChoice.replaceChildren(...groups.values());
  document.querySelector('#maps').hidden = maps.length === 0;
}

function showChoice({ layer, tab, maps, map, dimensions, values }) {
  layerChoice.value = layer.name;
  for (const each of tabs) {
    each.setAttribute('aria-selected', String(each === tab));
    each.classList.toggle('off', missing(each.dataset.view, layer, each) !== null);
  }
  fillMaps(maps, map);
  fillDimensions(dimensions, values);
  for (const section of document.querySelectorAll('.addresses')) section.hidden = section.dataset.layer !== layer.name;
}

let remove = () => {};
let turn = 0;

/** Shows what the address asks for. Of two quick choices the last one wins. */
async function update() {
  const mine = ++turn;
  const choice = choose();
  const { layer, tab, map, values } = choice;
  writeState({ layer: layer.name, view: tab.dataset.view, map, values });
  showChoice(choice);
  remove();
  remove = () => {};
  readout.textContent = '';
  const stage = Object.assign(document.createElement('div'), { className: 'stage' });
  viewer.replaceChildren(stage);
  const trouble = missing(tab.dataset.view, layer, tab);
  viewer.classList.toggle('live', trouble === null);
  if (trouble !== null) return tellTrouble(stage, trouble);
  try {
    const mineRemove = await SHOW[tab.dataset.view](choice, tab, stage);
    if (mine === turn) remove = mineRemove;
    else mineRemove();
  } catch (error) {
    if (mine === turn) tellTrouble(stage, `The map could not be shown: ${error.message}`);
  }
}

function change(parts) {
  writeState({ ...readState(), ...parts });
  void update();
}

layerChoice.addEventListener('change', () => change({ layer: layerChoice.value }));
mapChoice.addEventListener('change', () => change({ map: mapChoice.value }));
for (const tab of tabs) tab.addEventListener('click', () => change({ view: tab.dataset.view }));
addEventListener('hashchange', () => void update());
void update();
