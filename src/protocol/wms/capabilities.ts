import { element, optionalText, textElement, writeXml, type Attributes, type XmlElement } from '../element.ts';
import type { Contact } from '../serviceMetadata.ts';
import type { WmsDescription, WmsLayerDescription } from './description.ts';
import { INSPIRE_NAMESPACES, INSPIRE_SCHEMA, inspireElement } from './inspire.ts';
import { keywordList, layerElement, onlineResource } from './layerElement.ts';
import { TILE_SET_DECLARATIONS, vendorElement } from './tileSet.ts';
import type { WmsVersion } from './types.ts';

/** Media type of a capabilities document. */
export function capabilitiesContentType(version: WmsVersion): string {
  return version === '1.3.0' ? 'text/xml; charset=utf-8' : 'application/vnd.ogc.wms_xml';
}

const EXCEPTION_FORMATS: { readonly [version in WmsVersion]: readonly string[] } = Object.freeze({
  '1.1.1': ['application/vnd.ogc.se_xml', 'application/vnd.ogc.se_inimage', 'application/vnd.ogc.se_blank'],
  '1.3.0': ['XML', 'INIMAGE', 'BLANK'],
});

function contactElement(contact: Contact): XmlElement {
  return element(
    'ContactInformation',
    {},
    element('ContactPersonPrimary', {}, textElement('ContactPerson', contact.person), textElement('ContactOrganization', contact.organization)),
    optionalText('ContactPosition', contact.position),
    element(
      'ContactAddress',
      {},
      textElement('AddressType', 'postal'),
      textElement('Address', contact.address),
      textElement('City', contact.city),
      textElement('StateOrProvince', contact.state),
      textElement('PostCode', contact.postcode),
      textElement('Country', contact.country),
    ),
    optionalText('ContactVoiceTelephone', contact.phone),
    optionalText('ContactFacsimileTelephone', contact.fax),
    optionalText('ContactElectronicMailAddress', contact.email),
  );
}

function serviceElement(description: WmsDescription, version: WmsVersion): XmlElement {
  const { service } = description;
  const limits = [
    optionalText('LayerLimit', description.layerLimit),
    textElement('MaxWidth', description.maxWidth),
    textElement('MaxHeight', description.maxHeight),
  ];
  return element(
    'Service',
    {},
    textElement('Name', version === '1.3.0' ? 'WMS' : 'OGC:WMS'),
    textElement('Title', service.title),
    optionalText('Abstract', service.abstract),
    keywordList(service.keywords, version),
    onlineResource(service.onlineResource ?? description.url),
    service.contact === null ? null : contactElement(service.contact),
    textElement('Fees', service.fees || 'none'),
    textElement('AccessConstraints', service.accessConstraints || 'none'),
    version === '1.3.0' ? limits : null,
  );
}

function operation(name: string, formats: readonly string[], url: string): XmlElement {
  const get = element('Get', {}, onlineResource(url));
  return element(
    name,
    {},
    formats.map((format) => textElement('Format', format)),
    element('DCPType', {}, element('HTTP', {}, get)),
  );
}

function someLayer(layer: WmsLayerDescription, is: (layer: WmsLayerDescription) => boolean): boolean {
  return is(layer) || layer.layers.some((child) => someLayer(child, is));
}

/** GetFeatureInfo only where a layer is queryable, GetLegendGraphic only where a style has a legend: clients ask for what they read here. */
function requestElement({ url, formats, infoFormats, root }: WmsDescription, version: WmsVersion): XmlElement {
  const queryable = infoFormats.length > 0 && someLayer(root, (layer) => layer.queryable);
  const hasLegend = someLayer(root, (layer) => layer.styles.some((style) => style.legend !== null));
  const documents = version === '1.3.0' ? ['text/xml'] : ['application/vnd.ogc.wms_xml'];
  return element(
    'Request',
    {},
    operation('GetCapabilities', documents, url),
    operation('GetMap', formats, url),
    queryable ? operation('GetFeatureInfo', infoFormats, url) : null,
    hasLegend ? operationLegend(formats, url, version) : null,
  );
}

/** An extension of SLD: in 1.3.0 an element of that namespace, whose children stay those of WMS. */
function operationLegend(formats: readonly string[], url: string, version: WmsVersion): XmlElement {
  return operation(version === '1.3.0' ? 'sld:GetLegendGraphic' : 'GetLegendGraphic', formats, url);
}

function capabilityElement(description: WmsDescription, version: WmsVersion): XmlElement {
  return element(
    'Capability',
    {},
    requestElement(description, version),
    element(
      'Exception',
      {},
      EXCEPTION_FORMATS[version].map((format) => textElement('Format', format)),
    ),
    version === '1.1.1' ? vendorElement(description.tileSets) : null,
    version === '1.3.0' && description.inspire !== undefined ? inspireElement(description.inspire) : null,
    layerElement(description.root, version, description.axesOf),
  );
}

const ROOT_130 = {
  version: '1.3.0',
  xmlns: 'http://www.opengis.net/wms',
  'xmlns:sld': 'http://www.opengis.net/sld',
  'xmlns:xlink': 'http://www.w3.org/1999/xlink',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xsi:schemaLocation':
    'http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd' +
    ' http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd',
} as const;

function rootOf130({ inspire }: WmsDescription): Attributes {
  return inspire === undefined ? ROOT_130 : { ...ROOT_130, ...INSPIRE_NAMESPACES, 'xsi:schemaLocation': `${ROOT_130['xsi:schemaLocation']} ${INSPIRE_SCHEMA}` };
}

function doctype111({ tileSets }: WmsDescription): string {
  const declared = tileSets.length === 0 ? ['<!ELEMENT VendorSpecificCapabilities EMPTY>'] : TILE_SET_DECLARATIONS;
  return `<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd" [\n${declared.join('\n')}\n]>\n`;
}

/**
 * The capabilities document of WMS 1.3.0 (OGC 06-042, annex E, capabilities_1_3_0.xsd) or 1.1.1 (OGC 01-068r3, annex A.1, DTD).
 * No updateSequence is advertised, so that clients' values are rightly ignored.
 */
export function writeWmsCapabilities(description: WmsDescription, version: WmsVersion): string {
  const children = [serviceElement(description, version), capabilityElement(description, version)];
  return version === '1.3.0'
    ? writeXml(element('WMS_Capabilities', rootOf130(description), children))
    : writeXml(element('WMT_MS_Capabilities', { version: '1.1.1' }, children), doctype111(description));
}
