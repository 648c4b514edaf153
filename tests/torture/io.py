#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""io.py PROGRAM [--long] [COMMAND...]: every system call that moves data fails once.

Each command is run by strace, which lets the N-th fsync, rename, write, ... fail, for N = 1, 2, ...
until there is no N-th; --long tries all of them, else some. It must end in success with the right
files, or in one message with exit status 1, and leave no file half-written. Also checked is the
order that makes a result safe against a power cut: fsync of the file, rename, fsync of the folder,
and only then the removal of a checkpoint or journal. Skips (77) where strace is not here or may not
trace. Results are printed as TAP."""
import pathlib
import re
import shutil
import sys

import commands
import io_trace
import tap
from io_trace import STRACE, TRACED

# call -> the error to inject
CALLS = {"fsync": "EIO", "fdatasync": "EIO", "renameat": "ENOSPC", "write": "ENOSPC",
         "pwrite64": "EIO", "read": "EIO", "close": "EIO", "openat": "EMFILE", "ftruncate": "EIO",
         "lseek": "EIO"}
SOME = 3  # of each call, where not all are tried

# Where not all are tried, a variant of a command (NAME-...) reads as that command does.
WRITING = {"fsync", "renameat", "write", "close"}


def is_early(line):
    """Of the loader, or of what is looked up in the system: not the program's own."""
    return bool(re.search(r'\.so|/etc/|locale|openat\(.*"/(proc|sys)', line))


def count(case):
    """Call -> the numbers of those that are the program's own. Descriptors that the loader has
    open are none, so its reads are left out as well."""
    folder = case.fresh()
    log = folder / "strace.log"
    case.run(folder, [STRACE, *TRACED, "-y", "-o", log, "-e", f"trace={','.join(CALLS)}"])
    numbers, seen = {call: [] for call in CALLS}, dict.fromkeys(CALLS, 0)
    for line in log.read_text(errors="replace").splitlines():
        call = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if call and call[1] in CALLS:
            seen[call[1]] += 1
            if not is_early(line):
                numbers[call[1]].append(seen[call[1]])
    shutil.rmtree(folder)
    return numbers


def chosen(numbers, long):
    """The last calls are the interesting ones."""
    if long or len(numbers) <= SOME:
        return numbers
    return [numbers[len(numbers) // 3], *numbers[1 - SOME:]]


def try_call(case, call, error, number):
    folder = case.fresh()
    log = folder / "strace.log"
    done = case.run(folder, [STRACE, *TRACED, "-o", log, "-e", f"trace={call}",
                             "-e", f"inject={call}:error={error}:when={number}"])
    injected = [line for line in log.read_text(errors="replace").splitlines() if "INJECTED" in line]
    # The loader's own calls, and words that could not be written to standard error.
    early = any(is_early(line) for line in injected)
    silent = any(re.search(r"write\(2,", line) for line in injected)
    found = [] if early or not injected else case.faults(folder, done, not silent)
    shutil.rmtree(folder)
    return bool(injected), [f"{call} {number}: {what}" for what in found]


def order_of(case):
    """What is wrong with the order of system calls."""
    folder = case.fresh()
    log = folder / "strace.log"
    case.run(folder, [STRACE, *TRACED, "-y", "-o", log, "-e",
                      "trace=fsync,renameat,rename,unlink,unlinkat"])
    found, synced, pending = [], set(), None
    for line in log.read_text(errors="replace").splitlines():
        call = line.split(None, 1)[1]
        if match := re.match(r"fsync\(\d+<(.*?)>", call):
            synced.add(match[1])
            if pending and match[1] == str(folder):
                pending = None
        elif match := re.match(r'renameat\(\d+<(.*?)>, "(.*?)", .*"(.*?)"\)', call):
            if f"{match[1]}/{match[2]}" not in synced:
                found.append(f"{match[3]} is renamed before its content is on the disk")
            pending = match[3]
        elif pending and re.match(r'unlink.*(journal|checkpoint)"', call):
            found.append(f"{pending} is not on the disk when what could remake it is removed")
    if pending:
        found.append(f"the name {pending} is not on the disk")
    shutil.rmtree(folder)
    return found


def test(case, long):
    found = order_of(case) if case.name != "crossval" else []
    tried = 0
    for call, numbers in count(case).items():
        if "-" in case.name and not long and call not in WRITING:
            continue
        for number in chosen(numbers, long):
            injected, wrong = try_call(case, call, CALLS[call], number)
            tried += injected
            found += wrong
    return tried, found


def main():
    words, options = tap.arguments()
    program = str(pathlib.Path(words[0]).resolve())
    if not io_trace.works():
        return tap.skip("strace is not here, or may not trace")

    def test_command(name, base):
        tried, found = test(commands.Case(program, name, base), "long" in options)
        return f"{tried} calls failed once", found

    return tap.run("io", words[1:] or list(commands.COMMANDS),
                   lambda base: commands.prepare(program, base), test_command)


if __name__ == "__main__":
    sys.exit(main())
