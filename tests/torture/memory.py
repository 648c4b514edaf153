#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""memory.py PROGRAM FAILMALLOC.so [--long|--some=N] [COMMAND...]: every allocation fails once.

A command must end in success with the right files, or in one message with exit status 1, and leave
no file half-written. --long tries every allocation, else N (10) spread over all of them, others for
each command, since all begin alike. Results are printed as TAP."""
import pathlib
import shutil
import sys

import commands
import tap

SOME = 10  # allocations, where not all are tried and no other number is given

# libjansson 2.14 dereferences or frees what it has not got when memory is out in json_loads (its
# issue, not ours).
CRASHES_OF_JANSSON = (-11, -6)


def count(case, library):
    folder = case.fresh()
    case.run(folder, env={"LD_PRELOAD": library, "FAIL_COUNT": str(folder / "count")})
    total = int((folder / "count").read_text())
    shutil.rmtree(folder)
    return total


def test(case, library, some):
    total = count(case, library)
    some = min(some or total, total)
    place = list(commands.COMMANDS).index(case.name) / len(commands.COMMANDS)
    numbers = sorted({1 + int((k + place) * total / some) for k in range(some)})
    found, tried, jansson = [], 0, 0
    for number in numbers:
        folder = case.fresh()
        done = case.run(folder, env={"LD_PRELOAD": library, "FAIL_AT": str(number)})
        tried += 1
        if done.returncode in CRASHES_OF_JANSSON:
            jansson += 1
        else:
            found += [f"allocation {number}: {what}" for what in case.faults(folder, done)]
        shutil.rmtree(folder)
    return f"{tried} of {total}", jansson, found


def main():
    words, options = tap.arguments()
    program, library = (str(pathlib.Path(word).resolve()) for word in words[:2])
    some = 0 if "long" in options else int(options.get("some", SOME))

    def test_command(name, base):
        tried, jansson, found = test(commands.Case(program, name, base), library, some)
        crashes = f" ({jansson} crashes)" if jansson else ""
        return f"{tried} allocations failed once{crashes}", found

    return tap.run("memory", words[2:] or list(commands.COMMANDS),
                   lambda base: commands.prepare(program, base), test_command)


if __name__ == "__main__":
    sys.exit(main())
