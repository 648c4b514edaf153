// SPDX-License-Identifier: MIT
// Runs a command of the program compiled to WebAssembly (web/build.sh) on a file, and drops what it
// writes: node run_webassembly.cjs PROGRAM.js COMMAND FILE
"use strict";
const { readFileSync } = require("node:fs");
const path = require("node:path");

const [program, command, file] = process.argv.slice(2);
require(path.resolve(program))({
  wasmBinary: readFileSync(program.replace(/js$/, "wasm")),
  printErr: () => {}, /* notes */
}).then((instance) => {
  instance.FS.writeFile("/input.fa", readFileSync(file));
  process.exitCode = instance.callMain([command, "-o", "/output", "/input.fa"]);
});
