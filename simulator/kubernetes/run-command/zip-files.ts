import { inflateRawSync } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const entry = 0x02014b50;

/** The files of a ZIP archive by their names, stored or deflated. @throws Error for what is no archive. */
export function zipFiles(archive: Buffer): ReadonlyMap<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== endOfDirectory)
    throw new Error('it is no ZIP archive');
  const files = new Map<string, Buffer>();
  let place = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(place) !== entry) throw new Error('its directory is broken');
    const lengths = [28, 30, 32].map((offset) => archive.readUInt16LE(place + offset));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths;
    const name = archive.toString('utf8', place + 46, place + 46 + nameLength);
    if (!name.endsWith('/')) files.set(name.replace(/^\.\//, ''), contentAt(archive, place));
    place += 46 + nameLength + extraLength + commentLength;
  }
  return files;
}

function contentAt(archive: Buffer, directoryPlace: number): Buffer {
  const method = archive.readUInt16LE(directoryPlace + 10);
  const size = archive.readUInt32LE(directoryPlace + 20);
  const place = archive.readUInt32LE(directoryPlace + 42);
  const start = place + 30 + archive.readUInt16LE(place + 26) + archive.readUInt16LE(place + 28);
  const data = archive.subarray(start, start + size);
  if (method === 0) return data;
  if (method === 8) return inflateRawSync(data);
  throw new Error(`its compression method ${method} is not known`);
}
