#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs transcripts of command lines and compares what they print: run.py [--accept] PROGRAM FILE.t...

A transcript is prose with indented commands and what they are expected to do:

    == An unknown command is named

    Anything that is not indented explains.

        $ printf '>a b\\nACGT\\n' | deepmirgene fold -
        >a b
        ACGU
        .... (  0.00)

        $ deepmirgene brew
        ! deepmirgene: unknown command 'brew'; see 'deepmirgene --help'
        [2]

"$ " is a command for sh, "> " continues it. Then come the lines of standard output, those of
standard error behind "! ", and the exit status in brackets if it is not 0. In these lines "*"
stands for anything, a line "..." for any number of lines, and "(blank)" for an empty line; bytes
that cannot be printed are shown as \\x1b.

"== " begins a case. Each case runs in a scratch folder of its own, which holds the files of data/
and what the commands before the first case have made. `deepmirgene` is the program under test; the
commands in tools/ are at hand. A command that exits with 77 skips the rest of its case; one before
the first case skips all of them. No command may leave a half-written file (*.part) behind.

--accept writes what was seen into the transcripts, wherever it is not what was expected. Results
are printed as TAP.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INDENT = "    "
TIMEOUT = 120  # seconds for one command
SKIPPED = 77


class Step:
    """One command with its expectations; lines [begin, end) of the file hold the latter."""

    def __init__(self, number, command):
        self.number = number
        self.command = command
        self.begin = self.end = number + 1
        self.expected = []

    def expect(self, number, line):
        self.expected.append(line)
        self.end = number + 1


class Case:
    def __init__(self, title):
        self.title = title
        self.steps = []


def parse(lines):
    """The cases of a transcript; the first one holds the commands before any title."""
    cases = [Case("preparation")]
    step = None
    for number, line in enumerate(lines):
        text = line[len(INDENT):] if line.startswith(INDENT) else None
        if line.startswith("== "):
            cases.append(Case(line[3:].strip()))
        if text is None:
            step = None
        elif text.startswith("$ "):
            step = Step(number, text[2:])
            cases[-1].steps.append(step)
        elif step and text.startswith("> ") and not step.expected:
            step.command += "\n" + text[2:]
            step.begin = step.end = number + 1
        elif step:
            step.expect(number, text)
        else:
            sys.exit(f"line {number + 1}: indented, but not below a command")
    return cases


def printable(output):
    """The lines of some output as a transcript shows them."""
    text = output.decode("utf-8", "backslashreplace")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda m: f"\\x{ord(m.group()):02x}", text)
    lines = text.split("\n")
    last = lines.pop()
    if last:
        lines += [last, "(no newline at the end)"]
    return [line or "(blank)" for line in lines]


def observe(done):
    lines = printable(done.stdout) + ["! " + line for line in printable(done.stderr)]
    return lines + ([f"[{done.returncode}]"] if done.returncode else [])


def pattern(lines):
    parts = []
    for line in lines:
        if line in ("...", "! ..."):
            # Lines of the same kind: an unexpected error or status is not passed over.
            kind = "! " if line.startswith("!") else r"(?!! |\[|\(left behind)"
            parts.append(rf"(?:{kind}.*\n)*")
        else:
            parts.append(".*".join(map(re.escape, line.split("*"))) + r"\n")
    return "".join(parts)


def agree(expected, seen):
    return re.fullmatch(pattern(expected), "".join(line + "\n" for line in seen)) is not None


def execute(command, folder, environment):
    try:
        return subprocess.run(["sh", "-c", command], cwd=folder, env=environment, timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL, capture_output=True)
    except subprocess.TimeoutExpired as late:
        return subprocess.CompletedProcess(command, 124, late.stdout or b"",
                                           (late.stderr or b"") + b"(took too long)\n")


def run_step(step, folder, environment):
    """What was seen if that was not expected, None if it was, or the reason to skip as a str."""
    done = execute(step.command, folder, environment)
    if done.returncode == SKIPPED:
        return " ".join(printable(done.stdout + done.stderr))
    seen = observe(done)
    seen += [f"(left behind: {path.name})" for path in sorted(folder.rglob("*.part"))]
    return None if agree(step.expected, seen) else seen


def run_case(case, folder, environment):
    """Returns "ok", "not ok" or "skip", a reason to skip, and [(step, seen)] of failed steps."""
    failures = []
    for step in case.steps:
        seen = run_step(step, folder, environment)
        if isinstance(seen, str):
            return "skip", seen, failures
        if seen is not None:
            failures.append((step, seen))
    return ("not ok" if failures else "ok"), "", failures


def explain(path, failures):
    for step, seen in failures:
        print(f"# {path.name}:{step.number + 1}: $ {step.command}".replace("\n", "\n#   > "))
        print("#   expected:")
        for line in step.expected:
            print("#     " + line)
        print("#   seen:")
        for line in seen:
            print("#     " + line[:500])


def accept(path, lines, failures):
    for step, seen in sorted(failures, key=lambda failure: -failure[0].number):
        lines[step.begin:step.end] = [INDENT + line for line in seen]
    path.write_text("\n".join(lines) + "\n")


def make_environment(program, scratch):
    (scratch / "bin").mkdir()
    (scratch / "bin" / "deepmirgene").symlink_to(program)
    folders = [str(scratch / "bin"), str(HERE / "tools"), os.environ["PATH"]]
    return {**os.environ, "PATH": ":".join(folders), "LC_ALL": "C", "HOME": str(scratch)}


def run_transcript(path, program, accepting):
    """Runs all cases of a file, printing TAP; returns whether none failed."""
    lines = path.read_text().splitlines()
    preparation, *cases = parse(lines)
    failed = []
    with tempfile.TemporaryDirectory(prefix="deepmirgene-cli-") as name:
        scratch = pathlib.Path(name)
        environment = make_environment(program, scratch)
        template = shutil.copytree(HERE / "data", scratch / "template")
        result, reason, failures = prepared = run_case(preparation, template, environment)
        if preparation.steps:
            cases.insert(0, preparation)
        print(f"1..{len(cases)}")
        for number, case in enumerate(cases, 1):
            if prepared[0] == "skip":
                result, reason, failures = prepared
            elif case is not preparation:
                folder = shutil.copytree(template, scratch / f"case-{number}")
                result, reason, failures = run_case(case, folder, environment)
            note = f" # SKIP {reason}" if result == "skip" else ""
            print("ok" if result == "skip" else result, number, "-", case.title + note, flush=True)
            explain(path, failures)
            failed += failures
    if failed and accepting:
        accept(path, lines, failed)
    return not failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accept", action="store_true", help="rewrite the transcripts")
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("transcripts", type=pathlib.Path, nargs="+")
    options = parser.parse_args()
    good = [run_transcript(path, options.program.resolve(), options.accept)
            for path in options.transcripts]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
