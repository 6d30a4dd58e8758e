"""The second implementation: PostgreSQL rebuilds the hashed text from the columns and hashes it.

Nothing is shared with the first (in_python.py) but the names of the columns: `to_json` writes text
as RFC 8785 wants it, and `sha256` is the server's. What both agree on, neither has misread.
"""

# Key, column, and how the column is written.
_FIELDS = (
    ("action", "action", "text"),
    ("actor_device", "actor_device_fingerprint", "text"),
    ("actor_id", "actor_id", "name"),
    ("actor_ip", "actor_ip", "text"),
    ("actor_kind", "actor_kind", "text"),
    ("actor_role", "actor_role", "text"),
    ("actor_user_agent", "actor_user_agent", "text"),
    ("after", "after_state", "json"),
    ("automated_flags", "automated_flags", "json"),
    ("before", "before_state", "json"),
    ("channel", "channel", "text"),
    ("consent_reference", "consent_reference", "text"),
    ("data_subject", "data_subject_id", "text"),
    ("detail", "event_data", "json"),
    ("event_id", "event_id", "name"),
    ("event_type", "event_type", "text"),
    ("legal_basis", "lgpd_basis", "text"),
    ("occurred_at", "occurred_at", "moment"),
    ("on_behalf_of", "on_behalf_of", "name"),
    ("outcome", "outcome", "text"),
    ("pii_commitment", "pii_commitment", "digest"),
    ("policy_reference", "policy_reference", "text"),
    ("purpose", "purpose", "text"),
    ("request_id", "request_id", "text"),
    ("resource_id", "resource_id", "name"),
    ("resource_type", "resource_type", "text"),
    ("resource_version", "resource_version", "digest"),
    ("risk_level", "risk_level", "text"),
    ("schema_version", "schema_version", "number"),
    ("tenant_id", "tenant_id", "name"),
    ("writer_id", "writer_id", "text"),
    ("writer_seq", "writer_seq", "number"),
)
_WRITTEN = {
    "text": "coalesce(to_json({column})::text, 'null')",
    "name": "coalesce('\"' || {column}::text || '\"', 'null')",
    "number": "coalesce({column}::text, 'null')",
    "digest": "coalesce('\"' || encode({column}, 'hex') || '\"', 'null')",
    # A null is stored as no value at all; the JSON null in its place was never written by us.
    "json": "case when {column} is null then 'null' else nullif({column}::text, 'null') end",
    # Before our era a year is written as if it were in it.
    "moment": "case when {column} >= '0001-01-01+00' and {column} < '10000-01-01+00' then '\"' || "
    "to_char({column} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || '\"' end",
}


def _expression() -> str:
    # Operator by operator, so that an unwritable value makes the whole text null, and no hash.
    pieces = []
    for position, (key, column, kind) in enumerate(_FIELDS):
        opening = "{" if position == 0 else ","
        pieces += [f"'{opening}\"{key}\":'", _WRITTEN[kind].format(column=f"e.{column}")]
    void = "coalesce(',\"writer_void\":' || translate(e.writer_void::text, '{}', '[]'), '')"
    return _joined([*pieces, void, "'}'"])


def _joined(pieces: list[str]) -> str:
    """Half by half: from left to right each operator would copy all that is there already."""
    if len(pieces) == 1:
        return pieces[0]
    middle = len(pieces) // 2
    return f"({_joined(pieces[:middle])} || {_joined(pieces[middle:])})"


CANONICAL = _expression()
"""JCS(envelope) as text, for a row `e` of audit.events."""
LEAF = f"sha256('\\x00'::bytea || convert_to({CANONICAL}, 'UTF8'))"
"""SHA-256(00 || JCS(envelope)), for a row `e` of audit.events."""
