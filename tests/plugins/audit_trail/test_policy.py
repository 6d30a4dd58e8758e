"""Which cosignatures are enough (C2SP tlog-policy); organisations count, not machines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.audit_trail.hashing.notes import (
    Algorithm,
    Checkpoint,
    NoteRefused,
    SigningKey,
    VerifierKey,
)
from plugins.audit_trail.hashing.policy import Policy, PolicyRefused
from plugins.audit_trail.outside.configured import policy_of, written_policy
from plugins.audit_trail.settings import Witness, Witnesses
from tests.plugins.audit_trail.witness.trees import ORIGIN, TREE, TRUSTED, head

NAMES = ("a1", "a2", "a3", "b1")
COSIGNERS = {
    name: SigningKey.generate(f"{name}.example", Algorithm.ED25519_COSIGNATURE) for name in NAMES
}
LOG = TRUSTED[0]


def key(name: str) -> str:
    return COSIGNERS[name].verifier.vkey


WHOLE = (
    "# of the clinic\n\n"
    f"log {LOG.vkey} https://clinic.example\n"
    f" witness\ta1 {key('a1')} https://a1.example/\n"
    f"witness a2 {key('a2')}\nwitness a3 {key('a3')}\nwitness b1 {key('b1')}\n"
    "group a 2 a1 a2 a3\ngroup b any b1\ngroup both all a b\nquorum both\n"
)


def cosigned(*names: str, at: int = 5) -> Checkpoint:
    return head(5).signed([COSIGNERS[name] for name in names], at)


@pytest.mark.parametrize(
    ("names", "is_met", "counted"),
    [
        ((), False, ()),
        (("a1",), False, ()),
        (("a1", "a2", "a3"), False, ("a",)),
        (("a1", "a3", "b1"), True, ("a", "b")),
        (("b1",), False, ("b",)),
    ],
)
def test_groups_in_groups(names, is_met, counted):
    judgement = Policy.parse(WHOLE.encode()).judge(cosigned(*names))
    assert (judgement.is_met, judgement.counted) == (is_met, counted)
    assert judgement.witnesses == dict.fromkeys(names, 5)
    assert judgement.log == (LOG,)


def test_ten_witnesses_of_one_organisation_are_one():
    known = tuple(
        Witness(name, "Hospital B" if name != "b1" else "The DPO", "https://x/", (key(name),))
        for name in NAMES
    )
    policy = policy_of(Witnesses(known, quorum=2), TRUSTED)
    assert not policy.judge(cosigned("a1", "a2", "a3")).is_met
    met = policy.judge(cosigned("a1", "b1"))
    assert met.is_met
    assert met.said == "2 of 2 (Hospital-B, The-DPO); 2 are enough"
    with pytest.raises(ValueError, match="number of organisations"):
        Witnesses(known, quorum=3)
    twice = (known[0], Witness("again", "Another", "https://y/", (key("a1"),)))
    with pytest.raises(PolicyRefused, match="twice"):
        policy_of(Witnesses(twice), TRUSTED)
    assert written_policy(Witnesses(), TRUSTED).endswith("quorum none\n")


def test_a_head_must_be_the_logs_own():
    policy = Policy.parse(WHOLE.encode())
    with pytest.raises(NoteRefused, match="knows no log"):
        policy.judge(Checkpoint("other.example", 5, TREE.root(5)))
    stranger = SigningKey.generate(ORIGIN, Algorithm.ED25519)
    unsigned = head(5, keys=[stranger]).signed(COSIGNERS.values(), 5)
    with pytest.raises(NoteRefused, match="No trusted key"):
        policy.judge(unsigned)


def test_a_line_that_does_not_verify_spoils_the_note():
    other = Checkpoint(ORIGIN, 5, TREE.root(4)).signed([COSIGNERS["b1"]], 5).signatures
    whole = cosigned("a1", "a2")
    forged = Checkpoint(whole.origin, whole.size, whole.root, (*whole.signatures, *other))
    with pytest.raises(NoteRefused, match="does not verify"):
        Policy.parse(WHOLE.encode()).judge(forged)


def test_a_line_without_a_time_says_nothing_of_the_newest_tree():
    assert Policy.parse(WHOLE.encode()).judge(cosigned("b1", at=0)).witnesses == {}


def test_no_witness_is_asked_for_and_a_single_one_is():
    none = Policy.parse(f"log {LOG.vkey}\nquorum none\n".encode())
    assert none.judge(head(5)).is_met
    one = Policy.parse(f"witness b1 {key('b1')}\nquorum b1\n".encode())
    assert not one.judge(head(5), TRUSTED).is_met
    assert one.judge(cosigned("b1"), TRUSTED).is_met
    with pytest.raises(NoteRefused, match="knows no log"):
        one.judge(cosigned("b1"))


B1 = f"witness b1 {key('b1')}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no quorum"),
        ("quorum none", "does not end"),
        ("quorum none\nquorum none\n", "two quorum lines"),
        ("quorum b1\n", "line 1: nothing above"),
        (B1 + "quorum b1 b1\n", "none of log"),
        (B1 + B1 + "quorum b1\n", "line 2: .*twice"),
        (B1 + f"witness b1 {key('a1')}\nquorum b1\n", "is taken"),
        (f"witness none {key('a1')}\nquorum none\n", "is taken"),
        (B1 + "group g 2 b1\nquorum g\n", "no threshold"),
        (B1 + "group g 0 b1\nquorum g\n", "no threshold"),
        (B1 + "group g 01 b1\nquorum g\n", "no threshold"),
        (B1 + "group g some b1\nquorum g\n", "no threshold"),
        (B1 + "group g any\nquorum g\n", "no threshold"),
        (B1 + "group g any b1 b1\nquorum g\n", "member twice"),
        (B1 + "group g any b1\ngroup h any b1\nquorum h\n", "member twice"),
        (B1 + "group g any g\nquorum g\n", "nothing above"),
        (f"witness x {LOG.vkey}\nquorum none\n", "not for this"),
        (f"log {key('b1')}\nquorum none\n", "not for this"),
        ("witness x nothing\nquorum none\n", "line 1"),
        ("quorum none\r\n", "control"),
        ("witnes x\nquorum none\n", "none of log"),
        ("#" * (1 << 21), "too large"),
    ],
    # Keys are drawn anew for each process; the names of the tests must not be.
    ids=lambda value: "" if "\n" in value or len(value) > 30 else value,
)
def test_what_is_no_policy_is_told_by_its_line(text, fault):
    with pytest.raises(PolicyRefused, match=fault):
        Policy.parse(text.encode())


def test_names_are_bytes():
    odd = b"witness K\xe2\x84\xaa\xff " + key("b1").encode() + b"\nquorum K\xe2\x84\xaa\xff\n"
    assert Policy.parse(odd).judge(cosigned("b1"), TRUSTED).is_met
    with pytest.raises(PolicyRefused):
        Policy.parse(odd.replace(b"quorum K\xe2\x84\xaa\xff", b"quorum KK\xff"))


@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda t: (WHOLE + t + "\n").encode()))
def test_no_bytes_are_anything_but_a_policy_or_refused(raw):
    try:
        policy = Policy.parse(raw)
    except PolicyRefused:
        return
    assert policy.quorum


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_more_cosignatures_never_make_it_worse(some, more):
    policy = Policy.parse(WHOLE.encode())
    if policy.judge(cosigned(*sorted(some))).is_met:
        assert policy.judge(cosigned(*sorted(some | more))).is_met


def test_every_key_type_of_a_witness_is_taken():
    mldsa = SigningKey.generate("pq.example", Algorithm.ML_DSA_44)
    policy = Policy.parse(f"witness pq {mldsa.verifier.vkey}\nquorum pq\n".encode())
    assert policy.judge(head(5).signed([mldsa], 9), TRUSTED).witnesses == {"pq": 9}
    assert isinstance(policy.witnesses["pq"], VerifierKey)
