#!/usr/bin/env python3
"""Checks an evidence export of an audit trail. Needs Python 3.9 or newer and nothing else.

    python3 verify.py [FOLDER] [--keys FILE]

FOLDER is the unpacked export; without it, the folder that this file lies in. FILE holds the public
keys of the log, one on a line, as you received them by another way than this export.

Exit code 0: everything holds. 1: something was altered. 2: it cannot be told.

What is checked, in this order (docs/reference/hashed-bytes.md of the product says the same):

1. Every file is the one that SHA256SUMS and manifest.json name.
2. Each line of events.jsonl is in canonical form (RFC 8785): one event has one spelling.
3. Leaf hash = SHA-256(00 || line). Record hash = SHA-256(02 || previous record hash || number of
   the entry in 8 bytes || leaf hash). Inner node = SHA-256(01 || left || right), RFC 9162.
4. proof.txt covers the whole log from left to right: either entries of this export (`run`), or the
   hash over entries that are not in it (`node`). Both together give one root.
5. heads/N.note names that very root, and the log's Ed25519 key has signed it (RFC 8032).
6. receipt/ is the log's own entry about this export; it holds the SHA-256 of manifest.json.
"""

import base64
import hashlib
import json
import os
import re
import sys
import unicodedata

GREEN, RED, CANNOT = 0, 1, 2
FORMAT = "cms-audit-export/1"
KEYS_OF_VERSION_1 = frozenset(
    "action actor_device actor_id actor_ip actor_kind actor_role actor_user_agent after"
    " automated_flags before channel consent_reference data_subject detail event_id event_type"
    " legal_basis occurred_at on_behalf_of outcome pii_commitment policy_reference purpose"
    " request_id resource_id resource_type resource_version risk_level schema_version tenant_id"
    " writer_id writer_seq".split()
)
KEYS = {1: KEYS_OF_VERSION_1, 2: KEYS_OF_VERSION_1 | {"writer_void"}}

WORDS = {  # each in English and in Portuguese
    "no export": ("{0} is no export: it has no {1}", "{0} não é uma exportação: falta {1}"),
    "no key": ("none of the given keys belongs to the log {0}",
               "nenhuma das chaves fornecidas pertence ao registro {0}"),
    "sums": ("file {0} is not the one that SHA256SUMS names",
             "o arquivo {0} não é o que SHA256SUMS indica"),
    "listed": ("file {0} is not the one that manifest.json names",
               "o arquivo {0} não é o que manifest.json indica"),
    "unlisted": ("file {0} is not part of this export",
                 "o arquivo {0} não faz parte desta exportação"),
    "malformed": ("{0}, line {1}: malformed", "{0}, linha {1}: malformada"),
    "canonical": ("{0}, line {1}: not in canonical form", "{0}, linha {1}: fora da forma canônica"),
    "cover": ("proof.txt does not cover the log from entry {0}",
              "proof.txt não cobre o registro a partir da entrada {0}"),
    "missing": ("{0} ends before entry {1}", "{0} termina antes da entrada {1}"),
    "more": ("{0} has more lines than were proven", "{0} tem mais linhas do que foi provado"),
    "chain": ("entries {0} to {1}: the chain of record hashes breaks",
              "entradas {0} a {1}: a cadeia de hashes dos registros está rompida"),
    "root": ("entries and signed head of {0} differ: something was altered",
             "as entradas e a raiz assinada de {0} diferem: algo foi alterado"),
    "head": ("{0}: no valid signature of the log's Ed25519 key",
             "{0}: sem assinatura válida da chave Ed25519 do registro"),
    "keys": ("keys.txt or an epoch names a key that is none, or not the same keys",
             "keys.txt ou uma época traz chave inválida ou chaves diferentes"),
    "manifest": ("manifest.json tells of other entries than are here",
                 "manifest.json descreve entradas diferentes das que estão aqui"),
    "personal": ("personal.jsonl, line {0}: not what event {1} is bound to",
                 "personal.jsonl, linha {0}: não é ao que o evento {1} está vinculado"),
    "receipt": ("the receipt is of another manifest.json",
                "o recibo é de outro manifest.json"),
    "ok files": ("{0} files are the ones that were written",
                 "{0} arquivos são os que foram gravados"),
    "ok log": ("{0}: {1} entries are in the log of {2} entries whose head was signed",
               "{0}: {1} entradas estão no registro de {2} entradas cuja raiz foi assinada"),
    "ok gaps": ("{0} other entries of the log are not part of this export (hashes only)",
                "{0} outras entradas do registro não fazem parte desta exportação (só hashes)"),
    "ok personal": ("{0} sealed personal values belong to their events, {1} were erased",
                    "{0} valores pessoais lacrados pertencem aos eventos, {1} foram apagados"),
    "ok receipt": ("the log itself has an entry about this export, number {0}",
                   "o próprio registro tem uma entrada sobre esta exportação, número {0}"),
    "note own keys": (
        "The keys were taken from the export itself. Compare this key with one that you received "
        "by another way, or give it by --keys: {0}",
        "As chaves vieram da própria exportação. Compare esta chave com a recebida por outro meio, "
        "ou informe-a com --keys: {0}"),
    "note no receipt": (
        "There is no receipt: what manifest.json says was asked, and files that are no evidence "
        "(CSV, FHIR, OCSF), rest on trust in whoever gave you the export",
        "Não há recibo: o pedido descrito em manifest.json e os arquivos que não são prova (CSV, "
        "FHIR, OCSF) dependem da confiança em quem entregou a exportação"),
    "note mldsa": (
        "Not checked here: {0} ML-DSA-44 signatures (needs: cms audit verify --offline FOLDER)",
        "Não verificado aqui: {0} assinaturas ML-DSA-44 (use: cms audit verify --offline PASTA)"),
    "note tsr": (
        "Not checked here: time stamp {0} (RFC 3161). The hash that was stamped is that of {1}: "
        "openssl ts -verify -in {0} -data {1} -CAfile AUTHORITY.pem",
        "Não verificado aqui: carimbo do tempo {0} (RFC 3161). O hash carimbado é o de {1}: "
        "openssl ts -verify -in {0} -data {1} -CAfile AUTORIDADE.pem"),
    "note plain": (
        "Not checked here: that the opened personal values are what is sealed; only the holder of "
        "the key can show that. The sealed form is bound to its event",
        "Não verificado aqui: que os valores pessoais abertos são os lacrados; só quem tem a chave "
        "pode mostrar. A forma lacrada está vinculada ao evento"),
    "green": ("GREEN  everything that was checked holds", "VERDE  tudo o que foi verificado confere"),
    "red": ("RED    this export was altered", "VERMELHO  esta exportação foi alterada"),
    "cannot": ("UNKNOWN  it cannot be told", "INDEFINIDO  não é possível concluir"),
}  # fmt: skip


class Wrong(Exception):
    """Something was altered; the arguments are a key of WORDS and what fills its gaps."""


class CannotTell(Exception):
    """There is nothing to check, or nothing to check it with."""


def say(key, *values):
    language = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    return WORDS[key][language.lower().startswith("pt")].format(*values)


# -- Ed25519, verification only (RFC 8032 §5.1.7)

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a, b):
    """The sum of two points of the curve, each as (X, Y, Z, T) with x = X/Z, y = Y/Z, T = XY/Z."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    t, z = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = n - m, z - t, z + t, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def point_of(encoded):
    """The point of 32 bytes, or None when they are no point of the curve."""
    y = int.from_bytes(encoded, "little")
    odd, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def ed25519_holds(public, message, signature):
    """Whether the signature over the message was made with the private half of this key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, key))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


# -- the canonical form

KEY = re.compile(r"[a-z][a-z0-9_]*")


def strict_members(pairs):
    members = dict(pairs)
    if len(members) != len(pairs) or not all(KEY.fullmatch(key) for key in members):
        raise ValueError("keys")
    return members


def refuse(_):
    raise ValueError("numbers with a fraction, NaN and Infinity have no place in an event")


DECODER = json.JSONDecoder(object_pairs_hook=strict_members, parse_float=refuse, parse_constant=refuse)


def event_of(line, name, number):
    """The event of one line, if the line is the one spelling that this event has."""
    try:
        text = line.decode()
        event = DECODER.decode(text)
        written = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        sound = written == text and unicodedata.is_normalized("NFC", text) and "\\u0000" not in text
        sound = sound and frozenset(event) == KEYS[event["schema_version"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise Wrong("canonical", name, number)
    return event


# -- the keys and the signed head


def key_of(vkey):
    """(name, id, algorithm, public key) of a line as C2SP signed-note writes it."""
    name, key_id, encoded = vkey.split("+", 2)
    material = base64.b64decode(encoded, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + material).digest()[:4].hex() != key_id:
        raise ValueError("key id")
    return name, bytes.fromhex(key_id), material[0], material[1:]


def keys_in(text):
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def head_of(note, path, trusted):
    """(origin, size, root, unchecked ML-DSA lines) of a signed head; Wrong without a signature."""
    body, gap, tail = note.rpartition("\n\n")
    lines = body.split("\n")
    known = {(key[0], key[1]): key for key in trusted}
    signed, unchecked = False, 0
    try:
        origin, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
        for line in tail.rstrip("\n").split("\n"):
            dash, name, encoded = line.split(" ")
            value = base64.b64decode(encoded, validate=True)
            key = known.get((name, value[:4]))
            if key is None or dash != "—":
                continue
            message, signature = (body + "\n").encode(), value[4:]
            if key[2] == 4:  # a witness signs the moment with the head (C2SP tlog-cosignature)
                moment, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                message = b"cosignature/v1\ntime %d\n" % moment + message
            if key[2] not in (1, 4):
                unchecked += 1
            elif not ed25519_holds(key[3], message, signature):
                raise Wrong("head", path)
            else:
                signed = signed or (key[2] == 1 and name == origin)
    except (ValueError, IndexError):
        raise Wrong("head", path) from None
    if not signed or not gap or len(lines) != 3:
        raise Wrong("head", path)
    return origin, size, root, unchecked


# -- the entries, the chain and the tree

NODE = re.compile(r"node (\d+) (\d+) ([0-9a-f]{64})")
RUN = re.compile(r"run (\d+) (\d+) ([0-9a-f]{64}) ([0-9a-f]{64})")


class Edge:
    """The hashes of complete subtrees, left to right; two of one height are joined at once."""

    def __init__(self):
        self.size, self.nodes = 0, []

    def add(self, level, node):
        self.size += 1 << level
        while self.nodes and self.nodes[-1][0] == level:
            node = hashlib.sha256(b"\x01" + self.nodes.pop()[1] + node).digest()
            level += 1
        self.nodes.append((level, node))

    def root(self):
        if not self.nodes:
            return hashlib.sha256(b"").digest()
        node = self.nodes[-1][1]
        for _, left in self.nodes[-2::-1]:
            node = hashlib.sha256(b"\x01" + left + node).digest()
        return node


class Check:
    """One run over one folder; `told` are the sentences of what holds and of what is not known."""

    def __init__(self, folder, keys_file=None):
        self.folder, self.keys_file = folder, keys_file
        self.told, self.wrong, self.cannot, self.unchecked = [], [], [], 0

    def path(self, name):
        return os.path.join(self.folder, *name.split("/"))

    def text(self, name):
        try:
            with open(self.path(name), encoding="utf-8", newline="") as file:
                return file.read()
        except UnicodeDecodeError:
            raise Wrong("malformed", name, 1) from None
        except OSError:
            raise CannotTell("no export", self.folder, name) from None

    def run(self):
        for step in (self.check_files, self.check_keys, self.check_log, self.check_receipt):
            try:
                step()
            except Wrong as fault:
                self.wrong.append(say(*fault.args))
            except CannotTell as fault:
                self.cannot.append(say(*fault.args))
            except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as fault:
                self.wrong.append(say("malformed", step.__name__, type(fault).__name__))
        return RED if self.wrong else CANNOT if self.cannot else GREEN

    def check_files(self):
        """Every file has the bytes that were written. By itself this finds accidents only; what
        finds forgers is the tree (check_log) and the receipt."""
        sums = {}
        for parent, _, names in os.walk(self.folder):
            for name in names:
                place = os.path.relpath(os.path.join(parent, name), self.folder).replace(os.sep, "/")
                if place != "SHA256SUMS" and not place.startswith("__pycache__/"):
                    sums[place] = self.digest(place)
        said = self.text("SHA256SUMS")
        listed = {line[66:]: line for line in said.splitlines()}
        for name in sorted(sums.keys() - listed.keys()):
            raise Wrong("unlisted", name)
        for name in sorted(listed):
            if listed[name] != f"{sums.get(name, ['gone'])[0]}  {name}":
                raise Wrong("sums", name)
        if said != "".join(f"{sums[name][0]}  {name}\n" for name in sorted(sums)):
            raise Wrong("sums", "SHA256SUMS")
        files = {file["name"]: file for file in self.manifest()["files"]}
        for name in sorted(files.keys() | sums.keys()):
            if name == "manifest.json" or name.startswith("receipt/"):
                continue
            file = files.get(name)
            if name not in sums or file is None or (file["sha256"], file["bytes"]) != sums[name]:
                raise Wrong("listed", name)
        self.told.append(say("ok files", len(sums)))

    def digest(self, name):
        made, length = hashlib.sha256(), 0
        with open(self.path(name), "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                made.update(block)
                length += len(block)
        return made.hexdigest(), length

    def manifest(self):
        manifest = json.loads(self.text("manifest.json"))
        if manifest.get("format") != FORMAT:
            raise CannotTell("no export", self.folder, FORMAT)
        return manifest

    def check_keys(self):
        """The keys in keys.txt are those of the epochs; with --keys they are also those given."""
        try:
            mine = {vkey: key_of(vkey) for vkey in keys_in(self.text("keys.txt"))}
            epochs = [self.epoch(found["number"])[0] for found in self.manifest()["epochs"]]
            if any(vkey not in mine for epoch in epochs for vkey in epoch["verifier_keys"]):
                raise Wrong("keys")
            given = mine
            if self.keys_file is not None:
                with open(self.keys_file, encoding="utf-8") as file:
                    given = {vkey.strip(): key_of(vkey.strip()) for vkey in keys_in(file.read())}
        except (ValueError, IndexError):
            raise Wrong("keys") from None
        self.trusted = list(given.values())
        for origin in sorted({epoch["origin"] for epoch in epochs}):
            if not any(key[0] == origin and key[2] == 1 for key in self.trusted):
                raise CannotTell("no key", origin)
        if self.keys_file is None:
            named = " ".join(vkey for vkey, key in mine.items() if key[2] == 1)
            self.told.append(say("note own keys", named))

    def epoch(self, number):
        """The record that opened a log, and its hash, which stands before the first entry."""
        text = self.text(f"epochs/{int(number)}.json")
        return json.loads(text), hashlib.sha256(b"\x04" + text.encode()).hexdigest()

    def check_log(self):
        manifest = self.manifest()
        last, sealed, found = None, Personal(self), []
        for origin, size, root, seq, event in self.entries("", found):
            sealed.meet(event)
            last = (origin, size, root, seq)
        sealed.end()
        said = [{key: epoch[key] for key in ("number", "size", "root", "entries")}
                for epoch in manifest["epochs"]]  # fmt: skip
        mine = [dict(zip(("number", "size", "root", "entries"), one[1:])) for one in found]
        if said != mine or manifest["entries"] != sum(one["entries"] for one in mine):
            raise Wrong("manifest")
        for origin, _, size, _, entries in found:
            self.told.append(say("ok log", origin, entries, size))
            if size > entries:
                self.told.append(say("ok gaps", size - entries))
        for name in sorted(file["name"] for file in manifest["files"]):
            if name.endswith(".tsr"):
                stamped = name[: -len(".tsr")] if name.count(".") > 1 else name
                self.told.append(say("note tsr", name, re.sub(r"\.note\..*", ".note", stamped)))

    def entries(self, place, found):
        """Each entry as (origin, size, root, number, event), checked against its signed head once
        all of its epoch were given."""
        edge = head = genesis = None
        number = count = 0
        with open(self.path(place + "events.jsonl"), "rb") as lines:
            proof = self.text(place + "proof.txt").split("\n")
            if proof.pop() != "":
                raise Wrong("malformed", place + "proof.txt", len(proof) + 1)
            for at, line in enumerate(proof + ["epoch end"], 1):
                node, run = NODE.fullmatch(line), RUN.fullmatch(line)
                if line.startswith("epoch "):
                    if edge is not None:
                        if (edge.size, edge.root()) != head[1:3]:
                            raise Wrong("root", head[0])
                        found.append((head[0], epoch, edge.size, edge.root().hex(), count))
                    if line != "epoch end":
                        epoch, edge, count = int(line[6:]), Edge(), 0
                        record, genesis = self.epoch(epoch)
                        path = f"{place}heads/{epoch}.note"
                        head = head_of(self.text(path), path, self.trusted)
                        self.unchecked += head[3]
                        if head[0] != record["origin"]:
                            raise Wrong("head", path)
                elif edge is None or not (node or run):
                    raise Wrong("malformed", place + "proof.txt", at)
                elif node:
                    level = int(node[1])
                    if level > 62 or int(node[2]) << level != edge.size:
                        raise Wrong("cover", edge.size)
                    edge.add(level, bytes.fromhex(node[3]))
                else:
                    first, last, record = int(run[1]), int(run[2]), bytes.fromhex(run[3])
                    if first != edge.size or last < first or (first == 0 and run[3] != genesis):
                        raise Wrong("cover", edge.size)
                    for seq in range(first, last + 1):
                        number += 1
                        line = lines.readline()
                        if not line.endswith(b"\n"):
                            raise Wrong("missing", place + "events.jsonl", seq)
                        event = event_of(line[:-1], place + "events.jsonl", number)
                        leaf = hashlib.sha256(b"\x00" + line[:-1]).digest()
                        linked = b"\x02" + record + seq.to_bytes(8, "big") + leaf
                        record = hashlib.sha256(linked).digest()
                        edge.add(0, leaf)
                        count += 1
                        yield head[0], head[1], head[2], seq, event
                    if record.hex() != run[4]:
                        raise Wrong("chain", first, last)
            if lines.read(1):
                raise Wrong("more", place + "events.jsonl")

    def check_receipt(self):
        if not os.path.exists(self.path("receipt")):
            self.told.append(say("note no receipt"))
            return
        entries = list(self.entries("receipt/", []))
        manifest = self.digest("manifest.json")[0]
        if len(entries) != 1 or entries[0][4]["resource_version"] != manifest:
            raise Wrong("receipt")
        self.told.append(say("ok receipt", entries[0][3]))


class Personal:
    """The sealed personal values beside the events, in the order of the events."""

    def __init__(self, check):
        path = check.path("personal.jsonl")
        self.check, self.number, self.sealed, self.erased = check, 0, 0, 0
        self.lines = open(path, "rb") if os.path.exists(path) else None  # noqa: SIM115
        self.next = self.read()

    def read(self):
        self.number += 1
        line = self.lines.readline() if self.lines else b""
        return json.loads(line) if line else None

    def meet(self, event):
        """SHA-256(03 || salt || sealed value || event id) is what the event is bound to."""
        found = self.next
        if found is None or found["event_id"] != event["event_id"]:
            return
        if found["erased"]:
            self.erased += 1
            sound = event["pii_commitment"] is not None
        else:
            self.sealed += 1
            salt, sealed = (base64.b64decode(found[n], validate=True) for n in ("salt", "ciphertext"))
            event_id = bytes.fromhex(found["event_id"].replace("-", ""))
            bound = hashlib.sha256(b"\x03" + salt + sealed + event_id).hexdigest()
            sound = len(salt) == 32 and bound == event["pii_commitment"]
        if not sound:
            raise Wrong("personal", self.number, found["event_id"])
        self.next = self.read()

    def end(self):
        if self.lines is None:
            return
        self.lines.close()
        if self.next is not None:
            raise Wrong("personal", self.number, self.next.get("event_id"))
        self.check.told.append(say("ok personal", self.sealed, self.erased))
        self.check.told.append(say("note plain"))


def main(arguments):
    keys_file = None
    if "--keys" in arguments:
        place = arguments.index("--keys")
        keys_file = arguments[place + 1] if place + 1 < len(arguments) else None
        arguments = arguments[:place] + arguments[place + 2 :]
    folder = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    check = Check(folder, keys_file)
    code = check.run()
    if check.unchecked:
        check.told.append(say("note mldsa", check.unchecked))
    for sentence in check.wrong + check.cannot + check.told:
        sys.stdout.write(f"- {sentence}\n")
    sys.stdout.write(say(("green", "red", "cannot")[code]) + "\n")
    return code


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
