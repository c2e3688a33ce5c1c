import { z } from 'zod';
import { absent, byDefault, required } from './field.ts';
import { listOfTexts, text } from './values.ts';

const layerNames = z
  .union([z.literal('*'), listOfTexts], { error: "expected '*' or a list of layers" })
  .transform((value): '*' | readonly string[] => (value === '*' || (value.length === 1 && value[0] === '*') ? '*' : value))
  .meta({ 'x-type': "`'*'` or a list of layers" });

const geometry = z
  .union([z.array(z.number()).length(4), z.string().min(1), z.record(z.string(), z.unknown())], { error: 'expected [minX, minY, maxX, maxY], well-known text, or GeoJSON' })
  .meta({ 'x-type': '[minX, minY, maxX, maxY], well-known text, or GeoJSON' });

const limitedTo = z.strictObject({
  srs: required(text, 'Reference system of the geometry'),
  geometry: required(geometry, 'The part, in x, y of `srs`: a box, POLYGON or MULTIPOLYGON, or GeoJSON, also as text (`${file:PATH}`)'),
});

const apiKey = z.strictObject({
  key: required(z.string().min(16, { error: 'expected at least 16 characters' }), 'The secret; better `${VARIABLE}` than written out'),
  layers: required(layerNames, "Layers that its holders may see, groups with all that is in them; '*' = all"),
  limited_to: absent(limitedTo, 'Part of these layers that may be seen', 'all of them'),
});

const jwt = z
  .strictObject({
    secret: absent(z.string().min(32, { error: 'expected at least 32 characters' }), 'Secret of HS256; better `${file:PATH}` than written out'),
    public_key: absent(text, 'Public key of RS256, PS256, ES256, ES384 or EdDSA, in PEM: `${file:PATH}`'),
    jwks: absent(text, 'Set of public keys (JWKS), as JSON: `${file:PATH}`'),
    issuer: absent(text, 'What `iss` must be', 'anything'),
    audience: absent(text, 'What `aud` must hold', 'anything'),
    limited_to_claim: byDefault(text, 'limited_to', 'Claim that says which part of the layers may be seen, {srs, geometry}; a token without it is for all of them'),
    layers_claim: byDefault(text, 'layers', "Claim that lists the layers, groups with all that is in them: a list, words, or '*'"),
  })
  .refine(({ secret, public_key, jwks }) => [secret, public_key, jwks].filter((key) => key !== null).length === 1, { error: 'expected one of secret, public_key and jwks' });

/** Who may see what. */
export const authorization = z.strictObject({
  keys: byDefault(z.array(apiKey), [], 'API keys'),
  anonymous: byDefault(layerNames, [], 'Layers that everybody may see who says nothing of themselves'),
  header: byDefault(z.string().regex(/^[\w-]+$/, { error: 'expected the name of a header' }), 'X-API-Key', 'Header of the request that carries a key, besides `Authorization: Bearer`'),
  parameter: byDefault(z.string().regex(/^[\w-]+$/, { error: 'expected the name of a parameter' }), 'api_key', 'Parameter of the query that carries a key'),
  jwt: absent(jwt, 'JSON Web Tokens, carried as keys are', 'none are known'),
  module: absent(text, 'JavaScript module, from this file, whose default export says who may see what where no known key is given', 'there is none'),
});
