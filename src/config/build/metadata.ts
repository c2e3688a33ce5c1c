import type { Contact, ServiceMetadata } from '../../protocol/serviceMetadata.ts';
import type { ServiceMetadataConfig } from '../types.ts';
import type { BuildContext } from './context.ts';

const NO_TITLE = 'hips-gateway';

/** What a service says of itself; null = its `md` is not there. */
export function serviceMetadataOf(md: ServiceMetadataConfig | null, { loaded }: BuildContext): ServiceMetadata {
  return {
    title: md?.title ?? loaded.config.server.title ?? NO_TITLE,
    abstract: md?.abstract ?? '',
    keywords: (md?.keyword_list ?? []).map(({ vocabulary, keywords }) => ({ vocabulary: vocabulary ?? null, keywords })),
    onlineResource: md?.online_resource ?? null,
    contact: contactOf(md?.contact ?? null),
    fees: md?.fees ?? '',
    accessConstraints: md?.access_constraints ?? '',
  };
}

function contactOf(contact: NonNullable<ServiceMetadataConfig>['contact']): Contact | null {
  if (contact === null) return null;
  const { person, position, organization, organisation, address, city, state, postcode, country, phone, fax, email } = contact;
  return {
    person: person ?? '',
    position: position ?? '',
    organization: organization ?? organisation ?? '',
    address: address ?? '',
    city: city ?? '',
    state: state ?? '',
    postcode: postcode ?? '',
    country: country ?? '',
    phone: phone ?? '',
    fax: fax ?? '',
    email: email ?? '',
  };
}
