/** Something is in the bundle that must not be deployed: what it is, and what to do, in one line each. */
export class Undeployable extends Error {
  override readonly name = 'Undeployable';
}
