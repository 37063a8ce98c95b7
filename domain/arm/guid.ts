import { createHash } from 'node:crypto';

// The namespace of ARM's and Bicep's `guid()` function.
const namespace = Buffer.from('11fb06fb712d4ddd98c7e71bbd588830', 'hex');

/**
 * The GUID that ARM's template function `guid()` makes of these texts: a version 5 UUID of the
 * arguments joined by `-`. Templates that name a role assignment the same way get the same name.
 */
export function armGuid(...parts: readonly string[]): string {
  const bytes = createHash('sha1').update(namespace).update(parts.join('-')).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
