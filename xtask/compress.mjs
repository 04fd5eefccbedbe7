// Writes a `.br` and a `.gz` beside each file named on the command line, as small as they get.
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

await Promise.all(
  process.argv.slice(2).map(async (file) => {
    const bytes = await readFile(file);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    await Promise.all([
      promisify(brotliCompress)(bytes, { params }).then((out) => writeFile(`${file}.br`, out)),
      promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }).then((out) => writeFile(`${file}.gz`, out)),
    ]);
  }),
);
