#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""loopcut.py PROGRAM [--fs=ext4|xfs] [--cuts=N] [--seed=N] [COMMAND...]: power cuts on a real disk.

For root, on Linux with loop devices (else it skips, 77). A command of kill.py runs on a file system
(ext4) in a file; at a random moment, or just after its end, that file is copied, as a disk is after
a power cut, and the copy is mounted. An output there is whole or missing, after exit 0 it is there,
and the command with --resume ends with the right files. Results are printed as TAP."""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import kill
import tap

# file system -> its size in MB (the least that XFS takes), how it is made, options of mount. The copy
# has the identity of the file system that it is a copy of, which XFS would refuse.
SYSTEMS = {"ext4": (48, ["mkfs.ext4", "-q", "-F"], "loop"),
           "xfs": (320, ["mkfs.xfs", "-q", "-f"], "loop,nouuid")}


def call(*words):
    subprocess.run(words, check=True, capture_output=True)


class Disk:
    """A file system in a file, mounted while it is used."""

    def __init__(self, system, image, place):
        self.system, self.image, self.place = system, image, place

    def __enter__(self):
        self.place.mkdir(exist_ok=True)
        call("mount", "-o", SYSTEMS[self.system][2], self.image, self.place)
        return self.place

    def __exit__(self, *_):
        call("umount", self.place)


def new_disk(system, top, base):
    megabytes, make, _ = SYSTEMS[system]
    image = top / "disk"
    image.unlink(missing_ok=True)
    with open(image, "wb") as file:
        file.truncate(megabytes << 20)
    call(*make, image)
    disk = Disk(system, image, top / "mounted")
    with disk as place:
        shutil.copytree(base, place / "work")
    return disk


def works(system):
    if os.geteuid() != 0 or not shutil.which(SYSTEMS[system][1][0]):
        return False
    with tempfile.TemporaryDirectory(prefix="deepmirgene-loop-") as name:
        top = pathlib.Path(name)
        (top / "nothing").mkdir()
        try:
            with new_disk(system, top, top / "nothing"):
                return True
        except subprocess.CalledProcessError:
            return False


def cut(campaign, top, disk, delay):
    """Runs the command and cuts the power after so many seconds: the copy, and whether it was done."""
    with disk as place:
        run = subprocess.Popen(campaign.words, cwd=place / "work", stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            pass
        done = run.poll() == 0
        if run.poll() is None:
            run.send_signal(signal.SIGSTOP)
        copy = top / "cut"
        call("cp", "--sparse=always", disk.image, copy)
        run.kill()
        run.wait()
    return Disk(disk.system, copy, top / "copy"), done


def faults(campaign, folder, done):
    """What is wrong with a folder after the cut, and after the command was resumed there."""
    names = [name for name in ("out", "h.tsv") if (campaign.expected / name).is_file()]
    there = [name for name in names if (folder / name).exists()]
    right = {name: (campaign.expected / name).read_bytes() for name in names}
    found = []
    if "out" in there and (folder / "out").read_bytes() != right["out"]:
        found.append("the output is not whole")
    if done and "out" in names and "out" not in there:
        found.append("the output was finished, and is missing")
    run = subprocess.run([*campaign.words, "--resume"], cwd=folder, capture_output=True, text=True)
    if run.returncode != 0:
        return found + [f"it cannot be resumed: {run.stderr}"]
    return found + campaign.differences(folder)


def test(campaign, system, cuts, chance):
    top = campaign.base.parent
    found, finished = [], 0
    for number in range(cuts):
        disk = new_disk(system, top, campaign.base)
        late = number % 5 == 4
        delay = 1000 if late else chance.uniform(0, campaign.seconds)
        copy, done = cut(campaign, top, disk, delay)
        finished += done
        with copy as place:
            found += [f"cut {number}: {what}"
                      for what in faults(campaign, place / "work", done)]
    return finished, found


def main():
    words, options = tap.arguments()
    program = str(pathlib.Path(words[0]).resolve())
    cuts, seed = int(options.get("cuts", 20)), int(options.get("seed", time.time()))
    system = options.get("fs", "ext4")
    if not works(system):
        return tap.skip(f"no loop devices with {system} for this user")
    print(f"# seed {seed}")

    def test_command(name, base):
        campaign = kill.Campaign(program, name, base)
        finished, found = test(campaign, system, cuts, random.Random(f"{seed} {name}"))
        return f"{cuts} cuts, {finished} of them after the end", found

    return tap.run("loop", words[1:] or list(kill.COMMANDS), kill.prepare, test_command)


if __name__ == "__main__":
    sys.exit(main())
