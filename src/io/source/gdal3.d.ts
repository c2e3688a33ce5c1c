/** The part of gdal3.js for Node has no types of its own. */
declare module 'gdal3.js/node.js' {
  export default function start(options: {
    readonly path: string;
    readonly dest: string;
    readonly logHandler: (message: string) => void;
    readonly errorHandler: (message: string) => void;
  }): Promise<unknown>;
}
