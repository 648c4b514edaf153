# SPDX-License-Identifier: MIT
"""What a command changes in its folder, call by call, as strace sees it."""
import re
import shutil
import subprocess

STRACE = shutil.which("strace")
TRACED = ["-f", "--seccomp-bpf", "-qq"]  # stops at the traced calls only
CALLS = "openat,write,pwrite64,fsync,fdatasync,ftruncate,renameat,rename,unlink,unlinkat,close"


def works():
    return STRACE and subprocess.run([STRACE, *TRACED, "-o", "/dev/null", "/bin/true"],
                                     capture_output=True).returncode == 0


def unescape(text):
    return re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), text)


def strings(arguments):
    return [unescape(text).encode("latin-1") for text in re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)]


class Reader:
    """Lines of strace to calls; those outside of the folder are left out."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.files = {}  # fd -> name in the folder

    def local(self, name, place):
        """The name within the folder, of a path that is relative to `place` or absolute."""
        path = name if name.startswith("/") else f"{place or self.folder}/{name}"
        path = path.removeprefix(self.folder + "/")
        return path if "/" not in path else None

    def read(self, line):
        match = re.match(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?:<.*>)?", unescape_paths(line))
        if not match or int(match[3]) < 0:
            return None
        name, arguments, result = match[1], match[2], int(match[3])
        return getattr(self, "read_" + name)(arguments, result)

    def read_openat(self, arguments, fd):
        place = re.match(r"(?:AT_FDCWD|\d+)(?:<(.*?)>)?", arguments)[1]
        path = self.local(strings(arguments)[0].decode(), place)
        writes = re.search(r"O_(RDWR|WRONLY)", arguments)
        self.files.pop(fd, None)
        if not path or path == "." or not writes:
            return None
        self.files[fd] = path
        return {"call": "open", "name": path, "fd": fd, "truncates": "O_TRUNC" in arguments}

    def descriptor(self, arguments):
        return int(re.match(r"\d+", arguments)[0])

    def read_close(self, arguments, _):
        self.files.pop(self.descriptor(arguments), None)

    def read_write(self, arguments, count, at=None):
        fd = self.descriptor(arguments)
        if fd not in self.files:
            return None
        return {"call": "write", "fd": fd, "data": strings(arguments)[0][:count], "at": at}

    def read_pwrite64(self, arguments, count):
        return self.read_write(arguments, count, int(arguments.rsplit(",", 1)[1]))

    def read_ftruncate(self, arguments, _):
        fd = self.descriptor(arguments)
        size = int(arguments.rsplit(",", 1)[1])
        return {"call": "truncate", "fd": fd, "size": size} if fd in self.files else None

    def read_fsync(self, arguments, _):
        fd = self.descriptor(arguments)
        if fd in self.files:
            return {"call": "sync", "fd": fd}
        place = re.match(r"\d+<(.*?)>", arguments)[1].rstrip("/")
        return {"call": "sync-folder"} if place == self.folder else None

    read_fdatasync = read_fsync

    def read_rename(self, arguments, _):
        old, new = (self.local(text.decode(), None) for text in strings(arguments))
        return {"call": "rename", "from": old, "name": new}

    read_renameat = read_rename  # both folders are the one of the test

    def read_unlink(self, arguments, _):
        name = self.local(strings(arguments)[0].decode(), None)
        return {"call": "unlink", "name": name} if name else None

    read_unlinkat = read_unlink


def unescape_paths(line):
    """-xx writes the paths of descriptors in hexadecimal too."""
    return re.sub(r"<((?:\\x[0-9a-f]{2})+)>", lambda match: f"<{unescape(match[1])}>", line)


def trace(words, folder):
    """Runs the command in the folder: its calls there, and the folder."""
    log = folder.parent / (folder.name + ".log")
    done = subprocess.run([STRACE, "-f", "-qq", "-y", "-xx", "-s", "4000000", "-o", log,
                           "-e", f"trace={CALLS}", *words], cwd=folder, capture_output=True,
                          text=True)
    if done.returncode != 0:
        raise SystemExit(f"{words}: {done.stderr}")
    reader = Reader(folder)
    calls = [reader.read(line) for line in log.read_text().splitlines()]
    return [call for call in calls if call], folder
