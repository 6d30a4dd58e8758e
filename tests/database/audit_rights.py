"""Who may do what in the schema of the audit trail; test_grants.py holds it, with all others."""

AUDIT_MATRIX = """
audit.events                              audit_writer I  audit_verifier S
audit.pending                             audit_writer I(event_id, leaf_hash, mac, occurred_at, writer_id, writer_seq)  audit_sequencer SD  audit_verifier S
audit.unsealed                            audit_sequencer SD
audit.writers                             audit_sequencer SIU(closed_at, last_at, last_seq)  audit_verifier S
audit.quarantine                          audit_sequencer SI  audit_verifier S
audit.maintenance                         audit_sequencer SU(told_at)
audit.guard
audit.leaves                              audit_sequencer SI  audit_verifier S
audit.batches                             audit_sequencer SI  audit_verifier S
audit.checkpoints                         audit_sequencer SI  audit_verifier S
audit.subtrees                            audit_sequencer SI  audit_verifier S
audit.epochs                              audit_sequencer SI  audit_verifier S
audit.alarms                              audit_sequencer SIU(cleared_at)
audit.cosignatures                        audit_sequencer SI
audit.timestamps                          audit_sequencer SI
audit.successions                         audit_sequencer SI
audit.outside                             audit_sequencer SIU
audit.contradictions                      audit_sequencer SIU(cleared_at)
audit.publications                        audit_sequencer SIU
audit.rollovers                           audit_sequencer SIU(begun_at, done_at)
audit.trail                               audit_reader S
audit.trail_of_subjects                   audit_reader S
audit.trail_of_addresses                  audit_reader S
audit.trail_without_people                audit_reader S
audit.trail_rows
audit.personal                            audit_writer I  audit_verifier S
audit.sealed_personal                     audit_reader S
audit.exports                             app SIU(attempt, done, expires_at, fault, made, state, total)
audit.daily
audit.daily_upto

audit_desk.searches                       app SIUD
audit_desk.rules                          app SIUD
audit_desk.tallies                        app SIU
audit_desk.alerts                         app SIU(acknowledged_at, acknowledged_by, note, state)
audit_desk.watch                          app SIU
audit.verifications                       audit_verifier SIU(done, ended_at, report, state, total, until_seq, verdict)
audit.days                                audit_reader S
audit.outbox                              audit_sequencer SD  audit_writer I(entry, event_id, occurred_at)
audit.retention_classes
audit.retention_rules
audit.legal_holds
audit.retention                           audit_reader S
audit.holds                               audit_reader S
audit.prunings                            audit_retention S  audit_verifier S
audit.pruning_places                      audit_retention S
audit.pruning_tenants                     audit_retention S
audit.pruning_approvals                   audit_retention S
audit.pruned_leaves                       audit_retention S  audit_sequencer S  audit_verifier S
audit.pruning_requests                    audit_reader S
"""  # noqa: E501

AUDIT_FUNCTIONS = {
    "audit.refuse_change": set[str](),
    "audit.refuse_leaf_change": set[str](),
    "audit.prune_tiles": set[str](),
    "audit.seams": {"cms_audit_reader"},
    "audit.outbox_standing": {"cms_audit_reader"},
    "audit.take_over": {"cms_audit_sequencer"},
    "audit.class_of": {"cms_audit_retention"},
    "audit.months_kept": {"cms_audit_reader", "cms_audit_retention"},
    **dict.fromkeys(
        (
            "audit.set_retention",
            "audit.place_hold",
            "audit.release_hold",
            "audit.approve_pruning",
            "audit.expire_personal",
        ),
        frozenset({"cms_audit_writer"}),
    ),
    # Of this role no process of the product is a member.
    **dict.fromkeys(
        (
            "audit.ranges",
            "audit.range_content",
            "audit.range_problems",
            "audit.pruning_problems",
            "audit.propose_pruning",
            "audit.archive_range",
            "audit.withdraw_pruning",
            "audit.drop_range",
        ),
        frozenset({"cms_audit_retention"}),
    ),
    "audit.refuse_all_but_erasure": set[str](),
    "audit.erase_personal": {"cms_audit_writer"},
    "audit.refuse_silence": set[str](),
    "audit.maintain": set[str](),
    "audit.refuse_while_signed": set[str](),
    "audit.make_period": set[str](),
    "audit.make_partitions": {"cms_audit_sequencer"},
    "audit.choose_chunks": {"cms_audit_sequencer"},
    "audit.seal_range": {"cms_audit_sequencer"},
    "audit.hashes": {"cms_audit_reader"},
    "audit.logs": {"cms_audit_reader"},
    "audit.stamps": {"cms_audit_reader"},
    "audit.latest_head": {"cms_audit_reader"},
    "audit.cosigned_heads": {"cms_audit_reader"},
    "audit.log_keys": {"cms_audit_reader"},
    "audit.outside_standing": {"cms_audit_reader"},
    "audit.verifications_of_late": {"cms_audit_reader"},
    "audit.standing": {"cms_audit_reader"},
    "audit.is_urgent": {"cms_audit_sequencer"},
    "audit.pinned_heads": {"cms_audit_sequencer"},
    "audit.stretch": set[str](),
    "audit.refuse_unless_thinned": set[str](),
    "audit.thin_heads": {"cms_audit_sequencer"},
    "audit.head_of": {"cms_audit_reader"},
    "audit.signing": {"cms_audit_reader"},
    "audit.publishing": {"cms_audit_reader"},
    "audit.places": {"cms_audit_reader"},
    "audit.find_keys": {"cms_audit_reader"},
    "audit.waiting": {"cms_audit_reader"},
    "audit.last_place": {"cms_audit_reader", "cms_audit_sequencer"},
    "audit.daily_counts": {"cms_audit_reader"},
    "audit.sequenced": {"cms_audit_reader"},
    "audit.alarms_after": {"cms_audit_reader"},
    "audit.tenants_between": {"cms_audit_sequencer"},
    "audit.roll_up": {"cms_audit_sequencer"},
    "audit.ask_verification": {"cms_audit_reader"},
    "audit.verification": {"cms_audit_reader"},
    "audit.verified": {"cms_audit_reader"},
}
