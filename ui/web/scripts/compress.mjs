// Writes each built text beside itself as Brotli and gzip, so that the server sends
// bytes that were made once.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = new URL("../built/", import.meta.url).pathname;
for (const name of readdirSync(folder, { recursive: true })) {
  if (!/\.(js|css|html|svg)$/.test(name)) continue;
  const text = readFileSync(join(folder, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text, { params }));
  writeFileSync(join(folder, `${name}.gz`), gzipSync(text, { level: 9 }));
}
