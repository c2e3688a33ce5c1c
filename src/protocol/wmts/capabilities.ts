import { element, optionalText, textElement, writeXml, type XmlElement } from '../element.ts';
import type { ServiceMetadata } from '../serviceMetadata.ts';
import type { WmtsDescription } from './description.ts';
import { keywordElements } from './keywords.ts';
import { layerElement } from './layerElement.ts';
import { CAPABILITIES_PATH } from './rest.ts';
import { tileMatrixSetElement } from './setElement.ts';
import { SECTIONS, WMTS_VERSION, type Section } from './types.ts';

const ROOT = {
  version: WMTS_VERSION,
  xmlns: 'http://www.opengis.net/wmts/1.0',
  'xmlns:ows': 'http://www.opengis.net/ows/1.1',
  'xmlns:xlink': 'http://www.w3.org/1999/xlink',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xsi:schemaLocation': 'http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd',
} as const;

function identification(service: ServiceMetadata): XmlElement {
  return element(
    'ows:ServiceIdentification',
    {},
    textElement('ows:Title', service.title),
    optionalText('ows:Abstract', service.abstract),
    keywordElements(service.keywords),
    textElement('ows:ServiceType', 'OGC WMTS'),
    textElement('ows:ServiceTypeVersion', WMTS_VERSION),
    textElement('ows:Fees', service.fees || 'none'),
    textElement('ows:AccessConstraints', service.accessConstraints || 'none'),
  );
}

function provider({ contact, onlineResource }: ServiceMetadata): XmlElement | null {
  if (contact === null) return null;
  const phone = element('ows:Phone', {}, optionalText('ows:Voice', contact.phone), optionalText('ows:Facsimile', contact.fax));
  const address = element(
    'ows:Address',
    {},
    optionalText('ows:DeliveryPoint', contact.address),
    optionalText('ows:City', contact.city),
    optionalText('ows:AdministrativeArea', contact.state),
    optionalText('ows:PostalCode', contact.postcode),
    optionalText('ows:Country', contact.country),
    optionalText('ows:ElectronicMailAddress', contact.email),
  );
  return element(
    'ows:ServiceProvider',
    {},
    textElement('ows:ProviderName', contact.organization || contact.person),
    onlineResource === null ? null : element('ows:ProviderSite', { 'xlink:href': onlineResource }),
    element(
      'ows:ServiceContact',
      {},
      optionalText('ows:IndividualName', contact.person),
      optionalText('ows:PositionName', contact.position),
      element('ows:ContactInfo', {}, phone, address),
    ),
  );
}

function getElement(url: string, encoding: 'KVP' | 'RESTful'): XmlElement {
  const values = element('ows:AllowedValues', {}, textElement('ows:Value', encoding));
  return element('ows:Get', { 'xlink:href': url }, element('ows:Constraint', { name: 'GetEncoding' }, values));
}

function operation(name: string, { kvpUrl, restUrl }: WmtsDescription, restPath: string): XmlElement {
  const http = element(
    'ows:HTTP',
    {},
    kvpUrl === null ? null : getElement(kvpUrl, 'KVP'),
    restUrl === null ? null : getElement(`${restUrl}${restPath}`, 'RESTful'),
  );
  return element('ows:Operation', { name }, element('ows:DCP', {}, http));
}

/** GetFeatureInfo only where a layer answers it. */
function operations(description: WmtsDescription): XmlElement {
  const queryable = description.layers.some((layer) => layer.infoFormats.length > 0);
  return element(
    'ows:OperationsMetadata',
    {},
    operation('GetCapabilities', description, CAPABILITIES_PATH),
    operation('GetTile', description, '/'),
    queryable ? operation('GetFeatureInfo', description, '/') : null,
  );
}

function contents(description: WmtsDescription): XmlElement {
  const sets = new Map(description.layers.flatMap((layer) => layer.sets.map(({ served }) => [served.id, served] as const)));
  return element(
    'Contents',
    {},
    description.layers.map((layer) => layerElement(layer, description)),
    [...sets.values()].map((set) => tileMatrixSetElement(set, description.degreeScale)),
  );
}

/**
 * The capabilities document of WMTS 1.0.0 (OGC 07-057r7, 7.1.1.2), KVP and RESTful in one. No updateSequence, no Themes: the
 * gateway has neither. @param sections which parts to write; the addresses of the document itself always stand
 */
export function writeWmtsCapabilities(description: WmtsDescription, sections: ReadonlySet<Section> = new Set(SECTIONS)): string {
  const { restUrl } = description;
  return writeXml(
    element(
      'Capabilities',
      ROOT,
      sections.has('ServiceIdentification') ? identification(description.service) : null,
      sections.has('ServiceProvider') ? provider(description.service) : null,
      sections.has('OperationsMetadata') ? operations(description) : null,
      sections.has('Contents') ? contents(description) : null,
      restUrl === null ? null : element('ServiceMetadataURL', { 'xlink:href': `${restUrl}${CAPABILITIES_PATH}` }),
    ),
  );
}
