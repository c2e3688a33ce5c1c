import { element, optionalText, textElement, type Child, type XmlElement } from '../element.ts';

/*
 * INSPIRE View Service scenarios 1 and 2 (Technical Guidance for View Services 3.11, 4.2.3.3): extended capabilities of WMS 1.3.0.
 */

export interface InspireLink {
  readonly url: string;
  readonly mediaType: string;
}

/** As text, 'YYYY-MM-DD'; null = not known. */
export interface InspireDates {
  readonly publication: string | null;
  readonly creation: string | null;
  readonly lastRevision: string | null;
}

/** A specification or a vocabulary. */
export interface InspireCitation {
  readonly title: string | null;
  readonly dates: InspireDates;
  readonly uris: readonly string[];
  readonly locators: readonly InspireLink[];
}

/** What stands in the capabilities themselves. */
export interface InspireEmbedded {
  readonly locators: readonly InspireLink[];
  readonly dates: InspireDates;
  readonly conformities: readonly { readonly specification: InspireCitation; readonly degree: string }[];
  readonly contacts: readonly { readonly organisation: string | null; readonly email: string | null }[];
  readonly metadataDate: string;
  readonly mandatoryKeywords: readonly string[];
  readonly keywords: readonly { readonly vocabulary: InspireCitation; readonly value: string }[];
}

export interface InspireMetadata {
  /** null = they are at metadataUrl. */
  readonly embedded: InspireEmbedded | null;
  readonly metadataUrl: InspireLink | null;
  /** Three letters (ISO 639-2/B). */
  readonly language: string;
}

/** The name that INSPIRE wants for the style of every layer. */
export const INSPIRE_STYLE = 'inspire_common:DEFAULT';

/** Namespaces of the root element, and where their schemas are. */
export const INSPIRE_NAMESPACES = Object.freeze({
  'xmlns:inspire_common': 'http://inspire.ec.europa.eu/schemas/common/1.0',
  'xmlns:inspire_vs': 'http://inspire.ec.europa.eu/schemas/inspire_vs/1.0',
});
export const INSPIRE_SCHEMA = 'http://inspire.ec.europa.eu/schemas/inspire_vs/1.0 http://inspire.ec.europa.eu/schemas/inspire_vs/1.0/inspire_vs.xsd';

function common(name: string, ...children: readonly Child[]): XmlElement {
  return element(`inspire_common:${name}`, {}, ...children);
}

function commonText(name: string, text: string): XmlElement {
  return textElement(`inspire_common:${name}`, text);
}

function linkElement(name: string, { url, mediaType }: InspireLink): XmlElement {
  return common(name, commonText('URL', url), commonText('MediaType', mediaType));
}

function dateElements({ publication, creation, lastRevision }: InspireDates): readonly (XmlElement | null)[] {
  const all = [['DateOfPublication', publication], ['DateOfCreation', creation], ['DateOfLastRevision', lastRevision]] as const;
  return all.map(([name, date]) => optionalText(`inspire_common:${name}`, date));
}

function citationElement(name: string, { title, dates, uris, locators }: InspireCitation): XmlElement {
  return common(name, commonText('Title', title ?? ''), dateElements(dates), uris.map((uri) => commonText('URI', uri)), locators.map((link) => linkElement('ResourceLocator', link)));
}

function languageElement(name: string, language: string): XmlElement {
  return common(name, commonText('Language', language));
}

function embeddedElements({ locators, dates, conformities, contacts, metadataDate, mandatoryKeywords, keywords }: InspireEmbedded): readonly XmlElement[] {
  return [
    ...locators.map((link) => linkElement('ResourceLocator', link)),
    commonText('ResourceType', 'service'),
    common('TemporalReference', dateElements(dates)),
    ...conformities.map(({ specification, degree }) => common('Conformity', citationElement('Specification', specification), commonText('Degree', degree))),
    ...contacts.map(({ organisation, email }) => common('MetadataPointOfContact', commonText('OrganisationName', organisation ?? ''), commonText('EmailAddress', email ?? ''))),
    commonText('MetadataDate', metadataDate),
    commonText('SpatialDataServiceType', 'view'),
    ...mandatoryKeywords.map((word) => common('MandatoryKeyword', commonText('KeywordValue', word))),
    ...keywords.map(({ vocabulary, value }) => common('Keyword', citationElement('OriginatingControlledVocabulary', vocabulary), commonText('KeywordValue', value))),
  ];
}

/** The extended capabilities. */
export function inspireElement({ embedded, metadataUrl, language }: InspireMetadata): XmlElement {
  const languages = [common('SupportedLanguages', languageElement('DefaultLanguage', language)), languageElement('ResponseLanguage', language)];
  const url = metadataUrl === null ? [] : [linkElement('MetadataUrl', metadataUrl)];
  return element('inspire_vs:ExtendedCapabilities', {}, embedded === null ? [...url, ...languages] : [...embeddedElements(embedded), ...languages, ...url]);
}
