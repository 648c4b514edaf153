// SPDX-License-Identifier: MIT
// Time of inference by ONNX Runtime, of one thread, as bench_network times ours: one JSON object.
//
//     node bench_onnx.cjs MODEL.onnx POS.fa NEG.fa
//
// MODEL.onnx is of onnx_network.py. Batches are put together before the clock starts, from records
// sorted by length, padded in front so that all end together; or of equal length, without padding.
// "predict" is the best of these variants. Only lengths matter for time, so tokens are all the first.
"use strict";
const { readFileSync } = require("node:fs");
const ort = require("onnxruntime-node");

const ROUNDS = 3, FEATURES = 108;

const lengthsOf = (path) => readFileSync(path, "latin1").split(">").slice(1)
  .map((record) => record.split("\n").slice(1).join("").trim().length);

const tokens = (steps, count) => new ort.Tensor("int32", new Int32Array(steps * count), [steps, count]);

const batch = (names, lengths) => {
  const count = lengths.length, longest = lengths[count - 1], half = Math.floor(longest / 2);
  const feeds = { sequence: tokens(longest, count), forward: tokens(half, count),
    backward: tokens(longest - half, count) };
  if (names.includes("features"))
    feeds.features = new ort.Tensor("float32", new Float32Array(FEATURES * count), [count, FEATURES]);
  return feeds;
};

/* Cut after `size` records, and where the length changes if `equal`. */
const cut = (lengths, size, equal) => {
  const parts = [];
  for (const length of lengths) {
    const part = parts.at(-1);
    if (part && part.length < size && !(equal && part[0] !== length)) part.push(length);
    else parts.push([length]);
  }
  return parts;
};

const seconds = async (session, batches) => {
  const begun = process.cpuUsage();
  for (const feeds of batches) await session.run(feeds);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
};

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

const main = async ([model, ...files]) => {
  const lengths = files.flatMap(lengthsOf).sort((a, b) => a - b);
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1,
    executionMode: "sequential", graphOptimizationLevel: "all" });
  const variants = { "by 128": [128, false], "by 256": [256, false], "by 1024": [1024, false],
    "of equal length": [1024, true] };
  const all = {};
  for (const [name, [size, equal]] of Object.entries(variants)) {
    const batches = cut(lengths, size, equal).map((part) => batch(session.inputNames, part));
    await seconds(session, batches);
    const times = [];
    while (times.length < ROUNDS) times.push(await seconds(session, batches));
    all[name] = median(times);
  }
  const [variant, best] = Object.entries(all).sort((a, b) => a[1] - b[1])[0];
  console.log(JSON.stringify({ what: "predict", variant, seconds: best,
    records_per_second: lengths.length / best, all }));
};

main(process.argv.slice(2));
