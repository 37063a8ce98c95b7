// Azure calls a flag that was taken back by any of these, depending on how long ago that was.
const goneStates = ['unregistered', 'notregistered', 'notspecified', 'unavailable'];

/** Whether a preview flag has no effect any more, nor is about to lose it. */
export function isGone(state: string): boolean {
  return goneStates.includes(state.toLowerCase());
}

export function isRegistered(state: string): boolean {
  return state.toLowerCase() === 'registered';
}
