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

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple

GREEN, RED, CANNOT = 0, 1, 2
FORMAT = "cms-audit-export/1"
KEYS_OF_VERSION_1 = frozenset(
    [
        "action",
        "actor_device",
        "actor_id",
        "actor_ip",
        "actor_kind",
        "actor_role",
        "actor_user_agent",
        "after",
        "automated_flags",
        "before",
        "channel",
        "consent_reference",
        "data_subject",
        "detail",
        "event_id",
        "event_type",
        "legal_basis",
        "occurred_at",
        "on_behalf_of",
        "outcome",
        "pii_commitment",
        "policy_reference",
        "purpose",
        "request_id",
        "resource_id",
        "resource_type",
        "resource_version",
        "risk_level",
        "schema_version",
        "tenant_id",
        "writer_id",
        "writer_seq",
    ]
)
KEYS = {1: KEYS_OF_VERSION_1, 2: KEYS_OF_VERSION_1 | {"writer_void"}}

# Each sentence by its name, in English and in Portuguese.
SENTENCES = """
no export: {0} is no export: it has no {1} | {0} não é uma exportação: falta {1}
no key: none of the given keys belongs to {0} | nenhuma chave fornecida pertence a {0}
sums: {0} is not the file that SHA256SUMS names | {0} não é o arquivo que SHA256SUMS indica
listed: {0} is not the file that manifest.json names | {0} não é o que manifest.json indica
unlisted: {0} is no file of this export | {0} não é arquivo desta exportação
malformed: {0}, {1}: malformed | {0}, {1}: malformado
canonical: {0}, line {1}: not in canonical form | {0}, linha {1}: fora da forma canônica
cover: proof.txt does not cover the log from entry {0} | proof.txt não cobre a entrada {0}
missing: {0} ends before entry {1} | {0} termina antes da entrada {1}
more: {0} has more lines than are proven | {0} tem mais linhas do que o provado
chain: entries {0} to {1}: the chain of hashes breaks | entradas {0} a {1}: cadeia rompida
root: the entries do not give the signed root of {0} | as entradas não dão a raiz assinada de {0}
head: {0}: no valid signature of the log | {0}: sem assinatura válida do registro
keys: keys.txt and the epochs name different keys | keys.txt e as épocas trazem chaves diferentes
manifest: manifest.json tells of other entries | manifest.json descreve outras entradas
personal: personal.jsonl, line {0}: not bound to event {1} | personal.jsonl, linha {0}: sem vínculo
receipt: the receipt is of another manifest.json | o recibo é de outro manifest.json
ok files: {0} files are as they were written | {0} arquivos estão como foram gravados
ok log: {0}: {1} entries are in the log of {2} whose head was signed\
 | {0}: {1} entradas estão no registro de {2} cuja raiz foi assinada
ok gaps: {0} other entries of the log are told by hashes only | {0} outras entradas: só hashes
ok personal: {0} sealed personal values belong to their events, {1} were erased\
 | {0} valores pessoais lacrados pertencem a seus eventos, {1} foram apagados
ok receipt: entry {0} of the log tells of this export | a entrada {0} fala desta exportação
note own keys: The keys are the export's own. Compare with what you received by another way: {0}\
 | As chaves são da própria exportação. Compare com as recebidas por outro meio: {0}
note no receipt: Without a receipt, who asked for what and files like CSV rest on trust\
 | Sem recibo, o pedido e arquivos como CSV dependem de confiança
note mldsa: Not checked here: {0} ML-DSA-44 signatures (cms audit verify --offline)\
 | Não verificado aqui: {0} assinaturas ML-DSA-44 (cms audit verify --offline)
note tsr: Not checked here: openssl ts -verify -in {0} -data {1} -CAfile AUTHORITY.pem\
 | Não verificado aqui: openssl ts -verify -in {0} -data {1} -CAfile AUTORIDADE.pem
note plain: Not checked here: that opened values are the sealed ones; only who has the key can\
 | Não verificado aqui: que os valores abertos são os lacrados; só quem tem a chave pode
green: GREEN  everything that was checked holds | VERDE  tudo o que foi verificado confere
red: RED    this export was altered | VERMELHO  esta exportação foi alterada
cannot: UNKNOWN  it cannot be told | INDEFINIDO  não é possível concluir
"""
WORDS = dict(line.split(": ", 1) for line in SENTENCES.strip().splitlines())


class Wrong(Exception):
    """Something was altered; the arguments are a key of WORDS and what fills its gaps."""


class CannotTell(Exception):
    """There is nothing to check, or nothing to check it with."""


def say(key: str, *values: object) -> str:
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    language = next((os.environ[name] for name in names if os.environ.get(name)), "")
    said = WORDS[key].split(" | ")[language.lower().startswith("pt")]
    return said.format(*values)


# -- Ed25519, verification only (RFC 8032 §5.1)

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a: Any, b: Any) -> Any:
    """The sum of two points of the curve, each as (X, Y, Z, T): x = X/Z, y = Y/Z, x * y = T/Z."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    t, z = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = n - m, z - t, z + t, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Any) -> Any:
    total: Any = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def point_of(encoded: bytes) -> Any:
    """The point of 32 bytes, or None when they are no point of the curve (§5.1.3)."""
    y = int.from_bytes(encoded, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the private half of this key has signed the message (§5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little")
    left, right = times(s, BASE), add(r, times(h % ORDER, key))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


# -- the canonical form: one event has one spelling (RFC 8785, and no fractions)

KEY = re.compile(r"[a-z][a-z0-9_]*")
LARGEST_INTEGER = 2**53 - 1


def strict_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs) or not all(KEY.fullmatch(key) for key in members):
        raise ValueError
    return members


def strict_integer(written: str) -> int:
    if abs(int(written)) > LARGEST_INTEGER:
        raise ValueError
    return int(written)


def refuse(_: str) -> Any:
    raise ValueError


HOOKS: Any = {"parse_int": strict_integer, "parse_float": refuse, "parse_constant": refuse}


def event_of(line: bytes, name: str, number: int) -> dict[str, Any]:
    """The event that the line tells."""
    try:
        text = line.decode()
        event: dict[str, Any] = json.loads(text, object_pairs_hook=strict_members, **HOOKS)
        written = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        is_sound = written == text and unicodedata.is_normalized("NFC", text)
        is_sound = is_sound and "\\u0000" not in text
        is_sound = is_sound and frozenset(event) == KEYS[event["schema_version"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        is_sound = False
    if not is_sound:
        raise Wrong("canonical", name, number)
    return event


# -- the keys and the signed heads (C2SP signed-note, tlog-checkpoint)


class Key(NamedTuple):
    name: str
    id: bytes
    algorithm: int  # 1 Ed25519, 4 Ed25519 of a witness, 6 ML-DSA-44
    public: bytes


class Head(NamedTuple):
    origin: str
    size: int
    root: bytes
    unchecked: int  # signatures that need ML-DSA-44


def key_of(vkey: str) -> Key:
    """Reads NAME+ID+BASE64; the id is a hash over the rest."""
    name, key_id, encoded = vkey.split("+", 2)
    material = base64.b64decode(encoded, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + material).digest()[:4].hex() != key_id:
        raise ValueError
    return Key(name, bytes.fromhex(key_id), material[0], material[1:])


def keys_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def head_of(note: str, path: str, trusted: Iterable[Key]) -> Head:
    """The signed head; Wrong unless the log's own key, and each other known one, has signed it."""
    known = {(key.name, key.id): key for key in trusted}
    is_signed, unchecked = False, 0
    try:
        text, tail = note.split("\n\n")
        origin, size, root = text.split("\n")
        for line in tail[:-1].split("\n"):
            dash, name, encoded = line.split(" ")
            value = base64.b64decode(encoded, validate=True)
            key = known.get((name, value[:4]))
            if key is None or dash != "—":
                continue
            message, signature = (text + "\n").encode(), value[4:]
            if key.algorithm == 4:  # a witness signs the moment too (C2SP tlog-cosignature)
                moment, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                message = b"cosignature/v1\ntime %d\n" % moment + message
            if key.algorithm not in (1, 4):
                unchecked += 1
            elif not ed25519_holds(key.public, message, signature):
                raise Wrong("head", path)
            is_signed = is_signed or (key.algorithm == 1 and name == origin)
        head = Head(origin, int(size), base64.b64decode(root, validate=True), unchecked)
    except ValueError:
        raise Wrong("head", path) from None
    if not is_signed:
        raise Wrong("head", path)
    return head


# -- the entries, the chain and the tree

EPOCH = re.compile(r"epoch (\d+)")
NODE = re.compile(r"node (\d+) (\d+) ([0-9a-f]{64})")
HEAD = re.compile(r"head (\d+)")
RUN = re.compile(r"run (\d+) (\d+) ([0-9a-f]{64}) ([0-9a-f]{64})")


class Edge:
    """The hashes of complete subtrees, left to right; two of one height are joined at once."""

    def __init__(self) -> None:
        self.size = 0
        self.nodes: list[tuple[int, bytes]] = []

    def add(self, level: int, node: bytes) -> None:
        self.size += 1 << level
        while self.nodes and self.nodes[-1][0] == level:
            node = hashlib.sha256(b"\x01" + self.nodes.pop()[1] + node).digest()
            level += 1
        self.nodes.append((level, node))

    def root(self) -> bytes:
        if not self.nodes:
            return hashlib.sha256(b"").digest()
        node = self.nodes[-1][1]
        for _, left in self.nodes[-2::-1]:
            node = hashlib.sha256(b"\x01" + left + node).digest()
        return node


class Walk:
    """Follows proof.txt and events.jsonl of one place, epoch by epoch, up to the signed roots."""

    def __init__(self, check: Check, place: str) -> None:
        self.check, self.place = check, place
        self.number = self.count = 0  # lines of events.jsonl; entries of this epoch
        self.edge: Edge | None = None
        self.found: list[dict[str, Any]] = []

    def entries(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each entry with its number in the log. What it gives is proven once it has ended."""
        name = self.place + "proof.txt"
        lines = self.check.text(name).split("\n")
        if lines.pop() != "":
            raise Wrong("malformed", name, "end")
        with open(self.check.path(self.place + "events.jsonl"), "rb") as events:
            for at, line in enumerate(lines, 1):
                epoch, head, node, run = (p.fullmatch(line) for p in (EPOCH, HEAD, NODE, RUN))
                if epoch:
                    self.close()
                    self.open(int(epoch[1]))
                elif self.edge is None:
                    raise Wrong("malformed", name, at)
                elif head:
                    self.pass_head(self.edge, int(head[1]))
                elif node:
                    self.skip(self.edge, int(node[1]), int(node[2]), bytes.fromhex(node[3]))
                elif run:
                    yield from self.run(self.edge, events, run)
                else:
                    raise Wrong("malformed", name, at)
            self.close()
            if events.read(1):
                raise Wrong("more", self.place + "events.jsonl")

    def open(self, epoch: int) -> None:
        record, self.genesis = self.check.epoch(epoch)
        self.epoch, self.origin, self.edge, self.count = epoch, record["origin"], Edge(), 0
        self.head = self.read_head(f"{self.place}heads/{epoch}.note")

    def read_head(self, path: str) -> Head:
        head = head_of(self.check.text(path), path, self.check.trusted)
        if head.origin != self.origin:
            raise Wrong("head", path)
        self.check.unchecked += head.unchecked
        return head

    def pass_head(self, edge: Edge, size: int) -> None:
        """An earlier head, such as one that was stamped: the same log gave it on the way."""
        head = self.read_head(f"{self.place}heads/{self.epoch}-{size}.note")
        if not edge.size == size == head.size or edge.root() != head.root:
            raise Wrong("root", head.origin)

    def close(self) -> None:
        if self.edge is None:
            return
        if (self.edge.size, self.edge.root()) != (self.head.size, self.head.root):
            raise Wrong("root", self.head.origin)
        told = {"number": self.epoch, "origin": self.head.origin, "size": self.edge.size}
        self.found.append({**told, "root": self.head.root.hex(), "entries": self.count})

    def skip(self, edge: Edge, level: int, position: int, node: bytes) -> None:
        if level > 62 or position << level != edge.size:
            raise Wrong("cover", edge.size)
        edge.add(level, node)

    def run(
        self, edge: Edge, events: BinaryIO, told: re.Match[str]
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        first, last, record = int(told[1]), int(told[2]), bytes.fromhex(told[3])
        if first != edge.size or last < first or (first == 0 and record != self.genesis):
            raise Wrong("cover", edge.size)
        name = self.place + "events.jsonl"
        for seq in range(first, last + 1):
            line = events.readline()
            self.number += 1
            if not line.endswith(b"\n"):
                raise Wrong("missing", name, seq)
            event = event_of(line[:-1], name, self.number)
            leaf = hashlib.sha256(b"\x00" + line[:-1]).digest()
            record = hashlib.sha256(b"\x02" + record + seq.to_bytes(8, "big") + leaf).digest()
            edge.add(0, leaf)
            self.count += 1
            yield seq, event
        if record.hex() != told[4]:
            raise Wrong("chain", first, last)


class Personal:
    """The sealed personal values beside the events, in the order of the events."""

    def __init__(self, check: Check) -> None:
        path = check.path("personal.jsonl")
        self.check, self.number, self.sealed, self.erased = check, 0, 0, 0
        self.lines = open(path, "rb") if os.path.exists(path) else None  # noqa: SIM115
        self.next = self.read()

    def read(self) -> Any:
        self.number += 1
        line = self.lines.readline() if self.lines else b""
        return json.loads(line) if line else None

    def meet(self, event: dict[str, Any]) -> None:
        """SHA-256(03 || salt || sealed value || event id) is what the event is bound to."""
        found = self.next
        if found is None or found["event_id"] != event["event_id"]:
            return
        if found["erased"]:
            self.erased += 1
            is_bound = event["pii_commitment"] is not None
        else:
            self.sealed += 1
            salt = base64.b64decode(found["salt"], validate=True)
            sealed = base64.b64decode(found["ciphertext"], validate=True)
            event_id = bytes.fromhex(found["event_id"].replace("-", ""))
            bound = hashlib.sha256(b"\x03" + salt + sealed + event_id).hexdigest()
            is_bound = len(salt) == 32 and bound == event["pii_commitment"]
        if not is_bound:
            raise Wrong("personal", self.number, found["event_id"])
        self.next = self.read()

    def end(self) -> None:
        if self.lines is None:
            return
        if self.next is not None:
            raise Wrong("personal", self.number, self.next.get("event_id"))
        self.check.told.append(say("ok personal", self.sealed, self.erased))
        self.check.told.append(say("note plain"))

    def close(self) -> None:
        if self.lines is not None:
            self.lines.close()


# -- the folder


class Check:
    """One run over one folder; `told` are the sentences of what holds and of what is not known."""

    def __init__(self, folder: str, keys_file: str | None = None) -> None:
        self.folder, self.keys_file = folder, keys_file
        self.told: list[str] = []
        self.wrong: list[str] = []
        self.cannot: list[str] = []
        self.trusted: list[Key] = []
        self.unchecked = 0

    def run(self) -> int:
        faults = (OSError, ValueError, LookupError, TypeError, AttributeError, OverflowError)
        for step in (self.check_files, self.check_keys, self.check_log, self.check_receipt):
            try:
                step()
            except Wrong as fault:
                self.wrong.append(say(*fault.args))
            except CannotTell as fault:
                self.cannot.append(say(*fault.args))
                break
            except faults as fault:
                self.wrong.append(say("malformed", step.__name__, type(fault).__name__))
        if self.unchecked:
            self.told.append(say("note mldsa", self.unchecked))
        return RED if self.wrong else CANNOT if self.cannot else GREEN

    def path(self, name: str) -> str:
        return os.path.join(self.folder, *name.split("/"))

    def text(self, name: str) -> str:
        try:
            with open(self.path(name), encoding="utf-8", newline="") as file:
                return file.read()
        except UnicodeDecodeError:
            raise Wrong("malformed", name, "UTF-8") from None
        except OSError:
            raise Wrong("sums", name) from None

    def digest(self, name: str) -> tuple[str, int]:
        made, length = hashlib.sha256(), 0
        with open(self.path(name), "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                made.update(block)
                length += len(block)
        return made.hexdigest(), length

    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads(self.text("manifest.json"))
        if manifest["format"] != FORMAT:
            raise CannotTell("no export", self.folder, FORMAT)
        return manifest

    def epoch(self, number: int) -> tuple[dict[str, Any], bytes]:
        """The record that opened a log, and its hash, which stands before the first entry."""
        text = self.text(f"epochs/{number}.json")
        return json.loads(text), hashlib.sha256(b"\x04" + text.encode()).digest()

    def check_files(self) -> None:
        """Every file has the bytes that were written. By itself this finds accidents; whoever
        forges writes new sums, and meets the tree (check_log) and the receipt."""
        if not os.path.exists(self.path("manifest.json")):
            raise CannotTell("no export", self.folder, "manifest.json")
        here: dict[str, tuple[str, int]] = {}
        for parent, _, names in os.walk(self.folder):
            for name in names:
                place = os.path.relpath(os.path.join(parent, name), self.folder)
                place = place.replace(os.sep, "/")
                if place != "SHA256SUMS" and not place.startswith("__pycache__/"):
                    here[place] = self.digest(place)
        lines = self.text("SHA256SUMS").split("\n")
        listed = {line[66:]: line for line in lines[:-1]}
        for name in sorted(here.keys() | listed.keys()):
            if name not in listed:
                raise Wrong("unlisted", name)
            if name not in here or listed[name] != f"{here[name][0]}  {name}":
                raise Wrong("sums", name)
        if lines != [*(listed[name] for name in sorted(here)), ""]:
            raise Wrong("sums", "SHA256SUMS")
        told = {one["name"]: (one["sha256"], one["bytes"]) for one in self.manifest()["files"]}
        for name in sorted(told.keys() | here.keys()):
            is_later = name == "manifest.json" or name.startswith("receipt/")
            if not is_later and told.get(name) != here.get(name):
                raise Wrong("listed", name)
        self.told.append(say("ok files", len(here)))

    def check_keys(self) -> None:
        """keys.txt has the keys of the epochs; with --keys only those of that file are trusted."""
        mine = {vkey: key_of(vkey) for vkey in keys_in(self.text("keys.txt"))}
        epochs = [self.epoch(told["number"])[0] for told in self.manifest()["epochs"]]
        if any(vkey not in mine for epoch in epochs for vkey in epoch["verifier_keys"]):
            raise Wrong("keys")
        self.trusted = list(mine.values())
        if self.keys_file is None:
            named = " ".join(vkey for vkey, key in mine.items() if key.algorithm == 1)
            self.told.append(say("note own keys", named))
        else:
            with open(self.keys_file, encoding="utf-8") as file:
                self.trusted = [key_of(vkey.strip()) for vkey in keys_in(file.read())]
        for origin in sorted({epoch["origin"] for epoch in epochs}):
            if not any(key.name == origin and key.algorithm == 1 for key in self.trusted):
                raise CannotTell("no key", origin)

    def check_log(self) -> None:
        """The events are in the log whose head was signed, and the manifest tells of these."""
        manifest, walk, personal = self.manifest(), Walk(self, ""), Personal(self)
        try:
            for _, event in walk.entries():
                personal.meet(event)
            personal.end()
        finally:
            personal.close()
        names = ("number", "origin", "size", "root", "entries")
        said = [{name: epoch[name] for name in names} for epoch in manifest["epochs"]]
        if said != walk.found or manifest["entries"] != walk.number:
            raise Wrong("manifest")
        for epoch in walk.found:
            self.told.append(say("ok log", epoch["origin"], epoch["entries"], epoch["size"]))
            if epoch["size"] > epoch["entries"]:
                self.told.append(say("ok gaps", epoch["size"] - epoch["entries"]))
        for file in manifest["files"]:
            if file["name"].endswith(".tsr"):
                stamped = file["name"].partition(".")[0] + ".note"
                self.told.append(say("note tsr", file["name"], stamped))

    def check_receipt(self) -> None:
        """The log has one entry about this export, with the SHA-256 of manifest.json."""
        if not os.path.exists(self.path("receipt")):
            self.told.append(say("note no receipt"))
            return
        entries = list(Walk(self, "receipt/").entries())
        manifest = self.digest("manifest.json")[0]
        if len(entries) != 1 or entries[0][1]["resource_version"] != manifest:
            raise Wrong("receipt")
        self.told.append(say("ok receipt", entries[0][0]))


def main(arguments: list[str]) -> int:
    keys_file = None
    if "--keys" in arguments[:-1]:
        place = arguments.index("--keys")
        keys_file = arguments[place + 1]
        arguments = arguments[:place] + arguments[place + 2 :]
    folder = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    check = Check(folder, keys_file)
    code = check.run()
    for sentence in check.wrong + check.cannot + check.told:
        sys.stdout.write(f"- {sentence}\n")
    sys.stdout.write(say(("green", "red", "cannot")[code]) + "\n")
    return code


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
