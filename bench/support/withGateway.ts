import { startGateway, type Gateway } from '../../test/e2e/support/gateway.ts';

/** Starts the command line with a configuration, lets `use` measure it and ends it; what it logged goes with an error. */
export async function withGateway<T>(text: string, use: (gateway: Gateway) => Promise<T>): Promise<T> {
  const gateway = await startGateway({ text });
  try {
    return await use(gateway);
  } catch (cause) {
    throw new Error(`the server wrote:\n${gateway.process.output().slice(-4000)}`, { cause });
  } finally {
    await gateway.stop();
  }
}
