"""How many statements the officer's screens may cost, whatever the trail holds."""

A, R, P = "/admin/audit", "/admin/registry", "/admin/policies"
EVENT, EXPORT = f"{A}/events/{{event_id:uuid}}", f"{A}/exports/{{export_id:uuid}}"
VERIFICATION = f"{A}/verifications/{{verification_id:uuid}}"
ALERT, RULE = f"{A}/alerts/{{alert_id:int}}", f"{A}/alert-rules/{{rule_id:int}}"
SEARCH, HOLD = f"{A}/searches/{{search_id:int}}/remove", f"{A}/holds/{{hold_id:int}}/release"
LIFE, STORY = f"{A}/people/{{person_id:int}}", f"{A}/things/{{kind:str}}/{{thing_id:int}}"
CLASS, PRUNING = f"{A}/retention/{{class_name:str}}", f"{A}/prunings/{{pruning_id:int}}/approve"
PERSON, PROOF = f"{R}/{{professional_id:int}}", f"{R}/proofs/{{proof_id:int}}"
CASE = f"{R}/cases/{{case_id:int}}"

# Three of each: who asks, her registration, and what the page shows of her.
READ = {
    ("GET", A): 9,
    ("GET", EVENT): 10,
    ("GET", f"{EVENT}/check"): 13,
    ("GET", f"{EVENT}/proof"): 10,
    ("GET", LIFE): 10,
    ("GET", STORY): 9,
    ("GET", f"{A}/figures"): 7,
    ("GET", f"{A}/sign-ins"): 9,
    ("GET", f"{A}/log"): 13,
    ("GET", f"{A}/log/head"): 4,
    ("GET", VERIFICATION): 4,
    ("GET", f"{A}/alerts"): 7,
    ("GET", ALERT): 4,
    ("GET", f"{A}/exports"): 4,
    ("GET", EXPORT): 4,
    ("GET", f"{A}/retention"): 6,
    ("GET", CLASS): 4,
    ("GET", f"{A}/subjects"): 3,
    ("GET", R): 5,
    ("GET", f"{R}/new"): 3,
    ("GET", PERSON): 9,
    ("GET", f"{PERSON}/proofs/new"): 4,
    ("GET", f"{R}/cases"): 5,
    ("GET", CASE): 14,
    ("GET", f"{R}/sources"): 8,
    ("GET", f"{R}/clinic"): 6,
    ("GET", P): 4,
    ("GET", f"{P}/{{identity:str}}"): 3,
    ("GET", f"{P}/decisions"): 7,
    ("GET", f"{P}/try"): 3,
    ("GET", "/admin/why"): 4,
}
SENT = {
    ("POST", f"{A}/person"): 4,
    ("POST", f"{A}/address"): 10,
    ("POST", f"{A}/searches"): 9,
    ("POST", SEARCH): 8,
    ("POST", f"{A}/verifications"): 8,
    ("POST", f"{ALERT}/acknowledge"): 8,
    ("POST", RULE): 8,
    ("POST", f"{A}/exports"): 9,
    ("POST", CLASS): 8,
    ("POST", f"{A}/holds"): 8,
    ("POST", HOLD): 8,
    ("POST", f"{A}/subjects/report"): 9,
    ("POST", f"{A}/subjects/erase"): 13,
    ("POST", f"{R}/find"): 5,
    ("POST", f"{R}/new"): 26,
    ("POST", f"{PERSON}/verify"): 16,
    ("POST", f"{PERSON}/recheck"): 16,
    ("POST", f"{PERSON}/proofs/new"): 10,
    ("POST", f"{PROOF}/confirm"): 26,
    ("POST", f"{PROOF}/withdraw"): 30,
    ("POST", f"{CASE}/actions"): 12,
    ("POST", f"{CASE}/contest"): 12,
    ("POST", f"{CASE}/review"): 14,
    ("POST", f"{CASE}/close"): 12,
    ("POST", f"{R}/clinic"): 12,
    ("POST", f"{P}/try"): 4,
}
BUDGETS = READ | SENT
UNBOUNDED = {
    # A worker makes the file first; it costs one statement more than its state.
    ("GET", f"{EXPORT}/file"),
    # A range that is to go has to be years old; it costs what releasing a hold does.
    ("POST", PRUNING),
}
