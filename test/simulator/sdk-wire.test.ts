import recorded from '../data/contracts/sdk-wire.json';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { wireWorld } from './support/wire-world';

interface Exchange {
  readonly call: string;
  readonly package: string;
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
}

const exchanges: readonly Exchange[] = recorded;
/** Recorded values that no world can accept, and what Azure answers to them. */
const refusals = new Map([
  ['managedClusters.createOrUpdate', 400], // an identity that is not there
  ['managedClusters.start', 409], // runs already
  ['federatedIdentityCredentials.createOrUpdate', 400], // a name that is too short
  ['roleAssignments.create', 400], // the same name with another principal
  ['identityBindings.createOrUpdate', 400], // an identity that is not there
  ['virtualMachineScaleSets.update', 400], // an identity that is not there
  ['resources', 400], // a query that is cut off
]);

describe('the requests that the Azure SDKs send', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  beforeEach(() => azure.control('PUT', 'world', wireWorld));
  afterAll(() => azure[Symbol.asyncDispose]());

  it.each(exchanges.filter(({ call }) => !refusals.has(call)))(
    '$package $call is served',
    async ({ method, url, body }) => {
      const { status } = await azure.arm(method, url, { body });

      expect(status).toBeLessThan(300);
    },
  );

  it.each(exchanges.filter(({ call }) => refusals.has(call)))(
    '$package $call is understood and refused',
    async ({ call, method, url, body }) => {
      const { status } = await azure.arm(method, url, { body });

      expect(status).toBe(refusals.get(call));
    },
  );
});
