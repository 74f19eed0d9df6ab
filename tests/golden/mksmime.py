#!/usr/bin/env python3
"""Makes the S/MIME certificates and messages of the golden tests anew, with openssl alone.

usage: mksmime.py keys     new throw-away certificates into tests/messages/keys/smime
       mksmime.py mails    the messages of tests/messages/smime out of these

The certificates are valid for as long as their names say; the mails are dated
May 2025, whatever clock they are made by. Neither command touches an expectation:
those are written by hand. With new keys all mails must be made anew.
"""
import base64
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = os.path.join(HERE, "..", "messages", "keys", "smime")
MAILS = os.path.join(HERE, "..", "messages", "smime")
IPA, WINDOW = "vuln-contact@ipa.go.jp", "security@example.co.jp"
IPA_KEY = "D27D45A99BB3488B24B28DF7CAC794949EF26857"
WINDOW_KEY = "EC2DA285CC1D45FB96D3239C25C7687BDB39FB4A"
LONG = ("20240101000000Z", "20540101000000Z")
LEAF = "critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n"
CA = "critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"


def raw_name(name):
    """An alternative name whose bytes no tool would write: [1] IA5String."""
    inner = bytes([0x81, len(name)]) + name
    return "DER:" + (bytes([0x30, len(inner)]) + inner).hex(":")


# name: issuer (None: itself), validity, subject, alternative names
CERTIFICATES = {
    "root": (None, LONG, "/CN=TEST KEY Root of the golden messages", None),
    "other-root": (None, LONG, "/CN=TEST KEY Root that no conf names", None),
    "middle": ("root", LONG, "/CN=TEST KEY Issuer below the root", None),
    "ipa": ("root", LONG, "/CN=TEST KEY vuln contact", "email:" + IPA),
    "ipa-middle": ("middle", LONG, "/CN=TEST KEY vuln contact", "email:" + IPA),
    "ipa-expired": ("root", ("20230101000000Z", "20241231000000Z"), "/CN=TEST KEY", "email:" + IPA),
    "ipa-early": ("root", ("20250601000000Z", LONG[1]), "/CN=TEST KEY", "email:" + IPA),
    "ipa-other-root": ("other-root", LONG, "/CN=TEST KEY", "email:" + IPA),
    "ipa-colleague": ("root", LONG, "/CN=TEST KEY", "email:yamada@ipa.go.jp"),
    "ipa-subject": ("root", LONG, "/CN=TEST KEY/emailAddress=" + IPA, None),
    "ipa-cn": ("root", LONG, "/CN=" + IPA, None),
    "ipa-of-two": ("root", LONG, "/CN=TEST KEY", "email:ichiro@ipa.go.jp,email:" + IPA),
    "ipa-nul": ("root", LONG, "/CN=TEST KEY",
                raw_name(b"vuln-contact@ipa.go.jp\0@intruder.example")),
    "ipa-nul-closed": ("root", LONG, "/CN=TEST KEY",
                       raw_name(b"vuln-contact@ipa.go.jp>\0@intruder.example")),
    "ipa-below-colleague": ("ipa-colleague", LONG, "/CN=TEST KEY", "email:" + IPA),
    "jpcert": ("root", LONG, "/CN=TEST KEY", "email:vultures@jpcert.or.jp"),
    "alike": ("root", LONG, "/CN=TEST KEY", "email:vuln-contact@ipaa.go.jp"),
    "finder": ("root", LONG, "/CN=TEST KEY", "email:hana@finder.example"),
}
AUTHORITIES = ("root", "other-root", "middle")

CONTACT = """例示株式会社 ウェブサイトご担当者様

突然のご連絡失礼いたします。独立行政法人 情報処理推進機構(IPA)
セキュリティセンターの試験と申します。

IPA では経済産業省告示に従い、ウェブページのセキュリティ上の問題点の届出を
受けつけ、ウェブページの管理者の方へご連絡する業務をおこなっています。

対象のURL: https://www.example.co.jp/
取扱い番号: %s

詳しい内容は、どちらにお送りすればよろしいでしょうか。

--
IPA(独立行政法人 情報処理推進機構) セキュリティセンター
"""


def openssl(*args, data=None):
    done = subprocess.run(("openssl",) + args, input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit("openssl %s: %s" % (" ".join(args), done.stderr.decode()))
    return done.stdout


def key(name, kind="pem"):
    return os.path.join(KEYS, "%s.%s" % (name, kind))


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def make_certificate(name, folder):
    issuer, (begin, end), subject, names = CERTIFICATES[name]
    signer = issuer or name
    conf = os.path.join(folder, "ca.conf")
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key(name, "key"))
    openssl("req", "-new", "-key", key(name, "key"), "-subj", subject, "-out", folder + "/request",
            "-config", "/dev/null")
    lines = "basicConstraints=" + (CA if name in AUTHORITIES else LEAF)
    if names:
        lines += "subjectAltName=%s\n" % names
    write(conf, ("[ca]\ndefault_ca=one\n[one]\nnew_certs_dir=%s\ndatabase=%s/index\nrand_serial=yes\n"
                 "default_md=sha256\npolicy=any\nunique_subject=no\nemail_in_dn=yes\n[any]\ncommonName=supplied\n"
                 "emailAddress=optional\n[ext]\n%s" % (folder, folder, lines)).encode())
    open(folder + "/index", "w").close()
    own = ("-selfsign",) if issuer is None else ("-cert", key(signer))
    openssl("ca", "-batch", "-notext", "-config", conf, "-extensions", "ext", "-in", folder + "/request",
            "-keyfile", key(signer, "key"), "-startdate", begin, "-enddate", end, "-out", key(name), *own)


def make_keys():
    with tempfile.TemporaryDirectory() as folder:
        for name in CERTIFICATES:
            make_certificate(name, folder)
    write(os.path.join(KEYS, "roots.pem"), b"The root that golden.conf.in names\n" + read(key("root")))


def base64_lines(data):
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def text_part(text, kind="text/plain; charset=utf-8"):
    return (b"Content-Type: " + kind.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
            base64_lines(text.replace("\n", "\r\n").encode()))


def sign(entity, *names, opaque=False, more=(), extra=()):
    with tempfile.TemporaryDirectory() as folder:
        args = ["cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-in", folder + "/text"]
        args += list(extra) + (["-nodetach"] if opaque else [])
        write(folder + "/text", entity)
        for name in names:
            args += ["-signer", key(name), "-inkey", key(name, "key")]
        if more:
            write(folder + "/more", b"".join(one if isinstance(one, bytes) else read(key(one)) for one in more))
            args += ["-certfile", folder + "/more"]
        return openssl(*args)


def strangers(count):
    """So many certificates that nobody asked for, in one PEM text."""
    return [openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                    "/dev/null", "-subj", "/CN=TEST KEY %d" % i, "-days", "9999") for i in range(count)]


def part(kind, data, name):
    return (b"Content-Type: " + kind.encode() + b"; name=" + name.encode() +
            b"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=" +
            name.encode() + b"\r\n\r\n" + base64_lines(data))


def multipart(kind, parts, mark, params=""):
    lines = b"".join(b"--" + mark.encode() + b"\r\n" + one + b"\r\n" for one in parts)
    return (b"Content-Type: multipart/%s; boundary=\"%s\"%s\r\n\r\n%s--%s--\r\n" %
            (kind.encode(), mark.encode(), params.encode(), lines, mark.encode()))


def detached(entity, *names, mark="=_signed", **how):
    signature = part("application/pkcs7-signature", sign(entity, *names, **how), "smime.p7s")
    return multipart("signed", [entity, signature], mark,
                     '; micalg=sha-256; protocol="application/pkcs7-signature"')


def opaque(entity, *names, kind="application/pkcs7-mime; smime-type=signed-data", **how):
    return part(kind, sign(entity, *names, opaque=True, **how), "smime.p7m")


def element(tag, *inside):
    """One element of DER."""
    data = b"".join(inside)
    size = len(data).to_bytes(4, "big").lstrip(b"\0") or b"\0"
    return bytes([tag]) + (bytes([0x80 | len(size)]) if len(data) > 127 else b"") + size + data


def endless(bits):
    """A signature by nobody, by a key of that many bits whose exponent is as long: to be raised to it takes long."""
    number = element(2, b"\x6d" * (bits // 8))
    oid = {name: element(6, bytes.fromhex(digits)) for name, digits in (
        ("rsa", "2a864886f70d010101"), ("rsa-sha256", "2a864886f70d01010b"), ("sha256", "608648016503040201"),
        ("name", "550403"), ("data", "2a864886f70d010701"), ("signed", "2a864886f70d010702"))}
    name = element(0x30, element(0x31, element(0x30, oid["name"], element(0x0c, b"TEST KEY"))))
    key = element(0x30, element(0x30, oid["rsa"]), element(3, b"\0", element(0x30, number, number)))
    dates = element(0x30, element(0x17, b"240101000000Z"), element(0x17, b"490101000000Z"))
    serial, kind = element(2, b"\x07"), element(0x30, oid["rsa-sha256"])
    signature = b"\x55" * (bits // 8)
    certificate = element(0x30, element(0x30, serial, kind, name, dates, name, key), kind,
                          element(3, b"\0", signature))
    sha256 = element(0x30, oid["sha256"])
    signer = element(0x30, element(2, b"\1"), element(0x30, name, serial), sha256, element(0x30, oid["rsa"]),
                     element(4, signature))
    data = element(0x30, element(2, b"\1"), element(0x31, sha256), element(0x30, oid["data"]),
                   element(0xa0, certificate), element(0x31, signer))
    return element(0x30, oid["signed"], element(0xa0, data))


def seal(home, entity, signed):
    """A PGP/MIME ciphertext to the window, signed by IPA's pinned key or by nobody."""
    args = ["gpg", "--homedir", home, "--batch", "--quiet", "--trust-model", "always", "--armor", "--pinentry-mode",
            "loopback", "--passphrase", "", "--faked-system-time", "20250520T005000!", "-r", WINDOW_KEY, "-e"]
    args += ["-u", IPA_KEY, "-s"] if signed else []
    armour = subprocess.run(args, input=entity, stdout=subprocess.PIPE, check=True).stdout.replace(b"\n", b"\r\n")
    return multipart("encrypted", [b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
                                   b"Content-Type: application/octet-stream\r\n\r\n" + armour],
                     "=_sealed", '; protocol="application/pgp-encrypted"')


def wrapped(entity, parameter="; forwarded=no", sender=IPA):
    """The mail itself as RFC 8551 3.1 wraps it, or one that is sent on."""
    head = "Content-Type: message/rfc822%s\r\n\r\nFrom: %s\r\nTo: %s\r\nSubject: IPA#25052000\r\n" % (
        parameter, sender, WINDOW)
    head += "Date: Tue, 20 May 2025 09:55:00 +0900\r\nMessage-ID: <wrapped.smime@%s>\r\nMIME-Version: 1.0\r\n" % (
        sender.split("@")[-1])
    return head.encode() + entity


def mail(name, entity, sender=IPA, subject="IPA#%08d", number=0, results=None, bare=False):
    head = "Authentication-Results: mx.example.co.jp; %s\r\n" % results if results else ""
    head += "From: %s\r\nTo: %s\r\nSubject: %s\r\n" % (sender, WINDOW, subject % number if "%" in subject else subject)
    head += "Date: Tue, 20 May 2025 09:55:00 +0900\r\nMessage-ID: <%s.smime@%s>\r\nMIME-Version: 1.0\r\n" % (
        name, sender.rstrip(">").split("@")[-1])
    data = head.encode() + entity
    write(os.path.join(MAILS, name + ".eml"), data.replace(b"\r\n", b"\n") if bare else data)


def make_mails():
    number = 25052000
    passed = "dmarc=pass header.from=ipa.go.jp"

    def contact(of=None):
        return text_part(CONTACT % ("IPA#%d" % (of or number)))

    def one(name, entity, **how):
        mail(name, entity, number=number, **how)

    one("good", detached(contact(), "ipa"))
    one("good-though-dmarc-fails", detached(contact(), "ipa"), results="dmarc=fail header.from=ipa.go.jp")
    one("good-opaque", opaque(contact(), "ipa"))
    one("good-opaque-of-no-type", opaque(contact(), "ipa", kind="application/octet-stream"))
    one("good-opaque-called-encrypted",
        opaque(contact(), "ipa", kind="application/pkcs7-mime; smime-type=enveloped-data"))
    one("good-opaque-in-pieces", opaque(contact(), "ipa", extra=("-stream",)))
    one("good-old-type", detached(contact(), "ipa").replace(b"application/pkcs7", b"application/x-pkcs7"))
    one("good-bare-line-ends", detached(contact(), "ipa"), bare=True)
    one("good-chain", detached(contact(), "ipa-middle", more=("middle",)))
    one("good-address-in-subject", detached(contact(), "ipa-subject"))
    one("good-of-two-addresses", detached(contact(), "ipa-of-two"))
    one("good-without-attributes", detached(contact(), "ipa", extra=("-noattr",)))
    one("good-two-signers", detached(contact(), "ipa-colleague", "ipa"))
    one("good-jpcert", detached(text_part("JPCERT/CC です。JPCERT#%d の件でご連絡します。\n" % number), "jpcert"),
        sender="vultures@jpcert.or.jp", subject="JPCERT#%d")
    one("number-outside", detached(text_part(CONTACT.replace("取扱い番号: %s\n", "")), "ipa"))
    one("footer-by-a-list", multipart("mixed", [detached(contact(), "ipa"),
        text_part("This mail came by a list. IPA#99999999\n")], "=_list"))

    one("wrapped", detached(wrapped(contact()), "ipa"), subject="...")
    one("wrapped-opaque", opaque(wrapped(contact()), "ipa"), subject="...")
    one("wrapped-not-said", detached(wrapped(contact(), ""), "ipa"), subject="...")
    one("wrapped-other-root", detached(wrapped(contact()), "ipa-other-root"), subject="...", results=passed)
    one("sent-on-by-the-signer", detached(wrapped(contact(), "; forwarded=yes"), "ipa"))
    one("sent-on-not-said", detached(wrapped(contact(), "", "hana@finder.example"), "ipa"))

    one("colleague", detached(contact(), "ipa-colleague"))
    one("colleague-passed", detached(contact(), "ipa-colleague"), results=passed)
    one("address-elsewhere", detached(contact(), "finder"))
    one("jpcert-as-ipa", detached(contact(), "jpcert"), results=passed)
    one("cn-only", detached(contact(), "ipa-cn"))
    one("nul", detached(contact(), "ipa-nul"))
    one("nul-closed", detached(contact(), "ipa-nul-closed"))
    one("by-no-authority", detached(contact(), "ipa-below-colleague", more=("ipa-colleague",)))
    one("other-root", detached(contact(), "ipa-other-root"))
    one("other-root-brought-along", detached(contact(), "ipa-other-root", more=("other-root",)), results=passed)
    one("missing-chain", detached(contact(), "ipa-middle"))
    one("no-certificate", detached(contact(), "ipa", extra=("-nocerts",)), results=passed)
    one("expired", detached(contact(), "ipa-expired"))
    one("not-yet-valid", detached(contact(), "ipa-early"), results=passed)
    one("weak-hash", detached(contact(), "ipa", extra=("-md", "sha1")))

    tampered = detached(contact(), "ipa")
    one("tampered", tampered.replace(contact(), contact(11112222)), results=passed)
    good = sign(contact(), "ipa", opaque=True)
    one("tampered-opaque", part("application/pkcs7-mime; smime-type=signed-data",
                                good.replace(contact(), contact(11112222)), "smime.p7m"), results=passed)
    one("tampered-by-a-stranger",
        detached(text_part("Hello, see below.\n"), "finder").replace(
            text_part("Hello, see below.\n"), text_part("Hello, look below.\n")),
        sender="hana@finder.example", subject="A greeting")
    one("good-and-broken", detached(contact(), "ipa").replace(b"MII", b"MIJ", 1), results=passed)

    one("endless-key", multipart("signed", [contact(), part("application/pkcs7-signature", endless(32768),
        "smime.p7s")], "=_signed", '; micalg=sha-256; protocol="application/pkcs7-signature"'), results=passed)
    one("many-certificates", detached(contact(), "ipa", more=strangers(40)), results=passed)
    one("alike-of-its-own", detached(contact(), "alike"), sender="vuln-contact@ipaa.go.jp",
        results="dmarc=pass header.from=ipaa.go.jp")
    one("alike-name", detached(contact(), "finder"), sender="IPA <hana@finder.example>")
    one("sent-on", detached(contact(), "ipa"), sender="hana@finder.example")
    one("two-senders", detached(contact(), "ipa"), sender="vuln-contact@ipa.go.jp, hana@finder.example")

    with tempfile.TemporaryDirectory() as home:
        for file in ("secret/ipa.asc", "desk.asc"):
            subprocess.run(["gpg", "--homedir", home, "--batch", "--quiet", "--import",
                            os.path.join(KEYS, "..", file)], check=True)
        one("inside-openpgp", seal(home, detached(contact(), "ipa"), False), subject="...")
        one("tampered-inside-openpgp", seal(home, detached(contact(), "ipa").replace(contact(), contact(11112222)),
                                            False), subject="...")
        one("round-openpgp", detached(seal(home, contact(), False), "ipa"), subject="...")
        one("round-openpgp-by-colleague", detached(seal(home, contact(), False), "ipa-colleague"), subject="...")
        one("broken-round-pinned", detached(seal(home, contact(), True), "ipa").replace(
            b"Version: 1\r\n", b"Version: 1\r\n\r\n"), subject="...")
        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        write(folder + "/text", contact())
        write(folder + "/certs.pem", read(key("ipa")) + read(key("root")))
        for name, extra in (("enveloped", ()), ("enveloped-gcm", ("-aes-256-gcm",))):
            sealed = openssl("cms", "-encrypt", "-binary", "-outform", "DER", *extra, "-in", folder + "/text",
                             key("ipa"))
            kind = "authEnveloped-data" if extra else "enveloped-data"
            one(name, part("application/pkcs7-mime; smime-type=" + kind, sealed, "smime.p7m"), results=passed)
            if not extra:
                one("enveloped-called-signed",
                    part("application/pkcs7-mime; smime-type=signed-data", sealed, "smime.p7m"), results=passed)
                one("signed-round-enveloped", detached(
                    part("application/pkcs7-mime; smime-type=enveloped-data", sealed, "smime.p7m"), "ipa"))
        only = openssl("crl2pkcs7", "-nocrl", "-certfile", folder + "/certs.pem", "-outform", "DER")
    one("certificates-only", multipart("mixed", [text_part("IPA です。証明書をお送りします。IPA#%d\n" % number),
        part("application/pkcs7-mime; smime-type=certs-only", only, "smime.p7c")], "=_mixed"), results=passed)
    one("certificates-called-signed", multipart("mixed", [
        text_part("IPA です。証明書をお送りします。IPA#%d\n" % number),
        part("application/pkcs7-mime; smime-type=signed-data", only, "smime.p7m")], "=_mixed"), results=passed)
    one("signature-beside", multipart("mixed", [contact(), part(
        "application/pkcs7-signature", sign(contact(), "ipa"), "smime.p7s")], "=_mixed"), results=passed)
    for name in ("no-roots", "no-roots-opaque", "no-roots-tampered", "no-roots-wrapped"):
        entity = opaque(contact(), "ipa") if "opaque" in name else detached(
            wrapped(contact()) if "wrapped" in name else contact(), "ipa")
        if "tampered" in name:
            entity = entity.replace(contact(), contact(11112222))
        one(name, entity, results=passed)


if sys.argv[1:] == ["keys"]:
    make_keys()
elif sys.argv[1:] == ["mails"]:
    make_mails()
else:
    sys.exit(__doc__)
