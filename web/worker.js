/* SPDX-License-Identifier: MIT */
"use strict";
/* Runs the program in a worker. A message asks for one run:
 *
 *     { module, args, files: [{ name, data }], outputs: [name] }
 *
 * `module` is the compiled WebAssembly; `data` is text, bytes, or a File, which is read as it is needed and
 * never copied. Answers are { progress: text } while it runs and at last
 * { status, messages, outputs: { name: text } }. Every run has an instance, and so memory, of its own. */
const run = async ({ module, args, files, outputs }) => {
  let messages = "", line = "";
  const program = await deepmirgene({
    instantiateWasm: (imports, receive) => {
      WebAssembly.instantiate(module, imports).then(receive);
      return {};
    },
    print: () => {},
    quit: () => {},
  });
  /* A line that ends in a carriage return is progress, to be written over. */
  const flush = (kept) => {
    const text = line.replace(/\x1b\[K/g, "").trim();
    line = "";
    if (kept && text) messages += text + "\n";
    else if (text) postMessage({ progress: text });
  };
  program.TTY.default_tty1_ops.put_char = (tty, value) => {
    if (value === 10) flush(true);
    else if (value === 13) flush(false);
    else if (value) line += String.fromCharCode(value);
  };
  const mounted = files.filter(({ data }) => data instanceof Blob);
  program.FS.mkdir("/data");
  if (mounted.length > 0) {
    program.FS.mount(program.WORKERFS, { blobs: mounted }, "/data");
  }
  for (const { name, data } of files) if (!(data instanceof Blob)) program.FS.writeFile("/" + name, data);
  let status;
  try {
    status = program.callMain(args);
  } catch (error) {
    status = error.status ?? 1;
    if (error.status === undefined) messages += `${error.message ?? error}\n`;
  }
  flush(true);
  const texts = {};
  for (const name of outputs) {
    try {
      texts[name] = program.FS.readFile("/" + name, { encoding: "utf8" });
    } catch { /* a run that failed has written none */ }
  }
  postMessage({ status, messages, outputs: texts });
};
onmessage = ({ data }) => run(data).catch((error) =>
  postMessage({ status: 1, messages: `${error.message ?? error}\n`, outputs: {} }));
