// SPDX-License-Identifier: MIT
// The door of JavaScript: node door.mjs PROGRAM.js predict|scan|fold FILE prints what the program prints.
// PROGRAM.js is the program compiled to WebAssembly (web/build.sh).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [program, task, file] = process.argv.slice(2);
const deepmirgene = createRequire(import.meta.url)(path.resolve(program));
const instance = await deepmirgene({
  wasmBinary: readFileSync(program.replace(/js$/, "wasm")),
  printErr: () => {}, /* notes */
});
const input = `/${path.basename(file)}`;
instance.FS.writeFile(input, readFileSync(file));
const scored = [input, "-m", "human", "--mature"];
const commands = {
  predict: ["predict", ...scored],
  scan: ["scan", ...scored, "--threshold", "0.5", "-f", "jsonl"],
  fold: ["fold", input],
};
process.exitCode = instance.callMain(commands[task]);
