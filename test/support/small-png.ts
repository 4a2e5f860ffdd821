import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const COLOURS = 64;

/** The same picture in its commonest colours, as a palette: in text on paper nobody sees a difference but in the size. */
export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = decoded(png);
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!).slice(0, COLOURS);
  const indexOf = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < pixels.length; at += 1) {
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = indexOf.get(pixels[at]!)!;
  }
  return encoded(width, height, Buffer.from(palette.flatMap(partsOf)), rows);
}

function nearest(palette: readonly number[], colour: number): number {
  const distances = palette.map((each) => distance(partsOf(each), partsOf(colour)));
  return distances.indexOf(Math.min(...distances));
}

function partsOf(colour: number): [number, number, number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, part, index) => sum + (part - b[index]!) ** 2, 0);
}

type Pixels = { readonly width: number; readonly height: number; readonly pixels: Uint32Array };

/** Reads 8-bit RGB or RGBA that is not interlaced, as Chromium writes it: a number 0xRRGGBB a pixel. */
function decoded(png: Buffer): Pixels {
  const chunks = [...chunksOf(png)];
  const header = chunks[0]!.data;
  const [width, height, channels] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9] === 6 ? 4 : 3];
  if (header[8] !== 8 || (header[9] !== 2 && header[9] !== 6) || header[12] !== 0)
    throw new Error('Another kind of PNG');
  const raw = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const stride = width * channels;
  const pixels = new Uint32Array(width * height);
  let above: Buffer = Buffer.alloc(stride);
  for (let y = 0; y < height; y += 1) {
    const row = unfiltered(raw.subarray(y * (stride + 1), (y + 1) * (stride + 1)), above, channels);
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = row.readUIntBE(x * channels, 3);
    above = row;
  }
  return { width, height, pixels };
}

function* chunksOf(png: Buffer): Generator<{ type: string; data: Buffer }> {
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + png.readUInt32BE(at)) };
  }
}

/** PNG 3, 9.2. */
function unfiltered(line: Buffer, above: Buffer, channels: number): Buffer {
  const row = Buffer.from(line.subarray(1));
  for (let i = 0; i < row.length; i += 1) {
    const left = i < channels ? 0 : row[i - channels]!;
    const aboveLeft = i < channels ? 0 : above[i - channels]!;
    row[i] = (row[i]! + predicted(line[0]!, left, above[i]!, aboveLeft)) & 255;
  }
  return row;
}

function predicted(filter: number, a: number, b: number, c: number): number {
  if (filter < 3) return filter === 0 ? 0 : filter === 1 ? a : b;
  if (filter === 3) return (a + b) >> 1;
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

function encoded(width: number, height: number, palette: Buffer, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const chunks = [
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}
