# SPDX-License-Identifier: MIT
"""What the torture tests share: their command line, a folder of inputs, results as TAP."""
import pathlib
import sys
import tempfile


def arguments():
    """The words of the command line, and its options: --NAME or --NAME=VALUE."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    options = [word[2:].partition("=") for word in sys.argv[1:] if word.startswith("--")]
    return words, {name: value for name, _, value in options}


def skip(reason):
    print("1..0 # SKIP", reason)
    return 0


def run(kind, names, prepare, test):
    """Prepares a folder of inputs, and tests each name with it: test(name, folder) returns what it
    did and a list of faults. Returns the exit status."""
    print(f"1..{len(names)}", flush=True)
    failed = False
    with tempfile.TemporaryDirectory(prefix=f"deepmirgene-{kind}-") as top:
        base = pathlib.Path(top).resolve() / "base"
        base.mkdir()
        prepare(base)
        for number, name in enumerate(names, 1):
            done, faults = test(name, base)
            print("not ok" if faults else "ok", number, "-", f"{name}: {done}")
            for fault in faults[:20]:
                print("#", fault)
            sys.stdout.flush()
            failed |= bool(faults)
    return int(failed)
