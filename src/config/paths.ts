import path from 'node:path';

/** Whether a location is an http(s) address rather than a path. */
export function isRemote(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** An http(s) address as it is; a path made absolute from a directory. */
export function located(location: string, directory: string): string {
  return isRemote(location) ? location : path.resolve(directory, location);
}

/** The address of a legend as it is; that of a file as a path: file:///absolute, or from a directory. */
export function locatedLegend(legendurl: string, directory: string): string {
  return isRemote(legendurl) ? legendurl : path.resolve(directory, legendurl.slice('file://'.length));
}
