#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""powercut.py PROGRAM [COMMAND...]: what a power cut at each system call leaves on the disk.

A command is run by strace, and its changes to files are repeated on a model of a disk: written
bytes are on it after fsync of the file, and names after fsync of the folder. For a cut after each
call the test makes the folders that may be found then: the last names that were not on the disk
taken back one by one, and bytes that were not on it missing, zero, or there. In each folder

 * an output is the older file or the new one, whole;
 * a checkpoint or journal that was on the disk is still there, or the new output is;
 * the same command with --resume ends with the right files.

Some of what can be resumed is on the disk before the end. A journal is flushed once a second: as
soon as it grows a second after it last was, and not more often; to see it, strace delays each of its
writes.

To see that the test notices what it is for, it is repeated as if no fsync had been called, and must
find faults then. Skips (77) where strace is not here or may not trace. Results are printed as TAP."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import commands
import io_trace
import tap

# name -> (arguments, outputs, what can make them again)
COMMANDS = {
    "train": ("train -t 1 -a tiny.json -p p.fa -n n.fa -e 3 -o out --history h.tsv",
              ["out", "h.tsv"], "out.checkpoint"),
    "scan": ("scan -t 1 --model human --threshold 0 g.fa -o out", ["out"], "out.journal"),
    "shard": ("scan -t 1 --model human --threshold 0 g.fa --shard 1/1 -o out", ["out"],
              "out.journal"),
    "predict": ("predict -t 1 --model human p.fa -o out --report page.html", ["out", "page.html"],
                None),
}
OLDER = b"older\n"


def prepare(folder):
    (folder / "tiny.json").write_text(commands.NETWORK)
    shutil.copy(commands.DATA / "pre-mirnas.fa", folder / "p.fa")
    shutil.copy(commands.DATA / "others.fa", folder / "n.fa")
    records = (commands.DATA / "pre-mirnas.fa").read_text().split(">")[1:]
    (folder / "g.fa").write_text("".join(">" + record for record in records[:3]))


class Disk:
    """Files by name as the program sees them, and as the disk holds them."""

    def __init__(self, files, with_fsync=True):
        self.with_fsync = with_fsync
        self.names = {name: {"seen": data, "held": data} for name, data in files.items()}
        self.held_names = dict(self.names)
        self.pending = []  # the names after each change that is not on the disk yet
        self.open = {}
        self.kept = {}  # name -> contents that were on the disk under it

    def change(self, name, file):
        self.names = {key: value for key, value in self.names.items() if key != name}
        if file is not None:
            self.names[name] = file
        self.pending.append(self.names)

    def do(self, call):
        kind = call["call"]
        if kind == "open":
            if call["name"] not in self.names:
                self.change(call["name"], {"seen": b"", "held": b""})
            elif call["truncates"]:
                self.names[call["name"]]["seen"] = b""
            self.open[call["fd"]] = [self.names[call["name"]], 0]
        elif kind == "write":
            self.write(**{key: call[key] for key in ("fd", "data", "at")})
        elif kind == "truncate":
            file = self.open[call["fd"]][0]
            file["seen"] = file["seen"][:call["size"]].ljust(call["size"], b"\0")
        elif kind == "rename":
            file = self.names[call["from"]]
            self.names = {key: value for key, value in self.names.items() if key != call["from"]}
            self.change(call["name"], file)
        elif kind == "unlink":
            self.change(call["name"], None)
        elif self.with_fsync:
            self.sync(call)
        for name, file in self.held_names.items():
            self.kept.setdefault(name, set()).add(file["held"])

    def write(self, fd, data, at):
        if fd not in self.open:
            return
        file, position = self.open[fd]
        start = position if at is None else at
        before, behind = file["seen"][:start], file["seen"][start + len(data):]
        file["seen"] = before.ljust(start, b"\0") + data + behind
        if at is None:
            self.open[fd][1] = start + len(data)

    def sync(self, call):
        if call["call"] == "sync-folder":
            self.held_names, self.pending = self.names, []
        elif call["fd"] in self.open:
            file = self.open[call["fd"]][0]
            file["held"] = file["seen"]

    def states(self):
        """The folders that may be found after a cut now: name -> bytes."""
        for names in [self.held_names, *self.pending]:
            yield {name: file["held"] for name, file in names.items()}
            yield {name: file["held"].ljust(len(file["seen"]), b"\0")[:len(file["seen"])]
                   for name, file in names.items()}
            yield {name: file["seen"] for name, file in names.items()}


class Case:
    def __init__(self, program, name, base):
        words, self.outputs, self.precious = COMMANDS[name]
        self.words = [program, *words.split()]
        self.base = base
        self.calls, folder = io_trace.trace(self.words, self.fresh())
        self.expected = {file: (folder / file).read_bytes() for file in self.outputs}
        self.resumed = {}

    def fresh(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=self.base.parent))
        shutil.copytree(self.base, folder, dirs_exist_ok=True)
        for file in self.outputs:
            (folder / file).write_bytes(OLDER)
        return folder

    def resume(self, state):
        """What is wrong when the command is run once more in that folder."""
        key = tuple(sorted(state.items()))
        if key in self.resumed:
            return self.resumed[key]
        folder = self.fresh()
        for file in self.outputs:
            (folder / file).unlink()
        for name, data in state.items():
            (folder / name).write_bytes(data)
        more = ["--resume"] if self.precious else []
        done = subprocess.run([*self.words, *more], cwd=folder, capture_output=True, text=True)
        found = [] if done.returncode == 0 else [f"it cannot be resumed: {done.stderr}"]
        found += [f"resumed, {file} is another" for file in self.outputs
                  if not found and (folder / file).read_bytes() != self.expected[file]]
        found += [f"{path.name} is left behind" for path in folder.glob("*.part")]
        shutil.rmtree(folder)
        self.resumed[key] = found
        return found

    def faults(self, state, kept, whole):
        """Of one folder. A history is written again after each epoch, so each of its contents
        that was on the disk is whole."""
        found = [f"{file} is neither the older nor the new one" for file in self.outputs
                 if state.get(file) not in (OLDER, self.expected[file]) and
                 state.get(file) not in whole.get(file, ())]
        done = state.get(self.outputs[0]) == self.expected[self.outputs[0]]
        before = [data for data in kept.get(self.precious, ()) if data]
        before += whole.get(self.precious, ()) if before else []
        there = state.get(self.precious, b"")
        if before and not done and not any(there.startswith(data) for data in before):
            found.append(f"{self.precious} was on the disk, and is lost")
        return found if found or done else self.resume(state)

    def test(self, with_fsync):
        files = {file: OLDER for file in self.outputs}
        whole = {}  # contents of outputs, as each rename published them
        disk = Disk(files)
        for call in self.calls:
            disk.do(call)
            if call["call"] == "rename":
                whole.setdefault(call["name"], set()).add(disk.names[call["name"]]["seen"])
        disk, found, states = Disk(files, with_fsync), [], 0
        for number, call in enumerate(self.calls):
            kept = {name: set(contents) for name, contents in disk.kept.items()}
            disk.do(call)
            for state in disk.states():
                states += 1
                wrong = self.faults(state, kept, whole)
                found += [f"cut after call {number} ({call['call']}): {what}" for what in wrong]
            if found and not with_fsync:
                break
        if self.precious and not any(disk.kept.get(self.precious, ())):
            found.append(f"nothing of {self.precious} is on the disk before the end")
        return states, found


WAIT = 0.3  # seconds before each write to a journal


def flushes(program, folder, wait):
    """The moments when a journal grows and when it is flushed, in seconds, before its last line."""
    (folder / "many.fa").write_text("".join(f">r{k}\n{'ACGU' * 300}\n" for k in range(6)))
    log = folder / "strace.log"
    delay = ["-e", f"inject=pwrite64:delay_enter={int(1e6 * wait)}"] if wait else []
    subprocess.run([io_trace.STRACE, "-f", "-qq", "-ttt", "-o", log, "-e",
                    "trace=pwrite64,fdatasync", *delay, program,
                    *"scan -t 1 --model human many.fa --chunk 1000 --shard 1/1 -o out".split()],
                   cwd=folder, check=True, capture_output=True)
    calls = [line.split(None, 3) for line in log.read_text().splitlines()]
    return [(float(moment), call.startswith("fdatasync(")) for _, moment, call, *_ in calls][:-1]


def test_pace(program, base):
    """What is wrong with how often a journal is flushed."""
    found = []
    for wait in (0, WAIT):
        calls = flushes(program, base, wait)
        written = [moment for moment, is_flush in calls if not is_flush]
        flushed = [moment for moment, is_flush in calls if is_flush]
        most = 1 + written[-1] - written[0]
        if not 1 <= len(flushed) <= most:
            found.append(f"{len(flushed)} flushes in {most - 1:.1f} s")
        for growth, after in zip(written[1:], written[2:]):  # first the lines before the blocks
            last = max((moment for moment in flushed if moment < growth),
                       default=written[0])
            if growth + wait - last > 1.1 and not any(growth < moment < after for moment in flushed):
                found.append(f"a block is not flushed, {growth + wait - last:.1f} s after the last")
        (base / "out").unlink()
    return "a journal's flushes", found


def main():
    words, _ = tap.arguments()
    program = str(pathlib.Path(words[0]).resolve())
    if not io_trace.works():
        return tap.skip("strace is not here, or may not trace")

    def test_command(name, base):
        if name == "pace":
            return test_pace(program, base)
        case = Case(program, name, base)
        states, found = case.test(with_fsync=True)
        if not case.test(with_fsync=False)[1]:
            found.append("without fsync the test finds no fault")
        return f"{states} folders after cuts at {len(case.calls)} calls", found

    return tap.run("power", words[1:] or [*COMMANDS, "pace"], prepare, test_command)


if __name__ == "__main__":
    sys.exit(main())
