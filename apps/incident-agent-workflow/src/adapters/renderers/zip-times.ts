/** A zip keeps the time at which each file was put in; here that is always 1 January 1980, the first it can say. */

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** Day 1, month 1 in the packed form of MS-DOS; the time is zero. */
const FIRST_DAY = 0x0021;

/** A copy with all times replaced. What is no zip comes back as it is. */
export function withFixedTimes(zip: Uint8Array): Uint8Array {
  const bytes = Buffer.from(zip);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== END_OF_DIRECTORY) return bytes;
  let entry = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0 && entry + 46 <= bytes.length; left -= 1) {
    if (bytes.readUInt32LE(entry) !== DIRECTORY_ENTRY) break;
    setTime(bytes, entry + 12);
    const local = bytes.readUInt32LE(entry + 42);
    if (local + 30 <= bytes.length && bytes.readUInt32LE(local) === LOCAL_HEADER) setTime(bytes, local + 10);
    entry += 46 + bytes.readUInt16LE(entry + 28) + bytes.readUInt16LE(entry + 30) + bytes.readUInt16LE(entry + 32);
  }
  return bytes;
}

function setTime(bytes: Buffer, at: number): void {
  bytes.writeUInt16LE(0, at);
  bytes.writeUInt16LE(FIRST_DAY, at + 2);
}
