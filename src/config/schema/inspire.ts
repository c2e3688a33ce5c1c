import { z } from 'zod';
import { absent, byDefault, required } from './field.ts';
import { listOfTexts, shortText, text } from './values.ts';

const link = z.strictObject({ url: required(text, 'Address'), media_type: required(text, 'Media type') });

const languages = required(z.strictObject({ default: required(text, "Of the capabilities, three letters: 'ger'") }), 'Languages');

const dates = {
  date_of_publication: absent(shortText, 'When it was published'),
  date_of_creation: absent(shortText, 'When it was made'),
  date_of_last_revision: absent(shortText, 'When it was last revised'),
};

const linked = z.strictObject({
  type: z.literal('linked').meta({ description: 'The metadata are elsewhere' }),
  metadata_url: required(link, 'Where the metadata are'),
  languages,
});

const conformity = z.strictObject({
  title: absent(text, 'Title of the specification'),
  uris: byDefault(z.array(text), [], 'What the specification is called by'),
  ...dates,
  resource_locators: required(z.array(link), 'Where it is'),
  degree: required(text, "'conformant', 'notConformant' or 'notEvaluated'"),
});

const keyword = z.strictObject({
  title: required(text, 'Title of the vocabulary'),
  ...dates,
  uris: byDefault(z.array(text), [], 'What the vocabulary is called by'),
  resource_locators: byDefault(z.array(link), [], 'Where it is'),
  keyword_value: required(text, 'The keyword'),
});

const embedded = z.strictObject({
  type: z.literal('embedded').meta({ description: 'The metadata stand in the capabilities' }),
  resource_locators: required(z.array(link), 'Where the service is'),
  temporal_reference: required(z.strictObject(dates), 'Its dates'),
  conformities: required(z.array(conformity), 'What it conforms to'),
  metadata_points_of_contact: required(z.array(z.strictObject({ organisation_name: absent(text, 'Organisation'), email: absent(text, 'E-mail address') })), 'Whom to ask about the metadata'),
  mandatory_keywords: required(listOfTexts, "Kinds of service: 'infoMapAccessService'"),
  keywords: byDefault(z.array(keyword), [], 'Keywords'),
  metadata_date: required(shortText, 'When the metadata were written'),
  metadata_url: absent(link, 'Where they are besides'),
  languages,
});

/** `services.wms.inspire_md`. */
export const inspireMetadata = z.discriminatedUnion('type', [linked, embedded]);
