#!/usr/bin/env python3
"""Makes one mail of a story and writes it, with CRLF line ends, to standard output.

The bytes are put together by hand where a test may care for them (charset, transfer encoding, what
a signature covers). Plaintext goes to gpg by a pipe, never to a file.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import base64
import datetime
import email.header
import email.utils
import os
import quopri
import re
import subprocess
import sys

JST = datetime.timezone(datetime.timedelta(hours=9))
CHARSETS = {"iso-2022-jp": "iso2022_jp", "shift_jis": "cp932", "euc-jp": "euc_jp"}
USUAL_CTE = {"us-ascii": "7bit", "iso-2022-jp": "7bit", "utf-8": "base64"}


def options():
    p = argparse.ArgumentParser()
    p.add_argument("--template", help="a file: Subject line, empty line, text; @WORDS@ filled in")
    p.add_argument("--from", dest="sender", default="stranger@example.net")
    p.add_argument("--to", default="security@example.co.jp")
    p.add_argument("--cc")
    p.add_argument("--subject")
    p.add_argument("--body", help="the text itself")
    p.add_argument("--body-file")
    p.add_argument("--html", help="an HTML twin of the text (multipart/alternative)")
    p.add_argument("--charset", default="utf-8")
    p.add_argument("--cte", help="7bit, 8bit, base64, quoted-printable")
    p.add_argument("--number", default="", help="digits, or the number as it shall be spelled")
    p.add_argument("--site", default="https://www.example.co.jp/")
    p.add_argument("--mark", default="", help="a word; puts MARK-...-WORD into the mail")
    p.add_argument("--message-id")
    p.add_argument("--in-reply-to")
    p.add_argument("--references")
    p.add_argument("--date", help="as it shall stand, or -N days|hours|minutes")
    p.add_argument("--header", action="append", default=[], help="'Name: value', put on top")
    p.add_argument("--drop-header", action="append", default=[])
    p.add_argument("--auth-results", default="")
    p.add_argument("--attach", action="append", default=[], help="FILE[:TYPE[:NAME]]")
    p.add_argument("--attach-mark", action="store_true", help="a file MARK-NAME-WORD.txt")
    p.add_argument("--sign-with", help="HOME:FPR")
    p.add_argument("--encrypt-to", action="append", default=[], help="FPR in the signer's keyring")
    p.add_argument("--gpg-home", help="the keyring, where nothing is signed")
    p.add_argument("--gpg-option", action="append", default=[])
    p.add_argument("--smime-sign", help="CERT:KEY; multipart/signed by S/MIME instead of OpenPGP")
    p.add_argument("--inline", action="store_true", help="armor in the text instead of PGP/MIME")
    p.add_argument("--protected", default="hp", choices=("hp", "v1", "none"))
    p.add_argument("--outer-subject", default="...")
    p.add_argument("--mangle", choices=("exchange", "footer", "attached"),
                   help="what a server or a hand makes of a sealed mail")
    p.add_argument("--tamper", action="store_true", help="one letter changed after signing")
    return p.parse_args()


def fill(text, opt):
    """Puts the values in; a line that needs a number or a mark that is not given goes away."""
    number = "IPA#" + opt.number if re.fullmatch(r"[0-9]+", opt.number) else opt.number
    text = re.sub(r"【@NUMBER@】 ?", "【%s】 " % number if number else "", text)
    values = {"@NUMBER@": number, "@MARK@": opt.mark, "@SITE@": opt.site,
              "@URL@": opt.site + (opt.mark and "MARK-URL-%s?id=1" % opt.mark or "search?q=1")}
    for word, value in values.items():
        if value:
            text = text.replace(word, value)
        else:
            text = re.sub(r"(?m)^.*%s.*\n?" % word, "", text)
    return text


def wording(opt):
    """Subject and text, marked."""
    subject, text = "", ""
    if opt.template:
        with open(opt.template, encoding="utf-8") as file:
            head, text = fill(file.read(), opt).split("\n\n", 1)
        subject = head.removeprefix("Subject:").strip()
    if opt.body_file:
        with open(opt.body_file, encoding="utf-8") as file:
            text = fill(file.read(), opt)
    if opt.body is not None:
        text = fill(opt.body, opt)
    if opt.subject is not None:
        subject = fill(opt.subject, opt)
    if opt.mark:
        subject += " MARK-SUBJ-" + opt.mark
        text = text.rstrip("\n") + "\n\nMARK-BODY-%s\n" % opt.mark
        if "MARK-URL-" not in text:
            text += opt.site + "MARK-URL-%s?id=1\n" % opt.mark
    return subject, text


def encode(text, charset):
    return text.encode(CHARSETS.get(charset.lower(), charset))


def words(text, charset, name):
    """RFC 2047, or the text itself if it is ASCII."""
    if text.isascii():
        return text
    codec = CHARSETS.get(charset.lower(), charset)
    head = email.header.Header(text, codec, header_name=name, maxlinelen=76)
    return head.encode(linesep="\r\n").replace("=?" + codec + "?", "=?" + charset + "?")


def mailbox(text, charset, name):
    shown, address = email.utils.parseaddr(text)
    if not shown or shown.isascii():
        return text
    return words(shown, charset, name) + " <" + address + ">"


def lines(data):
    return re.sub(rb"\r?\n", b"\r\n", data)


def body_part(data, kind, cte, extra=""):
    """An entity: its header fields and its encoded bytes."""
    if cte == "base64":
        data = lines(base64.encodebytes(data))
    elif cte == "quoted-printable":
        data = lines(quopri.encodestring(data))
    head = "Content-Type: %s\r\nContent-Transfer-Encoding: %s\r\n%s" % (kind, cte, extra)
    return head.encode() + b"\r\n" + data


def text_part(text, opt, kind="text/plain"):
    charset = opt.charset
    cte = opt.cte or USUAL_CTE.get(charset.lower(), "8bit")
    if (opt.sign_with or opt.smime_sign) and cte == "8bit":
        cte = "quoted-printable"
    data = lines(encode(text, charset))
    return body_part(data, '%s; charset="%s"' % (kind, charset), cte)


def attachment(spec):
    path, kind, name = (spec.split(":") + ["", ""])[:3]
    with open(path, "rb") as file:
        data = file.read()
    return file_part(data, kind or "application/octet-stream", name or os.path.basename(path))


def file_part(data, kind, name):
    encoded = email.utils.encode_rfc2231(name, "utf-8") if not name.isascii() else ""
    how = "filename*=" + encoded if encoded else 'filename="%s"' % name
    return body_part(data, kind, "base64", "Content-Disposition: attachment; %s\r\n" % how)


def multipart(kind, parts, params=""):
    mark = "=_" + os.urandom(9).hex()
    head = 'Content-Type: multipart/%s; boundary="%s"%s\r\n' % (kind, mark, params)
    out = head.encode() + b"\r\n"
    for part in parts:
        out += b"--" + mark.encode() + b"\r\n" + part + b"\r\n"
    return out + b"--" + mark.encode() + b"--\r\n"


def content(text, opt):
    """The mail without its fields: text, HTML twin, attachments."""
    entity = text_part(text, opt)
    if opt.html:
        twin = text_part(fill(opt.html, opt), opt, "text/html")
        entity = multipart("alternative", [entity, twin])
    parts = [attachment(spec) for spec in opt.attach]
    if opt.attach_mark:
        name = "MARK-NAME-%s.txt" % opt.mark
        parts.append(file_part(b"MARK-ATT-%s\r\n" % opt.mark.encode(), "text/plain", name))
    return multipart("mixed", [entity] + parts) if parts else entity


def gpg(opt, args, data):
    home = opt.sign_with.split(":")[0] if opt.sign_with else opt.gpg_home
    run = subprocess.run(["gpg", "--homedir", home, "--batch", "--yes", "--no-tty", "--quiet",
                          "--trust-model", "always", "--digest-algo", "SHA256", *opt.gpg_option,
                          *args], input=data, stdout=subprocess.PIPE, check=True)
    return lines(run.stdout)


def gpg_args(opt):
    args = ["--armor"]
    if opt.sign_with:
        args += ["--local-user", opt.sign_with.split(":")[1]]
    if opt.encrypt_to:
        for key in opt.encrypt_to:
            args += ["--recipient", key]
        args += ["--encrypt"] + (["--sign"] if opt.sign_with else [])
    return args


def inline(text, opt):
    """The old way: the armor is the text. Signed-only is a clear signature."""
    data = lines(encode(text, opt.charset))
    armor = gpg(opt, gpg_args(opt) + ([] if opt.encrypt_to else ["--clearsign"]), data)
    if opt.tamper:
        armor = damage(armor)
    cte = "7bit" if armor.isascii() else "8bit"
    return body_part(armor, 'text/plain; charset="%s"' % opt.charset, cte)


def protect(entity, fields, opt):
    """Copies the fields that matter into the entity (RFC 9788, or the older v1 form)."""
    if opt.protected == "none":
        return entity
    param = b'; protected-headers="v1"'
    if opt.protected == "hp":
        param = b'; hp="cipher"' if opt.encrypt_to else b'; hp="clear"'
    entity = re.sub(rb"(?i)^(Content-Type: [^\r]*)", lambda m: m.group(1) + param, entity, count=1)
    inside = "".join(n + ": " + v + "\r\n" for n, v in fields
                     if n in ("From", "To", "Cc", "Subject", "Date", "Message-ID"))
    if opt.protected == "hp" and opt.encrypt_to:
        inside += "HP-Outer: Subject: " + opt.outer_subject + "\r\n"
    return inside.encode() + entity


def mangled(armor, how):
    """A ciphertext as it comes when it was not left alone on the way, or sealed by hand."""
    empty = body_part(b"\r\n", 'text/plain; charset="us-ascii"', "7bit")
    control = body_part(b"Version: 1\r\n", "application/pgp-encrypted", "base64",
                        'Content-Disposition: attachment; filename="ATT00001"\r\n')
    sealed = file_part(armor, "application/octet-stream", "encrypted.asc")
    if how == "attached":
        return multipart("mixed", [empty, sealed])
    if how == "exchange":
        return multipart("mixed", [empty, control, sealed])
    footer = body_part(b"--\r\nScanned by the gateway.\r\n", 'text/plain; charset="us-ascii"', "7bit")
    return multipart("mixed", [multipart("mixed", [empty, control, sealed]), footer])


def seal(entity, fields, opt):
    """PGP/MIME: signed and encrypted in one pass, or signed alone (RFC 3156)."""
    entity = protect(entity, fields, opt)
    if opt.encrypt_to:
        armor = gpg(opt, gpg_args(opt), entity)
        if opt.tamper:
            armor = damage(armor)
        if opt.mangle:
            return mangled(armor, opt.mangle)
        parts = [b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
                 b"Content-Type: application/octet-stream\r\n\r\n" + armor]
        return multipart("encrypted", parts, '; protocol="application/pgp-encrypted"')
    signature = gpg(opt, gpg_args(opt) + ["--detach-sign"], entity)
    if opt.tamper:
        entity = damage(entity)
    parts = [entity, b"Content-Type: application/pgp-signature\r\n\r\n" + signature]
    return multipart("signed", parts, '; micalg=pgp-sha256; protocol="application/pgp-signature"')


def smime(entity, opt):
    """S/MIME, a detached signature (RFC 8551 section 3.5.3)."""
    cert, key = opt.smime_sign.split(":")
    run = subprocess.run(["openssl", "cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER",
                          "-signer", cert, "-inkey", key],
                         input=entity, stdout=subprocess.PIPE, check=True)
    kind = "application/pkcs7-signature; name=smime.p7s"
    parts = [damage(entity) if opt.tamper else entity, body_part(run.stdout, kind, "base64")]
    return multipart("signed", parts, '; micalg=sha-256; protocol="application/pkcs7-signature"')


def damage(data):
    """Another letter in the middle of the armor's or the text's longest line."""
    longest = max(data.split(b"\r\n"), key=len)
    where = data.index(longest) + len(longest) // 2
    other = b"A" if data[where:where + 1] != b"A" else b"B"
    return data[:where] + other + data[where + 1:]


def when(opt):
    found = re.fullmatch(r"-(\d+) (days|hours|minutes)", opt.date or "")
    if opt.date and not found:
        return opt.date
    now = datetime.datetime.now(JST)
    if found:
        now -= datetime.timedelta(**{found.group(2): int(found.group(1))})
    return email.utils.format_datetime(now)


def header_fields(subject, opt):
    domain = email.utils.parseaddr(opt.sender)[1].rpartition("@")[2] or "example.net"
    fields = [("From", mailbox(opt.sender, opt.charset, "From")),
              ("To", mailbox(opt.to, opt.charset, "To")),
              ("Cc", opt.cc),
              ("Subject", words(subject, opt.charset, "Subject")),
              ("Date", when(opt)),
              ("Message-ID", opt.message_id or "<%s@%s>" % (os.urandom(12).hex(), domain)),
              ("In-Reply-To", opt.in_reply_to),
              ("References", opt.references or opt.in_reply_to)]
    dropped = [name.lower() for name in opt.drop_header]
    return [(n, v) for n, v in fields if v and n.lower() not in dropped]


def main():
    opt = options()
    subject, text = wording(opt)
    fields = header_fields(subject, opt)
    pgp = opt.sign_with or opt.encrypt_to
    if pgp and opt.inline:
        entity = inline(text, opt)
    elif pgp:
        entity = seal(content(text, opt), fields, opt)
    else:
        entity = content(text, opt)
    if opt.smime_sign:
        entity = smime(entity, opt)
    if opt.encrypt_to:
        fields = [(n, opt.outer_subject if n == "Subject" else v) for n, v in fields]
    top = ["Authentication-Results: " + opt.auth_results] if opt.auth_results else []
    head = top + opt.header + [n + ": " + v for n, v in fields] + ["MIME-Version: 1.0"]
    out = "".join(line + "\r\n" for line in head).encode() + entity
    sys.stdout.buffer.write(out)


if __name__ == "__main__":
    main()
