/** How many objects and arrays may be inside each other in a JSON text that the Durable extension reads. */
export const deepestJson = 64;

/** What it says of more. */
export const tooDeepText = `The reader's MaxDepth of ${deepestJson} has been exceeded.`;

const [quote, backslash] = [0x22, 0x5c];

/** Change of depth by a character outside of texts. */
const turns: Readonly<Record<number, number>> = { 0x5b: 1, 0x7b: 1, 0x5d: -1, 0x7d: -1 };

/** Whether a JSON text, which is in order otherwise, is nested deeper than that. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) inText = !inText;
    else if (inText) at += code === backslash ? 1 : 0;
    else depth += turns[code] ?? 0;
    if (depth > deepestJson) return true;
  }
  return false;
}
