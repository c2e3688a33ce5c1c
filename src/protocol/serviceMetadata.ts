/** A list of keywords, from a vocabulary if it has one. */
export interface KeywordList {
  readonly vocabulary: string | null;
  readonly keywords: readonly string[];
}

/** Whom to ask. Empty strings where nothing was said. */
export interface Contact {
  readonly person: string;
  readonly position: string;
  readonly organization: string;
  readonly address: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  readonly country: string;
  readonly phone: string;
  readonly fax: string;
  readonly email: string;
}

/** What a service says of itself, whatever the protocol (`services.*.md` of the configuration). */
export interface ServiceMetadata {
  readonly title: string;
  readonly abstract: string;
  readonly keywords: readonly KeywordList[];
  /** Address of the provider's page; null = the service's own. */
  readonly onlineResource: string | null;
  readonly contact: Contact | null;
  readonly fees: string;
  readonly accessConstraints: string;
}

/** A picture that explains a layer. */
export interface LegendUrl {
  readonly url: string;
  /** Media type. */
  readonly format: string;
  /** null = not told, which WMTS allows. */
  readonly width: number | null;
  readonly height: number | null;
}
