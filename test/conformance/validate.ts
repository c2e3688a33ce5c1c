import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DtdValidator, XmlDocument, XmlDtd, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';

xmlRegisterFsInputProviders();

function pathOf(schema: string): string {
  return fileURLToPath(new URL(`schemas/${schema}`, import.meta.url));
}

/** Throws where the document is not well-formed or not valid. @param schema path below schemas/, an XSD */
export function validateXsd(xml: string, schema: string): void {
  using source = XmlDocument.fromBuffer(readFileSync(pathOf(schema)), { url: pathOf(schema) });
  using validator = XsdValidator.fromDoc(source);
  using document = XmlDocument.fromString(xml);
  validator.validate(document);
}

/** Throws where the document is not well-formed or not valid. @param dtd path below schemas/ @param declared what the document adds to it */
export function validateDtd(xml: string, dtd: string, declared: readonly string[] = []): void {
  using definition = XmlDtd.fromBuffer(Buffer.concat([readFileSync(pathOf(dtd)), Buffer.from(declared.join('\n'))]));
  using document = XmlDocument.fromString(xml);
  new DtdValidator(definition).validate(document);
}

/** The text of every node of an XPath, with the prefixes wms, ows, wmts, ogc, sld and xlink. */
export function textsOf(xml: string, xpath: string): readonly string[] {
  using document = XmlDocument.fromString(xml);
  return document.find(xpath, NAMESPACES).map((node) => node.content);
}

const NAMESPACES = {
  wms: 'http://www.opengis.net/wms',
  ows: 'http://www.opengis.net/ows/1.1',
  wmts: 'http://www.opengis.net/wmts/1.0',
  ogc: 'http://www.opengis.net/ogc',
  sld: 'http://www.opengis.net/sld',
  xlink: 'http://www.w3.org/1999/xlink',
};
