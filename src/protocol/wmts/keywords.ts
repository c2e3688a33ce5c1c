import { element, optionalText, textElement, type XmlElement } from '../element.ts';
import type { KeywordList } from '../serviceMetadata.ts';

/** One ows:Keywords per vocabulary. */
export function keywordElements(lists: readonly KeywordList[]): readonly XmlElement[] {
  return lists
    .filter(({ keywords }) => keywords.length > 0)
    .map(({ vocabulary, keywords }) =>
      element(
        'ows:Keywords',
        {},
        keywords.map((word) => textElement('ows:Keyword', word)),
        optionalText('ows:Type', vocabulary),
      ),
    );
}
