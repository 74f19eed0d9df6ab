#!/usr/bin/env python3
"""The stories' line to the mail servers: free ports, SMTP, IMAP, Maildir, bearer tokens.

Only loopback is ever spoken to. A mail's bytes go as they stand in the file, with CRLF line ends.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import email.utils
import hashlib
import hmac
import imaplib
import json
import os
import random
import re
import smtplib
import socket
import sys
import time

HOST = "127.0.0.1"


def crlf(data):
    return re.sub(rb"\r\n|\r(?!\n)|\n", b"\r\n", data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def ports(count):
    """A row of ports that can be bound, below the range that outgoing connections are given."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        top = min(int(file.read().split()[0]), 32000)
    for _ in range(200):
        base = random.SystemRandom().randrange(10240 // count, top // count) * count
        row = range(base, base + count)
        if all(can_bind(port) for port in row):
            return " ".join(str(port) for port in row)
    sys.exit("no free ports")


def can_bind(port):
    with socket.socket() as sock:
        try:
            sock.bind((HOST, port))
            return True
        except OSError:
            return False


def sender_of(data):
    header = data.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    found = re.search(rb"(?im)^from:(.*(?:\n[ \t].*)*)", header)
    text = found.group(1).decode("ascii", "replace") if found else ""
    return email.utils.parseaddr(text.replace("\n", ""))[1] or "stranger@example.net"


def send(port, path, rcpt, sender):
    data = read(path)
    sender = "" if sender == "<>" else sender or sender_of(data)
    with smtplib.SMTP(HOST, int(port), timeout=30) as smtp:
        smtp.ehlo()
        smtp.sendmail(sender, rcpt.split(","), crlf(data), mail_options=["BODY=8BITMIME"])


def many(folder, count, path, uid, gid):
    data = crlf(read(path)).replace(b"\r\n", b"\n")
    stamp = "%d.%d" % (time.time(), random.SystemRandom().randrange(10**9))
    for number in range(1, int(count) + 1):
        name = "%s.%08d.story" % (stamp, number)
        fresh = b"Message-ID: <%s@many.example.jp>" % name.encode()
        copy = re.sub(rb"(?im)^Message-ID:.*$", fresh, data, count=1)
        with open(os.path.join(folder, "tmp", name), "wb") as file:
            file.write(copy.replace(b"@N@", b"%08d" % number))
        os.chown(file.name, int(uid), int(gid))
        os.rename(file.name, os.path.join(folder, "new", name))


def password_of(users, name):
    with open(users, encoding="ascii") as file:
        for line in file:
            if line.startswith(name + ":"):
                return line.split("{PLAIN}")[1].split(":")[0]
    sys.exit("no such user: " + name)


def folder_name(name):
    """A mailbox name in modified UTF-7 (RFC 3501 section 5.1.3), quoted."""
    def shift(match):
        code = base64.b64encode(match.group().encode("utf-16be")).rstrip(b"=").decode()
        return "&" + code.replace("/", ",") + "-"
    text = re.sub(r"[^ -~]+", shift, name.replace("&", "&-"))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def imap(port, users, user, verb, *args):
    box = imaplib.IMAP4(HOST, int(port), timeout=60)
    box.login(user, password_of(users, user))
    folder = folder_name(args[0]) if args else ""
    if verb == "append":
        seconds = float(args[2]) if len(args) > 2 and args[2] else time.time()
        must(box.append(folder, None, imaplib.Time2Internaldate(seconds), crlf(read(args[1]))))
    elif verb in ("create", "delete"):
        must(getattr(box, verb)(folder))
    elif verb == "rename":
        must(box.rename(folder, folder_name(args[1])))
    elif verb in ("empty", "flags", "date") and box.select(folder)[1] == [b"0"]:
        pass
    elif verb == "empty":
        must(box.store("1:*", "+FLAGS.SILENT", r"(\Deleted)"))
        must(box.expunge())
    elif verb in ("flags", "date"):
        must(box.select(folder, readonly=True))
        for line in must(box.fetch("1:*", "(UID FLAGS INTERNALDATE)")):
            if line:
                print(wanted(verb, line.decode("ascii")))
    elif verb == "folders":
        for line in must(box.list()):
            print(line.decode("ascii").split(' "/" ', 1)[1])
    else:
        sys.exit("no such verb: " + verb)
    box.logout()


def wanted(verb, line):
    if verb == "flags":
        return re.search(r"FLAGS \((.*?)\)", line).group(1)
    return re.search(r'INTERNALDATE "(.*?)"', line).group(1)


def must(answer):
    if answer[0] != "OK":
        sys.exit("IMAP: " + repr(answer))
    return answer[1]


def token(secret, user, seconds):
    """A JSON web token (RFC 7519), HS256, for Dovecot's local validation."""
    now = int(time.time())
    head = {"alg": "HS256", "typ": "JWT", "kid": "default"}
    body = {"sub": user, "iat": min(now, now + int(seconds)) - 10, "exp": now + int(seconds)}
    text = b".".join(url64(json.dumps(part).encode()) for part in (head, body))
    mac = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    print((text + b"." + url64(mac)).decode())


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


if __name__ == "__main__":
    verb, rest = sys.argv[1], sys.argv[2:]
    if verb == "ports":
        print(ports(int(rest[0])))
    else:
        {"send": send, "many": many, "imap": imap, "token": token}[verb](*rest)
