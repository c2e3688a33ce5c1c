import type { ConfigIssue } from './issue.ts';
import { checkAccess } from './check/access.ts';
import { checkCaches } from './check/caches.ts';
import { checkDimensions } from './check/dimensions.ts';
import { checkExtents } from './check/extents.ts';
import type { Finding, Knowledge } from './check/finding.ts';
import { checkHips } from './check/hips.ts';
import { checkLayers } from './check/layers.ts';
import { checkReferences } from './check/references.ts';
import { checkServices } from './check/services.ts';
import { checkSources } from './check/sources.ts';
import { checkSrs } from './check/srs.ts';
import { checkStores } from './check/stores.ts';
import { type MapTree, type Plain, keyPositionOf, positionOf } from './yaml/tree.ts';

export interface Checked {
  readonly errors: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

/** Everything that the schema cannot see: names, files, reference systems, values that must fit each other. */
export function checkConfig(data: Plain, tree: MapTree, directory: string, knowledge: Knowledge): Checked {
  const findings = [
    ...checkReferences(data, knowledge),
    ...checkLayers(data),
    ...checkCaches(data),
    ...checkDimensions(data),
    ...checkExtents(data),
    ...checkSrs(data, knowledge),
    ...checkHips(data, knowledge),
    ...checkSources(data, directory, knowledge),
    ...checkStores(data),
    ...checkServices(data),
    ...checkAccess(data, knowledge),
  ];
  return {
    errors: findings.filter(({ severity }) => severity === 'error').map((finding) => issueOf(finding, tree)),
    warnings: findings.filter(({ severity }) => severity === 'warning').map((finding) => issueOf(finding, tree)),
  };
}

function issueOf({ path, message, suggestion, atKey }: Finding, tree: MapTree): ConfigIssue {
  const position = atKey === true ? keyPositionOf(tree, path) : positionOf(tree, path);
  return { ...position, path, message, ...(suggestion === undefined ? {} : { suggestion }) };
}
