import type { InspireCitation, InspireDates, InspireLink, InspireMetadata } from '../../protocol/wms/inspire.ts';
import type { WmsServiceConfig } from '../types.ts';

type Written = NonNullable<WmsServiceConfig['inspire_md']>;
type Embedded = Extract<Written, { type: 'embedded' }>;
type Cited = Pick<Embedded['keywords'][number], 'uris' | 'resource_locators' | 'date_of_publication' | 'date_of_creation' | 'date_of_last_revision'> & { readonly title: string | null };

function linkOf({ url, media_type: mediaType }: Written['metadata_url'] & object): InspireLink {
  return { url, mediaType };
}

function datesOf({ date_of_publication: publication, date_of_creation: creation, date_of_last_revision: lastRevision }: Embedded['temporal_reference']): InspireDates {
  return { publication, creation, lastRevision };
}

function citationOf(cited: Cited): InspireCitation {
  return { title: cited.title, dates: datesOf(cited), uris: cited.uris, locators: cited.resource_locators.map(linkOf) };
}

/** `services.wms.inspire_md` as the capabilities say it. */
export function inspireOf(written: Written): InspireMetadata {
  return {
    metadataUrl: written.metadata_url === null ? null : linkOf(written.metadata_url),
    language: written.languages.default,
    embedded: written.type === 'linked' ? null : {
      locators: written.resource_locators.map(linkOf),
      dates: datesOf(written.temporal_reference),
      conformities: written.conformities.map((conformity) => ({ specification: citationOf(conformity), degree: conformity.degree })),
      contacts: written.metadata_points_of_contact.map(({ organisation_name: organisation, email }) => ({ organisation, email })),
      metadataDate: written.metadata_date,
      mandatoryKeywords: written.mandatory_keywords,
      keywords: written.keywords.map((keyword) => ({ vocabulary: citationOf(keyword), value: keyword.keyword_value })),
    },
  };
}
