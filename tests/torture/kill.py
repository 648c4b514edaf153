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
import tap

SCAN = "scan --model human --threshold 0.3 --decoy 1 --chunk 2000 g.fa -o out"
TRAIN = "train -a tiny.json -p p.fa -n n.fa -e 40000 --history h.tsv -o out"
CROSSVAL = "crossval --recipe 2016 -p p.fa -n n.fa -e 40 --folds 4 --bootstrap 9 --figures none -o out"

COMMANDS = {name + suffix: words + f" -t {threads}"
            for name, words in (("train", TRAIN), ("crossval", CROSSVAL), ("scan", SCAN))
            for suffix, threads in (("", 1), ("-threads", 2))}

FEW = 3         # kills, where no number is given; a shorter scan will do for them
MOST_RUNS = 40  # of one campaign: each kill costs at most what was done since the last checkpoint


def prepare(folder, sequences=30):
    """The inputs of all commands: some records of each class, and some random sequences."""
    chance = random.Random(1)
    (folder / "tiny.json").write_text(commands.NETWORK)
    shutil.copy(commands.DATA / "pre-mirnas.fa", folder / "p.fa")
    shutil.copy(commands.DATA / "others.fa", folder / "n.fa")
    with open(folder / "g.fa", "w") as file:
        for number in range(sequences):
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
    words, options = tap.arguments()
    program = str(pathlib.Path(words[0]).resolve())
    kills, seed = int(options.get("kills", FEW)), int(options.get("seed", time.time()))
    print(f"# seed {seed}")

    def test_command(name, base):
        campaign = Campaign(program, name, base)
        struck, campaigns, found = test(campaign, kills, random.Random(f"{seed} {name}"))
        return f"{struck} kills in {campaigns} campaigns of {campaign.seconds:.1f} s", found

    sequences = 30 if kills > FEW else 8
    return tap.run("kill", words[1:] or list(COMMANDS), lambda base: prepare(base, sequences),
                   test_command)


if __name__ == "__main__":
    sys.exit(main())
