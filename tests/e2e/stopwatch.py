#!/usr/bin/env python3
"""Sends one mail by SMTP and prints at which instant its final dot was written.

stopwatch.py PORT FILE SENDER RECIPIENT; the instant is in seconds since 1970, with six decimals, as
`stat -c %.6Y` prints the date of a file. Loopback alone is spoken to.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re
import smtplib
import sys
import time


class Stopwatch(smtplib.SMTP):
    """smtplib's own data() does not tell when the message's end went out."""

    dot = 0.0

    def data(self, msg):
        self.putcmd("data")
        code, text = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, text)
        self.send(re.sub(rb"(?m)^\.", b"..", msg) + b".\r\n")
        self.dot = time.time()
        return self.getreply()


def main():
    port, path, sender, recipient = sys.argv[1:]
    with open(path, "rb") as file:
        message = file.read()
    with Stopwatch("127.0.0.1", int(port), timeout=30) as smtp:
        smtp.ehlo()
        smtp.sendmail(sender, recipient, message, mail_options=["BODY=8BITMIME"])
        print("%.6f" % smtp.dot)


if __name__ == "__main__":
    main()
