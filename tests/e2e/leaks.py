#!/usr/bin/env python3
"""Looks for words that must never lie on disk in clear: leaks.py FOLDER PIDS WORD...

Searches each file below FOLDER (but not FOLDER/srv and FOLDER/own, nor the password files that
the conf names), file names too, and what the processes PIDS hold open after unlinking it. A word
counts as found in any spelling that a careless program would leave: as it is, split by line ends,
base64, hexadecimal, UTF-16, Japanese charsets.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import os
import re
import stat
import sys

KEPT = ("srv", "own", "imap.password", "smtp.password", "pgp.passphrase")
CHARSETS = ("utf-8", "utf-16le", "utf-16be", "iso2022_jp", "cp932", "euc_jp")


def spellings(word):
    """Every byte string that gives the word away, with the name of its spelling."""
    found = {}
    for charset in CHARSETS:
        try:
            data = word.encode(charset)
        except UnicodeEncodeError:
            continue
        found.setdefault(data, charset)
    plain = word.encode()
    found.setdefault(plain.hex().encode(), "hexadecimal")
    found.setdefault(plain.hex().upper().encode(), "hexadecimal")
    for shift in range(3):
        # The first and last characters depend on the neighbours: only the middle is sure.
        code = base64.b64encode(b"\0" * shift + plain)
        start = (8 * shift + 5) // 6
        end = 8 * (shift + len(plain)) // 6
        if end - start >= 8:
            found.setdefault(code[start:end], "base64")
            found.setdefault(code[start:end].translate(bytes.maketrans(b"+/", b"-_")), "base64")
    return found


def files(folder, pids):
    for top, folders, names in os.walk(folder):
        if top == folder:
            folders[:] = [name for name in folders if name not in KEPT]
            names = [name for name in names if name not in KEPT]
        for name in names + folders:
            yield os.path.join(top, name)
    for pid in filter(None, pids.split(",")):
        fds = "/proc/%s/fd" % pid
        try:
            names = os.listdir(fds)
        except OSError:
            continue
        for name in names:
            yield os.path.join(fds, name)


def contents(path):
    """A regular file's bytes; nothing of memory files, sockets and devices."""
    try:
        if path.startswith("/proc/"):
            target = os.readlink(path)
            if not target.endswith(" (deleted)") or target.startswith("/memfd:"):
                return b""
        if not stat.S_ISREG(os.stat(path).st_mode):
            return b""
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def main():
    folder, pids, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    if not words:
        sys.exit("no word to look for")
    needles = {word: spellings(word) for word in words}
    leaks = 0
    for path in files(folder, pids):
        data = os.path.basename(path).encode() + b"\0" + contents(path)
        joined = re.sub(rb"=?\r?\n", b"", data)
        for word, forms in needles.items():
            for form, name in forms.items():
                if form in data or form in joined:
                    print("%s: %s (%s)" % (path, word, name))
                    leaks += 1
    sys.exit(1 if leaks else 0)


if __name__ == "__main__":
    main()
