"""The witnesses of cms.toml as keys, and as the policy file that is handed to outsiders."""

import re
from collections.abc import Sequence

from plugins.audit_trail.hashing.notes import VerifierKey
from plugins.audit_trail.hashing.policy import Policy
from plugins.audit_trail.settings import Witness, Witnesses

_NO_NAME = re.compile(r"\s+")


def keys_of(witness: Witness) -> tuple[VerifierKey, ...]:
    """What the witness signs with; raises KeyRefused."""
    return tuple(map(VerifierKey.parse, witness.vkeys))


def written_policy(witnesses: Witnesses, log_keys: Sequence[VerifierKey]) -> str:
    """The policy as C2SP tlog-policy: every organisation is a group, whoever of it signs."""
    lines = [f"log {key.vkey}" for key in log_keys]
    groups: dict[str, list[str]] = {}
    for one in witnesses.known:
        for key in keys_of(one):
            name = f"{_word(one.name)}:{key.algorithm.name.lower()}"
            lines.append(f"witness {name} {key.vkey} {one.url}")
            groups.setdefault(_word(one.organisation), []).append(name)
    lines += [f"group {name} any {' '.join(members)}" for name, members in groups.items()]
    if groups:
        lines.append(f"group quorum:organisations {witnesses.quorum} {' '.join(groups)}")
        lines.append("quorum quorum:organisations")
    else:
        lines.append("quorum none")
    return "\n".join(lines) + "\n"


def policy_of(witnesses: Witnesses, log_keys: Sequence[VerifierKey]) -> Policy:
    """The same, ready to judge; raises PolicyRefused where two witnesses are one."""
    return Policy.parse(written_policy(witnesses, log_keys).encode())


def _word(name: str) -> str:
    return _NO_NAME.sub("-", name.strip())
