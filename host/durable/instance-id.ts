const control = /\p{Cc}/u;

/** Why an id makes trouble on Azure; undefined if it does not. */
export function idProblem(instanceId: string): string | undefined {
  if (instanceId.startsWith('@')) {
    return `The instance id "${instanceId}" looks like an entity's. Start it with another character than "@".`;
  }
  if (/[/\\#?]/.test(instanceId) || control.test(instanceId)) {
    return `The instance id "${instanceId}" has a character that some places on Azure do not take. Leave out / \\ # ? and control characters.`;
  }
  if (instanceId.length > 100) {
    return `The instance id is ${instanceId.length} characters long. Use at most 100.`;
  }
  return undefined;
}
