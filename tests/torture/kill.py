#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill.py PROGRAM [--kills=N] [--seed=N] [COMMAND...]: kill -9 at random moments.

Each command is started, killed after a random time and resumed, until it ends; then it starts from
the beginning, until N (3) kills have struck. Each time it must end with the bytes of an
uninterrupted run and leave nothing else behind. Results are printed as TAP."""
import filecmp
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import commands

SCAN = "scan --model human --threshold 0.3 --decoy 1 --chunk 2000 g.fa -o out"
TRAIN = "train -a tiny.json -p p.fa -n n.fa -e 40000 --history h.tsv -o out"
CROSSVAL = "crossval --recipe 2016 -p p.fa -n n.fa -e 40 -f 4 --bootstrap 9 --figures none -o out"

COMMANDS = {name + suffix: words + f" -t {threads}"
            for name, words in (("train", TRAIN), ("crossval", CROSSVAL), ("scan", SCAN))
            for suffix, threads in (("", 1), ("-threads", 2))}

MOST_RUNS = 40  # of one campaign: each kill costs at most what was done since the last checkpoint


def prepare(folder):
    """The inputs of all commands: some records of each class, and some random sequences."""
    chance = random.Random(1)
    (folder / "tiny.json").write_text(commands.NETWORK)
    shutil.copy(commands.DATA / "pre-mirnas.fa", folder / "p.fa")
    shutil.copy(commands.DATA / "others.fa", folder / "n.fa")
    with open(folder / "g.fa", "w") as file:
        for number in range(30):
            letters = "".join(chance.choice("ACGT") for _ in range(9000))
            file.write(f">s{number}\n{letters}\n")


class Campaign:
    """One command, killed and resumed."""

    def __init__(self, program, name, base):
        self.words = [program, *COMMANDS[name].split()]
        self.base = base
        self.expected, seconds = self.finish(self.fresh())
        self.seconds = seconds

    def fresh(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=self.base.parent))
        shutil.copytree(self.base, folder, dirs_exist_ok=True)
        return folder

    def finish(self, folder):
        before = time.monotonic()
        done = subprocess.run(self.words, cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{self.words[1]}: {done.stderr}")
        return folder, time.monotonic() - before

    def kill_once(self, folder, delay):
        """True if it was killed; else it has ended by itself: its exit status and words."""
        run = subprocess.Popen([*self.words, "--resume"], cwd=folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            words = run.communicate(timeout=delay)[1]
        except subprocess.TimeoutExpired:
            run.kill()
            words = run.communicate()[1]
        return run.returncode == -9, run.returncode, words

    def run(self, chance):
        """The kills of one campaign, and what is wrong with how it ended."""
        folder = self.fresh()
        for kills in range(MOST_RUNS):
            killed, status, words = self.kill_once(folder, chance.uniform(0, self.seconds))
            if not killed:
                break
        else:
            self.finish_resumed(folder)
            status, words = 0, ""
        found = [f"exit status {status}: {words}"] if status != 0 else self.differences(folder)
        shutil.rmtree(folder)
        return kills, found

    def finish_resumed(self, folder):
        subprocess.run([*self.words, "--resume"], cwd=folder, check=True, capture_output=True)

    def differences(self, folder):
        found = []
        compared = filecmp.dircmp(folder, self.expected, ignore=["runs"])
        while compared:
            found += [f"{name} is left behind" for name in compared.left_only]
            found += [f"{name} is missing" for name in compared.right_only]
            same = filecmp.cmpfiles(compared.left, compared.right, compared.common_files,
                                    shallow=False)
            found += [f"{name} differs" for name in same[1] + same[2]]
            compared = next(iter(compared.subdirs.values()), None)
        return found


def test(campaign, kills, chance):
    struck, campaigns, found = 0, 0, []
    while struck < kills:
        more, wrong = campaign.run(chance)
        struck += more
        campaigns += 1
        found += wrong
    return struck, campaigns, found


def main():
    values = dict(word[2:].split("=") for word in sys.argv[1:] if word.startswith("--"))
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    program = str(pathlib.Path(words[0]).resolve())
    kills, seed = int(values.get("kills", 3)), int(values.get("seed", time.time()))
    names = words[1:] or list(COMMANDS)
    print(f"1..{len(names)}")
    print(f"# seed {seed}")
    failed = False
    with tempfile.TemporaryDirectory(prefix="deepmirgene-kill-") as top:
        base = pathlib.Path(top).resolve() / "base"
        base.mkdir()
        prepare(base)
        for number, name in enumerate(names, 1):
            campaign = Campaign(program, name, base)
            struck, campaigns, found = test(campaign, kills, random.Random(f"{seed} {name}"))
            failed |= bool(found)
            print("not ok" if found else "ok", number, "-",
                  f"{name}: {struck} kills in {campaigns} campaigns of {campaign.seconds:.1f} s")
            for what in found:
                print("#", what)
            sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(main())
