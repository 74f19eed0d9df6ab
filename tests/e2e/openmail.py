#!/usr/bin/env python3
"""Opens mail that the desk sent, as its receiver would, with GnuPG; strict about RFC 3156.

Plaintext goes to standard output alone, facts to standard error (ENCRYPTED_TO, VALIDSIG).

SPDX-License-Identifier: GPL-3.0-or-later
"""
import email
import email.header
import os
import re
import subprocess
import sys
import tempfile


def read(path):
    with open(path, "rb") as file:
        return re.sub(rb"\r?\n", b"\r\n", file.read())


def bad(why):
    sys.exit("BAD " + why)


def decoded(value):
    text = re.sub(r"\r?\n(?=[ \t])", "", str(value))
    return str(email.header.make_header(email.header.decode_header(text)))


def primary(home, key):
    """The primary key's fingerprint of any key id or fingerprint."""
    run = subprocess.run(["gpg", "--homedir", home, "--batch", "--with-colons",
                          "--list-keys", key],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    found = re.search(rb"^fpr:::::::::([0-9A-F]+):", run.stdout, re.M)
    return found.group(1).decode() if found else None


def gpg(home, args, data):
    run = subprocess.run(["gpg", "--homedir", home, "--batch", "--no-tty", "--status-fd", "2",
                          "--trust-model", "always", *args],
                         input=data, capture_output=True, check=False)
    status = run.stderr.decode("utf-8", "replace")
    for key in re.findall(r"^\[GNUPG:\] ENC_TO (\S+)", status, re.M):
        print("ENCRYPTED_TO", primary(home, key) or key + " unknown", file=sys.stderr)
    for line in re.findall(r"^\[GNUPG:\] VALIDSIG (.*)", status, re.M):
        print("VALIDSIG", line.split()[-1], file=sys.stderr)
    wrong = re.search(r"^\[GNUPG:\] (BADSIG|ERRSIG|EXPKEYSIG|REVKEYSIG|DECRYPTION_FAILED)", status,
                      re.M)
    if run.returncode != 0 or wrong:
        bad(wrong.group(1) if wrong else status)
    return run.stdout


def raw_parts(message, data):
    """The bytes of a multipart's parts as they were sent: a signature covers just these."""
    boundary = re.escape(message.get_boundary().encode())
    body = data.split(b"\r\n\r\n", 1)[1]
    pieces = re.split(rb"(?:^|\r\n)--" + boundary + rb"(?:--)?[ \t]*(?:\r\n|$)", body)
    return pieces[1:-1]


def decrypt(home, message, data):
    parts = message.get_payload()
    if message.get_param("protocol") != "application/pgp-encrypted" or len(parts) != 2:
        bad("not two parts, or another protocol")
    if parts[0].get_content_type() != "application/pgp-encrypted":
        bad("the first part is no application/pgp-encrypted")
    if parts[0].get_payload().strip() != "Version: 1":
        bad("the first part does not say Version: 1")
    if parts[1].get_content_type() != "application/octet-stream":
        bad("the second part is no application/octet-stream")
    return gpg(home, ["--decrypt"], parts[1].get_payload(decode=True))


def verify(home, message, data):
    parts = raw_parts(message, data)
    if message.get_param("protocol") != "application/pgp-signature" or len(parts) != 2:
        bad("not two parts, or another protocol")
    if not re.match(r"pgp-sha(256|384|512)$", message.get_param("micalg") or ""):
        bad("micalg is %r" % message.get_param("micalg"))
    signature = email.message_from_bytes(parts[1])
    if signature.get_content_type() != "application/pgp-signature":
        bad("the second part is no application/pgp-signature")
    with tempfile.NamedTemporaryFile() as file:
        file.write(signature.get_payload(decode=True))
        file.flush()
        gpg(home, ["--verify", file.name, "-"], parts[0])
    return parts[0]


def inner(home, path):
    data = read(path)
    message = email.message_from_bytes(data)
    kind = message.get_content_type()
    if kind == "multipart/encrypted":
        return decrypt(home, message, data)
    if kind == "multipart/signed":
        return verify(home, message, data)
    return bad("neither encrypted nor signed: " + kind)


def show_text(entity):
    message = email.message_from_bytes(entity)
    for name in ("Subject", "From", "To", "Date", "Message-ID"):
        for value in message.get_all(name, []):
            print(name + ": " + decoded(value))
    print()
    for part in message.walk():
        if part.get_content_type() == "text/plain" and not part.get_filename():
            charset = part.get_content_charset("us-ascii")
            print(part.get_payload(decode=True).decode(charset).replace("\r\n", "\n"), end="")
            return
    bad("no text part")


def show_part(entity, kind):
    for part in email.message_from_bytes(entity).walk():
        if part.get_content_type() == kind:
            sys.stdout.buffer.write(part.get_payload(decode=True))
            return
    bad("no part of type " + kind)


def show_brought(entity):
    """What the letter brings along, its last part: header fields, texts, names of files."""
    root = email.message_from_bytes(entity)
    if root.get_content_type() != "multipart/mixed" or len(root.get_payload()) < 2:
        bad("it brings nothing along")
    for part in root.get_payload()[-1].walk():
        print("[%s]" % part.get_content_type())
        for name, value in part.items():
            print(name + ": " + decoded(value))
        if part.get_filename():
            print("File: " + decoded(part.get_filename()))
        if part.get_content_maintype() == "text":
            charset = part.get_content_charset("us-ascii")
            print(part.get_payload(decode=True).decode(charset).replace("\r\n", "\n"))


def client_parts(part):
    """A part as a mail client puts it on the screen: its text, the name of a file, a mail in it."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return ["-" * 72 + "\n" + client_text(part.get_payload(0))]
    if part.is_multipart():
        return [text for each in part.get_payload() for text in client_parts(each)]
    if part.get_filename():
        return ["[%s, %s]\n" % (decoded(part.get_filename()), kind)]
    if kind == "text/plain":
        charset = part.get_content_charset("us-ascii")
        return [part.get_payload(decode=True).decode(charset).replace("\r\n", "\n")]
    return []


def client_text(message):
    names = [(name, value) for name in ("From", "To", "Date", "Subject")
             for value in message.get_all(name, [])]
    head = "".join("%s: %s\n" % (name, decoded(value)) for name, value in names)
    return head + "\n" + "\n".join(client_parts(message))


def header(path, name):
    for value in email.message_from_bytes(read(path)).get_all(name, []):
        print(decoded(value))


def searchable(path):
    """Decoded header fields, and the text parts that are in clear."""
    message = email.message_from_bytes(read(path))
    text = [name + ": " + decoded(value) for name, value in message.items()]
    for part in message.walk():
        if part.get_content_maintype() == "text":
            charset = part.get_content_charset("us-ascii")
            text.append(part.get_payload(decode=True).decode(charset, "replace"))
    return "\n".join(text)


def find(pattern):
    hits = [path for path in sys.stdin.read().split("\n")
            if path and os.path.exists(path) and re.search(pattern, searchable(path), re.M)]
    print("\n".join(hits))
    sys.exit(0 if hits else 1)


if __name__ == "__main__":
    verb, args = sys.argv[1], sys.argv[2:]
    sys.stdout.reconfigure(encoding="utf-8")
    if verb == "find":
        find(args[0])
    elif verb == "header":
        header(*args)
    elif verb == "open":
        sys.stdout.buffer.write(inner(*args))
    elif verb == "text":
        show_text(inner(*args))
    elif verb == "client":
        print(client_text(email.message_from_bytes(inner(*args))), end="")
    elif verb == "brought":
        show_brought(inner(*args))
    else:
        show_part(inner(*args[:2]), args[2])
